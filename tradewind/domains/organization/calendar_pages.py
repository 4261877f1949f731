"""The work calendar of a year: workdays by month, and the days the company itself declared free or worked."""

from datetime import date
from typing import Any

from babel.dates import get_month_names
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _

from tradewind.domains.organization import commands, queries
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.middleware import sentence

SHOWN = range(2001, 2101)
KINDS = (("free", gettext_lazy("Free")), ("worked", gettext_lazy("Worked")))


class DayForm(forms.Form):
    """A day, whether it is worked, and what it is called."""

    falls_on = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(label=gettext_lazy("Kind of day"), choices=KINDS)
    name = forms.CharField(label=gettext_lazy("Occasion"), max_length=80)


def workdays(request: HttpRequest) -> HttpResponse:
    """Show a year; an administrator adds and removes days."""
    actor = actor_of_request(request)
    if request.method != "POST":
        return _shown(request, DayForm())
    if request.POST.get("do") == "remove":
        actor.require("organization.special_day.remove")
        day = _day(request.POST.get("falls_on", ""))
        if day:
            commands.remove_special_day(actor, day)
        return redirect(f"{reverse('workdays')}?year={_year(request)}")
    actor.require("organization.special_day.set")
    form = DayForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, 422)
    given = form.cleaned_data
    try:
        declared = commands.DeclaredDay(given["falls_on"], given["kind"] == "worked", given["name"])
        commands.set_special_day(actor, declared)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, sentence(error))
        return _shown(request, form, error.status)
    return redirect(f"{reverse('workdays')}?year={given['falls_on'].year}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if year in SHOWN else queries.clock().today().year


def _shown(request: HttpRequest, form: DayForm, status: int = 200) -> HttpResponse:
    actor, year = actor_of_request(request), _year(request)
    calendar = queries.calendar(date(year, 1, 1), date(year, 12, 31))
    names = get_month_names("abbreviated", context="stand-alone", locale=to_locale(get_language() or "en"))
    made_up = [day for day in calendar.days if day.weekday() >= 5]
    facts: dict[str, Any] = {"year": year, "days": len(calendar.days), "made_up": len(made_up)}
    context = {
        "finding": _("%(year)s: %(days)s workdays, %(made_up)s of them on weekends") % facts,
        "year": year,
        "is_announced": not calendar.unannounced,
        "months": [
            (names[month], sum(day.month == month for day in calendar.days)) for month in range(1, 13)
        ],
        "made_up": made_up,
        "special": queries.special_days(actor, year),
        "can_set": actor.can("organization.special_day.set"),
        "form": form,
        "before": year - 1 if year - 1 in SHOWN else None,
        "after": year + 1 if year + 1 in SHOWN else None,
    }
    return render(request, "organization/workdays.html", context, status=status)
