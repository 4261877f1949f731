"""Approvals for integrators. A decision names the version it saw in `If-Match`; a stale one gets 412."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from tradewind.domains.approvals import commands, queries
from tradewind.domains.approvals.commands import Note, Sending
from tradewind.domains.approvals.models import Request
from tradewind.domains.approvals.pages.inbox import TABS
from tradewind.domains.approvals.pages.showing import decision_lines, headline, path_lines
from tradewind.domains.approvals.subjects import subject_named
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.api import IfMatch, Text, version_of

router = Router(tags=["approvals"])
Tab = Literal["to-decide", "mine", "copied", "done"]


class ChangeOut(Schema):
    """One field before and after, in words."""

    label: str
    before: str
    after: str


class SeatOut(Schema):
    """One person's place in a step; `by` decided for them, `instead_of` had the place before."""

    name: str
    verdict: str
    by: str
    instead_of: str


class StepOut(Schema):
    """One step of the path."""

    number: int
    name: str
    state: str
    seats: list[SeatOut]
    notices: list[str]


class ActOut(Schema):
    """What somebody did; `version` of the object they had before them."""

    at: datetime
    who: str
    whom: str
    verb: str
    step: int | None
    note: str
    version: int


class RequestCardOut(Schema):
    """A request in a list."""

    id: UUID
    version: int
    number: str
    subject: str
    name: str
    label: str
    object_id: UUID
    requester: str
    unit: str
    reason: str
    state: str
    submitted_at: datetime
    decided_at: datetime | None
    changes: list[ChangeOut]
    may_decide: bool


class RequestOut(RequestCardOut):
    """A request with its path and what was decided."""

    path: list[StepOut]
    history: list[ActOut]


class PageOut(Schema):
    """One page; `next` is the cursor of the one after."""

    items: list[RequestCardOut]
    next: str | None


class DecideIn(Schema):
    """A decision: `to` names the step, from 1, that it is sent back to; without it, who asked."""

    verdict: Literal["approve", "reject", "send_back"]
    reason: Text = ""
    to: int | None = None


class RequestsAsked(Schema):
    """Which requests: those to decide, one's own, copied, decided; and where to begin."""

    tab: Tab = "to-decide"
    after: str = ""


@router.get("", response=PageOut)
def list_requests(request: HttpRequest, asked: Query[RequestsAsked]) -> dict[str, Any]:
    """Requests that concern the signed-in person, by tab."""
    actor = actor_of_request(request)
    _name, rows, is_oldest_first = TABS[asked.tab]
    found = queries.shelf(rows(actor), asked.after, is_oldest_first)
    return {"items": [_card(actor, one) for one in found.items], "next": found.next or None}


@router.get("/{uuid:public_id}", response=RequestOut)
def get_request(request: HttpRequest, response: HttpResponse, public_id: UUID) -> dict[str, Any]:
    """One request; its version is the ETag."""
    return _one(actor_of_request(request), response, public_id)


@router.post("/{uuid:public_id}/decide", response=RequestOut)
def decide(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: DecideIn, if_match: IfMatch
) -> dict[str, Any]:
    """Approve, reject or send back, as whom the asking step waits for."""
    actor = actor_of_request(request)
    ref: Ref[Request] = Ref(public_id, version_of(if_match))
    if given.verdict == "send_back":
        commands.send_back(actor, ref, Sending(given.reason, None if given.to is None else given.to - 1))
    elif given.verdict == "reject":
        commands.reject(actor, ref, Note(given.reason))
    else:
        commands.approve(actor, ref, Note(given.reason))
    return _one(actor, response, public_id)


def _card(actor: Actor, one: Request) -> dict[str, Any]:
    return headline(subject_named(one.subject), one) | {
        "subject": one.subject,
        "object_id": one.object_public_id,
        "submitted_at": one.submitted_at,
        "may_decide": queries.may_decide(actor, one),
    }


def _one(actor: Actor, response: HttpResponse, public_id: UUID) -> dict[str, Any]:
    one = queries.request(actor, public_id)
    response["ETag"] = f'"{one.version}"'
    history = decision_lines(queries.decisions(actor, [one.pk]))
    return _card(actor, one) | {"path": path_lines(queries.case_of(one)), "history": history}
