"""What stories about orders share: two lines to the cent, drafting, confirming, cancelling."""

from decimal import Decimal
from typing import Any

from tests.conftest import acting, system
from tradewind.domains.orders import commands
from tradewind.domains.orders.commands import Cancellation, Confirmation, Content
from tradewind.domains.orders.models import Order
from tradewind.domains.orders.values import LineGiven
from tradewind.platform.spine.command import Ref

NEW = "杭州新客户精密制造有限公司"
LINES = (
    LineGiven("ZN-ERP", Decimal(3), Decimal(68000), Decimal("0.075"), Decimal("0.13"), "三年授权"),
    LineGiven("工业扫码枪 S2", Decimal("2.5"), Decimal("19.99"), tax_rate=Decimal("0.13")),
)
TOTAL = Decimal("213287.48")  # 188,700.00 + 24,531.00 + 49.98 + 6.50


def draft(who: str = "seller", lines: tuple[LineGiven, ...] = LINES, customer: str = NEW) -> Order:
    with acting(who) as actor:
        made = commands.create(actor, Content(customer, lines))
        return Order.objects.get(pk=made)


def act(order: Order, command: Any, given: Any, who: str = "seller") -> Order:
    with acting(who) as actor:
        made = command(actor, Ref(order.public_id, order.version), given)
    with system():
        return Order.objects.get(pk=made)


def confirm(order: Order, who: str = "seller") -> Order:
    return act(order, commands.confirm, Confirmation(), who)


def cancel(order: Order, who: str = "seller") -> Order:
    return act(order, commands.cancel, Cancellation("客户改变计划"), who)
