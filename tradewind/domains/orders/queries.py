"""Questions about orders."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from tradewind.domains.ledger.values import Documented
from tradewind.domains.orders.models import Order
from tradewind.domains.orders.policy import ORDERS
from tradewind.platform.spine.access.actor import Actor


def described(ids: Iterable[int]) -> Mapping[int, Documented]:
    """Number of orders and the page that shows them, by id; invisible ones are left out."""
    rows = Order.objects.filter(id__in=set(ids)).values_list("id", "number", "deal__public_id")
    return {i: Documented(number, reverse("deal", args=[deal]) + "#order") for i, number, deal in rows}


def order_of_deal(actor: Actor, deal_id: int) -> Order | None:
    """The order that a deal made, if the actor may see it."""
    return Order.objects.filter(ORDERS.visible(actor), deal_id=deal_id).first()
