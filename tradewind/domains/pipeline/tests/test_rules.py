"""Deals by hand: what may follow what, and what winning asks."""

from datetime import date
from decimal import Decimal

import pytest

from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.rules import MOVES, OPEN, Stage
from tradewind.kernel.errors import Malformed, Refused


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("verb", ["win", "lose", "reopen"])
def test_only_open_deals_move_and_only_to_won_or_lost(stage: Stage, verb: str) -> None:
    if stage in OPEN and verb != "reopen":
        assert rules.next_stage(stage, verb) == (Stage.WON if verb == "win" else Stage.LOST)
    else:
        assert (stage, verb) not in MOVES
        with pytest.raises(Refused):
            rules.next_stage(stage, verb)


@pytest.mark.parametrize("value", ["0.01", "1", "1.50", "1.500", "9999999999999999.99"])
def test_a_value_above_nothing_with_two_decimals_is_taken(value: str) -> None:
    assert rules.check_value(Decimal(value)) == Decimal(value)


@pytest.mark.parametrize(
    "value", ["0", "-0.01", "0.005", "NaN", "sNaN", "Infinity", "10000000000000000", "1e400"]
)
def test_any_other_value_is_refused(value: str) -> None:
    with pytest.raises(Malformed):
        rules.check_value(Decimal(value))


def test_days_are_calendar_days() -> None:
    assert rules.days_open(date(2017, 2, 28), date(2017, 3, 1)) == 1
    assert rules.days_open(date(2017, 3, 1), date(2017, 3, 1)) == 0
    with pytest.raises(Refused):
        rules.days_open(date(2017, 3, 2), date(2017, 3, 1))


def test_a_reason_is_more_than_space() -> None:
    assert rules.check_reason("  价格好 ") == "价格好"
    with pytest.raises(Malformed):
        rules.check_reason(" \n\t\u3000")
