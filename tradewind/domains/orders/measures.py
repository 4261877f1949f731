"""What orders count for: bookings, and customers who buy for the first time.

A cancellation is a business event with its own day: what was credited stays, its opposite follows.
"""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Max, Q, QuerySet, RowRange, Value, Window
from django.db.models.functions import Cast, Coalesce, Greatest, RowNumber

from tradewind.domains.ledger.values import Flow, Source, Tax, Unit
from tradewind.domains.orders.models import OrderLine
from tradewind.domains.orders.queries import described
from tradewind.domains.orders.rules import State
from tradewind.kernel.errors import phrase

ORDER = Source("orders.order", described)
BUYER = Source("customers.customer", lambda ids: {})  # its entries point to the order

# Confirmed once, whether or not cancelled since; an order whose deal was not won after all never was.
COUNTED = Q(order__state=State.CONFIRMED) | Q(
    order__confirmed_on__isnull=False, order__cancelled_on__isnull=False
)
LINES = OrderLine.objects.order_by().filter(COUNTED)


# Cast, so that Django keeps it apart from the same column at the head of a row.
CUSTOMER = Cast("order__customer_id", BigIntegerField())


def _entries(lines: QuerySet[OrderLine], source: str, line: Any, day: Any, value: Any) -> Any:
    """Entries of lines in the ledger's columns, to the order's owner, pointing to the order."""
    whose = ("order__owner_id", CUSTOMER, "product_id", F("order_id"))
    return lines.values_list(source, line, day, value, *whose)


# Line n of an order is credited as line n - 1, its cancellation as line -n.
GROSS = F("net") + F("tax")
BOOKED = _entries(LINES, "order_id", F("position") - 1, F("order__confirmed_on"), GROSS)
UNBOOKED = _entries(
    LINES.filter(order__cancelled_on__isnull=False),
    "order_id",
    F("position") * -1,
    F("order__cancelled_on"),
    GROSS * -1,
)

# Per customer the order of the earliest day counts, on one day the lowest number; once it is cancelled, the
# next one that still stands takes its place that day, or on its own day if that comes later. `left_on` is an
# order's own cancellation, as a window: a plain condition on it would hide orders from the other windows.
NEVER = date.max
IN_TURN: dict[str, Any] = {
    "partition_by": "order__customer_id",
    "order_by": ("order__confirmed_on", "order__number"),
}
IN_LINE = LINES.filter(position=1, order__customer__isnull=False).annotate(
    turn=Window(RowNumber(), **IN_TURN),
    freed_on=Window(
        Max(Coalesce("order__cancelled_on", Value(NEVER))), frame=RowRange(start=None, end=-1), **IN_TURN
    ),
    left_on=Window(Max("order__cancelled_on"), frame=RowRange(start=0, end=0), **IN_TURN),
    first_on=Greatest("order__confirmed_on", Coalesce("freed_on", "order__confirmed_on")),
)
FIRST = IN_LINE.filter(
    Q(freed_on=None) | Q(freed_on__lt=NEVER),
    Q(left_on=None) | Q(left_on__gt=F("first_on")),
)
BUYS = _entries(FIRST, "order__customer_id", F("turn") - 1, F("first_on"), Value(1))
LEAVES = _entries(
    FIRST.filter(left_on__isnull=False), "order__customer_id", F("turn") * -1, F("left_on"), Value(-1)
)

BOOKINGS = Flow(
    "bookings",
    phrase("Bookings"),
    Unit.MONEY,
    Tax.INCLUDED,
    phrase(
        "The day the order was confirmed (an import: the date in its file); a cancellation on its own day"
    ),
    ORDER,
    ORDER,
    BOOKED.union(UNBOOKED, all=True),
)
NEW_CUSTOMERS = Flow(
    "new_customers",
    phrase("New customers"),
    Unit.COUNT,
    Tax.NONE,
    phrase("The day of the customer's first confirmed order, to that order's owner"),
    BUYER,
    ORDER,
    BUYS.union(LEAVES, all=True),
)

MEASURES = (BOOKINGS, NEW_CUSTOMERS)
