"""Questions about single deals, and the list of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from tradewind.domains.ledger.values import Documented
from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline.models import Opportunity, StageMove
from tradewind.domains.pipeline.policy import MOVES, OPPORTUNITIES
from tradewind.domains.pipeline.queries.filters import Asked, matching
from tradewind.domains.pipeline.rules import State
from tradewind.domains.pipeline.values import ClosedDeal
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found

PAGE = 50


@dataclass(frozen=True, slots=True)
class DealPage:
    """One page of the list of deals, newest first, and where the next one begins."""

    deals: Sequence[Opportunity]
    next: str | None


def visible_deals(actor: Actor) -> QuerySet[Opportunity]:
    """The deals an actor may see, with what their pages name."""
    rows = Opportunity.objects.filter(OPPORTUNITIES.visible(actor))
    named = ("product", "customer", "owner", "unit", "stage__pipeline", "stage__pace", "reason_code")
    return rows.select_related(*named)


def deal(actor: Actor, public_id: UUID | str) -> Opportunity:
    """One visible deal; raises `NotVisible`."""
    return found(visible_deals(actor), public_id)


def page_of_deals(actor: Actor, question: Asked, after: str = "") -> DealPage:
    """The deals that a question means; keyset pages, newest first."""
    rows = visible_deals(actor).filter(matching(actor, question, organization.clock().today()))
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Malformed("ledger.bad_cursor", field="after")
        rows = rows.filter(id__lt=int(after))
    page = list(rows.order_by("-id")[: PAGE + 1])
    return DealPage(page[:PAGE], str(page[PAGE - 1].pk) if len(page) > PAGE else None)


def moves_of(actor: Actor, deal: Opportunity) -> list[StageMove]:
    """Every move of a deal, newest first, those taken back included."""
    rows = StageMove.objects.filter(MOVES.visible(actor), deal=deal)
    return list(rows.select_related("from_stage__pipeline", "to_stage__pipeline", "person").order_by("-id"))


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
            d.state == State.WON,
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
    return Opportunity.objects.filter(state=State.WON).values_list("id", flat=True)


def deviations_from_moves() -> int:
    """How many deals do not stand where their last move brought them, since that day."""
    last = StageMove.objects.filter(deal=OuterRef("pk"), is_undone=False)
    later = StageMove.objects.filter(deal=OuterRef("deal"), is_undone=False, id__gt=OuterRef("id"))
    fitting = last.filter(~Exists(later), to_stage=OuterRef("stage"), moved_on=OuterRef("stage_on"))
    fits = Q(Exists(fitting)) & Q(stage__kind=F("state"))
    return Opportunity.objects.exclude(fits).count()
