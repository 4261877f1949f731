"""The page of one deal: where it stands, what comes next, what it counts for, and how to close it."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.domains.ledger.queries import items_about
from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import commands, queries, rules
from tradewind.domains.pipeline.measures import DEAL
from tradewind.domains.pipeline.models import Opportunity, StageMove
from tradewind.domains.pipeline.pages.forms import LoseForm, MoveForm, ReopenForm, StepForm, WinForm
from tradewind.domains.pipeline.pages.listing import row_of
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.queries import Way, facts_of
from tradewind.domains.pipeline.queries.board import card_of
from tradewind.domains.pipeline.rules import State
from tradewind.kernel.errors import DomainError, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref, command_name
from tradewind.platform.surface.shell.middleware import sentence

Panel = Callable[[Actor, int], Mapping[str, object]]
Act = Callable[[Actor, Ref[Opportunity], Any], object]
_panels: list[Panel] = []


def panel(facts: Panel) -> None:
    """Let an upper domain add its facts to the page of a deal; wired in `flows/` only."""
    _panels.append(facts)


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One deal: where it stands, what it counts for, and how to close it."""
    return _record(request, queries.deal(actor_of_request(request), public_id))


def win_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the deal as won; refusals come back at the field."""

    def wanted(asked: Mapping[str, Any]) -> commands.Win:
        customer = asked.get("customer", "")
        return commands.Win(asked["value"], asked["reason"], customer, asked["reason_code"])

    return _act(request, public_id, "win_form", commands.win, wanted)


def lose_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the deal as lost; refusals come back at the field."""

    def wanted(asked: Mapping[str, Any]) -> commands.Loss:
        return commands.Loss(asked["reason"], asked["reason_code"])

    return _act(request, public_id, "lose_form", commands.lose, wanted)


def reopen_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a lost deal again where it was lost."""
    return _act(
        request, public_id, "reopen_form", commands.reopen, lambda asked: commands.Reopening(asked["reason"])
    )


def step_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Plan what happens next."""

    def wanted(asked: Mapping[str, Any]) -> commands.NextStep:
        return commands.NextStep(asked["next_step"], asked["next_step_on"])

    return _act(request, public_id, "step_form", commands.plan_next_step, wanted)


def move_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Bring the deal to another open stage: one click on the path."""
    return _act(
        request, public_id, "move_form", commands.move_stage, lambda asked: commands.MoveTo(asked["stage"])
    )


def closing_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form of winning or losing alone, for the board; the whole deal for whoever opens it as a page."""
    deal = queries.deal(actor_of_request(request), public_id)
    if not request.headers.get("HX-Request"):
        return redirect("deal", public_id=public_id)
    return _closing(request, deal, "win" if request.GET.get("as") == "won" else "lose")


def _act(
    request: HttpRequest, public_id: str, name: str, act: Act, wanted: Callable[[Mapping[str, Any]], object]
) -> HttpResponse:
    """Read the form, do what it asks, and go back to the deal; a refusal comes back with what was typed."""
    if request.method != "POST":  # reloaded, or read in the other language, after a refusal
        return redirect("deal", public_id=public_id)
    actor = actor_of_request(request)
    deal = queries.deal(actor, public_id)
    actor.require(command_name(act))
    form = _forms(actor, deal, name, request.POST)[name]
    status = 422
    if form.is_valid():
        try:
            act(actor, Ref(public_id, form.cleaned_data["version"]), wanted(form.cleaned_data))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, sentence(error))
            deal, status = queries.deal(actor, public_id), error.status
        else:
            return _done(request, public_id, DONE[name])
    return _again(request, deal, status, {name: form})


DONE = {
    "win_form": phrase("Closed as won."),
    "lose_form": phrase("Closed as lost."),
    "reopen_form": phrase("Open again."),
    "step_form": phrase("Next step saved."),
    "move_form": phrase("Moved to another stage."),
}


