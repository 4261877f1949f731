"""Deciding: yes, no, back, another signer, handing on; and what others do to a request while it waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from tradewind.domains.approvals import queries, subjects
from tradewind.domains.approvals.commands.keeping import Act, case_of, decider, keep, record, tell, writing
from tradewind.domains.approvals.events import RequestApproved
from tradewind.domains.approvals.models import Participant, Request
from tradewind.domains.approvals.policy import REQUESTS
from tradewind.domains.approvals.rules import flow
from tradewind.domains.approvals.rules.states import State
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import DomainError, Malformed, Refused, StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, Ref, command
from tradewind.platform.spine.outbox import emit

LONGEST = 2000
AT_ONCE = 100
BETWEEN_REMINDERS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Note:
    """A word with a decision, or a comment by itself."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """Back to an earlier step by its place from 0, or without one to the requester; and why."""

    reason: str
    to: int | None = None


@dataclass(frozen=True, slots=True)
class Signing:
    """Somebody else decides too, before or after the asking step."""

    person: UUID | str
    is_before: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Handing:
    """Somebody takes one's place, or is copied in."""

    person: UUID | str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many requests; without a problem it is decided."""

    public_id: str
    number: str
    label: str
    problem: DomainError | None


Verdict = Literal["approve", "reject"]


@command("approvals.request.approve", on=REQUESTS)
def approve(actor: Actor, request: Request, given: Note) -> Request:
    """Say yes. The last yes applies the change, in this transaction; if it cannot be, nothing is written."""
    case = flow.approve(case_of(request), decider(actor))
    with writing():
        keep(request, case, Act("approve", actor, _note(given.reason)))
        if case.state is State.APPROVED:
            _apply(request)
    return request


@command("approvals.request.reject", on=REQUESTS)
def reject(actor: Actor, request: Request, given: Note) -> Request:
    """Say no, and why: the request is over and its object free."""
    case = flow.reject(case_of(request), decider(actor))
    with writing():
        return keep(request, case, Act("reject", actor, _why(given.reason)))


def decide_many(
    actor: Actor, verdict: Verdict, reason: str, chosen: Sequence[tuple[str, int]]
) -> list[Outcome]:
    """Approve or reject these, as their versions were seen: each by itself, so that one that cannot be
    decided keeps none from the others. Raises `Malformed` for too many, and for a no without its reason."""
    if len(chosen) > AT_ONCE:
        raise Malformed("approvals.too_many", largest=AT_ONCE)
    said = Note(_why(reason) if verdict == "reject" else _note(reason))
    decide = reject if verdict == "reject" else approve
    known = queries.requests_named(actor, [public_id for public_id, _version in chosen])
    outcomes = []
    for public_id, version in dict(chosen).items():
        problem = None
        try:
            with transaction.atomic():
                decide(actor, Ref(public_id, version), said)
        except DomainError as error:
            problem = error
        one = known.get(public_id)
        outcomes.append(
            Outcome(public_id, one.number if one else "", one.object_label if one else "", problem)
        )
    return outcomes


@command("approvals.request.send_back", on=REQUESTS)
def send_back(actor: Actor, request: Request, given: Sending) -> Request:
    """Back to who asked, who may change it, or to an earlier step, which decides again."""
    case, who = case_of(request), decider(actor)
    after = flow.send_back(case, who) if given.to is None else flow.send_back_to(case, who, given.to)
    with writing():
        return keep(request, after, Act("send_back", actor, _why(given.reason)))


@command("approvals.request.withdraw", on=REQUESTS)
def withdraw(actor: Actor, request: Request, given: Note) -> Request:
    """The requester takes it back."""
    case = flow.withdraw(case_of(request), actor.person_id)
    with writing():
        return keep(request, case, Act("withdraw", actor, _note(given.reason)))


@command("approvals.request.add_signer", on=REQUESTS)
def add_signer(actor: Actor, request: Request, given: Signing) -> Request:
    """Call in somebody before deciding oneself, or after."""
    signer = _signer(given.person)
    add = flow.add_before if given.is_before else flow.add_after
    case = add(case_of(request), decider(actor), signer)
    with writing():
        verb = "add_before" if given.is_before else "add_after"
        return keep(request, case, Act(verb, actor, _note(given.reason), signer))


@command("approvals.request.delegate", on=REQUESTS)
def delegate(actor: Actor, request: Request, given: Handing) -> Request:
    """Hand one's place in the asking step to somebody else."""
    signer = _signer(given.person)
    case = flow.delegate(case_of(request), decider(actor), signer)
    with writing():
        return keep(request, case, Act("delegate", actor, _note(given.reason), signer))


@command("approvals.request.comment", on=REQUESTS)
def comment(actor: Actor, request: Request, given: Note) -> Request:
    """Say something to everybody concerned, without deciding."""
    case, act = case_of(request), Act("comment", actor, _why(given.reason))
    with writing():
        record(request.change(), case, case, act)
        people = Participant.objects.filter(request=request).values_list("person_id", flat=True)
        tell(request, "commented", {request.requester_id, *people}, act)
    return request


@command("approvals.request.copy", on=REQUESTS)
def copy_in(actor: Actor, request: Request, given: Handing) -> Request:
    """Let somebody read along."""
    person = _signer(given.person)
    case, act = case_of(request), Act("copy", actor, _note(given.reason), person)
    with writing():
        record(request.change(), case, case, act)
        one, _ = Participant.objects.get_or_create(request=request, person_id=person)
        one.is_copied = True
        one.save(update_fields=["is_copied"])
        tell(request, "copied", [person], act)
    return request


@command("approvals.request.remind", on=REQUESTS)
def remind(actor: Actor, request: Request, given: Note) -> Request:
    """The requester asks those who are asked to decide; not again for a while."""
    case = case_of(request)
    if actor.person_id != request.requester_id:
        raise Refused("approvals.not_requester")
    if case.state is not State.IN_REVIEW:
        raise Refused("approvals.wrong_state")
    now = organization.clock().now()
    if request.reminded_at and now < request.reminded_at + BETWEEN_REMINDERS:
        at, then = (
            queries.hour(one) for one in (request.reminded_at, request.reminded_at + BETWEEN_REMINDERS)
        )
        raise Refused("approvals.reminded_lately", at=at, next=then)
    act = Act("remind", actor, _note(given.reason))
    with writing():
        record(request.change(reminded_at=now), case, case, act)
        tell(request, "reminded", case.asked, act)
    return request


def _apply(request: Request) -> None:
    """Make the change as the system, on the object as it was when it was asked for."""
    subject = subjects.subject_named(request.subject)
    ref: Ref[Any] = Ref(request.object_public_id, request.object_version)
    values = subjects.values_kept(subject, request.proposed)
    why = f"{request.number} · {request.reason}"[:LONGEST]
    try:
        subject.apply(Actor.system("approvals"), ref, Given(values, why))
    except StaleVersion:
        now: Any = subject.resource.scope.model._default_manager.get(pk=request.object_id)
        raise Refused("approvals.changed_meanwhile", asked=request.object_version, now=now.version) from None
    emit(RequestApproved(request.pk, request.subject, request.object_id))


def _signer(public_id: UUID | str) -> int:
    """Somebody who works here and can sign in. Raises `Malformed`."""
    person = queries.signer(public_id)
    if person is None:
        raise Malformed("approvals.signer_absent", field="person")
    return person


def _note(text: str) -> str:
    if len(text) > LONGEST:
        raise Malformed("approvals.note_missing", field="reason")
    return text.strip()


def _why(text: str) -> str:
    if not _note(text):
        raise Malformed("approvals.note_missing", field="reason")
    return text.strip()
