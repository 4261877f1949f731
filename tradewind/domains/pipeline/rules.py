"""Pure decisions about deals: their states, and what winning asks."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from tradewind.kernel.errors import Malformed, Refused

LARGEST = Decimal("9999999999999999.99")


class Stage(StrEnum):
    """Where a deal stands. Won and lost are final."""

    PROSPECTING = "prospecting"
    ENGAGING = "engaging"
    WON = "won"
    LOST = "lost"


OPEN = (Stage.PROSPECTING, Stage.ENGAGING)

MOVES = {
    (Stage.PROSPECTING, "win"): Stage.WON,
    (Stage.ENGAGING, "win"): Stage.WON,
    (Stage.PROSPECTING, "lose"): Stage.LOST,
    (Stage.ENGAGING, "lose"): Stage.LOST,
}


def next_stage(stage: Stage, verb: str) -> Stage:
    """The stage after a move; raises `Refused` for a deal that is closed."""
    if (stage, verb) not in MOVES:
        raise Refused("pipeline.closed")
    return MOVES[stage, verb]


def check_value(value: Decimal) -> Decimal:
    """The value of a won deal: more than 0, at most two decimals. Raises `Malformed` at the field."""
    if not value.is_finite() or value <= 0:
        raise Malformed("pipeline.value_not_positive", field="value")
    if value > LARGEST:
        raise Malformed("pipeline.value_too_large", field="value")
    if value != value.quantize(Decimal("0.01")):
        raise Malformed("pipeline.value_decimals", field="value")
    return value


def check_reason(reason: str) -> str:
    """Why it was won or lost, without surrounding space. Raises `Malformed` when empty."""
    if not reason.strip():
        raise Malformed("pipeline.reason_missing", field="reason")
    return reason.strip()


def days_open(opened_on: date, closed_on: date) -> int:
    """Calendar days from opening to closing; 0 on the same day. Raises `Refused` when it would be less."""
    if closed_on < opened_on:
        raise Refused("pipeline.closed_before_opened")
    return (closed_on - opened_on).days
