"""An order is seen by its owner, in its unit, and by the owner of its customer; its lines with it."""

from tradewind.domains.orders.models import Order, OrderLine
from tradewind.platform.spine.access.protect import OpenTable, register_open
from tradewind.platform.spine.access.scopes import Follows, PartOf, Scope, register

ORDERS = Scope(
    "orders.order",
    Order,
    person="owner_id",
    unit="unit_id",
    follows=Follows("customer_id", "customers.customer"),
    writes=("INSERT", "UPDATE"),
)
# Lines are replaced as a whole, which removes some: commands do that widened, no page by itself.
LINES = Scope("orders.line", OrderLine, part_of=PartOf("order_id", "orders.order"))

register(ORDERS, LINES)
register_open(OpenTable("orders_counter", wide="SELECT, INSERT, UPDATE"))
