"""What may follow what in the life of a plan, and what may stand in it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum

from tradewind.domains.planning.values import LARGEST, UNITS_OF_ROUNDING, Rounding
from tradewind.kernel.errors import Malformed, Refused
from tradewind.kernel.rounding import half_up


class State(StrEnum):
    """A draft is worked on, a submitted plan waits, an approved one is in force and locked until closed."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    CLOSED = "closed"


IN_FORCE = (State.APPROVED, State.CLOSED)

MOVES = {
    (State.DRAFT, "submit"): State.SUBMITTED,
    (State.SUBMITTED, "reopen"): State.DRAFT,
    (State.SUBMITTED, "approve"): State.APPROVED,
    (State.APPROVED, "close"): State.CLOSED,
}

_REFUSALS = {
    State.DRAFT: "planning.is_draft",
    State.SUBMITTED: "planning.is_submitted",
    State.APPROVED: "planning.in_force",
    State.CLOSED: "planning.in_force",
}


def next_state(state: State, verb: str) -> State:
    """The state after a move; raises `Refused`, and says so plainly where the plan is in force."""
    if (state, verb) in MOVES:
        return MOVES[state, verb]
    raise Refused(_REFUSALS[state])


def check_open(state: State) -> None:
    """Figures change in drafts only. Raises `Refused`."""
    if state is not State.DRAFT:
        raise Refused(_REFUSALS[state])


def check_amount(amount: Decimal, unit: int, places: int) -> Decimal:
    """An amount to spread: more than 0, at least one rounding unit, no more decimals than its measure has.

    Raises `Malformed`.
    """
    if not amount.is_finite() or amount <= 0:
        raise Malformed("planning.amount_not_positive", field="amount")
    checked = _with_places(amount, places, "amount")
    if checked < unit:
        raise Malformed("planning.amount_too_small", field="amount", unit=unit)
    return checked


def check_value(value: Decimal, places: int) -> Decimal:
    """The target of one cell: 0 or more, no more decimals than its measure has. Raises `Malformed`."""
    if not value.is_finite() or value < 0:
        raise Malformed("planning.value_negative", field="value")
    return _with_places(value, places, "value")


def _with_places(value: Decimal, places: int, field: str) -> Decimal:
    if value > LARGEST:
        raise Malformed("planning.amount_too_large", field=field)
    if value != half_up(value, places):
        raise Malformed("planning.amount_decimals" if places else "planning.not_whole", field=field)
    return half_up(value, 2)


def check_rounding(rounding: Rounding) -> Rounding:
    """Every level has one of the four roundings; the month of the remainder exists. Raises `Malformed`."""
    units = (rounding.units, rounding.people, rounding.quarters, rounding.months)
    if any(unit not in UNITS_OF_ROUNDING for unit in units):
        raise Malformed("planning.bad_rounding", field="rounding")
    if rounding.remainder_month is not None and not 1 <= rounding.remainder_month <= 12:
        raise Malformed("planning.bad_month", field="remainder_month")
    return rounding


def grown(base: Decimal, growth_rate: Decimal, unit: int) -> Decimal:
    """Last year's actual × (1 + growth), half up to whole rounding units. `growth_rate` is a fraction > −1.

    Raises `Malformed` for a base of 0 or less: nothing grows from nothing.
    """
    if not growth_rate.is_finite() or growth_rate <= -1:
        raise Malformed("planning.growth_too_low", field="growth")
    if base <= 0:
        raise Malformed("planning.growth_without_base", field="growth")
    return half_up(base * (1 + growth_rate) / unit, 0) * unit


def overlap(path: Sequence[int], others: Iterable[Sequence[int]]) -> bool:
    """Does a branch of the unit tree, by its path, lie within one of the others or around it?"""
    return any(all(a == b for a, b in zip(path, other, strict=False)) for other in others)
