"""Pure decisions about orders: their states, and what a line comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum

from tradewind.kernel.errors import Malformed, Refused
from tradewind.kernel.rounding import half_up

LARGEST = Decimal("9999999999999999.99")
MOST_LINES = 200
EXACT = 80  # digits; the product of quantity, price and rates is rounded once, at the fen


class State(StrEnum):
    """An order counts from its confirmation to its cancellation."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


MOVES = {
    (State.DRAFT, "edit"): State.DRAFT,
    (State.DRAFT, "confirm"): State.CONFIRMED,
    (State.DRAFT, "cancel"): State.CANCELLED,
    (State.CONFIRMED, "cancel"): State.CANCELLED,
}
REFUSED = {State.CONFIRMED: "orders.confirmed", State.CANCELLED: "orders.cancelled"}


def next_state(state: State, verb: str) -> State:
    """The state after a move; raises `Refused` for anything the table does not hold."""
    if (state, verb) not in MOVES:
        raise Refused(REFUSED[state])
    return MOVES[state, verb]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a line agrees: quantity, unit price without tax, and rates as fractions (0.13 is 13 %)."""

    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal
    tax_rate: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """An amount without tax, and its tax; both to the fen."""

    net: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)

    @property
    def gross(self) -> Decimal:
        """With tax."""
        return self.net + self.tax


# Lowest, highest and decimals of each term, as the tables keep them.
LIMITS = {
    "quantity": (Decimal("0.001"), Decimal("999999999.999"), 3),
    "unit_price": (Decimal(0), Decimal("9999999999999999.9999"), 4),
    "discount_rate": (Decimal(0), Decimal(1), 4),
    "tax_rate": (Decimal(0), Decimal(1), 4),
}


def check_terms(terms: Terms, at: int) -> Terms:
    """The terms of line `at` (from 0). Raises `Malformed` at `lines.<at>.<term>`."""
    for name, (lowest, highest, places) in LIMITS.items():
        value = getattr(terms, name)
        if not value.is_finite() or not lowest <= value <= highest or decimals(value) > places:
            raise Malformed(f"orders.{name}", field=f"lines.{at}.{name}")
    return terms


def decimals(value: Decimal) -> int:
    """How many decimals a finite number has, zeros at its end not counted."""
    _, digits, exponent = value.as_tuple()
    zeros = next((n for n, digit in enumerate(reversed(digits)) if digit), None)
    return 0 if zeros is None else max(-int(exponent) - zeros, 0)


def line_sums(terms: Terms) -> Sums:
    """Quantity × unit price less discount, and tax on that: each rounded half up to the fen, once."""
    with localcontext(prec=EXACT):
        net = half_up(terms.quantity * terms.unit_price * (1 - terms.discount_rate), 2)
        return Sums(net, half_up(net * terms.tax_rate, 2))


def order_sums(lines: Iterable[Sums]) -> Sums:
    """The exact sums of the lines: nothing is rounded again. Raises `Refused` beyond what the tables keep."""
    net = tax = Decimal("0.00")
    with localcontext(prec=EXACT):
        for line in lines:
            net, tax = net + line.net, tax + line.tax
    if net + tax > LARGEST:
        raise Refused("orders.too_large", field="lines")
    return Sums(net, tax)


def check_seen(seen: Decimal | None, sums: Sums) -> None:
    """The total somebody saw while typing is the total there is. Raises `Refused`; None is not checked."""
    if seen is not None and seen != sums.gross:
        raise Refused("orders.total_differs", field="lines", seen=seen, total=sums.gross)


def check_reason(reason: str) -> str:
    """Why an order is cancelled, without surrounding space. Raises `Malformed` when empty."""
    if not reason.strip():
        raise Malformed("orders.reason_missing", field="reason")
    return reason.strip()


def cancellation_day(confirmed_on: date | None, today: date) -> date:
    """Today; for an order dated later (an import may do that) the day of its confirmation."""
    return max(confirmed_on or today, today)
