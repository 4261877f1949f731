"""A few orders that no deal made: a draft, a confirmed one, a cancelled one."""

from decimal import Decimal
from typing import Any

from tradewind.domains.customers import queries as customers
from tradewind.domains.orders import commands, queries
from tradewind.domains.orders.commands import Cancellation, Confirmation, Content
from tradewind.domains.orders.values import LineGiven
from tradewind.domains.organization.queries import actor_named
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Ref

VAT, SERVICE = Decimal("0.13"), Decimal("0.06")
GATES = LineGiven("ZN-GATE", Decimal(12), Decimal(5800), Decimal("0.08"), VAT, "含现场安装支架")
SCANNERS = LineGiven("ZN-SCAN", Decimal(20), Decimal(2600), Decimal("0.125"), VAT)
CARE = LineGiven(
    "ZN-CARE", Decimal(1), Decimal(24000), tax_rate=SERVICE, description="一年，工作日 8 小时响应"
)


def take_orders() -> None:
    """What the seller takes besides her deals, once."""
    with scope(actor_named("seller")) as actor:
        if queries.visible_orders(actor).filter(deal=None).exists():
            return
        names = [name for _, name in customers.first_names(actor, 3)]
        _draft(actor, Content(names[0], (GATES, CARE)))
        confirmed = _draft(actor, Content(names[1], (SCANNERS, GATES, CARE)))
        commands.confirm(actor, confirmed, Confirmation())
        gone = _draft(actor, Content(names[2], (CARE,)))
        commands.cancel(actor, gone, Cancellation("客户今年没有预算"))


def _draft(actor: Actor, content: Content) -> Ref[Any]:
    return Ref(queries.public_id_of(commands.create(actor, content)), 1)
