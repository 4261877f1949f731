"""Orders for integrators. A change names the version it saw in `If-Match`; a stale one gets 412."""

from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from tradewind.domains.orders import commands, queries
from tradewind.domains.orders.models import Order
from tradewind.domains.orders.resource import ORDER
from tradewind.domains.orders.values import LineGiven
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.resource.acts import refusing
from tradewind.platform.surface.resource.api import key_of, one, shape
from tradewind.platform.surface.resource.api import router as router_of
from tradewind.platform.surface.shell.api import IfMatch, Text, version_of

router = router_of(ORDER)


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


@router.post("", response={201: shape(ORDER)}, operation_id="orders_order_draft")
def create(request: HttpRequest, given: OrderIn) -> HttpResponse:
    """Draft an order; it belongs to the signed-in person. `Idempotency-Key` makes a repetition harmless."""
    actor = actor_of_request(request)
    lines = tuple(LineGiven(**line.model_dump()) for line in given.lines)
    content = commands.Content(given.customer, lines, given.total, given.reason, key_of(request))
    with refusing(Order):
        made = commands.create(actor, content)
    return one(ORDER, actor, queries.public_id_of(made), status=201)


@router.post("/{uuid:public_id}/confirm", response=shape(ORDER))
def confirm(request: HttpRequest, public_id: UUID, if_match: IfMatch) -> HttpResponse:
    """Confirm a draft today: it gets its number and counts."""
    ref: Ref[Order] = Ref(public_id, version_of(if_match))
    commands.confirm(actor_of_request(request), ref, commands.Confirmation())
    return one(ORDER, actor_of_request(request), public_id)


@router.post("/{uuid:public_id}/cancel", response=shape(ORDER))
def cancel(request: HttpRequest, public_id: UUID, given: CancelIn, if_match: IfMatch) -> HttpResponse:
    """Cancel a draft or a confirmed order today."""
    ref: Ref[Order] = Ref(public_id, version_of(if_match))
    commands.cancel(actor_of_request(request), ref, commands.Cancellation(given.reason))
    return one(ORDER, actor_of_request(request), public_id)
