"""Opening deals, changing what they say, and planning their next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from tradewind.domains.catalog import queries as catalog
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.commands.places import STAGES, come
from tradewind.domains.pipeline.events import OpportunitiesMoved, OpportunityOpened
from tradewind.domains.pipeline.measures import FLOWS
from tradewind.domains.pipeline.models import Opportunity, Stage, StageMove
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.queries.ways import facts_of
from tradewind.domains.pipeline.rules import Category, State
from tradewind.domains.pipeline.values import MadeDeal, OpportunityId
from tradewind.kernel.errors import Malformed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import Given, command, creation
from tradewind.platform.spine.outbox import emit

# What people may write of an open deal, as the model names it, and the types it may hold.
WRITTEN: Mapping[str, tuple[type, ...]] = {
    "title": (str,),
    "customer_id": (int, type(None)),
    "product_id": (int, type(None)),
    "owner_id": (int,),
    "stage_id": (int,),
    "amount": (Decimal, type(None)),
    "close_on": (date, type(None)),
    "category": (str,),
    "next_step": (str,),
    "next_step_on": (date, type(None)),
    "source": (str,),
    "competitors": (str,),
}
COUNTED = {"customer_id", "product_id"}
"""Changes that the figures of an opened deal see."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next and by when; both empty takes the present one away."""

    text: str
    due_on: date | None


@creation("pipeline.opportunity.create", on=OPPORTUNITIES)
def create_opportunity(actor: Actor, given: Given) -> MadeDeal:
    """Open a deal today, one's own or of somebody within reach, in the first stage or the one named."""
    asked = dict(given.values)
    made = {name: asked.pop(name) for name in ("id", "public_id")}
    values: dict[str, Any] = {"owner_id": actor.person_id, "title": "", **asked}
    stage = _stage(values.pop("stage_id", None))
    today = organization.clock().today()
    values = _checked(actor, values, _defaults(), today, today)
    deal = Opportunity.objects.create(
        **made,
        **values,
        number=_number(),
        opener_id=actor.person_id or values["owner_id"],
        unit_id=_unit(values["owner_id"]),
        state=State.OPEN,
        stage=stage,
        furthest=stage,
        stage_on=today,
        opened_on=today,
        created_at=organization.clock().now(),
    )
    _entered(actor, deal)
    ledger.sync(FLOWS, [deal.pk])
    emit(OpportunityOpened(deal.pk))
    return MadeDeal(OpportunityId(deal.pk), deal.public_id, deal.number)


@command("pipeline.opportunity.change", on=OPPORTUNITIES)
def edit_opportunity(actor: Actor, deal: Opportunity, given: Given) -> OpportunityId:
    """Write some fields of an open deal; a new stage is a move, a new owner brings the unit along."""
    if deal.state != State.OPEN:
        raise Refused("pipeline.closed")
    target = _other_stage(deal, given.values)
    present = {name: getattr(deal, name) for name in WRITTEN}
    asked = {name: value for name, value in given.values.items() if name != "stage_id"}
    checked = _checked(actor, asked, present, deal.opened_on, organization.clock().today())
    changes = {name: value for name, value in checked.items() if value != present[name]}
    if "owner_id" in changes:
        changes["unit_id"] = _unit(changes["owner_id"])
    if target is not None:
        come(actor, deal, target, given.reason.strip(), **changes)
        emit(OpportunitiesMoved((deal.pk,), target.pk))
    elif changes:
        deal.change(**changes)
    if COUNTED & changes.keys():
        ledger.sync(FLOWS, [deal.pk])
    return OpportunityId(deal.pk)


@command("pipeline.opportunity.plan_next_step", on=OPPORTUNITIES)
def plan_next_step(actor: Actor, deal: Opportunity, given: NextStep) -> OpportunityId:
    """Say what happens next with an open deal, and by when."""
    if deal.state != State.OPEN:
        raise Refused("pipeline.closed")
    text = rules.check_step(given.text, given.due_on, organization.clock().today())
    _check_length("next_step", text)
    deal.change(next_step=text, next_step_on=given.due_on)
    return OpportunityId(deal.pk)


