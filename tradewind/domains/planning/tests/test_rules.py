"""Plans by hand: what may follow what, what an amount is, and the worked example of tracking."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domains.organization.values import UnitNode, WorkCalendar
from tradewind.domains.planning.rules import progress, shape, states
from tradewind.domains.planning.rules.outline import Names, Place, alone, outline
from tradewind.domains.planning.rules.shape import Shape
from tradewind.domains.planning.rules.states import MOVES, State
from tradewind.domains.planning.values import Days, Kind, Method, Pace, Rounding, RowKey
from tradewind.kernel.errors import Malformed, Refused

MILLION = Decimal(1_000_000)
NOVEMBER = progress.tracked("2026-11")
WEEKDAYS = tuple(day for day in (date(2026, 11, n) for n in range(1, 31)) if day.weekday() < 5)
CALENDAR = WorkCalendar((2026,), WEEKDAYS)  # a month without holidays


def on(day: date) -> Days:
    return progress.period_days(CALENDAR, NOVEMBER.first, NOVEMBER.last, day)


# -- The worked example: Sunday 2026-11-22 -----------------------------------------------------------


def test_a_sunday_in_november_comes_out_to_the_fen() -> None:
    days = on(date(2026, 11, 22))
    assert (days.workdays, days.ended, days.left) == (21, 15, 6)
    found = progress.progress(MILLION, Decimal(640_000), days)
    assert found.attainment == Decimal("0.64")
    assert found.expected is not None
    assert progress.shown_rate(found.expected, 3) == Decimal("0.714")
    assert (found.gap, found.needed) == (Decimal(360_000), Decimal("60000.00"))
    assert found.index is not None
    assert progress.shown_rate(found.index, 3) == Decimal("0.896")
    assert found.forecast == Decimal("896000.00")
    assert found.pace is Pace.AT_RISK


@pytest.mark.parametrize(
    ("actual", "pace"),
    [
        ("678571.43", Pace.ON_TRACK),
        ("678571.42", Pace.AT_RISK),
        ("571428.58", Pace.AT_RISK),
        ("571428.57", Pace.OFF),
        ("-1", Pace.OFF),
        ("0", Pace.OFF),
        ("2000000", Pace.ON_TRACK),
    ],
)
def test_the_index_decides_at_95_and_80_hundredths_exactly(actual: str, pace: Pace) -> None:
    assert progress.progress(MILLION, Decimal(actual), on(date(2026, 11, 22))).pace is pace


@pytest.mark.parametrize(
    ("day", "ended", "is_judged"),
    [
        (date(2026, 10, 31), 0, False),
        (date(2026, 11, 1), 0, False),
        (date(2026, 11, 2), 0, False),
        (date(2026, 11, 4), 2, False),
        (date(2026, 11, 5), 3, True),
        (date(2026, 11, 30), 20, True),
        (date(2026, 12, 1), 21, True),
        (date(2026, 12, 31), 21, True),
    ],
)
def test_nothing_is_judged_in_the_first_three_workdays(day: date, ended: int, is_judged: bool) -> None:
    days = on(day)
    assert days.ended == ended
    found = progress.progress(MILLION, Decimal(0), days)
    assert (found.pace is not Pace.UNKNOWN) == is_judged


def test_after_the_last_day_only_the_gap_is_left() -> None:
    found = progress.progress(MILLION, Decimal(640_000), on(date(2026, 12, 1)))
    assert (found.needed, found.gap, found.forecast) == (None, Decimal(360_000), Decimal("640000.00"))
    assert found.index == found.attainment == Decimal("0.64")


def test_a_target_of_nothing_has_no_attainment_and_no_pace() -> None:
    found = progress.progress(Decimal(0), Decimal(500), on(date(2026, 11, 22)))
    assert (found.attainment, found.index, found.pace) == (None, None, Pace.UNKNOWN)
    assert (found.gap, found.needed) == (Decimal(-500), Decimal("0.00"))


def test_a_negative_actual_is_a_negative_percentage() -> None:
    found = progress.progress(MILLION, Decimal(-50_000), on(date(2026, 11, 22)))
    assert found.attainment == Decimal("-0.05")
    assert found.needed == Decimal("175000.00")


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        ("0.7996", "0.799"),
        ("0.8", "0.800"),
        ("0.8004", "0.800"),
        ("0.94999", "0.949"),
        ("0.9999", "0.999"),
        ("1", "1.000"),
        ("0.6425", "0.643"),
        ("-0.0005", "-0.001"),
    ],
)
def test_a_shown_rate_never_crosses_a_threshold(rate: str, shown: str) -> None:
    assert str(progress.shown_rate(Decimal(rate), 3)) == shown


@given(st.decimals(-2, 3, places=7), st.integers(1, 5))
def test_a_shown_rate_is_on_the_same_side_of_every_threshold(rate: Decimal, places: int) -> None:
    shown = progress.shown_rate(rate, places)
    for threshold in progress.THRESHOLDS:
        if places > 1 or threshold == 1:  # one place cannot show 0.95
            assert (shown >= threshold) == (rate >= threshold)
    assert abs(shown - rate) < Decimal(1).scaleb(-places)


@pytest.mark.parametrize("key", ["", "2026-13", "2026-Q5", "26-01", "2026-11-22", "1999", "x"])
def test_a_period_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(Malformed) as refused:
        progress.tracked(key)
    assert refused.value.field == "period"


# -- The life of a plan, and what stands in it -------------------------------------------------------


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", ["submit", "approve", "reopen", "close"])
def test_a_plan_moves_along_its_table_only(state: State, verb: str) -> None:
    if (state, verb) in MOVES:
        assert states.next_state(state, verb) is MOVES[state, verb]
    else:
        with pytest.raises(Refused):
            states.next_state(state, verb)


def test_the_readme_draws_the_table() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    drawn = {line.strip() for line in readme.splitlines() if "-->" in line}
    assert drawn == {f"{state} --> {after}: {verb}" for (state, verb), after in MOVES.items()}


def test_figures_change_in_drafts_only() -> None:
    states.check_open(State.DRAFT)
    for state, code in (
        (State.SUBMITTED, "planning.is_submitted"),
        (State.APPROVED, "planning.in_force"),
        (State.CLOSED, "planning.in_force"),
    ):
        with pytest.raises(Refused) as refused:
            states.check_open(state)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("amount", "unit", "places", "code"),
    [
        ("0", 1, 2, "planning.amount_not_positive"),
        ("-5", 1, 2, "planning.amount_not_positive"),
        ("NaN", 1, 2, "planning.amount_not_positive"),
        ("Infinity", 1, 2, "planning.amount_not_positive"),
        ("999.99", 1000, 2, "planning.amount_too_small"),
        ("0.005", 1, 2, "planning.amount_decimals"),
        ("10.5", 1, 0, "planning.not_whole"),
        ("1e20", 1, 2, "planning.amount_too_large"),
        ("1e400", 1, 2, "planning.amount_too_large"),
    ],
)
def test_an_amount_that_cannot_be_spread_is_refused_plainly(
    amount: str, unit: int, places: int, code: str
) -> None:
    with pytest.raises(Malformed) as refused:
        states.check_amount(Decimal(amount), unit, places)
    assert (refused.value.code, refused.value.field) == (code, "amount")


def test_a_cell_may_be_nothing_but_not_less() -> None:
    assert states.check_value(Decimal(0), 2) == 0
    assert states.check_value(Decimal("12.30"), 2) == Decimal("12.30")
    for value in ("-0.01", "NaN", "0.001"):
        with pytest.raises(Malformed):
            states.check_value(Decimal(value), 2)


def test_rounding_is_one_of_four_units() -> None:
    assert states.check_rounding(Rounding(10000, 1000, 100, 1))
    for wrong in (Rounding(units=10), Rounding(months=0), Rounding(remainder_month=13)):
        with pytest.raises(Malformed):
            states.check_rounding(wrong)


def test_growth_needs_something_to_grow_from() -> None:
    assert states.grown(Decimal("1234567.89"), Decimal("0.1"), 10_000) == Decimal(1_360_000)
    assert states.grown(Decimal(100), Decimal("-0.5"), 1) == Decimal(50)
    for base, growth in (("0", "0.1"), ("-1", "0.1"), ("100", "-1"), ("100", "NaN")):
        with pytest.raises(Malformed):
            states.grown(Decimal(base), Decimal(growth), 1)


def test_branches_overlap_when_one_holds_the_other() -> None:
    assert states.overlap((1, 2), [(1,)])
    assert states.overlap((1,), [(1, 2), (1, 3)])
    assert not states.overlap((1, 2), [(1, 3)])
    assert not states.overlap((1, 2), [])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Shape(Method.WORKDAYS, Method.EQUAL), "by"),
        (Shape(Method.WEIGHTS, Method.EQUAL), "weights"),
        (Shape(Method.WEIGHTS, Method.EQUAL, {RowKey(Kind.UNIT, "a"): Decimal(-1)}), "weights"),
        (Shape(Method.EQUAL, Method.WEIGHTS, months=[Decimal(1)] * 11), "months"),
        (Shape(Method.EQUAL, Method.WEIGHTS, months=[Decimal(0)] * 12), "months"),
    ],
)
def test_weights_that_say_nothing_are_refused(wrong: Shape, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        shape.check_shape(wrong)
    assert refused.value.field == field


# -- Rows --------------------------------------------------------------------------------------------

UNITS = {
    1: UnitNode(1, "company", "公司", (1,)),
    2: UnitNode(2, "east", "华东", (1, 2)),
    3: UnitNode(3, "sh1", "上海", (1, 2, 3)),
    4: UnitNode(4, "south", "华南", (1, 4)),
}
NAMES = Names(UNITS, {7: ("seller", "陈小雨"), 8: ("wu.qiang", "吴强")})


def test_rows_come_in_the_order_of_the_tree_and_hold_what_is_in_them() -> None:
    sh1, south = (1, 2, 3), (1, 4)
    places = [Place(sh1), Place(south), Place(sh1, 8), Place(sh1, 7), Place((1,))]
    lines = outline(places, NAMES)
    assert [(line.depth, line.key.kind.value, line.label) for line in lines] == [
        (0, "unit", "公司"),
        (1, "unit", "华东"),
        (2, "unit", "上海"),
        (3, "person", "吴强"),
        (3, "person", "陈小雨"),
        (3, "reserve", ""),
        (1, "unit", "华南"),
        (2, "reserve", ""),
        (1, "reserve", ""),
    ]
    assert len({line.id for line in lines}) == len(lines)
    by_id = {line.id: line for line in lines}
    for line in lines[1:]:
        assert set(line.places) <= set(by_id[line.parent].places)


def test_whoever_sees_no_unit_stands_alone() -> None:
    lines = alone([Place((3,), 7), Place((4,), 7)], NAMES)
    assert [(line.depth, line.parent, line.key.unit) for line in lines] == [(0, "", "sh1"), (0, "", "south")]
