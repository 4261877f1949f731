"""Approvals for integrators. An act names the version it saw in `If-Match`; a stale one gets 412."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router, Status

from tradewind.domains.approvals import commands, queries, subjects
from tradewind.domains.approvals.commands import Handing, Note, Resubmission, Sending, Signing
from tradewind.domains.approvals.models import Request
from tradewind.domains.approvals.pages.inbox import TABS
from tradewind.domains.approvals.pages.showing import (
    decision_lines,
    fact_lines,
    headline,
    lines_of,
    path_lines,
    plan_lines,
)
from tradewind.domains.approvals.schemas import (
    AskAgainIn,
    AskIn,
    DecideIn,
    DecideManyIn,
    OutcomesOut,
    PageOut,
    PathOut,
    PersonIn,
    RequestOut,
    RequestsAsked,
    SayIn,
    SignerIn,
    SubjectOut,
    TryIn,
)
from tradewind.domains.approvals.subjects import Subject, all_subjects, subject_named
from tradewind.kernel.errors import Invalid, Malformed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.surface.resource.acts import checked, inputs_of_json, refusing
from tradewind.platform.surface.resource.api import json_body, key_of
from tradewind.platform.surface.shell.api import IfMatch, version_of
from tradewind.platform.surface.shell.middleware import sentence

router = Router(tags=["approvals"])


@router.get("", response=PageOut)
def list_requests(request: HttpRequest, asked: Query[RequestsAsked]) -> dict[str, Any]:
    """Requests that concern the signed-in person, by tab."""
    actor = actor_of_request(request)
    _name, rows, is_oldest_first = TABS[asked.tab]
    page = queries.shelf(rows(actor), asked.after, is_oldest_first)
    return {"items": [_card(actor, one) for one in page.items], "next": page.next or None}


@router.post("", response={201: RequestOut})
def submit(request: HttpRequest, response: HttpResponse, given: AskIn) -> Status[dict[str, Any]]:
    """Ask for a change; with the same `Idempotency-Key` sent twice, once."""
    actor, key = actor_of_request(request), key_of(request)
    if key is not None and queries.requested_by(actor).filter(public_id=key).exists():
        return Status(201, _one(actor, response, key))
    subject = subject_named(given.subject)
    values = {
        "subject": subject.key,
        "object": given.object,
        "object_version": given.object_version,
        "values": _values(request, actor, subject),
    }
    with refusing(Request):
        made = commands.submit(actor, Given(values, given.reason, key))
    return Status(201, _one(actor, response, made.public_id))


@router.get("/subjects", response=list[SubjectOut])
def list_subjects(request: HttpRequest) -> list[dict[str, Any]]:
    """What can be asked for."""
    actor_of_request(request).require("approvals.request.submit")
    return [
        {
            "key": one.key,
            "name": gettext(one.name),
            "address": one.resource.address,
            "fields": list(one.fields),
            "is_active": queries.edition_in_force(one.key) is not None,
        }
        for one in all_subjects()
    ]


@router.post("/path", response=PathOut)
def try_path(request: HttpRequest, given: TryIn) -> dict[str, Any]:
    """Who would decide on a change, and why; nothing is written."""
    actor, subject = actor_of_request(request), subject_named(given.subject)
    actor.require("approvals.request.submit")
    row = found(subject.resource.visible(actor), given.object)
    former = queries.request(actor, given.request) if given.request else None
    edition = former.edition if former else queries.edition_in_force(subject.key)
    if edition is None or not subject.concerns(row) or (former and former.subject != subject.key):
        raise Refused("approvals.no_process")
    values = subjects.completed(subject, row, _values(request, actor, subject))
    changes = subjects.changes(subject, row, values)
    if not changes:
        raise Malformed("approvals.nothing_changes", field=subject.fields[0])
    way = queries.way_of(actor, subject, edition, row, values)
    return {
        "route": way.route,
        "changes": lines_of(subject, changes),
        "facts": fact_lines(subject, subjects.kept_facts(way.facts)),
        "path": plan_lines(way.planned),
    }


@router.post("/decide", response=OutcomesOut)
def decide_many(request: HttpRequest, given: DecideManyIn) -> dict[str, Any]:
    """Approve or reject many; each is checked by itself."""
    chosen = [(str(one.id), one.version) for one in given.requests]
    outcomes = commands.decide_many(actor_of_request(request), given.verdict, given.reason, chosen)
    lines = [
        {"id": one.public_id, "number": one.number, "title": sentence(one.problem) if one.problem else ""}
        for one in outcomes
    ]
    return {
        "done": [line for line in lines if not line["title"]],
        "refused": [line for line in lines if line["title"]],
    }


@router.get("/{uuid:public_id}", response=RequestOut)
def get_request(request: HttpRequest, response: HttpResponse, public_id: UUID) -> dict[str, Any]:
    """One request; its version is the ETag."""
    return _one(actor_of_request(request), response, public_id)


@router.post("/{uuid:public_id}/decide", response=RequestOut)
def decide(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: DecideIn, if_match: IfMatch
) -> dict[str, Any]:
    """Approve, reject or send back, as whom the asking step waits for."""
    if given.verdict == "send_back":
        to = None if given.to is None else given.to - 1
        return _acted(
            request, response, commands.send_back, _ref(public_id, if_match), Sending(given.reason, to)
        )
    act = commands.reject if given.verdict == "reject" else commands.approve
    return _acted(request, response, act, _ref(public_id, if_match), Note(given.reason))


@router.post("/{uuid:public_id}/resubmit", response=RequestOut)
def resubmit(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: AskAgainIn, if_match: IfMatch
) -> dict[str, Any]:
    """Ask anew for what was sent back, with the same or other values."""
    actor, ref = actor_of_request(request), _ref(public_id, if_match)
    former = queries.request(actor, public_id)
    subject = subject_named(former.subject)
    values = subjects.values_kept(subject, former.proposed) | _values(request, actor, subject)
    with refusing(Request):
        return _acted(
            request,
            response,
            commands.resubmit,
            ref,
            Resubmission(values, given.object_version, given.reason),
        )


@router.post("/{uuid:public_id}/withdraw", response=RequestOut)
def withdraw(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: SayIn, if_match: IfMatch
) -> dict[str, Any]:
    """Take one's own request back, before it is decided."""
    return _acted(request, response, commands.withdraw, _ref(public_id, if_match), Note(given.reason))


