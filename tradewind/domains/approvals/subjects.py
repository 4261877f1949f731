"""What can be asked for: typed strategies, registered at start-up by `flows/`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tradewind.domains.approvals.values import FactKind, FactValue
from tradewind.kernel.errors import NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.resource import Resource, resource_of

Values = Mapping[str, Any]


def _none() -> Sequence[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a route may ask about.

    choices: value and label, read when the designer opens · is_shown: to deciders, where what changes does
    not say it already.
    """

    key: str
    kind: FactKind
    label: str
    choices: Callable[[], Sequence[tuple[str, str]]] = _none
    is_shown: bool = True


@dataclass(frozen=True, eq=False)
class Subject:
    """One kind of change that may need approval.

    resource: the declared object it changes · name, action: what a request is called, and the button that
    makes one · fields: what is proposed, fields of the object · measure: the facts of a request, from the
    object as it is and the proposed values by model column · apply: the command that makes the change ·
    concerns: does it apply to this object at all?
    """

    key: str
    resource: Resource
    name: str
    action: str
    fields: tuple[str, ...]
    facts: tuple[Fact, ...]
    measure: Callable[[Any, Values], Mapping[str, FactValue]]
    apply: Callable[[Actor, Ref[Any], Given], object]
    concerns: Callable[[Any], bool] = lambda row: True

    @property
    def columns(self) -> list[Column]:
        """The fields proposed, resolved."""
        return [self.resource.columns[name] for name in self.fields]

    @property
    def kinds(self) -> Mapping[str, FactKind]:
        """What each fact is."""
        return {fact.key: fact.kind for fact in self.facts}

    def check(self) -> None:
        """Refuse wrong names at start-up. Raises ValueError."""
        for name in self.fields:
            if name not in self.resource.columns or not self.resource.columns[name].is_editable:
                raise ValueError(
                    f"{self.key} proposes {name}, which is no field to write of {self.resource.key}"
                )


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Declare a subject; one per key."""
    subject.check()
    if _subjects.setdefault(subject.key, subject) is not subject:
        raise ValueError(f"{subject.key} is declared twice")


def all_subjects() -> Iterator[Subject]:
    """Every declared subject, by key."""
    return iter(sorted(_subjects.values(), key=lambda subject: subject.key))


def subject_named(key: str) -> Subject:
    """The declared subject with this key; raises `NotVisible`."""
    if key not in _subjects:
        raise NotVisible("not_found")
    return _subjects[key]


def attname(column: Column) -> str:
    """The model column behind a field."""
    assert column.stored is not None  # noqa: S101 checked at start-up: proposed fields are stored
    return column.stored.attname


def kept_values(values: Values) -> dict[str, Any]:
    """Proposed values as JSON: exact numbers as text, references as ids."""
    return {name: v if isinstance(v, bool | int | None) else str(v) for name, v in values.items()}


def completed(subject: Subject, row: Any, values: Values) -> dict[str, Any]:
    """Every proposed field: what nobody named stays as it is. Other names are left out."""
    names = [attname(column) for column in subject.columns]
    return {name: values.get(name, getattr(row, name)) for name in names}


def values_kept(subject: Subject, kept: Values) -> dict[str, Any]:
    """The same values again, as the command takes them; a field that was not proposed then is left out."""
    made = {}
    for column in subject.columns:
        name = attname(column)
        if name not in kept:
            continue
        raw = kept[name]
        assert column.stored is not None  # noqa: S101
        made[name] = raw if column.kind is Kind.REFERENCE else column.stored.to_python(raw)
    return made


def changes(subject: Subject, row: Any, values: Values) -> list[dict[str, Any]]:
    """What would change: field, before and after; of references what they are called, too."""
    made = []
    for column in subject.columns:
        before, after = getattr(row, attname(column)), values[attname(column)]
        if before != after:
            words = _words(column, before, after) if column.kind is Kind.REFERENCE else {}
            line = {"field": column.name, **kept_values({"before": before, "after": after})}
            made.append({**line, "words": {str(pk): name for pk, name in words.items()}})
    return made


def _words(column: Column, *ids: Any) -> Mapping[int, str]:
    target = resource_of(column.target)
    rows = target.scope.model._default_manager.filter(pk__in=[pk for pk in ids if pk is not None])
    return dict(rows.values_list("pk", target.title))


def kept_facts(facts: Mapping[str, FactValue]) -> dict[str, Any]:
    """Facts as JSON."""
    return {
        key: str(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value
        for key, value in facts.items()
    }
