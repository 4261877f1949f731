"""The pages of orders: one order, drafting and editing it, confirming, cancelling and copying it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.ledger.queries import items_about
from tradewind.domains.orders import commands, queries
from tradewind.domains.orders.editing import TAXES, LineForm, OrderForm, plain
from tradewind.domains.orders.measures import ORDER
from tradewind.domains.orders.models import Order, OrderLine
from tradewind.domains.orders.policy import ORDERS
from tradewind.domains.orders.rules import MOVES, State, Sums
from tradewind.kernel.errors import DomainError, NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref, command_name
from tradewind.platform.surface.resource.acts import refusing
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.numbers import shown

STATES = {
    State.DRAFT: gettext_lazy("Draft"),
    State.CONFIRMED: gettext_lazy("Confirmed"),
    State.CANCELLED: gettext_lazy("Cancelled"),
}


class ConfirmForm(forms.Form):
    """Nothing but the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(ConfirmForm):
    """What cancelling asks."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it cancelled?"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One order: where it stands, its lines, what it counts for, and what can be done with it."""
    return _record(request, queries.order(actor_of_request(request), public_id))


def new(request: HttpRequest) -> HttpResponse:
    """Draft an order."""
    actor = actor_of_request(request)
    actor.require(command_name(commands.create))
    form = OrderForm(actor, request.POST if request.method == "POST" else None)

    def save() -> str:
        with refusing(Order):
            return queries.public_id_of(commands.create(actor, form.content()))

    return _edited(request, form, _("New order"), reverse("home"), save)


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the customer and the lines of a draft."""
    actor = actor_of_request(request)
    actor.require(command_name(commands.edit))
    order = queries.order(actor, public_id)
    if request.method != "POST" and (State(order.state), "edit") not in MOVES:
        return redirect("order", public_id=public_id)
    given = request.POST if request.method == "POST" else None
    form = OrderForm(actor, given, order, queries.lines_of(actor, order))

    def save() -> str:
        ref: Ref[Order] = Ref(public_id, form.head.cleaned_data["version"] or 0)
        return queries.public_id_of(commands.edit(actor, ref, form.content()))

    title = _("Edit %(order)s") % {"order": order}
    return _edited(request, form, title, reverse("order", args=[public_id]), save)


def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm a draft; refusals come back at the form."""
    return _acted(request, public_id, "confirm", ConfirmForm)


def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Cancel an order; refusals come back at the field."""
    return _acted(request, public_id, "cancel", CancelForm)


def copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a new draft of the same content and show it."""
    if request.method != "POST":
        return redirect("order", public_id=public_id)
    actor = actor_of_request(request)
    order = queries.order(actor, public_id)
    ref: Ref[Order] = Ref(public_id, order.version)
    made = commands.copy(actor, ref, commands.Copying())
    return redirect("order", public_id=queries.public_id_of(made))


def _edited(request: HttpRequest, form: OrderForm, title: str, back_url: str, save: Any) -> HttpResponse:
    """The editor; saved where the rows can be, worked out where somebody only asks for the totals."""
    status = 200
    if request.method == "POST" and "calculate" not in request.POST:
        status = 422
        if form.is_valid():
            try:
                return redirect("order", public_id=save())
            except NotVisible:
                raise
            except DomainError as error:
                form.refuse(error)
                status = error.status
    context = {
        "title": title,
        "back_url": back_url,
        "form": form,
        "rows": [_row(row) for row in form.rows],
        "blank": form.rows.empty_form,
        "offers": [{"code": c, "name": n, "price": f"{p:f}"} for c, n, p in form.offers],
        "taxes": TAXES,
        "symbol": shown(Decimal(0), "money").removesuffix("0.00"),
        "sums": _sums(form.sums() if form.rows.is_bound else None),
    }
    return render(request, "orders/edit.html", context, status=status)


