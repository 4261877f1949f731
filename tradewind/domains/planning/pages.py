"""The pages of plans: the list, a new one, one plan as a grid, and its steps into force."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import queries as organization
from tradewind.domains.planning import commands, queries
from tradewind.domains.planning.forms import NewPlanForm, SpreadForm
from tradewind.domains.planning.grid import grid, label_of, line_with_id
from tradewind.domains.planning.models import Plan
from tradewind.domains.planning.queries import PlanRow
from tradewind.domains.planning.rules.states import IN_FORCE, State
from tradewind.domains.planning.values import RowKey
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.lists import listed
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.numbers import shown

STATES = {
    State.DRAFT: gettext_lazy("Draft"),
    State.SUBMITTED: gettext_lazy("Submitted"),
    State.APPROVED: gettext_lazy("In force"),
    State.CLOSED: gettext_lazy("Closed"),
}
Step = Callable[[Actor, Ref[Plan], commands.Move], object]
STEPS: dict[str, Step] = {
    "submit": commands.submit,
    "reopen": commands.reopen,
    "approve": commands.approve,
    "close": commands.close,
}
OFFERED = {
    State.DRAFT: ("submit",),
    State.SUBMITTED: ("reopen", "approve"),
    State.APPROVED: ("close",),
    State.CLOSED: (),
}


def listing(request: HttpRequest) -> HttpResponse:
    """Every plan the reader may see."""
    actor = actor_of_request(request)
    rows = [
        {
            "url": reverse("plan", args=[card.plan.public_id]),
            "year": card.plan.year,
            "measure_name": _(card.flow.name),
            "unit": card.plan.root.name,
            "state": card.plan.state,
            "state_name": STATES[State(card.plan.state)],
            "total_text": shown(card.total, card.flow.unit),
            "approved_on": card.plan.approved_on,
        }
        for card in queries.plans(actor)
    ]
    context = {"rows": rows, "can_create": actor.can("planning.plan.create")}
    return render(request, "planning/targets.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Draft a plan."""
    actor = actor_of_request(request)
    actor.require("planning.plan.create")
    if request.method != "POST":
        form = NewPlanForm(actor, organization.clock().today())
        return render(request, "planning/new.html", {"form": form})
    form = NewPlanForm(actor, organization.clock().today(), request.POST)
    if form.is_valid():
        try:
            made = commands.create(actor, form.asked())
        except DomainError as error:
            form.refuse(error)
            return render(request, "planning/new.html", {"form": form}, status=error.status)
        plan = queries.plan_with_id(actor, made.plan_id)
        _tell(request, made, queries.plan_rows(actor, plan))
        return redirect("plan", public_id=plan.public_id)
    return render(request, "planning/new.html", {"form": form}, status=422)


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One plan: its grid of rows and months, and a row opened for spreading."""
    plan = queries.plan(actor_of_request(request), public_id)
    return _record(request, plan)


def spread_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Share a row's amount anew; refusals come back at the field."""
    if request.method != "POST":
        return redirect("plan", public_id=public_id)
    actor = actor_of_request(request)
    plan = queries.plan(actor, public_id)
    rows = queries.plan_rows(actor, plan)
    line = line_with_id(rows, request.POST.get("row", ""))
    form = SpreadForm(rows, line, plan.version, request.POST)
    if not form.is_valid():
        return _record(request, plan, status=422, spread_form=form)
    try:
        made = commands.spread(actor, Ref(public_id, form.cleaned_data["version"]), form.asked())
    except DomainError as error:
        form.refuse(error)
        return _record(request, plan, status=error.status, spread_form=form)
    _tell(request, made, rows)
    return redirect("plan", public_id=public_id)


def step_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Submit, reopen, approve or close; a refusal is said above the grid."""
    if request.method != "POST":
        return redirect("plan", public_id=public_id)
    actor = actor_of_request(request)
    plan = queries.plan(actor, public_id)
    step, version = STEPS.get(request.POST.get("do", "")), request.POST.get("version", "")
    if step is None or not (version.isascii() and version.isdigit() and len(version) < 10):
        return _record(request, plan, status=422)
    try:
        step(actor, Ref(public_id, int(version)), commands.Move())
    except DomainError as error:
        plan = queries.plan(actor, public_id)
        return _record(request, plan, status=error.status, problem=sentence(error))
    return redirect("plan", public_id=public_id)


def _tell(request: HttpRequest, made: commands.Spreading, rows: list[PlanRow]) -> None:
    """Say where there was no history or weight to go by."""
    labels = {row.line.key: label_of(row.line) for row in rows}

    def named(keys: tuple[RowKey, ...]) -> str:
        return listed(labels.get(key, key.unit) for key in keys[:5]) + ("…" if len(keys) > 5 else "")

    if made.alike:
        text = _("Nothing to go by for %(rows)s: shared equally.") % {"rows": named(made.alike)}
        messages.warning(request, text)
    if made.alike_months:
        messages.warning(request, _("Nothing to go by for the months: shared equally."))


def _steps(actor: Actor, plan: Plan) -> list[str]:
    """What the reader may do with the plan now; closing only once its year is over."""
    is_over = organization.clock().today().year > plan.year
    is_own = plan.submitted_by_id in actor.selves
    kept = {"close": is_over, "approve": not is_own}
    offered = (verb for verb in OFFERED[State(plan.state)] if kept.get(verb, True))
    return [verb for verb in offered if actor.can(f"planning.plan.{verb}")]


def _record(request: HttpRequest, plan: Plan, status: int = 200, **more: Any) -> HttpResponse:
    actor, flow = actor_of_request(request), queries.flow_of(plan.measure)
    unit = request.GET.get("unit", "")
    rows = queries.plan_rows(actor, plan, unit)
    state = State(plan.state)
    can_edit = state is State.DRAFT and actor.can("planning.plan.set_cell")
    opened = request.GET.get("row", "")
    if opened and can_edit and "spread_form" not in more:
        line = line_with_id(rows, opened)
        more["spread_form"] = SpreadForm(rows, line, plan.version) if line else None
    context: dict[str, object] = {
        "plan": {
            "public_id": plan.public_id,
            "year": plan.year,
            "measure_name": _(flow.name),
            "unit": plan.root.name,
            "state": plan.state,
            "state_name": STATES[state],
            "version": plan.version,
            "approved_on": plan.approved_on,
            "is_in_force": state in IN_FORCE,
            "base_text": shown(plan.base, flow.unit) if plan.base is not None else "",
            "growth": plan.growth_rate,
        },
        "total_text": shown(queries.plan_total(actor, plan), flow.unit),
        "grid": grid(rows, can_edit, queries.closed_months(plan.year) if can_edit else ()),
        "unit": unit,
        "above": queries.units_above(actor, plan, unit),
        "can_edit": can_edit,
        "steps": _steps(actor, plan),
        "tracking_url": f"{reverse('tracking')}?period={plan.year}&measure={plan.measure}",
    }
    return render(request, "planning/plan.html", context | more, status=status)
