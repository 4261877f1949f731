"""An order is seen by its owner, in its unit, and by the owner of its customer."""

from tradewind.domains.orders.models import Order
from tradewind.platform.spine.access.protect import OpenTable, register_open
from tradewind.platform.spine.access.scopes import Follows, Scope, register

ORDERS = Scope(
    "orders.order",
    Order,
    person="owner_id",
    unit="unit_id",
    follows=Follows("customer_id", "customers.customer"),
)

register(ORDERS)
register_open(OpenTable("orders_counter", wide="SELECT, INSERT, UPDATE"))
