"""Orders that follow their deals, one or a hundred thousand at a time."""

from collections.abc import Sequence
from decimal import Decimal

from tradewind.domains.ledger import commands as ledger
from tradewind.domains.orders.commands import draw
from tradewind.domains.orders.measures import BOOKINGS, NEW_CUSTOMERS
from tradewind.domains.orders.models import Order, OrderLine
from tradewind.domains.orders.rules import State
from tradewind.domains.pipeline import queries as pipeline
from tradewind.domains.pipeline.values import ClosedDeal
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import batch

FOLLOWED = ("customer_id", "owner_id", "unit_id")


@batch("orders.order.follow_deals")
def follow_deals(actor: Actor, given: Sequence[int]) -> int:
    """Make the orders of these deals what they should be; returns how many changed. Repeating is harmless.

    A won deal has one order with one untaxed line, confirmed on its closing day, unless somebody cancelled
    it since. A deal that is no longer won keeps its order, cancelled without a day: it never counted. The
    order follows the deal's owner, customer and product either way.
    """
    with widened("an order out of the actor's sight must not be made a second time"):
        return _follow_deals(given)


def _follow_deals(given: Sequence[int]) -> int:
    deals = {deal.id: deal for deal in pipeline.closed_deals(given)}
    locked = Order.objects.select_for_update(no_key=True).order_by("id")
    orders = {order.deal_id: order for order in locked.filter(deal_id__in=deals)}
    lines = {line.order_id: line for line in OrderLine.objects.filter(order__in=orders.values())}
    buyers = {order.customer_id for order in orders.values()}
    changed = [o for o in orders.values() if _follow(o, lines[o.pk], deals[o.deal_id or 0])]
    _update(changed, [lines[order.pk] for order in changed])
    fresh = [deal for deal in deals.values() if deal.is_won and deal.id not in orders]
    made = _make(fresh)
    touched = changed + made
    buyers |= {order.customer_id for order in touched}
    ledger.sync([BOOKINGS], [order.pk for order in touched])
    ledger.sync([NEW_CUSTOMERS], sorted(buyer for buyer in buyers if buyer))
    return len(touched)


def _make(deals: Sequence[ClosedDeal]) -> list[Order]:
    """New orders with their line, numbered in the order of the deals."""
    orders = [
        Order(number=number, deal_id=deal.id, **_facts(deal))
        for number, deal in zip(draw(len(deals)), deals, strict=True)
    ]
    made = Order.objects.bulk_create(orders, batch_size=1000)
    lines = [
        OrderLine(order=order, position=1, quantity=Decimal(1), **_line_facts(deal))
        for order, deal in zip(made, deals, strict=True)
    ]
    OrderLine.objects.bulk_create(lines, batch_size=1000)
    return made


def _update(orders: Sequence[Order], lines: Sequence[OrderLine]) -> None:
    written = [*FOLLOWED, "state", "confirmed_on", "cancelled_on", "amount", "version"]
    Order.objects.bulk_update(orders, written, batch_size=500)
    OrderLine.objects.bulk_update(lines, ["product_id", "unit_price", "net"], batch_size=500)


def _facts(deal: ClosedDeal, order: Order | None = None) -> dict[str, object]:
    """What an order takes from its deal; day and amount only from a won one."""
    facts: dict[str, object] = {name: getattr(deal, name) for name in FOLLOWED}
    if not deal.is_won:
        return {**facts, "state": State.CANCELLED.value, "cancelled_on": None}
    state = State.CANCELLED if order is not None and order.cancelled_on else State.CONFIRMED
    return {**facts, "state": state.value, "confirmed_on": deal.closed_on, "amount": deal.value}


def _line_facts(deal: ClosedDeal) -> dict[str, object]:
    facts: dict[str, object] = {"product_id": deal.product_id}
    return facts | ({"unit_price": deal.value, "net": deal.value} if deal.is_won else {})


def _follow(order: Order, line: OrderLine, deal: ClosedDeal) -> bool:
    """Bring one order and its line in line with its deal; says whether anything differed."""
    differs = _take(order, _facts(deal, order)) | _take(line, _line_facts(deal))
    order.version += differs
    return differs


def _take(row: Order | OrderLine, facts: dict[str, object]) -> bool:
    differing = {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
