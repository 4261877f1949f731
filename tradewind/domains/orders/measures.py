"""What orders count for: bookings, and customers who buy for the first time."""

from django.db.models import F, Value

from tradewind.domains.ledger.values import Flow, Source, Tax, Unit
from tradewind.domains.orders.models import Order
from tradewind.domains.orders.queries import described
from tradewind.domains.orders.rules import State
from tradewind.kernel.errors import phrase

ORDER = Source("orders.order", described)
BUYER = Source("customers.customer", lambda ids: {})  # its entries point to the order


CONFIRMED = Order.objects.order_by().filter(state=State.CONFIRMED)
BOOKED = CONFIRMED.values_list(
    "id", Value(0), "confirmed_on", F("amount") + F("tax"), "owner_id", "customer_id", "product_id", F("id")
)
# Per customer the order of the earliest day; on one day the lowest number counts.
FIRST_BOUGHT = (
    CONFIRMED.filter(customer__isnull=False)
    .order_by("customer_id", "confirmed_on", "number")
    .distinct("customer_id")
    .values_list(
        "customer_id", Value(0), "confirmed_on", Value(1), "owner_id", F("customer_id"), "product_id", "id"
    )
)

BOOKINGS = Flow(
    "bookings",
    phrase("Bookings"),
    Unit.MONEY,
    Tax.INCLUDED,
    phrase("The day the order was confirmed; an import takes the date in its file"),
    ORDER,
    ORDER,
    BOOKED,
)
NEW_CUSTOMERS = Flow(
    "new_customers",
    phrase("New customers"),
    Unit.COUNT,
    Tax.NONE,
    phrase("The day of the customer's first confirmed order, to that order's owner"),
    BUYER,
    ORDER,
    FIRST_BOUGHT,
)

MEASURES = (BOOKINGS, NEW_CUSTOMERS)
