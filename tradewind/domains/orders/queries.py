"""Questions about orders."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, DecimalField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, Substr
from django.urls import reverse

from tradewind.domains.ledger.values import Documented
from tradewind.domains.orders.models import Counter, Order, OrderLine
from tradewind.domains.orders.policy import LINES, ORDERS
from tradewind.domains.orders.rules import State
from tradewind.domains.orders.values import OrderId
from tradewind.domains.pipeline.queries import every_deal, won_deals
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found


@dataclass(frozen=True, slots=True)
class OrderOfDeal:
    """What the page of a deal says about its order."""

    name: str
    url: str
    is_cancelled: bool


def visible_orders(actor: Actor) -> QuerySet[Order]:
    """The orders an actor may see, with what their pages name."""
    rows = Order.objects.filter(ORDERS.visible(actor))
    return rows.select_related("customer", "owner", "unit", "deal")


def order(actor: Actor, public_id: UUID | str) -> Order:
    """One visible order; raises `NotVisible`."""
    return found(visible_orders(actor), public_id)


def lines_of(actor: Actor, order: Order) -> list[OrderLine]:
    """The lines of an order, in order, with their products."""
    rows = OrderLine.objects.filter(LINES.visible(actor), order=order)
    return list(rows.select_related("product").order_by("position"))


def public_id_of(order_id: OrderId) -> str:
    """The address part of an order's page."""
    return str(Order.objects.values_list("public_id", flat=True).get(pk=order_id))


def described(ids: Iterable[int]) -> Mapping[int, Documented]:
    """Number of orders and the page that shows them, by id; invisible ones are left out."""
    rows = Order.objects.filter(id__in=set(ids)).only("number", "public_id")
    return {row.pk: Documented(str(row), reverse("order", args=[row.public_id])) for row in rows}


def order_of_deal(actor: Actor, deal_id: int) -> OrderOfDeal | None:
    """The order that a deal made, if the actor may see it."""
    row = Order.objects.filter(ORDERS.visible(actor), deal_id=deal_id).first()
    if row is None:
        return None
    url = reverse("order", args=[row.public_id])
    return OrderOfDeal(str(row), url, row.state == State.CANCELLED)


def deviations_from_deals() -> int:
    """How many won deals lack their order of the same value and day, or orders their deal.

    A won deal's order may have been cancelled since, on a day of its own. One statement, so that nobody's
    win between two of them looks like a deviation.
    """
    counted = Q(state=State.CONFIRMED) | Q(cancelled_on__isnull=False)
    made = Order.objects.filter(counted, deal=OuterRef("pk"))
    fitting = made.filter(amount=OuterRef("value"), confirmed_on=OuterRef("closed_on"))
    won = Q(pk__in=won_deals())
    return every_deal().filter((won & ~Exists(fitting)) | (~won & Exists(made))).count()


def deviations_of_totals() -> int:
    """How many orders differ from the sums of their lines, or have lines not numbered from 1; 0 is right."""
    none = DecimalField(max_digits=18, decimal_places=2)
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    rows = Order.objects.annotate(
        net=Coalesce(lines.annotate(s=Sum("net")).values("s"), 0, output_field=none),
        taxed=Coalesce(lines.annotate(s=Sum("tax")).values("s"), 0, output_field=none),
    )
    sums = rows.exclude(amount=F("net"), tax=F("taxed")).count()
    gaps = OrderLine.objects.order_by().values("order").annotate(n=Count("id"), s=Sum("position"))
    return sums + gaps.exclude(s=F("n") * (F("n") + 1) / 2).count()


def missing_numbers(series: str) -> int:
    """How many numbers were drawn that no order carries; 0 is right."""
    drawn = Counter.objects.filter(series=series).values_list("last", flat=True).first() or 0
    carried = Order.objects.filter(number__isnull=False).annotate(
        drawn=Cast(Substr("number", 3), IntegerField())
    )
    return abs(drawn - carried.filter(drawn__range=(1, drawn)).count())