def _done(request: HttpRequest, public_id: str, said: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    messages.success(request, _(said))
    return redirect("deal", public_id=public_id)


def _again(
    request: HttpRequest, deal: Opportunity, status: int, given: Mapping[str, forms.Form]
) -> HttpResponse:
    """The deal as it is now, with the form as it was sent; on the board the form alone."""
    (name,) = given
    if request.headers.get("HX-Request") and name in ("win_form", "lose_form"):
        return _closing(request, deal, name.removesuffix("_form"), status, given[name])
    return _record(request, deal, status, given)


def _closing(
    request: HttpRequest, deal: Opportunity, verb: str, status: int = 200, form: forms.Form | None = None
) -> HttpResponse:
    actor, name = actor_of_request(request), f"{verb}_form"
    context = {
        "deal": _facts(deal),
        "verb": verb,
        "form": form or _forms(actor, deal, name)[name],
        "url": reverse(f"deal_{verb}", args=[deal.public_id]),
    }
    return render(request, "pipeline/_closing.html", context, status=status)


def _forms(actor: Actor, deal: Opportunity, sent: str = "", given: Any = None) -> dict[str, forms.Form]:
    """The forms of the page; the one that was sent holds what was typed. Asks only for what it makes."""
    is_open = deal.state == State.OPEN
    wanted = {sent} if sent else {"win_form", "lose_form", "step_form"} if is_open else {"reopen_form"}
    codes = queries.reasons() if wanted & {"win_form", "lose_form"} else []
    makers: dict[str, Callable[[], forms.Form]] = {
        "win_form": lambda: WinForm(actor, deal, codes, given),
        "lose_form": lambda: LoseForm(deal, codes, given),
        "reopen_form": lambda: ReopenForm(deal, given),
        "step_form": lambda: StepForm(deal, given),
        "move_form": lambda: MoveForm(given),
    }
    return {name: makers[name]() for name in wanted}


def _record(
    request: HttpRequest, deal: Opportunity, status: int = 200, given: Mapping[str, forms.Form] | None = None
) -> HttpResponse:
    actor, state = actor_of_request(request), State(deal.state)
    rights = {verb: f"pipeline.opportunity.{RIGHTS.get(verb, verb)}" for verb in (*VERBS, "change")}
    usable = OPPORTUNITIES.usable(actor, list(rights.values()), deal)
    way = next(way for way in queries.ways() if way.pipeline.pk == deal.stage.pipeline_id)
    urls = {f"{verb}_url": reverse(f"deal_{verb}", args=[deal.public_id]) for verb in VERBS}
    context: dict[str, object] = {
        "deal": _facts(deal),
        "card": card_of(deal, organization.clock().today()),
        "path": _path(way, deal),
        "edit_url": reverse("pipeline.opportunity.edit", args=[deal.public_id])
        if rights["change"] in usable
        else "",
        "criteria": deal.stage.criteria if state is State.OPEN else [],
        "moves": [_move(move) for move in queries.moves_of(actor, deal)],
        "entries": items_about(actor, DEAL, deal.pk),
        **{f"can_{verb}": rights[verb] in usable and _fits(state, verb) for verb in VERBS},
        **urls,
        **_forms(actor, deal),
        "panels": {name: fact for facts in _panels for name, fact in facts(actor, deal.pk).items()},
    }
    return render(request, "pipeline/opportunity.html", context | dict(given or {}), status=status)


VERBS = ("win", "lose", "reopen", "move", "step")
RIGHTS = {"step": "plan_next_step"}


def _fits(state: State, verb: str) -> bool:
    return state is State.OPEN if verb == "step" else (state, verb) in rules.MOVES


def _facts(deal: Opportunity) -> dict[str, object]:
    return row_of(deal) | {
        "public_id": deal.public_id,
        "customer_url": deal.customer and reverse("customers.customer", args=[deal.customer.public_id]),
        "state": deal.state,
        "stage_name": deal.stage.label,
        "pipeline": deal.stage.pipeline.label,
        "probability_rate": deal.stage.probability_rate,
        "closed_on": deal.closed_on,
        "category": deal.get_category_display(),
        "next_step": deal.next_step,
        "next_step_on": deal.next_step_on,
        "source": deal.source,
        "competitors": deal.competitors,
        "reason": deal.reason,
        "reason_code": deal.reason_code.label if deal.reason_code else "",
        "version": deal.version,
    }


def _path(way: Way, deal: Opportunity) -> list[dict[str, object]]:
    """The open stages and where the deal ends or ended, each with how it looks from here."""
    made: list[dict[str, object]] = []
    present, far = deal.stage.position, deal.furthest_id
    passed = {stage.pk: stage.position for stage in way.stages}.get(far, present)
    reached = present if deal.state == State.OPEN else passed
    for stage in way.open_stages:
        is_here = stage.pk == deal.stage_id
        look = "here" if is_here else "done" if stage.position <= reached else "ahead"
        made.append({"stage": stage, "look": look, "can_go": not is_here and deal.state == State.OPEN})
    end = deal.state if deal.state != State.OPEN else "ahead"
    return [*made, {"stage": None, "look": end, "can_go": False}]


def _move(move: StageMove) -> dict[str, object]:
    """One line of the history: from where to where, when, by whom, after how long."""
    leaves_out = 0
    if move.from_stage is not None:
        leaves_out = rules.skipped(facts_of(move.from_stage), facts_of(move.to_stage))
    return {
        "from": move.from_stage.label if move.from_stage else "",
        "to": move.to_stage.label,
        "kind": move.to_stage.kind,
        "on": move.moved_on,
        "days": move.days,
        "person": move.person.name if move.person else "",
        "note": move.note,
        "is_undone": move.is_undone,
        "skipped": leaves_out,
    }
