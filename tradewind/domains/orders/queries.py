"""Questions about orders."""

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from tradewind.domains.ledger.values import Documented
from tradewind.domains.orders.models import Order
from tradewind.domains.orders.policy import ORDERS
from tradewind.domains.orders.rules import State
from tradewind.domains.pipeline.queries import every_deal, won_deals
from tradewind.platform.spine.access.actor import Actor


def described(ids: Iterable[int]) -> Mapping[int, Documented]:
    """Number of orders and the page that shows them, by id; invisible ones are left out."""
    rows = Order.objects.filter(id__in=set(ids)).values_list("id", "number", "deal__public_id")
    return {i: Documented(number, reverse("deal", args=[deal]) + "#order") for i, number, deal in rows}


def order_of_deal(actor: Actor, deal_id: int) -> Order | None:
    """The order that a deal made, if the actor may see it."""
    return Order.objects.filter(ORDERS.visible(actor), deal_id=deal_id).first()


def deviations_from_deals() -> int:
    """How many won deals lack their confirmed order of the same value and day, or orders their deal.

    One statement, so that nobody's win between two of them looks like a deviation.
    """
    confirmed = Order.objects.filter(state=State.CONFIRMED, deal=OuterRef("pk"))
    fitting = confirmed.filter(amount=OuterRef("value"), confirmed_on=OuterRef("closed_on"))
    won = Q(pk__in=won_deals())
    return every_deal().filter((won & ~Exists(fitting)) | (~won & Exists(confirmed))).count()