@router.post("/{uuid:public_id}/remind", response=RequestOut)
def remind(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: SayIn, if_match: IfMatch
) -> dict[str, Any]:
    """Remind those who are asked of one's own request; not again for two hours."""
    return _acted(request, response, commands.remind, _ref(public_id, if_match), Note(given.reason))


@router.post("/{uuid:public_id}/comment", response=RequestOut)
def comment(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: SayIn, if_match: IfMatch
) -> dict[str, Any]:
    """Say something to everybody concerned, without deciding."""
    return _acted(request, response, commands.comment, _ref(public_id, if_match), Note(given.reason))


@router.post("/{uuid:public_id}/sign", response=RequestOut)
def add_signer(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: SignerIn, if_match: IfMatch
) -> dict[str, Any]:
    """Call in somebody who decides too, before or after."""
    said = Signing(given.person, given.is_before, given.reason)
    return _acted(request, response, commands.add_signer, _ref(public_id, if_match), said)


@router.post("/{uuid:public_id}/delegate", response=RequestOut)
def delegate(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: PersonIn, if_match: IfMatch
) -> dict[str, Any]:
    """Hand one's place in the asking step to somebody else."""
    said = Handing(given.person, given.reason)
    return _acted(request, response, commands.delegate, _ref(public_id, if_match), said)


@router.post("/{uuid:public_id}/copy", response=RequestOut)
def copy_in(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: PersonIn, if_match: IfMatch
) -> dict[str, Any]:
    """Let somebody read along."""
    said = Handing(given.person, given.reason)
    return _acted(request, response, commands.copy_in, _ref(public_id, if_match), said)


def _ref(public_id: UUID, if_match: str) -> Ref[Request]:
    return Ref(public_id, version_of(if_match))


def _acted(
    request: HttpRequest, response: HttpResponse, act: Any, ref: Ref[Request], said: object
) -> dict[str, Any]:
    """The request after an act of the signed-in person."""
    actor = actor_of_request(request)
    act(actor, ref, said)
    return _one(actor, response, ref.public_id)


def _values(request: HttpRequest, actor: Actor, subject: Subject) -> dict[str, object]:
    """The proposed values by model column, numbers exact. Raises `Invalid` for what is not proposed here."""
    given: Mapping[str, Any] = json_body(request)["values"]
    strange = [name for name in given if name not in subject.fields]
    if strange:
        words = {name: sentence(Malformed("form.unknown_field", name=name[:80])) for name in strange}
        raise Invalid(words)
    return checked(inputs_of_json(subject.resource, actor, given, creating=False))


def _card(actor: Actor, one: Request) -> dict[str, Any]:
    return headline(subject_named(one.subject), one) | {
        "subject": one.subject,
        "object_id": one.object_public_id,
        "submitted_at": one.submitted_at,
        "may_decide": queries.may_decide(actor, one),
    }


def _one(actor: Actor, response: HttpResponse, public_id: UUID | str) -> dict[str, Any]:
    one = queries.request(actor, public_id)
    response["ETag"] = f'"{one.version}"'
    history = decision_lines(queries.decisions(actor, [one.pk]))
    return _card(actor, one) | {"path": path_lines(queries.case_of(one)), "history": history}
