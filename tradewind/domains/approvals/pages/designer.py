"""Arranging processes: routes and steps with selects, a try-out beside them, and new versions."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tradewind.domains.approvals import commands, queries
from tradewind.domains.approvals.commands.processes import Drafted, found_processes
from tradewind.domains.approvals.models import Edition, Process
from tradewind.domains.approvals.pages import draft as drafts
from tradewind.domains.approvals.pages.showing import plan_lines, step_name
from tradewind.domains.approvals.rules import routes
from tradewind.domains.approvals.rules.facts import NUMBERS, OPERATORS
from tradewind.domains.approvals.rules.routes import Arrangement, StepRule, Who
from tradewind.domains.approvals.subjects import Fact, Subject, all_subjects, subject_named
from tradewind.domains.approvals.values import FactKind, FactValue
from tradewind.domains.organization.standing import standing
from tradewind.domains.organization.values import KINDS
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.middleware import sentence

RIGHT = "approvals.process.arrange"
OPERATOR_WORDS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "=", "!=": "≠"}
DECIDES_SELDOM = ("seller", "partner")


def listing(request: HttpRequest) -> HttpResponse:
    """Every subject with its process."""
    actor = actor_of_request(request)
    actor.require(RIGHT)
    known = {one.subject for one in queries.processes(actor)}
    if any(one.key not in known for one in all_subjects()):
        found_processes(actor, None)
    rows = []
    for one in queries.processes(actor):
        subject = subject_named(one.subject)
        editions = queries.editions(one)
        rows.append(
            {
                "id": one.public_id,
                "name": _(subject.name),
                "kind": _(subject.resource.one),
                "icon": subject.resource.icon,
                "is_active": one.is_active,
                "edition": editions[0] if editions else None,
                "routes": len(editions[0].content["routes"]) if editions else 0,
                "running": queries.in_review(one.subject),
                "retired": _retired(one, editions),
            }
        )
    return render(request, "approvals/processes.html", {"rows": rows})


def process(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One process: its routes and steps, and who would decide what."""
    actor = actor_of_request(request)
    actor.require(RIGHT)
    one = queries.process(actor, public_id)
    subject = subject_named(one.subject)
    if request.method != "POST":
        return _page(request, one, routes.arrangement_of(one.draft), QueryDict())
    given, do = request.POST, request.POST.get("do", "")
    draft = drafts.read(given, subject.kinds)
    if do not in ("save", "publish", "switch_off"):
        return _page(request, one, drafts.changed(draft, do), given)
    version = given.get("version", "")
    ref: Ref[Process] = Ref(public_id, int(version) if version.isdecimal() and len(version) < 10 else 0)
    act = {"save": commands.arrange, "publish": commands.publish, "switch_off": commands.switch_off}[do]
    try:
        act(actor, ref, Drafted(draft))
    except DomainError as error:
        response = _page(request, one, draft, given, sentence(error), error.status)
        response.undo = True  # type: ignore[attr-defined]
        return response
    words = {
        "save": _("Draft kept."),
        "publish": _("In force from now on."),
        "switch_off": _("Switched off."),
    }
    messages.success(request, words[do])
    return redirect("approval_process", public_id=public_id)