def _defaults() -> dict[str, Any]:
    """A deal of which nothing is said yet."""
    texts = dict.fromkeys(("title", "next_step", "source", "competitors"), "")
    return {**dict.fromkeys(WRITTEN), **texts, "category": Category.PIPELINE.value}


def _checked(
    actor: Actor, asked: Mapping[str, object], present: Mapping[str, Any], opened_on: date, today: date
) -> dict[str, Any]:
    """The values as they are kept; those that differ are held against the rules. Raises `Malformed`."""
    values = {name: _typed(name, value) for name, value in asked.items()}
    differing = {name for name, value in values.items() if value != present[name]}
    if "title" in values and not values["title"]:
        raise Malformed("pipeline.title_missing", field="title")
    rules.check_amount(values.get("amount"))
    rules.check_close_on(values.get("close_on"), opened_on)
    if "category" in values and values["category"] not in set(Category):
        raise Malformed("pipeline.category_unknown", field="category")
    if differing & {"next_step", "next_step_on"}:
        step = {**present, **values}
        rules.check_step(step["next_step"], step["next_step_on"], today)
    _check_rows(actor, {name: values[name] for name in differing if name.endswith("_id")})
    return values


def _typed(name: str, value: object) -> Any:
    if name not in WRITTEN:
        raise Malformed("pipeline.field_unknown", field=name[:80], name=name[:80])
    if not isinstance(value, WRITTEN[name]) or isinstance(value, bool):
        raise Malformed("pipeline.field_kind", field=name, name=name)
    if isinstance(value, str):
        value = value.strip()
        _check_length(name, value)
    return value


def _check_length(name: str, text: str) -> None:
    longest = getattr(Opportunity._meta.get_field(name), "max_length", None)
    if (longest and len(text) > longest) or "\x00" in text:
        raise Malformed("pipeline.field_kind", field=name, name=name)


def _check_rows(actor: Actor, pointed: Mapping[str, Any]) -> None:
    """Customer and product are visible, the owner is within reach. Raises `Malformed` at the field."""
    customer, product, owner = (pointed.get(f"{name}_id") for name in ("customer", "product", "owner"))
    if customer is not None and not customers.customers_named([customer]):
        raise Malformed("pipeline.customer_unknown", field="customer_id")
    if product is not None and not catalog.products_named([product]):
        raise Malformed("pipeline.product_unknown", field="product_id")
    if owner is not None:
        reach = actor.reach(OPPORTUNITIES.resource)
        is_near = bool(organization.people_named([owner])) if reach.everything else owner in reach.persons
        if not is_near:
            raise Malformed("pipeline.owner_out_of_reach", field="owner_id")


def _unit(owner_id: int) -> int:
    units = organization.units_today([owner_id])
    if owner_id not in units:
        raise Malformed("pipeline.owner_out_of_reach", field="owner_id")
    return units[owner_id]


def _stage(stage_id: object) -> Stage:
    """Where a new deal begins: the open stage named, or the first one of the default pipeline."""
    rows = STAGES.filter(kind=State.OPEN, pipeline__is_archived=False)
    if stage_id is None:
        return rows.filter(pipeline__is_default=True).order_by("position")[0]
    found = rows.filter(pk=_typed("stage_id", stage_id)).first()
    if found is None:
        raise Malformed("pipeline.stage_unknown", field="stage_id")
    return found


def _other_stage(deal: Opportunity, values: Mapping[str, object]) -> Stage | None:
    if "stage_id" not in values or values["stage_id"] == deal.stage_id:
        return None
    target = _stage(values["stage_id"])
    rules.check_target(facts_of(deal.stage), facts_of(target))
    return target


def _entered(actor: Actor, deal: Opportunity) -> None:
    StageMove.objects.create(
        deal=deal,
        opened_on=deal.opened_on,
        to_stage_id=deal.stage_id,
        moved_on=deal.opened_on,
        moved_at=organization.clock().now(),
        amount=deal.amount,
        person_id=actor.person_id,
    )


def _number() -> str:
    """The next number of deals opened here; one that an import took meanwhile is passed over."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('pipeline_number')")
            number = f"SJ{cursor.fetchone()[0]:06d}"
        with widened("a number out of the actor's sight is taken too"):
            is_taken = Opportunity.objects.filter(number=number).exists()
        if not is_taken:
            return number
