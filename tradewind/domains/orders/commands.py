"""Changes of orders: drafting, confirming, cancelling; and orders that follow their deals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import connection

from tradewind.domains.catalog import queries as catalog
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.orders import rules
from tradewind.domains.orders.events import OrderCancelled, OrderConfirmed
from tradewind.domains.orders.measures import BOOKINGS, NEW_CUSTOMERS
from tradewind.domains.orders.models import Order, OrderLine
from tradewind.domains.orders.policy import ORDERS
from tradewind.domains.orders.rules import MOST_LINES, State, Sums, Terms
from tradewind.domains.orders.values import LineGiven, OrderId
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import Malformed, NotAllowed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import batch, command
from tradewind.platform.spine.outbox import emit

SERIES = "order"


@dataclass(frozen=True, slots=True)
class Content:
    """What an order holds: its customer (code or exact name) and all its lines.

    `seen_total`, with tax, is what a page or another system worked out; another total here is refused.
    `public_id` is what a new order is to be called: asked for twice, it is made once.
    """

    customer: str
    lines: tuple[LineGiven, ...] = ()
    seen_total: Decimal | None = None
    reason: str = ""
    public_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Copying:
    """Asks for a new draft with the same content; nothing else needs to be said."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Asks to confirm an order as it is, today."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Why an order is cancelled."""

    reason: str


@batch("orders.order.create")
def create(actor: Actor, given: Content) -> OrderId:
    """Draft an order; it belongs to whoever makes it, in the unit they work in today."""
    made = given.public_id and Order.objects.filter(ORDERS.visible(actor), public_id=given.public_id).first()
    if made:
        return OrderId(made.pk)
    customer, lines = _customer(actor, given.customer), _lines(actor, given.lines)
    sums = rules.order_sums(_sums(lines))
    rules.check_seen(given.seen_total, sums)
    order = _draft(actor, customer, sums, given.public_id)
    _write_lines(order, lines)
    return OrderId(order.pk)


@command("orders.order.edit", on=ORDERS)
def edit(actor: Actor, order: Order, given: Content) -> OrderId:
    """Replace customer and lines of a draft as a whole."""
    rules.next_state(State(order.state), "edit")
    customer, lines = _customer(actor, given.customer), _lines(actor, given.lines)
    sums = rules.order_sums(_sums(lines))
    rules.check_seen(given.seen_total, sums)
    order.change(customer_id=customer, amount=sums.net, tax=sums.tax)
    _write_lines(order, lines)
    return OrderId(order.pk)


@command("orders.order.copy", on=ORDERS)
def copy(actor: Actor, order: Order, given: Copying) -> OrderId:
    """A new draft of one's own with the customer and lines of an order in any state."""
    if order.customer_id is None:
        raise Malformed("orders.customer_unknown", field="customer")
    with widened("who sees the order sees its lines"):
        lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    made = _draft(actor, order.customer_id, Sums(order.amount, order.tax))
    for line in lines:
        line.pk = None
        line._state.adding = True
    _write_lines(made, lines)
    return OrderId(made.pk)


@command("orders.order.confirm", on=ORDERS)
def confirm(actor: Actor, order: Order, given: Confirmation) -> OrderId:
    """Confirm a draft today: it gets its number and counts at once."""
    state = rules.next_state(State(order.state), "confirm")
    with widened("the series of numbers is one for all, and so are the lines behind a total"):
        if not OrderLine.objects.filter(order=order).exists():
            raise Refused("orders.no_lines", field="lines")
        ledger.join()  # before the number: see decision 7
        (number,) = draw(1)
    order.change(state=state.value, confirmed_on=organization.clock().today(), number=number)
    _count(order)
    emit(OrderConfirmed(order.pk))
    return OrderId(order.pk)


@command("orders.order.cancel", on=ORDERS)
def cancel(actor: Actor, order: Order, given: Cancellation) -> OrderId:
    """Cancel a draft or a confirmed order; what it counted is taken back today, not on its own day."""
    state = rules.next_state(State(order.state), "cancel")
    reason = rules.check_reason(given.reason)
    day = rules.cancellation_day(order.confirmed_on, organization.clock().today())
    order.change(state=state.value, cancelled_on=day, cancel_reason=reason)
    _count(order)
    emit(OrderCancelled(order.pk))
    return OrderId(order.pk)


def _customer(actor: Actor, words: str) -> int:
    found = customers.id_named(actor, words.strip()) if words.strip() else None
    if found is None:
        raise Malformed("orders.customer_unknown", field="customer")
    return found


def _lines(actor: Actor, given: Sequence[LineGiven]) -> list[OrderLine]:
    """The lines asked for, checked and worked out. Raises `Malformed` at `lines.<n>.<field>`."""
    if len(given) > MOST_LINES:
        raise Malformed("orders.too_many_lines", field="lines", most=MOST_LINES)
    products = catalog.ids_named(actor, {line.product.strip() for line in given})
    lines = []
    for at, line in enumerate(given):
        if line.product.strip() not in products:
            raise Malformed("orders.product_unknown", field=f"lines.{at}.product")
        terms = rules.check_terms(
            Terms(line.quantity, line.unit_price, line.discount_rate, line.tax_rate), at
        )
        sums = rules.line_sums(terms)
        if sums.gross > rules.LARGEST:
            raise Malformed("orders.too_large", field=f"lines.{at}.quantity")
        product = products[line.product.strip()]
        lines.append(_line(product, line.description.strip(), terms, sums))
    return lines


def _line(product_id: int, description: str, terms: Terms, sums: Sums) -> OrderLine:
    return OrderLine(
        product_id=product_id,
        description=description,
        quantity=terms.quantity,
        unit_price=terms.unit_price,
        discount_rate=terms.discount_rate,
        tax_rate=terms.tax_rate,
        net=sums.net,
        tax=sums.tax,
    )


def _sums(lines: Sequence[OrderLine]) -> list[Sums]:
    return [Sums(line.net, line.tax) for line in lines]


def _draft(actor: Actor, customer_id: int, sums: Sums, public_id: UUID | None = None) -> Order:
    if actor.person_id is None:
        raise NotAllowed("orders.no_author")
    return Order.objects.create(
        public_id=public_id or uuid4(),
        customer_id=customer_id,
        owner_id=actor.person_id,
        unit_id=organization.units_today([actor.person_id])[actor.person_id],
        state=State.DRAFT,
        drafted_on=organization.clock().today(),
        amount=sums.net,
        tax=sums.tax,
    )


def _write_lines(order: Order, lines: Sequence[OrderLine]) -> None:
    """Replace the lines as a whole, numbered from 1."""
    for position, line in enumerate(lines, start=1):
        line.order, line.position = order, position
    with widened("replacing lines removes some, which no scoped person may"):
        OrderLine.objects.filter(order=order).delete()
        OrderLine.objects.bulk_create(lines)


def _count(order: Order) -> None:
    """Let the ledger follow an order."""
    ledger.sync([BOOKINGS], [order.pk])
    if order.customer_id is not None:
        ledger.sync([NEW_CUSTOMERS], [order.customer_id])


def draw(count: int) -> list[str]:
    """The next gap-free order numbers. The counter stays locked until the end of the transaction."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_counter (series, last) VALUES (%s, %s)"
            " ON CONFLICT (series) DO UPDATE SET last = orders_counter.last + EXCLUDED.last RETURNING last",
            [SERIES, count],
        )
        last = int(cursor.fetchone()[0])
    return [f"SO{number:08d}" for number in range(last - count + 1, last + 1)]
