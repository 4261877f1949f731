"""As whom is measured, how far each of them sees, and what they ask for: read once, inside the program."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

WHO = ("seller", "manager", "director")
RESOURCES = {
    "customers": "customers.customer",
    "opportunities": "pipeline.opportunity",
    "activities": "activities.activity",
    "orders": "orders.order",
    "rollups": "ledger.rollup",
    "entries": "ledger.entry",
    "targets": "planning.target",
}


@dataclass(frozen=True)
class Reader:
    """One person with their reach, by table: everything, or the rows of these people and units (ids)."""

    sign_in: str
    person_id: int
    is_wide: bool
    has_pool: bool
    persons: dict[str, list[int]]
    units: dict[str, list[int]]
    everything: dict[str, bool]
    samples: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What the cases need to know of an instance."""

    customers: int
    today: str
    readers: dict[str, Reader]
    stages: list[int]
    open_stages: list[int]
    stage_keys: list[str]
    stuck_stages: list[int]
    stuck_before: list[str]
    region: str
    team: str


def facts_from(stored: dict[str, Any]) -> Facts:
    """The same after its way through JSON."""
    readers = {name: Reader(**reader) for name, reader in stored["readers"].items()}
    return Facts(**{**stored, "readers": readers})


def gather() -> dict[str, Any]:
    """Ask the instance; runs where Django is set up."""
    from tradewind.domains.customers.models import Customer
    from tradewind.domains.organization import queries as organization
    from tradewind.domains.pipeline.queries import limit_of
    from tradewind.domains.pipeline.queries.ways import way_named, ways
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope

    with scope(Actor.system("bench")):
        today = organization.clock().today()
        way = way_named(ways(), "")
        limits = [(stage.pk, limit_of(stage)) for stage in way.open_stages]
        stuck = [(stage, today - timedelta(days=days)) for stage, days in limits if days is not None]
        region, team = _branch()
        made = Facts(
            customers=Customer.objects.count(),
            today=today.isoformat(),
            readers={},
            stages=[stage.pk for stage in way.stages],
            open_stages=[stage.pk for stage in way.open_stages],
            stage_keys=[stage.key for stage in way.open_stages],
            stuck_stages=[stage for stage, _ in stuck],
            stuck_before=[day.isoformat() for _, day in stuck],
            region=region,
            team=team,
        )
    return asdict(made) | {"readers": {name: asdict(_reader(name, today)) for name in WHO}}


def _branch() -> tuple[str, str]:
    """The codes of the region and the team in which the measured manager works."""
    from tradewind.domains.organization.models import Unit

    team = Unit.objects.get(code="sh1")
    above = Unit.objects.get(pk=team.parent_id or 0)
    return above.code, team.code


def _reader(name: str, today: date) -> Reader:
    from tradewind.domains.organization.queries import actor_named
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope

    with scope(Actor.system("bench")):
        actor = actor_named(name)
    reaches = {table: actor.reach(resource) for table, resource in RESOURCES.items()}
    with scope(actor):
        samples = _samples(actor)
    return Reader(
        sign_in=name,
        person_id=actor.person_id or 0,
        is_wide=actor.is_wide,
        has_pool=actor.can("customers.customer.pool"),
        persons={table: list(reach.persons) for table, reach in reaches.items()},
        units={table: list(reach.units) for table, reach in reaches.items()},
        everything={table: reach.everything for table, reach in reaches.items()},
        samples=samples | {"today": today.isoformat()},
    )


def _samples(actor: Any) -> dict[str, Any]:
    """A customer with business, words that are found, and deals that may be moved, all of this reader's."""
    from django.db.models import Count, Q

    from tradewind.domains.customers.queries import visible_customers
    from tradewind.domains.pipeline.models import Opportunity
    from tradewind.domains.pipeline.policy import OPPORTUNITIES

    deals = Opportunity.objects.filter(OPPORTUNITIES.visible(actor))
    busiest = deals.filter(customer__isnull=False, customer__in=visible_customers(actor)).order_by("-id")
    few = list(busiest.values_list("customer_id", flat=True)[:500])
    counted = deals.filter(customer__in=few).values_list("customer_id").annotate(Count("id"))
    chosen = max(counted.order_by("customer_id"), key=lambda row: row[1])[0]
    customer = visible_customers(actor).get(pk=chosen or 0)
    reach = actor.reach("pipeline.opportunity")
    theirs = Q() if reach.everything else Q(owner__in=reach.persons) | Q(unit__in=reach.units)
    here = deals.filter(theirs, state="open", stage__pipeline__is_default=True)
    moving = here.order_by("-id").values_list("pk", "public_id")[:400]
    return {
        "rows": visible_customers(actor).count(),
        "customer": str(customer.public_id),
        "customer_id": customer.pk,
        "words": customer.name[:4],
        "moving": [[pk, str(public_id)] for pk, public_id in moving],
    }
