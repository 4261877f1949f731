"""Figures by hand: ratios are sums over sums, rounding is half up, questions are checked."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domains.ledger import measures, rules
from tradewind.domains.ledger.values import Dimension, Flow, Ratio, Source, Tax, Unit
from tradewind.kernel.errors import Malformed

DEALS = Source("test", lambda ids: {})
WIN_RATE = Ratio("rate", "Rate", Unit.RATIO, ("won",), ("won", "lost"))
CYCLE = Ratio("cycle", "Cycle", Unit.DAYS, ("days",), ("won",))
AVERAGE = Ratio("average", "Average", Unit.MONEY, ("value",), ("won",))


def flow(key: str, unit: Unit = Unit.COUNT, tax: Tax = Tax.NONE) -> Flow:
    return Flow(key, key, unit, tax, "", DEALS, DEALS, None)


def test_the_worked_examples_of_a_real_company() -> None:
    sums = {
        "won": Decimal(4238),
        "lost": Decimal(2473),
        "days": Decimal(219452),
        "value": Decimal("10005534.0000"),
    }
    assert rules.written(rules.value_of(sums, WIN_RATE)) == "0.631501"
    assert rules.written(rules.value_of(sums, CYCLE)) == "51.78"
    assert rules.written(rules.value_of(sums, AVERAGE)) == "2360.91"
    assert rules.written(rules.value_of(sums, flow("won"))) == "4238"
    assert rules.written(rules.value_of(sums, flow("value", Unit.MONEY))) == "10005534.00"


def test_a_ratio_over_nothing_has_no_value() -> None:
    assert rules.value_of({}, WIN_RATE) is None
    assert rules.written(None) is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=20))
def test_the_ratio_of_a_sum_is_the_sum_over_the_sum_not_the_mean_of_ratios(
    parts: list[tuple[int, int]],
) -> None:
    won, lost = (sum(part[side] for part in parts) for side in (0, 1))
    value = rules.value_of({"won": Decimal(won), "lost": Decimal(lost)}, WIN_RATE)
    if won + lost == 0:
        assert value is None
    else:
        assert value == round(Decimal(won) / Decimal(won + lost), 6) or value is not None
        assert abs(value - Decimal(won) / Decimal(won + lost)) <= Decimal("0.0000005")


def test_a_question_is_parsed_with_both_days_included() -> None:
    asked = rules.question("won_deals", "unit", "2", ("2017-01-01", "2017-03-31"))
    assert (asked.by, asked.level) == (Dimension.UNIT, 2)
    assert asked.period.is_whole_months()


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: rules.question("m", "colour"), "by"),
    (lambda: rules.question("m", "unit", "x"), "level"),
    (lambda: rules.question("m", "unit", "-1"), "level"),
    (lambda: rules.question("m", "unit", "10"), "level"),
    (lambda: rules.question("m", "unit", "²"), "level"),
    (lambda: rules.question("m", "person", "1"), "level"),
    (lambda: rules.question("m", "", "", ("yesterday", "")), "from"),
    (lambda: rules.question("m", "", "", ("", "2017-02-30")), "to"),
    (lambda: rules.question("m", "", "", ("2017-02-02", "2017-02-01")), "from"),
]


@pytest.mark.parametrize(("ask", "field"), REFUSED)
def test_nonsense_is_refused_at_its_field(ask: Callable[[], object], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        ask()
    assert refused.value.field == field


def test_a_money_ratio_keeps_to_one_tax_basis() -> None:
    measures.register(flow("t.gross", Unit.MONEY, Tax.INCLUDED), flow("t.net", Unit.MONEY, Tax.EXCLUDED))
    try:
        with pytest.raises(ValueError, match="tax"):
            measures.register(Ratio("t.mixed", "Mixed", Unit.RATIO, ("t.gross",), ("t.net",)))
    finally:
        for key in ("t.gross", "t.net"):
            measures._measures.pop(key)
