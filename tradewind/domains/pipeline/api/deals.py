"""One deal or many through the API: read, move, close, reopen."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Schema
from ninja.errors import HttpError
from pydantic import StringConstraints

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import commands, queries
from tradewind.domains.pipeline.api.words import DealOut, Narrowing, deal_out, router
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.queries.board import card_of
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref

IfMatch = Annotated[str, Header(alias="If-Match")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=40)]


class DealsOut(Schema):
    items: list[DealOut]
    next: str | None


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


class ReopenIn(Schema):
    """Why, and where the deal goes on; without a stage where it was lost."""

    reason: Text
    stage: Key = ""


class SeenIn(Schema):
    id: Key
    version: int


class MoveManyIn(Schema):
    """Up to 500 deals as they were seen, all to one stage."""

    deals: list[SeenIn]
    stage: Key
    pipeline: Key = ""
    reason: Text = ""


class RefusedOut(Schema):
    id: str
    code: str


class MovedOut(Schema):
    moved: int
    refused: list[RefusedOut]


@router.get("", response=DealsOut)
def list_deals(request: HttpRequest, narrowing: Query[Narrowing], after: str = "") -> dict[str, Any]:
    """Deals the signed-in person sees, newest first, fifty at a time."""
    question = queries.asked(narrowing.dict())
    page = queries.page_of_deals(actor_of_request(request), question, after)
    today = organization.clock().today()
    return {"items": [deal_out(card_of(deal, today)) for deal in page.deals], "next": page.next}


@router.post("/move", response=MovedOut)
def move_many(request: HttpRequest, given: MoveManyIn) -> dict[str, Any]:
    """Bring many deals to one stage; those that cannot go are named with the code of their refusal."""
    seen = [(one.id, one.version) for one in given.deals]
    asked = commands.MoveMany(seen, given.stage, given.pipeline, given.reason)
    moved = commands.move_many(actor_of_request(request), asked)
    refused = [{"id": public_id, "code": code} for public_id, code in moved.refused]
    return {"moved": len(moved.ids), "refused": refused}


@router.get("/{uuid:public_id}", response=DealOut)
def get_deal(request: HttpRequest, response: HttpResponse, public_id: UUID) -> dict[str, Any]:
    """One deal; its version is the ETag."""
    return _shown(request, response, public_id)


@router.post("/{uuid:public_id}/win", response=DealOut)
def win(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: WinIn, if_match: IfMatch
) -> dict[str, Any]:
    """Close the deal as won today."""
    ref: Ref[Opportunity] = Ref(public_id, _version(if_match))
    asked = commands.Win(given.value, given.reason, given.customer, given.reason_code)
    commands.win(actor_of_request(request), ref, asked)
    return _shown(request, response, public_id)


@router.post("/{uuid:public_id}/lose", response=DealOut)
def lose(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: LoseIn, if_match: IfMatch
) -> dict[str, Any]:
    """Close the deal as lost today."""
    ref: Ref[Opportunity] = Ref(public_id, _version(if_match))
    commands.lose(actor_of_request(request), ref, commands.Loss(given.reason, given.reason_code))
    return _shown(request, response, public_id)


@router.post("/{uuid:public_id}/reopen", response=DealOut)
def reopen(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: ReopenIn, if_match: IfMatch
) -> dict[str, Any]:
    """Open a lost deal again."""
    ref: Ref[Opportunity] = Ref(public_id, _version(if_match))
    commands.reopen(actor_of_request(request), ref, commands.Reopening(given.reason, given.stage))
    return _shown(request, response, public_id)


@router.post("/{uuid:public_id}/move", response=DealOut)
def move(
    request: HttpRequest, response: HttpResponse, public_id: UUID, given: MoveIn, if_match: IfMatch
) -> dict[str, Any]:
    """Bring the deal to another open stage."""
    ref: Ref[Opportunity] = Ref(public_id, _version(if_match))
    asked = commands.MoveTo(given.stage, given.pipeline, given.reason)
    commands.move_stage(actor_of_request(request), ref, asked)
    return _shown(request, response, public_id)


@router.post("/{uuid:public_id}/move/undo", response=DealOut)
def undo_move(
    request: HttpRequest, response: HttpResponse, public_id: UUID, if_match: IfMatch
) -> dict[str, Any]:
    """Take back one's own last move of the last minutes."""
    ref: Ref[Opportunity] = Ref(public_id, _version(if_match))
    commands.undo_move(actor_of_request(request), ref, commands.TakeBack())
    return _shown(request, response, public_id)


def _version(if_match: str) -> int:
    number = if_match.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise HttpError(422, 'If-Match holds the version that was seen, like "3"')
    return int(number)


def _shown(request: HttpRequest, response: HttpResponse, public_id: UUID) -> dict[str, Any]:
    deal = queries.deal(actor_of_request(request), public_id)
    response["ETag"] = f'"{deal.version}"'
    return deal_out(card_of(deal, organization.clock().today()))