def _row(row: LineForm) -> dict[str, object]:
    sums = row.sums()
    return {"form": row, "gross": shown(sums.gross, "money") if sums else "—"}


def _sums(sums: Sums | None) -> dict[str, str]:
    if sums is None:
        return dict.fromkeys(("net", "tax", "gross"), "—")
    return {name: shown(getattr(sums, name), "money") for name in ("net", "tax", "gross")}


def _acted(request: HttpRequest, public_id: str, verb: str, kind: type[ConfirmForm]) -> HttpResponse:
    if request.method != "POST":  # reloaded, or read in the other language, after a refusal
        return redirect("order", public_id=public_id)
    actor = actor_of_request(request)
    order = queries.order(actor, public_id)
    form, status = kind(request.POST, auto_id=f"{verb}_%s"), 422
    if form.is_valid():
        ref: Ref[Order] = Ref(public_id, form.cleaned_data["version"])
        try:
            if verb == "confirm":
                commands.confirm(actor, ref, commands.Confirmation())
            else:
                commands.cancel(actor, ref, commands.Cancellation(form.cleaned_data["reason"]))
            return redirect("order", public_id=public_id)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, sentence(error))
            status = error.status
        order = queries.order(actor, public_id)
    return _record(request, order, status, **{f"{verb}_form": form})


def _record(request: HttpRequest, order: Order, status: int = 200, **given: Any) -> HttpResponse:
    actor = actor_of_request(request)
    seen = {"version": order.version}
    context: dict[str, object] = {
        "order": _facts(order),
        "lines": [_line(line) for line in queries.lines_of(actor, order)],
        "entries": items_about(actor, ORDER, order.pk),
        "can": {verb: _can(actor, order, verb) for verb in ("edit", "confirm", "cancel", "copy")},
        "confirm_form": ConfirmForm(initial=seen, auto_id="confirm_%s"),
        "cancel_form": CancelForm(initial=seen, auto_id="cancel_%s"),
        "confirm_url": reverse("order_confirm", args=[order.public_id]),
        "cancel_url": reverse("order_cancel", args=[order.public_id]),
    }
    return render(request, "orders/order.html", context | given, status=status)


def _can(actor: Actor, order: Order, verb: str) -> bool:
    fits = order.customer_id is not None if verb == "copy" else (State(order.state), verb) in MOVES
    return fits and ORDERS.may(actor, f"orders.order.{verb}", order)


def _facts(order: Order) -> dict[str, object]:
    sums = Sums(order.amount, order.tax)
    return {
        "name": str(order),
        "id": order.public_id,
        "state": order.state,
        "state_name": STATES[State(order.state)],
        "customer": order.customer,
        "owner": order.owner,
        "unit": order.unit,
        "deal": order.deal,
        "drafted_on": order.drafted_on,
        "confirmed_on": order.confirmed_on,
        "cancelled_on": order.cancelled_on,
        "cancel_reason": order.cancel_reason,
        "version": order.version,
        **{name: shown(getattr(sums, name), "money") for name in ("net", "tax", "gross")},
    }


def _line(line: OrderLine) -> dict[str, object]:
    return {
        "position": line.position,
        "product": line.product,
        "description": line.description,
        "quantity": f"{Decimal(plain(line.quantity)):,f}",
        "unit_price": _price(line.unit_price),
        "discount": _percent(line.discount_rate),
        "tax_rate": _percent(line.tax_rate),
        "net": shown(line.net, "money"),
        "tax": shown(line.tax, "money"),
        "gross": shown(line.net + line.tax, "money"),
    }


def _price(price: Decimal) -> str:
    """A unit price with two decimals, or as many as it has."""
    text = shown(price, "money")
    rest = f"{price:f}".partition(".")[2].rstrip("0")[2:]
    return text if not rest else shown(price - price % Decimal("0.01"), "money") + rest


def _percent(rate: Decimal) -> str:
    return f"{plain(rate * 100)}%"
