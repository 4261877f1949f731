"""Requests as people read them: what changes, the path with its people, what was decided."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.approvals import queries
from tradewind.domains.approvals.models import Decision, Request
from tradewind.domains.approvals.rules.flow import Case, Seat, Stage
from tradewind.domains.approvals.rules.paths import Notice, Planned, Why, role_name
from tradewind.domains.approvals.rules.routes import Mode, StepRule, Who
from tradewind.domains.approvals.rules.states import State, StepState
from tradewind.domains.approvals.subjects import Fact, Subject
from tradewind.domains.approvals.values import FactKind
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.standing import standing
from tradewind.domains.organization.values import KIND_NAMES
from tradewind.platform.spine.access.session import memory
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.shell.numbers import NONE, shown
from tradewind.platform.surface.templatetags.surface import number

STATES = {
    State.IN_REVIEW: gettext_lazy("In review"),
    State.SENT_BACK: gettext_lazy("Sent back"),
    State.APPROVED: gettext_lazy("Approved"),
    State.REJECTED: gettext_lazy("Rejected"),
    State.WITHDRAWN: gettext_lazy("Withdrawn"),
}
STEP_STATES = {
    StepState.WAITING: gettext_lazy("Waiting"),
    StepState.ASKING: gettext_lazy("Deciding now"),
    StepState.APPROVED: gettext_lazy("Approved"),
    StepState.REJECTED: gettext_lazy("Rejected"),
    StepState.STOPPED: gettext_lazy("Not asked any more"),
}
VERBS = {
    "submit": gettext_lazy("asked for it"),
    "resubmit": gettext_lazy("asked for it anew"),
    "approve": gettext_lazy("approved"),
    "carry": gettext_lazy("approved with the step before"),
    "reject": gettext_lazy("rejected"),
    "send_back": gettext_lazy("sent it back"),
    "withdraw": gettext_lazy("withdrew it"),
    "add_before": gettext_lazy("called in a signer before"),
    "add_after": gettext_lazy("called in a signer after"),
    "delegate": gettext_lazy("handed it on"),
    "comment": gettext_lazy("commented"),
    "copy": gettext_lazy("copied somebody in"),
    "remind": gettext_lazy("reminded"),
    "escalate": gettext_lazy("passed it one level up, as nobody decided in time"),
}
ICONS = {
    "approve": "circle-check",
    "carry": "checks",
    "reject": "circle-x",
    "send_back": "arrow-back-up",
    "withdraw": "x",
    "delegate": "arrow-right",
    "add_before": "user-plus",
    "add_after": "user-plus",
    "comment": "message-circle",
    "copy": "eye",
    "remind": "bell",
    "escalate": "arrow-up",
}
REPLACED = {
    Why.VACANT: gettext_lazy("%(unit)s has no head who can sign in: one level up"),
    Why.OWN: gettext_lazy("The head of %(unit)s is who asks: one level up"),
    Why.NO_UNIT: gettext_lazy("No such unit above: the head of %(unit)s instead"),
    Why.AWAY: gettext_lazy("%(person)s works here no longer"),
    Why.UNHELD: gettext_lazy("Nobody who could decide here has the role %(role)s"),
    Why.RETIRED: gettext_lazy("The role %(role)s is retired, so nobody has it"),
    Why.SECOND: gettext_lazy("%(person)s decides as second person"),
}


def change_lines(subject: Subject, request: Request) -> list[dict[str, str]]:
    """Label, before and after of each proposed field."""
    return lines_of(subject, request.shown)


def lines_of(subject: Subject, changes: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The same of changes not asked for yet."""
    columns = subject.resource.columns
    return [
        {
            "label": columns[one["field"]].label,
            "before": said(columns[one["field"]], one["before"], one["words"]),
            "after": said(columns[one["field"]], one["after"], one["words"]),
        }
        for one in changes
    ]


def said(column: Column, raw: Any, words: Mapping[str, str]) -> str:
    """One kept value in words."""
    if raw is None or raw == "":
        return NONE
    if column.kind is Kind.REFERENCE:
        return words.get(str(raw), _("(hidden)"))
    if column.kind is Kind.CHOICE:
        return dict(column.choices()).get(str(raw), str(raw))
    if column.kind is Kind.BOOL:
        return _("yes") if raw else _("no")
    return number(column, raw)


def fact_lines(subject: Subject, kept: Mapping[str, Any]) -> list[dict[str, str]]:
    """Label and words of each fact that is known."""
    return [
        {"key": fact.key, "label": _(fact.label), "words": fact_words(fact, kept[fact.key])}
        for fact in subject.facts
        if fact.is_shown and kept.get(fact.key) is not None
    ]


def fact_words(fact: Fact, raw: Any) -> str:
    """One fact in words; a rate with its sign."""
    if fact.kind is FactKind.MONEY:
        return shown(Decimal(str(raw)), "money")
    if fact.kind is FactKind.RATE:
        rate = Decimal(str(raw))
        return (
            f"{rate * 100:+,.1f}%".replace("-", "−") if fact.key == "change_rate" else f"{rate * 100:,.1f}%"
        )
    if fact.kind is FactKind.BOOL:
        return _("yes") if raw else _("no")
    if fact.kind is FactKind.UNIT:
        return standing().unit_names.get(raw[-1], NONE)
    return _choices(fact).get(str(raw), str(raw))