def _page(
    request: HttpRequest,
    one: Process,
    draft: Arrangement,
    given: QueryDict,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    editions, subject = queries.editions(one), subject_named(one.subject)
    context = {
        "process": one,
        "name": _(subject.name),
        "kind": _(subject.resource.one),
        "routes": [_route(n, route, subject) for n, route in enumerate(draft.routes)],
        "last": len(draft.routes) - 1,
        "people": _people({draft.fallback} if draft.fallback else set()),
        "fallback": draft.fallback,
        "editions": editions,
        "is_changed": bool(editions)
        and routes.kept(draft) != routes.kept(routes.arrangement_of(editions[0].content)),
        "running": queries.in_review(one.subject),
        "retired": _retired(one, editions),
        "problem": problem,
        "trial": _trial(subject, draft, given),
    }
    return render(request, "approvals/process.html", context, status=status)


def _retired(one: Process, editions: Sequence[Edition]) -> str:
    """The retired roles that the version in force still asks for, by name."""
    if not (one.is_active and editions):
        return ""
    in_force = routes.arrangement_of(editions[0].content)
    return "、".join(routes.retired_roles(in_force, standing().roles))


def _route(n: int, route: Any, subject: Subject) -> dict[str, Any]:
    at = f"r{n}"
    return {
        "at": at,
        "n": n,
        "name": route.name,
        "conditions": [_condition(f"{at}-c{c}", c, one, subject) for c, one in enumerate(route.conditions)],
        "steps": [_step(f"{at}-s{s}", s, one) for s, one in enumerate(route.steps)],
    }


def _condition(at: str, place: int, one: Any, subject: Subject) -> dict[str, Any]:
    facts = {fact.key: fact for fact in subject.facts}
    fact = facts.get(one.fact) or subject.facts[0]
    words = OPERATOR_WORDS | {"in": _("is in"), "not_in": _("is not in")}
    return {
        "at": at,
        "place": place,
        "facts": [(key, _(found.label)) for key, found in facts.items()],
        "fact": fact.key,
        "operators": [(op, words[op]) for op in OPERATORS[fact.kind]],
        "op": one.op,
        "value": drafts.shown_value(one.value, fact.kind),
        "choices": _choices(fact),
        "suffix": "%" if fact.kind is FactKind.RATE else "",
    }


def _choices(fact: Fact) -> list[tuple[str, str]]:
    if fact.kind in NUMBERS:
        return []
    if fact.kind is FactKind.BOOL:
        return [("true", _("yes")), ("false", _("no"))]
    if fact.kind is FactKind.UNIT:
        units, paths = standing().unit_names, standing().path_of
        order = sorted(units, key=lambda pk: paths[pk])
        return [(str(pk), "\u3000" * (len(paths[pk]) - 1) + units[pk]) for pk in order]
    return list(fact.choices())


def _step(at: str, place: int, step: StepRule) -> dict[str, Any]:
    return {
        "at": at,
        "place": place,
        "groups": _who_groups(step),
        "who": drafts.who_word(step),
        "names_people": step.who is Who.PERSONS,
        "people": _people(set(step.people)),
        "chosen": step.people,
        "mode": step.mode.value,
        "remind": step.remind_after_h or "",
        "escalate": step.escalate_after_h or "",
        "copies": step.copies,
        "copy_people": _people(set(step.copies)),
    }


def _who_groups(step: StepRule) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything a step may ask, in one select; a retired role only where this step still names it."""
    heads = [StepRule(Who.HEAD, level) for level in range(1, 6)]
    kinds = [StepRule(Who.KIND, kind=kind) for kind in KINDS]
    offered = [key for key, one in standing().roles.items() if not one.is_retired or key == step.role]
    roles = [StepRule(Who.ROLE, role=key, is_company_wide=wide) for key in offered for wide in (False, True)]
    named = {
        _("Heads above who asks"): heads,
        _("Head of a unit"): kinds,
        _("Everybody holding a role"): roles,
    }
    groups = [(title, [(drafts.who_word(s), step_name(s)) for s in some]) for title, some in named.items()]
    return [*groups, (_("Named people"), [("persons:", _("Named people"))])]


def _people(chosen: set[int]) -> list[tuple[int, str]]:
    """Heads and whoever holds more than a selling role, and those chosen already: everybody is too many."""
    stand = standing()
    seldom = {key for key, role in stand.roles.items() if role.based_on in DECIDES_SELDOM}
    deciding = {p for role, people in stand.held.items() if role not in seldom for p in people}
    shown = (set(stand.head_of.values()) | deciding | chosen) & set(stand.names)
    return sorted(((pk, stand.names[pk]) for pk in shown), key=lambda pair: pair[1])


def _trial(subject: Subject, draft: Arrangement, given: QueryDict) -> dict[str, Any]:
    """Who would decide if this person asked with these facts."""
    everybody = sorted(standing().names.items(), key=lambda pair: pair[1])[:300]
    person = given.get("t-person", "")
    fields = [
        {
            "name": f"t-{fact.key}",
            "label": _(fact.label),
            "value": given.get(f"t-{fact.key}", ""),
            "choices": _choices(fact),
            "suffix": "%" if fact.kind is FactKind.RATE else "",
        }
        for fact in subject.facts
    ]
    shown: dict[str, Any] = {"people": everybody, "person": person, "fields": fields}
    if not (person.isascii() and person.isdecimal() and len(person) < 19):
        return shown
    try:
        routes.check(draft, subject.kinds, standing().roles)
        facts = {fact.key: _fact(fact, given.get(f"t-{fact.key}", "").strip()) for fact in subject.facts}
        way = queries.way_for(int(person), subject, draft, facts)
    except DomainError as error:
        return shown | {"problem": sentence(error)}
    return shown | {"path": plan_lines(way.planned), "route": way.route or _("Otherwise")}


def _fact(fact: Fact, text: str) -> FactValue:
    if not text:
        return None
    if fact.kind in NUMBERS:
        try:
            number = Decimal(drafts.kept_value(text, fact.kind))
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    if fact.kind is FactKind.BOOL:
        return text == "true"
    if fact.kind is FactKind.UNIT:
        return standing().path_of.get(int(text)) if text.isdecimal() and len(text) < 19 else None
    return text
