"""The measures of this instance, declared by the domains at start-up: what the 指标字典 will print."""

from collections.abc import Iterator

from tradewind.domains.ledger.rules import flows_of
from tradewind.domains.ledger.values import Flow, Measure, Ratio, Source, Tax, Unit
from tradewind.kernel.errors import NotVisible

_measures: dict[str, Measure] = {}


def register(*measures: Measure) -> None:
    """Declare measures; a ratio comes after its flows and a money ratio keeps to one tax basis."""
    for measure in measures:
        if measure.key in _measures:
            raise ValueError(f"measure {measure.key} is declared twice")
        if isinstance(measure, Ratio):
            _check(measure)
        _measures[measure.key] = measure


def _check(measure: Ratio) -> None:
    parts = [_measures[key] for key in flows_of(measure)]
    taxes = {part.tax for part in parts if isinstance(part, Flow) and part.unit is Unit.MONEY}
    if len(taxes - {Tax.NONE}) > 1:
        raise ValueError(f"{measure.key} mixes amounts with and without tax")


def measure(key: str) -> Measure:
    """The measure with this key; raises `NotVisible` when there is none."""
    if key not in _measures:
        raise NotVisible("ledger.unknown_measure", field="measure", measure=key)
    return _measures[key]


def flow(key: str) -> Flow:
    """The flow with this key; raises LookupError for ratios and unknown keys."""
    found = _measures[key]
    if not isinstance(found, Flow):
        raise LookupError(f"{key} is not a flow")
    return found


def all_measures() -> Iterator[Measure]:
    """All measures in the order of their declaration."""
    return iter(_measures.values())


def flows() -> Iterator[Flow]:
    """All flows in the order of their declaration, which is the order of posting."""
    return (m for m in _measures.values() if isinstance(m, Flow))


def source_of(key: str) -> Source:
    """What the entries of a flow point to."""
    return flow(key).about
