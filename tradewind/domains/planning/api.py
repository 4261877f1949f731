"""Plans and tracking for integrators. A change names the version it saw in `If-Match`; a stale gets 412."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router
from ninja.errors import HttpError

from tradewind.domains.ledger.queries import written
from tradewind.domains.planning import commands, queries
from tradewind.domains.planning.grid import MOST_ROWS
from tradewind.domains.planning.models import Plan
from tradewind.domains.planning.schemas import (
    CellIn,
    ChangedOut,
    PlanCardOut,
    PlanIn,
    PlanOut,
    RangeIn,
    SpreadIn,
    TrackingIn,
    TrackingOut,
    alike_out,
    card,
    row_out,
    tracking_out,
)
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref

router = Router(tags=["plans"])
tracking_router = Router(tags=["tracking"])
IfMatch = Annotated[str, Header(alias="If-Match")]


@router.get("", response=list[PlanCardOut])
def list_plans(request: HttpRequest) -> list[dict[str, Any]]:
    """Plans the signed-in person sees, the latest year first; totals are of what they see."""
    return [card(one.plan, one.total) for one in queries.plans(actor_of_request(request))]


@router.post("", response=PlanOut)
def create_plan(request: HttpRequest, response: HttpResponse, given: PlanIn) -> dict[str, Any]:
    """Draft a plan with all its cells."""
    actor = actor_of_request(request)
    asked = commands.NewPlan(
        given.year,
        given.measure,
        given.unit,
        given.amount,
        given.growth_rate,
        given.by,
        given.over,
        given.rounding.value(),
    )
    made = commands.create(actor, asked)
    public_id = str(queries.plan_with_id(actor, made.plan_id).public_id)
    return _shown(actor, response, public_id) | alike_out(made)


@router.get("/{public_id}", response=PlanOut)
def get_plan(request: HttpRequest, response: HttpResponse, public_id: str) -> dict[str, Any]:
    """One plan with its rows; its version is the ETag."""
    return _shown(actor_of_request(request), response, public_id)


@router.post("/{public_id}/spread", response=PlanOut)
def spread(
    request: HttpRequest, response: HttpResponse, public_id: str, given: SpreadIn, if_match: IfMatch
) -> dict[str, Any]:
    """Share a row's amount anew among everything below it."""
    actor = actor_of_request(request)
    asked = commands.Respread(
        given.row.key(),
        given.amount,
        given.by,
        given.over,
        given.rounding.value(),
        {weight.key(): weight.weight for weight in given.weights},
        given.month_weights,
    )
    made = commands.spread(actor, _ref(public_id, if_match), asked)
    return _shown(actor, response, public_id) | alike_out(made)


@router.post("/{public_id}/cells", response=ChangedOut)
def set_cell(
    request: HttpRequest, response: HttpResponse, public_id: str, given: CellIn, if_match: IfMatch
) -> dict[str, Any]:
    """Set one month; a person's difference goes to the unit's reserve."""
    actor = actor_of_request(request)
    asked = commands.CellValue(given.row.key(), given.month, given.value)
    commands.set_cell(actor, _ref(public_id, if_match), asked)
    return _changed(actor, response, public_id, given.row.unit)


@router.post("/{public_id}/lock", response=ChangedOut)
def lock(
    request: HttpRequest, response: HttpResponse, public_id: str, given: RangeIn, if_match: IfMatch
) -> dict[str, Any]:
    """Keep cells as they are when amounts are spread."""
    actor = actor_of_request(request)
    commands.lock(actor, _ref(public_id, if_match), commands.CellRange(given.row.key(), given.month))
    return _changed(actor, response, public_id, given.row.unit)


@router.post("/{public_id}/unlock", response=ChangedOut)
def unlock(
    request: HttpRequest, response: HttpResponse, public_id: str, given: RangeIn, if_match: IfMatch
) -> dict[str, Any]:
    """Let cells change again."""
    actor = actor_of_request(request)
    commands.unlock(actor, _ref(public_id, if_match), commands.CellRange(given.row.key(), given.month))
    return _changed(actor, response, public_id, given.row.unit)


@router.post("/{public_id}/submit", response=PlanOut)
def submit(request: HttpRequest, response: HttpResponse, public_id: str, if_match: IfMatch) -> dict[str, Any]:
    """Hand a draft over for approval."""
    return _moved(request, response, commands.submit, _ref(public_id, if_match))


@router.post("/{public_id}/reopen", response=PlanOut)
def reopen(request: HttpRequest, response: HttpResponse, public_id: str, if_match: IfMatch) -> dict[str, Any]:
    """Take a submitted plan back."""
    return _moved(request, response, commands.reopen, _ref(public_id, if_match))


@router.post("/{public_id}/approve", response=PlanOut)
def approve(
    request: HttpRequest, response: HttpResponse, public_id: str, if_match: IfMatch
) -> dict[str, Any]:
    """Put a submitted plan in force."""
    return _moved(request, response, commands.approve, _ref(public_id, if_match))


@router.post("/{public_id}/close", response=PlanOut)
def close(request: HttpRequest, response: HttpResponse, public_id: str, if_match: IfMatch) -> dict[str, Any]:
    """Put a plan of a past year away."""
    return _moved(request, response, commands.close, _ref(public_id, if_match))


@tracking_router.get("", response=TrackingOut, by_alias=True)
def get_tracking(request: HttpRequest, asked: Query[TrackingIn]) -> dict[str, Any]:
    """Targets in force against the ledger, per unit and person; rows add up to their parent.

    Of more than 400 people the units alone answer, unless `people` is said to be true.
    """
    actor = actor_of_request(request)
    with_people = asked.people
    if with_people is None:
        with_people = queries.people_in(actor, asked.unit) <= MOST_ROWS
    return tracking_out(queries.tracking(actor, asked.period, asked.unit, asked.measure, with_people))


def _moved(
    request: HttpRequest,
    response: HttpResponse,
    move: Callable[[Actor, Ref[Plan], commands.Move], object],
    ref: Ref[Plan],
) -> dict[str, Any]:
    actor = actor_of_request(request)
    move(actor, ref, commands.Move())
    return _shown(actor, response, str(ref.public_id))


def _ref(public_id: str, if_match: str) -> Ref[Plan]:
    number = if_match.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise HttpError(422, 'If-Match holds the version that was seen, like "3"')
    return Ref(public_id, int(number))


def _shown(actor: Actor, response: HttpResponse, public_id: str) -> dict[str, Any]:
    plan = queries.plan(actor, public_id)
    rows = queries.plan_rows(actor, plan)
    total = sum((row.total for row in rows if not row.line.parent), Decimal(0))
    response["ETag"] = f'"{plan.version}"'
    base, growth = written(plan.base), written(plan.growth_rate)
    more = {"base": base, "growth_rate": growth, "rows": [row_out(row) for row in rows]}
    return card(plan, total) | more


def _changed(actor: Actor, response: HttpResponse, public_id: str, unit: str) -> dict[str, Any]:
    """The unit's rows and those above it."""
    plan = queries.plan(actor, public_id)
    response["ETag"] = f'"{plan.version}"'
    rows = queries.rows_around(actor, plan, unit)
    return {"version": plan.version, "rows": [row_out(row) for row in rows]}
