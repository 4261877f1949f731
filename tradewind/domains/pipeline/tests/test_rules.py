"""Deals by hand: where they may go, what closing asks, what they must say, and what a funnel adds up to."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.rules import MOVES, Closed, StageFacts, State
from tradewind.kernel.errors import Malformed, Refused

TODAY = date(2026, 3, 18)
TENTH, QUARTER, HALF = Decimal("0.1"), Decimal("0.25"), Decimal("0.5")


def stage(number: int, kind: State = State.OPEN, pipeline: int = 1, is_in_use: bool = True) -> StageFacts:
    number += pipeline * 100
    return StageFacts(number, pipeline, f"s{number}", kind, number - pipeline * 100, QUARTER, is_in_use)


FIRST, SECOND, THIRD = stage(1), stage(2), stage(3)
WON, LOST = stage(4, State.WON), stage(5, State.LOST)
ELSEWHERE = stage(2, pipeline=2)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", ["move", "win", "lose", "reopen", "anything"])
def test_open_deals_move_and_close_and_only_lost_ones_reopen(state: State, verb: str) -> None:
    if (state, verb) in MOVES:
        assert state == (State.LOST if verb == "reopen" else State.OPEN)
        assert rules.next_state(state, verb) == MOVES[state, verb]
    else:
        with pytest.raises(Refused):
            rules.next_state(state, verb)


@pytest.mark.parametrize("target", [FIRST, THIRD, ELSEWHERE])
def test_a_deal_moves_forward_back_and_into_another_pipeline(target: StageFacts) -> None:
    rules.check_target(SECOND, target)


@pytest.mark.parametrize("target", [SECOND, WON, LOST, stage(3, is_in_use=False)])
def test_a_deal_does_not_move_where_it_stands_nor_past_the_form_of_closing(target: StageFacts) -> None:
    with pytest.raises(Malformed):
        rules.check_target(SECOND, target)


def test_skipped_stages_are_counted_forward_only() -> None:
    assert rules.skipped(FIRST, SECOND) == 0
    assert rules.skipped(FIRST, THIRD) == 1
    assert rules.skipped(THIRD, FIRST) == 0
    assert rules.skipped(FIRST, WON) == 0
    assert rules.skipped(FIRST, stage(3, pipeline=2)) == 0


def test_the_furthest_stage_stays_reached() -> None:
    assert rules.furthest(FIRST, THIRD) == THIRD
    assert rules.furthest(THIRD, FIRST) == THIRD
    assert rules.furthest(SECOND, LOST) == SECOND
    assert rules.furthest(SECOND, WON) == WON
    assert rules.furthest(THIRD, ELSEWHERE) == ELSEWHERE


@pytest.mark.parametrize("value", ["0.01", "1", "1.50", "1.500", "9999999999999999.99"])
def test_a_value_above_nothing_with_two_decimals_is_taken(value: str) -> None:
    assert rules.check_value(Decimal(value)) == rules.check_amount(Decimal(value)) == Decimal(value)


@pytest.mark.parametrize("value", ["-0.01", "0.005", "NaN", "sNaN", "Infinity", "10000000000000000", "1e400"])
@pytest.mark.parametrize("check", [rules.check_value, rules.check_amount])
def test_any_other_value_is_refused(check: Callable[[Decimal], object], value: str) -> None:
    with pytest.raises(Malformed):
        check(Decimal(value))


def test_nothing_is_no_value_but_may_be_expected() -> None:
    with pytest.raises(Malformed):
        rules.check_value(Decimal(0))
    assert rules.check_amount(Decimal(0)) == 0
    assert rules.check_amount(None) is None


def test_days_are_calendar_days() -> None:
    assert rules.days_open(date(2017, 2, 28), date(2017, 3, 1)) == 1
    assert rules.days_open(date(2017, 3, 1), date(2017, 3, 1)) == 0
    assert rules.days_between(date(2017, 3, 2), date(2017, 3, 1)) == 0
    with pytest.raises(Refused):
        rules.days_open(date(2017, 3, 2), date(2017, 3, 1))


def test_a_reason_is_more_than_space_unless_a_code_says_it() -> None:
    assert rules.check_reason("  价格好 ") == "价格好"
    assert rules.check_reason(" ", "price") == ""
    with pytest.raises(Malformed):
        rules.check_reason(" \n\t\u3000")


@pytest.mark.parametrize(
    ("text", "due_on", "field"),
    [
        ("打电话", None, "next_step_on"),
        ("  ", TODAY, "next_step"),
        ("打电话", date(2026, 3, 17), "next_step_on"),
    ],
)
def test_a_next_step_says_what_and_by_when_from_today_on(text: str, due_on: date | None, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        rules.check_step(text, due_on, TODAY)
    assert refusal.value.field == field


def test_a_next_step_is_planned_or_taken_away() -> None:
    assert rules.check_step(" 打电话 ", TODAY, TODAY) == "打电话"
    assert rules.check_step("", None, TODAY) == ""


def test_a_deal_is_expected_to_close_after_it_opened() -> None:
    rules.check_close_on(None, TODAY)
    rules.check_close_on(TODAY, TODAY)
    with pytest.raises(Malformed):
        rules.check_close_on(date(2026, 3, 17), TODAY)


def test_five_visits_say_what_is_slow_fewer_leave_it_to_the_expected_days() -> None:
    assert rules.stuck_after(5, 12, 20) == 12
    assert rules.stuck_after(4, 12, 20) == 20
    assert rules.stuck_after(4, 12, None) is None
    assert not rules.is_stuck(12, 12)
    assert rules.is_stuck(13, 12)
    assert not rules.is_stuck(999, None)


@pytest.mark.parametrize(
    "kinds", ["", "open", "won lost", "open lost won", "open won", "open won lost lost", "open won open lost"]
)
def test_a_pipeline_leads_over_open_stages_to_won_and_lost(kinds: str) -> None:
    rules.check_stages([State.OPEN, State.OPEN, State.WON, State.LOST])
    with pytest.raises(Malformed):
        rules.check_stages([State(kind) for kind in kinds.split()])


# -- The funnel, worked by hand: 20 deals opened -----------------------------------------------------
# 8 stopped in the first stage, 6 in the second, 2 in the third, 4 were won.

STOPPED = {FIRST.id: 8, SECOND.id: 6, THIRD.id: 2, WON.id: 4}


def test_a_cohort_by_hand() -> None:
    lines = rules.rungs([FIRST, SECOND, THIRD, WON], STOPPED)
    assert [line.reached for line in lines] == [20, 12, 6, 4]
    assert [str(line.conversion_rate) for line in lines] == ["None", "0.600000", "0.500000", "0.666667"]
    assert [str(line.share_rate) for line in lines] == ["1.000000", "0.600000", "0.300000", "0.200000"]
    narrow = rules.narrowest(lines)
    assert narrow is not None
    assert narrow.stage == THIRD, "half of the deals stop between the second and the third"


def test_a_funnel_of_nothing_has_no_rates() -> None:
    lines = rules.rungs([FIRST, SECOND, WON], {})
    assert {line.reached for line in lines} == {0}
    assert {line.conversion_rate for line in lines} == {line.share_rate for line in lines} == {None}
    assert rules.narrowest(lines) is None


def test_weighted_by_hand() -> None:
    assert rules.weighted(Decimal("1234.50"), TENTH) == Decimal("123.45")
    assert rules.weighted(Decimal("0.05"), TENTH) == Decimal("0.01"), "half a cent is rounded up"


def test_velocity_by_hand() -> None:
    """40 open × 50,000 × 25 % ÷ 50 days = 10,000 a day."""
    assert rules.velocity(40, Closed(10, 30, Decimal(500_000), 500)) == Decimal("10000.00")
    assert rules.velocity(0, Closed(10, 30, Decimal(500_000), 500)) == Decimal("0.00")
    assert rules.velocity(40, Closed(0, 30, Decimal(0), 0)) is None
    assert rules.velocity(40, Closed(3, 0, Decimal(9), 0)) is None, "won on the day they opened"


# -- The same, explored against a second, naive implementation -------------------------------------

STAGES = [FIRST, SECOND, THIRD, WON]
histories = some.lists(some.lists(some.sampled_from([*STAGES, LOST]), min_size=1, max_size=6), max_size=30)


@given(histories)
def test_a_funnel_counts_whoever_stood_in_a_stage_or_a_later_one(
    deals: Sequence[Sequence[StageFacts]],
) -> None:
    counts: dict[int, int] = {}
    for visited in deals:
        far = FIRST
        for one in visited:
            far = rules.furthest(far, one)
        counts[far.id] = counts.get(far.id, 0) + 1
    lines = rules.rungs(STAGES, counts)
    for at, line in enumerate(lines):
        later = {one.id for one in STAGES[at:]}
        naive = sum(1 for visited in deals if at == 0 or any(one.id in later for one in visited))
        assert line.reached == naive
    assert all(a.reached >= b.reached for a, b in pairwise(lines)), "it never widens"
    for before, line in pairwise(lines):
        if before.reached:
            assert line.conversion_rate is not None
            exact = Fraction(line.reached, before.reached)
            assert abs(Fraction(line.conversion_rate) - exact) <= Fraction(1, 2_000_000)
        else:
            assert line.conversion_rate is None


@given(
    some.integers(0, 10_000),
    some.integers(1, 500),
    some.integers(0, 500),
    some.decimals(0, 10_000_000, places=2),
    some.integers(1, 100_000),
)
def test_velocity_is_its_four_averages_multiplied(
    open_deals: int, won: int, lost: int, value: Decimal, days: int
) -> None:
    per_day = rules.velocity(open_deals, Closed(won, lost, value, days))
    exact = open_deals * (Fraction(value) / won) * Fraction(won, won + lost) / Fraction(days, won)
    assert per_day is not None
    assert abs(Fraction(per_day) - exact) <= Fraction(1, 200)


@given(some.decimals(allow_nan=True), some.booleans())
def test_no_amount_surprises(amount: Decimal, is_value: bool) -> None:
    check = rules.check_value if is_value else rules.check_amount
    try:
        kept = check(amount)
    except Malformed:
        return
    assert kept is not None
    assert kept >= 0
    assert kept == kept.quantize(Decimal("0.01"))


@given(some.lists(some.integers(0, 400), min_size=1))
def test_the_median_is_the_lower_middle_of_the_sorted_values(values: list[int]) -> None:
    counts = {value: values.count(value) for value in values}
    assert rules.median(counts) == sorted(values)[(len(values) - 1) // 2]


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="no middle"):
        rules.median({})
