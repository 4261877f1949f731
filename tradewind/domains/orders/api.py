"""Orders for integrators. A change names the version it saw in `If-Match`; a stale one gets 412."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status

from tradewind.domains.orders import commands, queries
from tradewind.domains.orders.models import Order, OrderLine
from tradewind.domains.orders.values import LineGiven
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.api import IfMatch, Text, version_of

router = Router(tags=["orders"])


class LineIn(Schema):
    """Product by code or exact name; price without tax; rates as fractions, so that 0.13 is 13 %."""

    product: Text
    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)
    description: Text = ""


class OrderIn(Schema):
    """Customer by code or exact name; `total`, with tax, is checked where it is given."""

    customer: Text
    lines: list[LineIn]
    total: Decimal | None = None
    reason: Text = ""


class CancelIn(Schema):
    reason: Text


class LineOut(Schema):
    position: int
    product: str
    description: str
    quantity: str
    unit_price: str
    discount_rate: str
    tax_rate: str
    net: str
    tax: str


class OrderOut(Schema):
    id: str
    name: str
    number: str | None
    state: str
    customer: str | None
    owner: str
    unit: str
    deal: str | None
    drafted_on: str | None
    confirmed_on: str | None
    cancelled_on: str | None
    cancel_reason: str
    net: str
    tax: str
    total: str
    lines: list[LineOut]
    version: int


@router.post("", response={201: OrderOut})
def create(request: HttpRequest, response: HttpResponse, given: OrderIn) -> Status[dict[str, Any]]:
    """Draft an order; it belongs to the signed-in person."""
    lines = tuple(LineGiven(**line.model_dump()) for line in given.lines)
    content = commands.Content(given.customer, lines, given.total, given.reason)
    made = commands.create(actor_of_request(request), content)
    return Status(201, _shown(request, response, queries.public_id_of(made)))


@router.get("/{public_id}", response=OrderOut)
def get_order(request: HttpRequest, response: HttpResponse, public_id: str) -> dict[str, Any]:
    """One order with its lines; its version is the ETag."""
    return _shown(request, response, public_id)


@router.post("/{public_id}/confirm", response=OrderOut)
def confirm(
    request: HttpRequest, response: HttpResponse, public_id: str, if_match: IfMatch
) -> dict[str, Any]:
    """Confirm a draft today: it gets its number and counts."""
    ref: Ref[Order] = Ref(public_id, version_of(if_match))
    commands.confirm(actor_of_request(request), ref, commands.Confirmation())
    return _shown(request, response, public_id)


@router.post("/{public_id}/cancel", response=OrderOut)
def cancel(
    request: HttpRequest, response: HttpResponse, public_id: str, given: CancelIn, if_match: IfMatch
) -> dict[str, Any]:
    """Cancel a draft or a confirmed order today."""
    ref: Ref[Order] = Ref(public_id, version_of(if_match))
    commands.cancel(actor_of_request(request), ref, commands.Cancellation(given.reason))
    return _shown(request, response, public_id)


def _shown(request: HttpRequest, response: HttpResponse, public_id: str) -> dict[str, Any]:
    actor = actor_of_request(request)
    order = queries.order(actor, public_id)
    response["ETag"] = f'"{order.version}"'
    return _out(order, queries.lines_of(actor, order))


def _out(order: Order, lines: list[OrderLine]) -> dict[str, Any]:
    return {
        "id": str(order.public_id),
        "name": str(order),
        "number": order.number,
        "state": order.state,
        "customer": order.customer.code if order.customer else None,
        "owner": order.owner.sign_in,
        "unit": order.unit.code,
        "deal": order.deal.number if order.deal else None,
        "drafted_on": _day(order.drafted_on),
        "confirmed_on": _day(order.confirmed_on),
        "cancelled_on": _day(order.cancelled_on),
        "cancel_reason": order.cancel_reason,
        "net": f"{order.amount:f}",
        "tax": f"{order.tax:f}",
        "total": f"{order.amount + order.tax:f}",
        "lines": [_line(line) for line in lines],
        "version": order.version,
    }


def _line(line: OrderLine) -> dict[str, Any]:
    figures = ("quantity", "unit_price", "discount_rate", "tax_rate", "net", "tax")
    return {
        "position": line.position,
        "product": line.product.code if line.product else None,
        "description": line.description,
        **{name: f"{getattr(line, name):f}" for name in figures},
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
