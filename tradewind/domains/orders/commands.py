"""Changes of orders."""

from collections.abc import Sequence

from django.db import connection

from tradewind.domains.ledger import commands as ledger
from tradewind.domains.orders.measures import BOOKINGS, NEW_CUSTOMERS
from tradewind.domains.orders.models import Order
from tradewind.domains.orders.rules import State
from tradewind.domains.pipeline import queries as pipeline
from tradewind.domains.pipeline.values import ClosedDeal
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import batch

SERIES = "order"


@batch("orders.order.follow_deals")
def follow_deals(actor: Actor, given: Sequence[int]) -> int:
    """Make the orders of these deals what they should be; returns how many changed. Repeating is harmless.

    A won deal has one confirmed, untaxed order dated its closing day; a deal that is no longer won keeps
    its order, cancelled.
    """
    deals = {deal.id: deal for deal in pipeline.closed_deals(given)}
    orders = {order.deal_id: order for order in Order.objects.select_for_update().filter(deal_id__in=deals)}
    buyers = {order.customer_id for order in orders.values()}
    changed = [order for order in orders.values() if _follow(order, deals[order.deal_id])]
    Order.objects.bulk_update(changed, [*FOLLOWED, "state", "version"], batch_size=500)
    fresh = [deal for deal in deals.values() if deal.is_won and deal.id not in orders]
    made = Order.objects.bulk_create(
        (
            Order(number=number, deal_id=deal.id, state=State.CONFIRMED, **_facts(deal))
            for number, deal in zip(_draw(len(fresh)), fresh, strict=True)
        ),
        batch_size=1000,
    )
    touched = changed + made
    buyers |= {order.customer_id for order in touched}
    ledger.sync([BOOKINGS], [order.pk for order in touched])
    ledger.sync([NEW_CUSTOMERS], sorted(buyer for buyer in buyers if buyer))
    return len(touched)


FOLLOWED = ("customer_id", "product_id", "owner_id", "unit_id", "confirmed_on", "amount")


def _facts(deal: ClosedDeal) -> dict[str, object]:
    values = (deal.customer_id, deal.product_id, deal.owner_id, deal.unit_id, deal.closed_on, deal.value)
    return dict(zip(FOLLOWED, values, strict=True))


def _follow(order: Order, deal: ClosedDeal) -> bool:
    """Bring one order in line with its deal; says whether anything differed."""
    wanted = {**_facts(deal), "state": State.CONFIRMED} if deal.is_won else {"state": State.CANCELLED}
    differing = {name: value for name, value in wanted.items() if getattr(order, name) != value}
    for name, value in differing.items():
        setattr(order, name, value)
    order.version += bool(differing)
    return bool(differing)


def _draw(count: int) -> list[str]:
    """The next gap-free order numbers. The counter stays locked until the end of the transaction."""
    if not count:
        return []
    with widened("numbers without gaps are drawn for the whole company"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_counter (series, last) VALUES (%s, %s)"
            " ON CONFLICT (series) DO UPDATE SET last = orders_counter.last + EXCLUDED.last RETURNING last",
            [SERIES, count],
        )
        last = int(cursor.fetchone()[0])
    return [f"SO{number:08d}" for number in range(last - count + 1, last + 1)]
