"""What integrators do with activities beside making and changing them: complete, cancel, reopen, hand on.

A change names the version it saw in `If-Match`; a stale one gets 412.
"""

from datetime import date, time
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema
from pydantic import Field, StringConstraints

from tradewind.domains.activities import commands, many, rules
from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.resource import ACTIVITY
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.surface.resource.acts import checked, inputs_of_json
from tradewind.platform.surface.resource.api import one, seen_version, shape
from tradewind.platform.surface.resource.api import router as router_of
from tradewind.platform.surface.shell.middleware import sentence

router = router_of(ACTIVITY)
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=rules.LONGEST_TEXT)]
Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=rules.LONGEST_SUBJECT)]


class NextIn(Schema):
    """What follows; without a day on the next workday."""

    kind: str
    subject: Words
    due_on: date | None = None
    due_time: time | None = None


class CompleteIn(Schema):
    """How it went; all of it may be left out."""

    outcome: Text = ""
    result: str = ""
    done_on: date | None = None
    duration_min: int | None = Field(None, ge=1, le=rules.LONGEST_MIN)
    next: NextIn | None = None


class LogIn(Schema):
    """What was done, for whom, and how it went; without a day it was done today."""

    kind: str
    subject: Words
    body: Text = ""
    customer: UUID | None = None
    contact: UUID | None = None
    done_on: date | None = None
    outcome: Text = ""
    result: str = ""
    duration_min: int | None = Field(None, ge=1, le=rules.LONGEST_MIN)


class ReasonIn(Schema):
    reason: Text = ""


class ReassignIn(Schema):
    """The public id of whoever does it from now on."""

    owner: UUID


class ActivitySeenIn(Schema):
    id: UUID
    version: int = Field(ge=0, lt=2**31)


class CompleteManyIn(Schema):
    changes: list[ActivitySeenIn] = Field(max_length=many.AT_ONCE)
    outcome: Text = ""
    result: str = ""


class PostponeIn(Schema):
    changes: list[ActivitySeenIn] = Field(max_length=many.AT_ONCE)
    due_on: date


@router.post("/complete", response=dict, operation_id="activities_complete_many")
def complete_many(request: HttpRequest, given: CompleteManyIn) -> HttpResponse:
    """Up to 500 at once; one that is refused leaves the others."""
    asked = many.Completions(_refs(given.changes), given.outcome, given.result)
    return _outcome(many.complete_many(actor_of_request(request), asked))


@router.post("/postpone", response=dict, operation_id="activities_postpone")
def postpone(request: HttpRequest, given: PostponeIn) -> HttpResponse:
    """Move up to 500 to another day; reminders move along."""
    asked = many.Postponement(_refs(given.changes), given.due_on)
    return _outcome(many.postpone(actor_of_request(request), asked))


@router.post("/{uuid:public_id}/complete", response=shape(ACTIVITY), operation_id="activities_complete")
def complete(request: HttpRequest, public_id: UUID, given: CompleteIn) -> HttpResponse:
    """It is done; the next step, where one is given, is planned in the same act."""
    step = given.next and commands.NextStep(**given.next.dict())
    asked = commands.Completion(given.outcome, given.result, given.done_on, given.duration_min, step or None)
    commands.complete(actor_of_request(request), _ref(request, public_id), asked)
    return one(ACTIVITY, actor_of_request(request), public_id)


@router.post("/{uuid:public_id}/cancel", response=shape(ACTIVITY), operation_id="activities_cancel")
def cancel(request: HttpRequest, public_id: UUID, given: ReasonIn) -> HttpResponse:
    """It will not be done."""
    commands.cancel(actor_of_request(request), _ref(request, public_id), commands.Why(given.reason))
    return one(ACTIVITY, actor_of_request(request), public_id)


@router.post("/{uuid:public_id}/reopen", response=shape(ACTIVITY), operation_id="activities_reopen")
def reopen(request: HttpRequest, public_id: UUID, given: ReasonIn) -> HttpResponse:
    """It is to be done after all."""
    commands.reopen(actor_of_request(request), _ref(request, public_id), commands.Why(given.reason))
    return one(ACTIVITY, actor_of_request(request), public_id)


@router.post("/{uuid:public_id}/reassign", response=shape(ACTIVITY), operation_id="activities_reassign")
def reassign(request: HttpRequest, public_id: UUID, given: ReassignIn) -> HttpResponse:
    """Somebody else does it from now on."""
    actor = actor_of_request(request)
    person = checked(inputs_of_json(ACTIVITY, actor, {"owner": str(given.owner)}, creating=False))
    asked = commands.Reassignment(int(str(person["owner_id"])))
    commands.reassign(actor, _ref(request, public_id), asked)
    return one(ACTIVITY, actor_of_request(request), public_id)


@router.post("/log", response={201: shape(ACTIVITY)}, operation_id="activities_log")
def log(request: HttpRequest, given: LogIn) -> HttpResponse:
    """Something that is done already."""
    actor = actor_of_request(request)
    actor.require("activities.activity.log")
    facts = given.model_dump(mode="json", include={"kind", "subject", "body", "customer", "contact"})
    values = checked(inputs_of_json(ACTIVITY, actor, facts, creating=True))
    how = given.model_dump(include={"done_on", "outcome", "result", "duration_min"})
    made = commands.log(actor, Given({**values, **how}))
    return one(ACTIVITY, actor, made.public_id, status=201)


def _ref(request: HttpRequest, public_id: UUID) -> Ref[Activity]:
    return Ref(public_id, seen_version(request))


def _refs(changes: list[ActivitySeenIn]) -> list[Ref[Activity]]:
    return [Ref(seen.id, seen.version) for seen in changes]


def _outcome(outcome: many.Outcome) -> HttpResponse:
    refused = [
        {"id": public_id, "title": sentence(error), "code": error.code}
        for public_id, error in outcome.refused.items()
    ]
    return JsonResponse({"changed": list(outcome.changed), "refused": refused})
