"""The pages of deals: the list, one deal, winning it and losing it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger.queries import items_about
from tradewind.domains.pipeline import commands, queries
from tradewind.domains.pipeline.measures import DEAL
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.rules import OPEN, Stage
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.forms import DataList
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.numbers import shown

STAGES = {
    Stage.PROSPECTING: gettext_lazy("Prospecting"),
    Stage.ENGAGING: gettext_lazy("Engaging"),
    Stage.WON: gettext_lazy("Won"),
    Stage.LOST: gettext_lazy("Lost"),
}
OFFERED = 300  # customers proposed while typing
Panel = Callable[[Actor, int], Mapping[str, object]]
_panels: list[Panel] = []


def panel(facts: Panel) -> None:
    """Let an upper domain add its facts to the page of a deal; wired in `flows/` only."""
    _panels.append(facts)


class WinForm(forms.Form):
    """What winning asks."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    value = forms.DecimalField(
        label=gettext_lazy("Value"),
        max_digits=18,
        decimal_places=2,
        min_value=Decimal("0.01"),
        help_text=gettext_lazy("Without tax"),
    )
    customer = forms.CharField(label=gettext_lazy("Customer"), max_length=200)
    reason = forms.CharField(
        label=gettext_lazy("Why did we win?"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, actor: Actor, deal: Opportunity, given: Any = None) -> None:
        super().__init__(given, auto_id="win_%s", initial={"version": deal.version})
        if deal.customer_id is not None:
            del self.fields["customer"]
        else:
            known = [name for _, name in customers.first_names(actor, OFFERED)]
            self.fields["customer"].widget = DataList(known)


class LoseForm(forms.Form):
    """What losing asks."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why did we lose?"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, deal: Opportunity, given: Any = None) -> None:
        super().__init__(given, auto_id="lose_%s", initial={"version": deal.version})


def listing(request: HttpRequest) -> HttpResponse:
    """Deals the reader may see, newest first."""
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    page = queries.page_of_deals(actor_of_request(request), words, state, request.GET.get("after", ""))
    asked = {"q": words, "state": state}
    context = {
        "rows": [_row(deal) for deal in page.deals],
        "query": words,
        "state": state if state in queries.STATES else "all",
        "next_url": _address(request, {**asked, "after": page.next}) if page.next else "",
        "start_url": _address(request, asked) if request.GET.get("after") else "",
    }
    return render(request, "pipeline/opportunities.html", context)


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One deal: where it stands, what it counts for, and how to close it."""
    deal = queries.deal(actor_of_request(request), public_id)
    return _record(request, deal)


def win_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the deal as won; refusals come back at the field."""
    if request.method != "POST":  # reloaded, or read in the other language, after a refusal
        return redirect("deal", public_id=public_id)
    actor = actor_of_request(request)
    deal = queries.deal(actor, public_id)
    form = WinForm(actor, deal, request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        given = commands.Win(asked["value"], asked["reason"], asked.get("customer", ""))
        try:
            commands.win(actor, Ref(public_id, asked["version"]), given)
        except DomainError as error:
            return _refused(request, deal, error, win_form=form)
        return redirect("deal", public_id=public_id)
    return _record(request, deal, status=422, win_form=form)


def lose_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the deal as lost; refusals come back at the field."""
    if request.method != "POST":
        return redirect("deal", public_id=public_id)
    actor = actor_of_request(request)
    deal = queries.deal(actor, public_id)
    form = LoseForm(deal, request.POST)
    if form.is_valid():
        try:
            commands.lose(
                actor,
                Ref(public_id, form.cleaned_data["version"]),
                commands.Loss(form.cleaned_data["reason"]),
            )
        except DomainError as error:
            return _refused(request, deal, error, lose_form=form)
        return redirect("deal", public_id=public_id)
    return _record(request, deal, status=422, lose_form=form)


def _address(request: HttpRequest, asked: Mapping[str, str | None]) -> str:
    words = urlencode({name: value for name, value in asked.items() if value})
    return f"{request.path}?{words}" if words else request.path


def _refused(request: HttpRequest, deal: Opportunity, error: DomainError, **forms_given: Any) -> HttpResponse:
    """The record again, as it is now, with what was typed and the reason at its field."""
    (form,) = forms_given.values()
    form.add_error(error.field if error.field in form.fields else None, sentence(error))
    deal = queries.deal(actor_of_request(request), deal.public_id)
    return _record(request, deal, status=error.status, **forms_given)


def _record(request: HttpRequest, deal: Opportunity, status: int = 200, **forms_given: Any) -> HttpResponse:
    actor = actor_of_request(request)
    is_open = deal.stage in OPEN
    context: dict[str, object] = {
        "deal": _facts(deal),
        "entries": _entries(actor, deal),
        "can_win": is_open and actor.can("pipeline.opportunity.win"),
        "can_lose": is_open and actor.can("pipeline.opportunity.lose"),
        "win_url": reverse("deal_win", args=[deal.public_id]),
        "lose_url": reverse("deal_lose", args=[deal.public_id]),
        "win_form": WinForm(actor, deal),
        "lose_form": LoseForm(deal),
        "panels": {name: fact for facts in _panels for name, fact in facts(actor, deal.pk).items()},
    }
    return render(request, "pipeline/opportunity.html", context | forms_given, status=status)


def _row(deal: Opportunity) -> dict[str, object]:
    return {
        "number": deal.number,
        "url": reverse("deal", args=[deal.public_id]),
        "customer": deal.customer.name if deal.customer else None,
        "product": deal.product.name,
        "owner": deal.owner.name,
        "unit": deal.unit.name,
        "stage": STAGES[Stage(deal.stage)],
        "opened_on": deal.opened_on,
        "value_text": shown(deal.value, "money") if deal.value else "",
    }


def _facts(deal: Opportunity) -> dict[str, object]:
    state = "open" if deal.stage in OPEN else deal.stage
    return _row(deal) | {
        "state": state,
        "stage_name": STAGES[Stage(deal.stage)],
        "closed_on": deal.closed_on,
        "reason": deal.reason,
        "version": deal.version,
    }


def _entries(actor: Actor, deal: Opportunity) -> list[dict[str, object]]:
    return [
        {
            "on": item.on,
            "measure_name": _(item.measure_name),
            "person": item.person,
            "text": shown(item.value, item.unit),
        }
        for item in items_about(actor, DEAL, deal.pk)
    ]
