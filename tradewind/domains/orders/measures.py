"""What orders count for: bookings, and customers who buy for the first time."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet, Value

from tradewind.domains.ledger.values import Flow, Source, Tax, Unit
from tradewind.domains.orders.models import Order
from tradewind.domains.orders.queries import described
from tradewind.domains.orders.rules import State
from tradewind.kernel.errors import phrase

ORDER = Source("orders.order", described)
BUYER = Source("customers.customer", described)


def _bookings(ids: Sequence[int] | None) -> QuerySet[Order, Any]:
    orders = Order.objects.order_by().filter(state=State.CONFIRMED)
    orders = orders if ids is None else orders.filter(id__in=ids)
    with_tax = F("amount") + F("tax")
    return orders.values_list(
        "id", Value(0), "confirmed_on", with_tax, "owner_id", "customer_id", "product_id", F("id")
    )


def _first_orders(ids: Sequence[int] | None) -> QuerySet[Order, Any]:
    """Per customer the confirmed order of the earliest day; on one day the lowest number counts."""
    orders = Order.objects.filter(state=State.CONFIRMED, customer__isnull=False)
    orders = orders if ids is None else orders.filter(customer_id__in=ids)
    first = orders.order_by("customer_id", "confirmed_on", "number").distinct("customer_id")
    return first.values_list(
        "customer_id", Value(0), "confirmed_on", Value(1), "owner_id", F("customer_id"), "product_id", "id"
    )


BOOKINGS = Flow(
    "bookings",
    phrase("Bookings"),
    Unit.MONEY,
    Tax.INCLUDED,
    phrase("The day the order was confirmed; an import takes the date in its file"),
    ORDER,
    ORDER,
    _bookings,
)
NEW_CUSTOMERS = Flow(
    "new_customers",
    phrase("New customers"),
    Unit.COUNT,
    Tax.NONE,
    phrase("The day of the customer's first confirmed order, to that order's owner"),
    BUYER,
    ORDER,
    _first_orders,
)

MEASURES = (BOOKINGS, NEW_CUSTOMERS)
