"""Deals for integrators. A change names the version it saw in `If-Match`; a stale one gets 412."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from tradewind.domains.pipeline import commands, queries
from tradewind.domains.pipeline.models import Opportunity
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.api import IfMatch, Text, version_of

router = Router(tags=["opportunities"])


class DealOut(Schema):
    id: str
    number: str
    product: str
    customer: str | None
    owner: str
    unit: str
    stage: str
    opened_on: str
    closed_on: str | None
    value: str | None
    reason: str
    version: int


class DealsOut(Schema):
    items: list[DealOut]
    next: str | None


class WinIn(Schema):
    """The value without tax, more than 0; the customer (code or exact name) where the deal has none."""

    value: Decimal
    reason: Text
    customer: Text = ""


class LoseIn(Schema):
    reason: Text


@router.get("", response=DealsOut)
def list_deals(request: HttpRequest, q: str = "", state: str = "", after: str = "") -> dict[str, Any]:
    """Deals the signed-in person sees, newest first, fifty at a time."""
    page = queries.page_of_deals(actor_of_request(request), q, state, after)
    return {"items": [_out(deal) for deal in page.deals], "next": page.next}


@router.get("/{public_id}", response=DealOut)
def get_deal(request: HttpRequest, response: HttpResponse, public_id: str) -> dict[str, Any]:
    """One deal; its version is the ETag."""
    return _shown(request, response, public_id)


@router.post("/{public_id}/win", response=DealOut)
def win(
    request: HttpRequest, response: HttpResponse, public_id: str, given: WinIn, if_match: IfMatch
) -> dict[str, Any]:
    """Close the deal as won today."""
    ref: Ref[Opportunity] = Ref(public_id, version_of(if_match))
    commands.win(actor_of_request(request), ref, commands.Win(given.value, given.reason, given.customer))
    return _shown(request, response, public_id)


@router.post("/{public_id}/lose", response=DealOut)
def lose(
    request: HttpRequest, response: HttpResponse, public_id: str, given: LoseIn, if_match: IfMatch
) -> dict[str, Any]:
    """Close the deal as lost today."""
    ref: Ref[Opportunity] = Ref(public_id, version_of(if_match))
    commands.lose(actor_of_request(request), ref, commands.Loss(given.reason))
    return _shown(request, response, public_id)


def _shown(request: HttpRequest, response: HttpResponse, public_id: str) -> dict[str, Any]:
    deal = queries.deal(actor_of_request(request), public_id)
    response["ETag"] = f'"{deal.version}"'
    return _out(deal)


def _out(deal: Opportunity) -> dict[str, Any]:
    return {
        "id": str(deal.public_id),
        "number": deal.number,
        "product": deal.product.code,
        "customer": deal.customer.code if deal.customer else None,
        "owner": deal.owner.sign_in,
        "unit": deal.unit.code,
        "stage": deal.stage,
        "opened_on": deal.opened_on.isoformat(),
        "closed_on": deal.closed_on.isoformat() if deal.closed_on else None,
        "value": None if deal.value is None else f"{deal.value:f}",
        "reason": deal.reason,
        "version": deal.version,
    }
