"""What needs somebody now: one's own open deals, whose deals lie still, what is about to close."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.queries.board import NOTHING, Card, card_of, named
from tradewind.domains.pipeline.queries.filters import Asked, late_step, stuck, whose, within
from tradewind.domains.pipeline.queries.ways import Way
from tradewind.domains.pipeline.rules import State
from tradewind.kernel.period import Period
from tradewind.platform.spine.access.actor import Actor


@dataclass(frozen=True, slots=True)
class OwnersDeals:
    """The open deals of one owner that need attention; a deal may count in several ways.

    `late_steps`: next steps that were due before today, the oldest on `oldest_on`; `slipped`: expected to
    close before today.
    """

    sign_in: str
    name: str
    open_deals: int
    late_steps: int
    oldest_on: date | None
    without_step: int
    stuck: int
    slipped: int

    @property
    def needs(self) -> int:
        """How often a deal of theirs needs attention."""
        return self.late_steps + self.without_step + self.stuck + self.slipped


def own_open(actor: Actor) -> list[Card]:
    """Every open deal of the person acting, the soonest expected close first; one statement."""
    today = organization.clock().today()
    rows = _open(actor, Asked()).filter(owner=actor.person_id).order_by("close_on", "id")
    return [card_of(deal, today) for deal in named(rows)]


def by_owner(actor: Actor, among: Sequence[Way], unit: str = "") -> list[OwnersDeals]:
    """Whose open deals need attention, in a unit (code) with all below; most of it first, one statement."""
    today = organization.clock().today()
    stages = [stage for way in among for stage in way.open_stages]
    late = late_step(today)
    found: Any = (
        _open(actor, Asked(unit=unit))
        .values_list("owner__sign_in", "owner__name")
        .annotate(
            open_deals=Count("*"),
            late_steps=Count("id", filter=late),
            oldest_on=Min("next_step_on", filter=late),
            without_step=Count("id", filter=Q(next_step="")),
            is_stuck=Count("id", filter=stuck(stages, today)),
            slipped=Count("id", filter=Q(close_on__lt=today)),
        )
        .order_by()
    )
    owners = [OwnersDeals(*row) for row in found]
    return sorted((one for one in owners if one.needs), key=lambda one: (-one.needs, one.name, one.sign_in))


def closing_within(
    actor: Actor, period: Period, unit: str = "", limit: int = 5
) -> tuple[list[Card], int, Decimal]:
    """The largest open deals expected to close in a period, how many there are, and what all come to."""
    today = organization.clock().today()
    rows = _open(actor, Asked(unit=unit)).filter(within(period, "close_on"))
    count, amount = rows.aggregate(n=Count("*"), money=Coalesce(Sum("amount"), NOTHING)).values()
    largest = named(rows.filter(amount__gt=0)).order_by("-amount", "id")[:limit]
    return [card_of(deal, today) for deal in largest], count, amount


def _open(actor: Actor, question: Asked) -> QuerySet[Opportunity]:
    rows = Opportunity.objects.filter(OPPORTUNITIES.visible(actor), state=State.OPEN)
    return rows.filter(whose(actor, question))
