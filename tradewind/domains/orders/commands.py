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
    its order, cancelled. The order follows the deal's owner, customer and product either way.
    """
    with widened("an order out of the actor's sight must not be made a second time"):
        return _follow_deals(given)


def _follow_deals(given: Sequence[int]) -> int:
    deals = {deal.id: deal for deal in pipeline.closed_deals(given)}
    locked = Order.objects.select_for_update(no_key=True).order_by("id")
    orders = {order.deal_id: order for order in locked.filter(deal_id__in=deals)}
    buyers = {order.customer_id for order in orders.values()}
    changed = [order for order in orders.values() if _follow(order, deals[order.deal_id])]
    Order.objects.bulk_update(changed, [*FOLLOWED, *CLOSED, "state", "version"], batch_size=500)
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


FOLLOWED = ("customer_id", "product_id", "owner_id", "unit_id")
CLOSED = ("confirmed_on", "amount")


def _facts(deal: ClosedDeal) -> dict[str, object]:
    """What an order takes from its deal; day and amount only from a won one."""
    followed = (deal.customer_id, deal.product_id, deal.owner_id, deal.unit_id)
    facts: dict[str, object] = dict(zip(FOLLOWED, followed, strict=True))
    return facts | dict(zip(CLOSED, (deal.closed_on, deal.value), strict=True)) if deal.is_won else facts


def _follow(order: Order, deal: ClosedDeal) -> bool:
    """Bring one order in line with its deal; says whether anything differed."""
    state = State.CONFIRMED if deal.is_won else State.CANCELLED
    differing = {k: v for k, v in {**_facts(deal), "state": state}.items() if getattr(order, k) != v}
    for name, value in differing.items():
        setattr(order, name, value)
    order.version += bool(differing)
    return bool(differing)


def _draw(count: int) -> list[str]:
    """The next gap-free order numbers. The counter stays locked until the end of the transaction."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_counter (series, last) VALUES (%s, %s)"
            " ON CONFLICT (series) DO UPDATE SET last = orders_counter.last + EXCLUDED.last RETURNING last",
            [SERIES, count],
        )
        last = int(cursor.fetchone()[0])
    return [f"SO{number:08d}" for number in range(last - count + 1, last + 1)]
