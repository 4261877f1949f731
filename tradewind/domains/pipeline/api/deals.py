"""One deal or many through the API: read, move, close, reopen."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import StringConstraints

from tradewind.domains.pipeline import commands
from tradewind.domains.pipeline.api.words import router
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.resource import OPPORTUNITY
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.resource.api import one, shape
from tradewind.platform.surface.shell.api import IfMatch, Text, version_of

Key = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=40)]


class WinIn(Schema):
    """The value without tax, more than 0; the customer (code or exact name) where the deal has none; why:
    in words, by the key of a reason, or both."""

    value: Decimal
    reason: Text = ""
    customer: Text = ""
    reason_code: Key = ""


class LoseIn(Schema):
    """Why: in words, by the key of a reason, or both."""

    reason: Text = ""
    reason_code: Key = ""


class MoveIn(Schema):
    """An open stage by its key, in the deal's own pipeline or in the one named."""

    stage: Key
    pipeline: Key = ""
    reason: Text = ""


class DealReopenIn(Schema):
    """Why, and where the deal goes on; without a stage where it was lost."""

    reason: Text
    stage: Key = ""


class DealSeenIn(Schema):
    id: Key
    version: int


class MoveManyIn(Schema):
    """Up to 500 deals as they were seen, all to one stage."""

    deals: list[DealSeenIn]
    stage: Key
    pipeline: Key = ""
    reason: Text = ""


class RefusedOut(Schema):
    id: str
    code: str


class MovedOut(Schema):
    moved: int
    refused: list[RefusedOut]


@router.post("/move", response=MovedOut)
def move_many(request: HttpRequest, given: MoveManyIn) -> dict[str, Any]:
    """Bring many deals to one stage; those that cannot go are named with the code of their refusal."""
    seen = [(one.id, one.version) for one in given.deals]
    asked = commands.MoveMany(seen, given.stage, given.pipeline, given.reason)
    moved = commands.move_many(actor_of_request(request), asked)
    refused = [{"id": public_id, "code": code} for public_id, code in moved.refused]
    return {"moved": len(moved.ids), "refused": refused}


@router.post("/{uuid:public_id}/win", response=shape(OPPORTUNITY))
def win(request: HttpRequest, public_id: UUID, given: WinIn, if_match: IfMatch) -> HttpResponse:
    """Close the deal as won today."""
    ref: Ref[Opportunity] = Ref(public_id, version_of(if_match))
    asked = commands.Win(given.value, given.reason, given.customer, given.reason_code)
    commands.win(actor_of_request(request), ref, asked)
    return one(OPPORTUNITY, actor_of_request(request), public_id)


@router.post("/{uuid:public_id}/lose", response=shape(OPPORTUNITY))
def lose(request: HttpRequest, public_id: UUID, given: LoseIn, if_match: IfMatch) -> HttpResponse:
    """Close the deal as lost today."""
    ref: Ref[Opportunity] = Ref(public_id, version_of(if_match))
    commands.lose(actor_of_request(request), ref, commands.Loss(given.reason, given.reason_code))
    return one(OPPORTUNITY, actor_of_request(request), public_id)


@router.post("/{uuid:public_id}/reopen", response=shape(OPPORTUNITY))
def reopen(request: HttpRequest, public_id: UUID, given: DealReopenIn, if_match: IfMatch) -> HttpResponse:
    """Open a lost deal again."""
    ref: Ref[Opportunity] = Ref(public_id, version_of(if_match))
    commands.reopen(actor_of_request(request), ref, commands.Reopening(given.reason, given.stage))
    return one(OPPORTUNITY, actor_of_request(request), public_id)


@router.post("/{uuid:public_id}/move", response=shape(OPPORTUNITY))
def move(request: HttpRequest, public_id: UUID, given: MoveIn, if_match: IfMatch) -> HttpResponse:
    """Bring the deal to another open stage."""
    ref: Ref[Opportunity] = Ref(public_id, version_of(if_match))
    asked = commands.MoveTo(given.stage, given.pipeline, given.reason)
    commands.move_stage(actor_of_request(request), ref, asked)
    return one(OPPORTUNITY, actor_of_request(request), public_id)


@router.post("/{uuid:public_id}/move/undo", response=shape(OPPORTUNITY))
def undo_move(request: HttpRequest, public_id: UUID, if_match: IfMatch) -> HttpResponse:
    """Take back one's own last move of the last minutes."""
    ref: Ref[Opportunity] = Ref(public_id, version_of(if_match))
    commands.undo_move(actor_of_request(request), ref, commands.TakeBack())
    return one(OPPORTUNITY, actor_of_request(request), public_id)
