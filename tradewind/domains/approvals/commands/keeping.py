"""Writing what a decision leads to: the path, who takes part, what was decided, and who hears of it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from tradewind.domains.approvals.events import RequestMoved
from tradewind.domains.approvals.models import Decision, Participant, Request
from tradewind.domains.approvals.rules import kept
from tradewind.domains.approvals.rules.flow import Case, Decider
from tradewind.domains.approvals.rules.hours import after
from tradewind.domains.approvals.rules.states import OPEN, State, StepState
from tradewind.domains.organization import queries as organization
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.outbox import emit

HORIZON = timedelta(days=180)
"""Far enough for the most hours a step may say, 30 workdays, over any holidays."""
VERDICTS = ("approve", "reject", "send_back")


@dataclass(frozen=True, slots=True)
class Act:
    """What is being done: by whom, in which words, and to or for whom where that is not in the path."""

    verb: str
    actor: Actor
    note: str = ""
    for_person: int | None = None


@contextmanager
def writing() -> Iterator[None]:
    """Write requests; nobody may but through the commands here."""
    with widened("whom a decision asks next, and what else waits for the object, may be out of sight"):
        yield


def case_of(request: Request) -> Case:
    """The request as far as deciding goes."""
    return kept.read(request.requester_id, request.state, request.path)


def decider(actor: Actor) -> Decider:
    """The acting person, with those they stand in for. The system decides nothing."""
    return Decider(actor.person_id or 0, actor.stands_in_for)


def keep(request: Request, after: Case, act: Act) -> Request:
    """Write the request as it is after an act, and tell whom it concerns."""
    before, now = case_of(request), organization.clock().now()
    values: dict[str, object] = {"state": after.state.value, "path": kept.written(after.stages)}
    if after.state not in OPEN:
        values["decided_at"] = now
    if set(after.asked) != set(before.asked) or after.at != before.at:
        values |= due(after, now)
    request.change(**values)
    record(request, before, after, act)
    take_part(request, before, after)
    _tell(request, before, after, act)
    return request


def due(case: Case, now: datetime) -> dict[str, datetime | None]:
    """When the asking step is reminded of and escalated; never for a step that says nothing of hours."""
    rule = case.stages[case.at].rule if case.at is not None else None

    return {
        "asked_at": now,
        "remind_at": _working(now, rule.remind_after_h) if rule else None,
        "escalate_at": _working(now, rule.escalate_after_h) if rule else None,
    }


def _working(now: datetime, hours: int) -> datetime | None:
    """So many hours from now by the company's workdays, as its calendar stands today; never for 0."""
    if not hours:
        return None
    local = now.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE))
    calendar = organization.calendar(local.date(), local.date() + HORIZON)
    return after(local, hours, calendar.days)


def record(request: Request, before: Case, after: Case, act: Act) -> None:
    """One line for each place that was filled; one for an act that filled none."""
    said: list[tuple[int | None, int | None, int | None, str]] = [
        (place, seat.by, seat.person, "carry" if seat.is_carried else seat.verdict)
        for place, stage in enumerate(after.stages if act.verb in VERDICTS else ())
        for n, seat in enumerate(stage.seats)
        if seat.verdict and before.stages[place].seats[n].verdict != seat.verdict
    ] or [(before.at, act.actor.person_id, act.for_person, act.verb)]
    Decision.objects.bulk_create(
        Decision(
            request=request,
            round=request.round,
            place=place,
            verb=verb,
            person_id=by,
            for_person_id=person if person != by else None,
            note=act.note if verb != "carry" else "",
            object_version=request.object_version,
            request_version=request.version - 1,
            at=organization.clock().now(),
        )
        for place, by, person, verb in said
    )


def take_part(request: Request, before: Case, after: Case) -> None:
    """Everybody asked, who decided and who is copied in can see the request from now on."""
    asked, copied = set(after.asked), set(copies_of(after))
    decided = {s.by for stage in after.stages for s in stage.seats if s.by and not s.is_carried}
    known = {one.person_id: one for one in Participant.objects.filter(request=request)}
    for person_id in sorted(asked | copied | decided | set(known)):
        one = known.get(person_id) or Participant(request=request, person_id=person_id)
        former = (one.pk, one.is_asked, one.is_copied, one.has_decided)
        one.is_asked = person_id in asked
        one.is_copied = one.is_copied or person_id in copied
        one.has_decided = one.has_decided or person_id in decided
        if former != (one.pk, one.is_asked, one.is_copied, one.has_decided) or one.pk is None:
            one.save()


def copies_of(case: Case) -> Iterable[int]:
    """Who reads along with the steps that were reached; who made the request does anyway."""
    reached = (
        s for s in case.stages if s.state in (StepState.ASKING, StepState.APPROVED, StepState.REJECTED)
    )
    return {
        person for stage in reached if stage.rule for person in stage.rule.copies if person != case.requester
    }


def _tell(request: Request, before: Case, after: Case, act: Act) -> None:
    fresh = set(after.asked) - (
        set(before.asked) if act.verb != "submit" and act.verb != "resubmit" else set()
    )
    tell(request, "asked" if act.verb != "escalate" else "escalated", fresh, act)
    if act.verb in ("submit", "resubmit"):
        copied = set(copies_of(after))
    else:
        copied = set(copies_of(after)) - set(copies_of(before))
    tell(request, "copied", copied, act)
    if after.state is not before.state and after.state is not State.IN_REVIEW:
        deciders = {s.by for stage in before.stages for s in stage.seats if s.by}
        hear = deciders | set(before.asked) if after.state is State.WITHDRAWN else {request.requester_id}
        tell(request, after.state.value, hear, act)


def tell(request: Request, kind: str, people: Iterable[int], act: Act) -> None:
    """News for these people, but not for whoever made them."""
    hear = tuple(sorted(set(people) - {act.actor.person_id}))
    if hear:
        emit(RequestMoved(request.pk, request.version, kind, hear, act.actor.person_id, act.note[:200]))
