"""The page of possible duplicates."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.domains.customers import alike
from tradewind.domains.customers.models import Customer
from tradewind.domains.customers.policy import CUSTOMERS
from tradewind.kernel.errors import Malformed, phrase
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.surface.shell.messages import undoable

REASONS = {
    "name": phrase("Similar name"),
    "domain": phrase("Same domain"),
    "phone": phrase("Neighbouring phone number"),
    "city": phrase("Same city"),
}
COMPARED = (
    "code",
    "credit_code",
    "phone",
    "email",
    "website",
    "city",
    "address",
    "owner",
    "life_stage",
)


def listing(request: HttpRequest) -> HttpResponse:
    """Pairs of customers that may be one, side by side, the likeliest first."""
    actor = actor_of_request(request)
    actor.require("customers.likeness.view")
    compared = [name for name in COMPARED if name not in CUSTOMERS.hidden_from(actor)]
    pairs = [_shown(one, compared) for one in alike.open_pairs(actor)]
    context = {"pairs": pairs, "may_dismiss": actor.can("customers.likeness.dismiss")}
    return render(request, "customers/alike.html", context)


def dismiss(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Not the same."""
    actor = actor_of_request(request)
    if request.method == "POST":
        actor.require("customers.likeness.dismiss")
        ref: Ref[Any] = Ref(public_id, _version(request))
        pair = alike.dismiss(actor, ref, Given({}))
        undo = f"{reverse('customers_same_again', args=[public_id])}?version={pair.version}"
        undoable(request, _("Kept as two customers."), undo)
    return redirect("customers_alike")


def reopen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Undo that; the version it undoes stands in the address."""
    actor = actor_of_request(request)
    if request.method == "POST":
        actor.require("customers.likeness.reopen")
        ref: Ref[Any] = Ref(public_id, _version(request))
        alike.reopen(actor, ref, Given({}))
        messages.success(request, _("Shown again as possible duplicates."))
    return redirect("customers_alike")


def _version(request: HttpRequest) -> int:
    version = request.POST.get("version") or request.GET.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Malformed("invalid", field="version")
    return int(version)


def _shown(one: alike.Pair, compared: Sequence[str]) -> dict[str, object]:
    facts = [
        {
            "label": _field(name).verbose_name,
            "values": [_said(who, name) for who in (one.first, one.second)],
        }
        for name in compared
    ]
    return {
        "id": one.likeness.public_id,
        "version": one.likeness.version,
        "percent": int(one.likeness.score * 100),
        "why": [_(REASONS[key]) for key in one.likeness.why],
        "customers": [
            {"name": who.name, "url": reverse("customers.customer", args=[who.public_id])}
            for who in (one.first, one.second)
        ],
        "facts": [fact for fact in facts if any(fact["values"])],
    }


def _field(name: str) -> "Field[Any, Any]":
    field = Customer._meta.get_field(name)
    assert isinstance(field, Field)  # noqa: S101 all of them are columns of its own
    return field


def _said(customer: Customer, name: str) -> str:
    if name == "life_stage":
        return str(customer.get_life_stage_display())
    return str(getattr(customer, name) or "")