def _choices(fact: Fact) -> dict[str, str]:
    """What a fact may be, in words: read once for a whole inbox."""
    known = cast(dict[Fact, dict[str, str]], memory().setdefault("approvals.choices", {}))
    if fact not in known:
        known[fact] = dict(fact.choices())
    return known[fact]


def step_name(rule: StepRule | None) -> str:
    """Whom a step asks, in the words of its rule."""
    if rule is None:
        return _("Added signer")
    if rule.who is Who.HEAD:
        if rule.level == 1:
            return _("Direct head")
        return _("Head %(n)s levels up") % {"n": rule.level - 1}
    if rule.who is Who.KIND and rule.kind == "company":
        return _("Head of the company")
    if rule.who is Who.KIND:
        return _("Head of the %(kind)s") % {"kind": _(KIND_NAMES[rule.kind])}
    if rule.who is Who.ROLE:
        return _role(rule)
    return _("Named people")


def _role(rule: StepRule) -> str:
    stand = standing()
    known, role = stand.roles.get(rule.role), role_name(rule.role, stand)
    words = _("%(role)s of the company") % {"role": role} if rule.is_company_wide else role
    return _("%(role)s (retired)") % {"role": words} if known is None or known.is_retired else words


def plan_lines(planned: Iterable[Planned]) -> list[dict[str, Any]]:
    """The path before a request is made."""
    stages = [
        Stage(tuple(Seat(p) for p in one.people), one.rule.mode, rule=one.rule, notices=one.notices)
        for one in planned
    ]
    return path_lines(Case(0, tuple(stages)))


def path_lines(case: Case) -> list[dict[str, Any]]:
    """Every step with its state, its people and what was replaced."""
    return paths_lines([case])[0]


def paths_lines(cases: Sequence[Case]) -> list[list[dict[str, Any]]]:
    """The same for many requests, whose people are looked up together."""
    people = {one for case in cases for stage in case.stages for one in _people_of(stage)}
    names = {pk: one.label for pk, one in organization.people_named(people).items()}
    return [[_path_line(n, stage, names) for n, stage in enumerate(case.stages)] for case in cases]


def _people_of(stage: Stage) -> Iterator[int]:
    """Everybody whom a step names."""
    seats = (one for seat in stage.seats for one in (seat.person, seat.by, seat.instead_of))
    yield from filter(None, (*seats, *(notice.person_id for notice in stage.notices), stage.added_by))


def _path_line(n: int, stage: Stage, names: Mapping[int, str]) -> dict[str, Any]:
    mode = _("all of them") if stage.mode is Mode.ALL else _("any one of them")
    return {
        "place": n,
        "number": n + 1,
        "name": step_name(stage.rule),
        "mode": mode if len(stage.seats) > 1 else "",
        "state": stage.state.value,
        "state_name": STEP_STATES[stage.state],
        "added_by": names.get(stage.added_by or 0, ""),
        "seats": [_seat(seat, names) for seat in stage.seats],
        "notices": list(dict.fromkeys(_notice(one, names) for one in stage.notices)),
    }


def _seat(seat: Seat, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "name": names.get(seat.person, "?"),
        "verdict": seat.verdict,
        "verdict_name": VERBS["carry" if seat.is_carried else seat.verdict] if seat.verdict else "",
        "by": names.get(seat.by, "") if seat.by and seat.by != seat.person else "",
        "instead_of": names.get(seat.instead_of or 0, ""),
        "is_escalated": seat.is_escalated,
    }


def _notice(notice: Notice, names: Mapping[int, str]) -> str:
    if notice.why is Why.OWN and notice.person_id:
        return _("%(person)s is who asks, and does not decide") % {"person": names.get(notice.person_id, "")}
    words = {
        "unit": standing().unit_names.get(notice.unit_id or 0, ""),
        "person": names.get(notice.person_id or 0, ""),
        "role": role_name(notice.role, standing()),
    }
    return str(REPLACED[notice.why]) % words


def decision_lines(decisions: Iterable[Decision]) -> list[dict[str, Any]]:
    """What was done, in order: when, who, for or to whom, at which step, and which version they saw."""
    return [
        {
            "at": one.at,
            "who": one.person.name if one.person else _("The system"),
            "whom": one.for_person.name if one.for_person else "",
            "verb": one.verb,
            "words": VERBS.get(one.verb, one.verb),
            "icon": ICONS.get(one.verb, "file-text"),
            "step": one.place + 1 if one.place is not None else None,
            "round": one.round,
            "note": one.note,
            "version": one.object_version,
        }
        for one in decisions
    ]


def headline(subject: Subject, request: Request) -> dict[str, Any]:
    """What every list shows of a request."""
    case = queries.case_of(request)
    return {
        "id": request.public_id,
        "version": request.version,
        "number": request.number,
        "name": _(subject.name),
        "icon": subject.resource.icon,
        "label": request.object_label,
        "requester": request.requester.name,
        "unit": request.unit.name,
        "reason": request.reason,
        "at": request.submitted_at,
        "decided_at": request.decided_at,
        "remind_at": request.remind_at,
        "escalate_at": request.escalate_at,
        "state": request.state,
        "state_name": STATES[State(request.state)],
        "changes": change_lines(subject, request),
        "facts": fact_lines(subject, request.facts),
        "done": sum(stage.state is StepState.APPROVED for stage in case.stages),
        "steps": len(case.stages),
        "asked": [*case.asked],
        "object_version": request.object_version,
    }
