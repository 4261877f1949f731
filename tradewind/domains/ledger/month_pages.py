"""The months of the books: which are closed, closing the next, reopening the last, and the fiscal year."""

from datetime import date
from typing import Any

from babel.dates import get_month_names
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _

from tradewind.domains.ledger import closing, measures, queries, rules
from tradewind.domains.ledger.values import Dimension, MonthState, Question
from tradewind.domains.organization import commands as organization_commands
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import DomainError
from tradewind.kernel.period import Period, fiscal_period, fiscal_year, month_of
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.numbers import shown

SHOWN_MEASURE = "bookings"
CLOSE, REOPEN, FISCAL = "ledger.month.close", "ledger.month.reopen", "organization.company.set_fiscal_month"


class FiscalForm(forms.Form):
    """With which month the fiscal year begins."""

    fiscal_month = forms.TypedChoiceField(label=gettext_lazy("The fiscal year begins in"), coerce=int)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["fiscal_month"].choices = list(_month_names().items())  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a month is reopened."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea({"rows": 3}), max_length=2000
    )


def periods(request: HttpRequest) -> HttpResponse:
    """The last two years by month; `?close=2026-09` shows what is unfinished before that month is closed."""
    return _shown(request)


def close(request: HttpRequest, month: str) -> HttpResponse:
    """Close a month, and every open one before it where the page said so."""
    if request.method != "POST":
        return redirect(f"{reverse('periods')}?close={month}")
    actor, with_earlier = actor_of_request(request), request.POST.get("with_earlier") == "yes"
    actor.require(CLOSE)
    try:
        first = rules.month_asked(month)
        closed = closing.close_month(actor, closing.Closing(first, with_earlier))
    except DomainError as error:
        return _shown(request, error)
    done = _("%(count)s months closed.") if closed > 1 else _("%(month)s is closed.")
    messages.success(request, done % {"count": closed, "month": month})
    return redirect("periods")


def reopen(request: HttpRequest, month: str) -> HttpResponse:
    """Reopen the last closed month, with a reason."""
    if request.method != "POST":
        return redirect(f"{reverse('periods')}?reopen={month}")
    actor = actor_of_request(request)
    actor.require(REOPEN)
    try:
        given = closing.Reopening(rules.month_asked(month), request.POST.get("reason", "")[:2000])
        moved = closing.reopen_month(actor, given)
    except DomainError as error:
        return _shown(request, error, reopening=month)
    messages.success(request, _("%(month)s is open again.") % {"month": month})
    if moved:
        told = _("%(count)s entries went to the units their people worked in.") % {"count": moved}
        messages.info(request, told)
    return redirect("periods")


def fiscal(request: HttpRequest) -> HttpResponse:
    """Say with which month the fiscal year begins."""
    actor = actor_of_request(request)
    actor.require(FISCAL)
    form = FiscalForm(request.POST)
    if request.method == "POST":
        if not form.is_valid():
            return _shown(request, status=422)
        organization_commands.set_fiscal_month(actor, form.cleaned_data["fiscal_month"])
        messages.success(request, _("Saved."))
    return redirect("periods")


def _shown(
    request: HttpRequest, refusal: DomainError | None = None, reopening: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of_request(request)
    states = queries.month_states(actor)
    first = organization.fiscal_month()
    last = next((one for one in states if one.is_closed), None)
    context = {
        "finding": _finding(last),
        "months": _rows(actor, states),
        "measure_name": _(measures.measure(SHOWN_MEASURE).name),
        "asked": _asked(actor, request.GET.get("close", "")),
        "reopening": _reopening(actor, reopening or request.GET.get("reopen", ""), last, refusal),
        "problem": sentence(refusal) if refusal and refusal.field != "reason" else "",
        "fiscal_form": FiscalForm(initial={"fiscal_month": first}) if actor.can(FISCAL) else None,
        "fiscal_months": _spoken(
            fiscal_period(fiscal_year(organization.clock().today(), first), None, first)
        ),
    }
    return render(request, "ledger/periods.html", context, status=refusal.status if refusal else status)


def _finding(last: MonthState | None) -> str:
    return _("Closed through %(month)s") % {"month": last.key} if last else _("No month is closed yet")


def _rows(actor: Actor, states: list[MonthState]) -> list[dict[str, object]]:
    """Each month with its sum as far as the reader sees, and what may be done with it."""
    sums = {}
    if actor.can("ledger.entry.view"):
        whole = Period(states[-1].starts_on, month_of(states[0].starts_on).end)
        answer = queries.figure(actor, Question(SHOWN_MEASURE, Dimension.MONTH, period=whole))
        sums = {row.key: shown(row.value, answer.measure.unit) for row in answer.rows}
    last = next((one.key for one in states if one.is_closed), "")
    return [
        {
            "state": one,
            "text": sums.get(one.key, "—"),
            "figures_url": _figures(one.starts_on),
            "may_close": actor.can(CLOSE) and not one.is_closed and not one.is_running,
            "may_reopen": actor.can(REOPEN) and one.key == last,
        }
        for one in states
    ]


def _figures(first: date) -> str:
    last = month_of(first).last
    return f"{reverse('figures')}?measure={SHOWN_MEASURE}&by=unit&from={first}&to={last}"


def _asked(actor: Actor, text: str) -> dict[str, object] | None:
    """What somebody reads before a month is closed; None where nobody asks, or may."""
    if not text or not actor.can(CLOSE):
        return None
    month = rules.month_asked(text)
    today, first = organization.clock().today(), queries.first_to_close()
    period = rules.closing(month, first, today, with_earlier=True)
    return {
        "key": text,
        "with_earlier": period.start != month,
        "from": f"{period.start:%Y-%m}",
        "unfinished": closing.unfinished_in(actor, month),
    }


def _reopening(
    actor: Actor, text: str, last: MonthState | None, refusal: DomainError | None
) -> dict[str, object] | None:
    if last is None or text != last.key or not actor.can(REOPEN):
        return None
    form = ReasonForm({"reason": ""}) if refusal else ReasonForm()
    if refusal and refusal.field == "reason":
        form.errors["reason"] = form.error_class([sentence(refusal)])
    return {"key": text, "form": form}


def _month_names() -> dict[int, str]:
    names = get_month_names("wide", context="stand-alone", locale=to_locale(get_language() or "en"))
    return {number: names[number] for number in range(1, 13)}


def _spoken(period: Period) -> str:
    return f"{period.start} – {period.last}"
