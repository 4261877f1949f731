"""Questions about deals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from tradewind.domains.ledger.values import Documented
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.rules import OPEN, Stage
from tradewind.domains.pipeline.values import ClosedDeal
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.surface.search import Hit

PAGE = 50
STATES = ("open", "won", "lost")


@dataclass(frozen=True, slots=True)
class DealPage:
    """One page of the list of deals, newest first, and where the next one begins."""

    deals: Sequence[Opportunity]
    next: str | None


def visible_deals(actor: Actor) -> QuerySet[Opportunity]:
    """The deals an actor may see, with what their pages name."""
    rows = Opportunity.objects.filter(OPPORTUNITIES.visible(actor))
    return rows.select_related("product", "customer", "owner", "unit")


def deal(actor: Actor, public_id: UUID | str) -> Opportunity:
    """One visible deal; raises `NotVisible`."""
    return found(visible_deals(actor), public_id)


def page_of_deals(actor: Actor, words: str = "", state: str = "", after: str = "") -> DealPage:
    """Deals by number, customer or product, in one state or any; keyset pages, newest first."""
    rows = visible_deals(actor)
    if words:
        rows = _holding(rows, words)
    if state not in ("", "all", *STATES):
        raise Malformed("pipeline.unknown_state", field="state")
    if state in STATES:
        rows = rows.filter(stage__in=OPEN if state == "open" else (state,))
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Malformed("ledger.bad_cursor", field="after")
        rows = rows.filter(id__lt=int(after))
    page = list(rows.order_by("-id")[: PAGE + 1])
    return DealPage(page[:PAGE], str(page[PAGE - 1].pk) if len(page) > PAGE else None)


def deals_found(actor: Actor, words: str, limit: int) -> list[Hit]:
    """The newest deals whose number, customer or product holds these words."""
    rows = _holding(visible_deals(actor), words).order_by("-id")[:limit]
    return [
        Hit(
            f"{d.customer.name} · {d.product.name}" if d.customer else d.product.name,
            f"{d.number} · {d.owner.name}",
            reverse("deal", args=[d.public_id]),
        )
        for d in rows
    ]


def _holding(rows: QuerySet[Opportunity], words: str) -> QuerySet[Opportunity]:
    named = Q(number__icontains=words) | Q(customer__name__icontains=words)
    return rows.filter(named | Q(product__name__icontains=words))


def described(ids: Iterable[int]) -> Mapping[int, Documented]:
    """Number and page of deals, by id; those the actor may not see are left out."""
    rows = Opportunity.objects.filter(id__in=set(ids)).values_list("id", "number", "public_id")
    return {i: Documented(number, reverse("deal", args=[public_id])) for i, number, public_id in rows}


def closed_deals(ids: Sequence[int]) -> list[ClosedDeal]:
    """What orders need to know of these deals: whether each is won, when, for how much, for whom."""
    rows = Opportunity.objects.filter(id__in=ids).order_by("closed_on", "number")
    return [
        ClosedDeal(
            d.pk,
            d.stage == Stage.WON,
            d.closed_on,
            d.value,
            d.customer_id,
            d.product_id,
            d.owner_id,
            d.unit_id,
        )
        for d in rows
    ]


def every_deal() -> QuerySet[Opportunity]:
    """All deals, for verification by those who see all."""
    return Opportunity.objects.all()


def won_deals() -> QuerySet[Opportunity, int]:
    """Ids of won deals, as a subquery, for verification."""
    return Opportunity.objects.filter(stage=Stage.WON).values_list("id", flat=True)
