"""The record of acts, searched: who did what to what, when and why, and what changed."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import acts as doings
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.policy import PEOPLE
from tradewind.domains.organization.queries import people_named, person_meant, working_people
from tradewind.domains.organization.wording import EXTENT_NAMES
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import all_scopes, scope_of
from tradewind.platform.spine.auditing import ANYBODY, Change, Record, Wanted, acts, witness
from tradewind.platform.surface.grid.rows import items_of
from tradewind.platform.surface.resource import all_resources
from tradewind.platform.surface.shell.forms import DataList
from tradewind.platform.surface.shell.lists import listed
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.numbers import harmless

AT_ONCE = 50
EXPORTED = 10_000
VIEW = "audit.act.view"
TURNING = ("before", "way")
NOWHERE = {"label": "", "url": ""}
PAGES = {"planning.plan": "plan", "approvals.request": "approval", "approvals.process": "approval_process"}
"""Objects with a page of their own that is not made from a declaration."""


class SearchForm(forms.Form):
    """What is looked for; everything said must hold."""

    person = forms.CharField(label=gettext_lazy("Person"), required=False, max_length=150)
    resource = forms.ChoiceField(label=gettext_lazy("Object"), required=False)
    verb = forms.ChoiceField(label=gettext_lazy("Act"), required=False)
    first = forms.DateField(label=gettext_lazy("From day"), required=False, widget=forms.DateInput)
    last = forms.DateField(label=gettext_lazy("To day"), required=False, widget=forms.DateInput)
    q = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=100)
    system = forms.BooleanField(label=gettext_lazy("Also acts of the system"), required=False)

    def __init__(self, given: Any = None) -> None:
        super().__init__(given)
        self.fields["person"].widget = DataList(working_people())
        self.fields["resource"].choices = [("", _("All objects")), *doings.objects()]  # type: ignore[attr-defined]
        self.fields["verb"].choices = [("", _("All acts")), *doings.choices()]  # type: ignore[attr-defined]

    def clean_person(self) -> int | None:
        """The person meant, by name or sign-in name."""
        if not self.cleaned_data["person"]:
            return None
        try:
            return int(person_meant(self.cleaned_data["person"]).pk)
        except DomainError as error:
            raise forms.ValidationError(sentence(error)) from None


def page(request: HttpRequest) -> HttpResponse:
    """The newest acts that fit, a page at a time."""
    actor = actor_of_request(request)
    actor.require(VIEW)
    form = SearchForm(request.GET)
    is_fit = form.is_valid()
    before = request.GET.get("before", "")
    wanted = _wanted(form.cleaned_data, before) if is_fit else None
    found = acts(actor, wanted, AT_ONCE + 1) if wanted else []
    query = {name: str(value) for name, value in request.GET.items() if value and name not in TURNING}
    context = {
        "form": form,
        "lines": _lines(actor, found[:AT_ONCE]),
        **_turns(query, request.GET.dict(), found[AT_ONCE - 1].id if len(found) > AT_ONCE else None),
        "export_url": f"{reverse('audit_export')}?{urlencode(query)}"
        if actor.can("audit.act.export")
        else "",
    }
    return render(request, "organization/audit.html", context, status=200 if is_fit else 422)


def export(request: HttpRequest) -> HttpResponse:
    """The same acts as a CSV file, the newest 10,000 of them; that it was taken is recorded itself."""
    actor = actor_of_request(request)
    actor.require("audit.act.export")
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "organization/audit.html", {"form": form, "lines": []}, status=422)
    witness(actor, "audit.act.export", why=request.META.get("QUERY_STRING", ""))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    response.write("\ufeff")
    lines = csv.writer(response)
    heads = ("Time", "Person", "Act", "Object", "Number", "Reason", "Request", "Seal", "Code")
    lines.writerow([_(head) for head in heads])
    for line in _lines(actor, acts(actor, _wanted(form.cleaned_data, ""), EXPORTED)):
        cells = [line[name] for name in ("who", "what", "kind", "label", "why", "request", "seal", "name")]
        lines.writerow([line["at"].isoformat(), *(harmless(str(cell or "")) for cell in cells)])
    return response


def _turns(query: Mapping[str, str], asked: Mapping[str, Any], last: int | None) -> dict[str, str]:
    """Where older acts stand, and newer ones again: the address keeps the way that was gone."""
    before = asked.get("before", "")
    way = [one for one in asked.get("way", "").split(".") if one][-AT_ONCE:]
    newer = {"before": way[-1], "way": ".".join(way[:-1])} if way else {}
    older = {"before": last, "way": ".".join([*way, before] if before else way)}
    return {
        "newer_url": f"?{urlencode({**query, **newer})}" if before else "",
        "older_url": f"?{urlencode({**query, **older})}" if last else "",
    }


def _wanted(asked: Mapping[str, Any], before: str) -> Wanted:
    zone = ZoneInfo(settings.COMPANY_TIME_ZONE)
    act = doings.patterns(asked["verb"], asked["resource"])
    first, last = asked["first"], asked["last"]
    return Wanted(
        asked["person"] or (None if asked["system"] else ANYBODY),
        act,
        first=datetime.combine(first, time(), zone) if first else None,
        last=datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
        words=asked["q"].strip(),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )


def _lines(actor: Actor, found: Sequence[Record]) -> list[dict[str, Any]]:
    names = people_named(one.person_id for one in found if one.person_id)
    objects = {(one.resource, one.object_id) for one in found if one.object_id}
    people = {(PEOPLE.resource, one.person_id) for one in found if one.person_id}
    labels = _labels(actor, objects | people)
    return [
        {
            "id": one.id,
            "at": one.at,
            "day_url": f"?{urlencode({'first': _day(one.at), 'last': _day(one.at)})}",
            "who": names[one.person_id or 0].label if one.person_id in names else _("The system"),
            "actor": one.actor,
            "who_url": labels.get((PEOPLE.resource, one.person_id), NOWHERE)["url"],
            "is_system": one.person_id is None,
            "what": doings.verb_words(one.name) or one.name,
            "name": one.name,
            "kind": doings.object_words(one.name.rpartition(".")[0]) or one.resource,
            **labels.get((one.resource, one.object_id), NOWHERE),
            "why": one.why,
            "request": one.request,
            "seal": one.seal_id,
            "changes": [line for change in one.changes for line in _changes(actor, change)],
            "changed": one.changed,
        }
        for one in found
    ]


def _day(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)):%Y-%m-%d}"


def _labels(
    actor: Actor, wanted: Iterable[tuple[str, int | None]]
) -> dict[tuple[str, int | None], dict[str, str]]:
    """What the objects are called, one statement for each kind; gone ones have no name any more."""
    made: dict[tuple[str, int | None], dict[str, str]] = {}
    ids: dict[str, set[int]] = {}
    for key, pk in wanted:
        ids.setdefault(key, set()).add(pk or 0)
    for resource in (one for one in all_resources() if one.key in ids):
        seen = set(resource.visible(actor).filter(pk__in=ids[resource.key]).values_list("pk", flat=True))
        rows = dict(resource.scope.model._default_manager.filter(pk__in=seen).values_list("pk", "public_id"))
        items = {item["id"]: item for item in items_of(resource.seen_by(actor).table, list(rows))}
        for pk, public_id in rows.items():
            item = items[str(public_id)]
            made[(resource.key, pk)] = {"label": item["label"], "url": item["url"]}
    for key, route in PAGES.items():
        if key in ids and actor.can(f"{key}.view"):
            scope = scope_of(key)
            open_to = scope.model._default_manager.filter(scope.visible(actor), pk__in=ids[key])
            for pk, public_id in open_to.values_list("pk", "public_id"):
                made[(key, pk)] = {"label": f"#{pk}", "url": reverse(route, args=[public_id])}
    return made


def _changes(actor: Actor, change: Change) -> list[dict[str, str]]:
    """The columns that changed in one row; those that need a right of their own only with it."""
    scope = next((one for one in all_scopes() if one.table == change.table), None)
    hidden = scope.hidden_from(actor) if scope else frozenset[str]()
    where = doings.table_words(change.table)
    if change.old is None and change.new is None:
        return [{"where": where, "column": _("erased"), "name": change.table, "before": "", "after": ""}]
    old, new = change.old or {}, change.new or {}
    columns = [name for name in sorted(old.keys() | new.keys()) if name not in hidden and name != "version"]
    return [
        {
            "where": where,
            "column": doings.column_words(change.table, name),
            "name": f"{change.table}.{name}",
            "before": _said(old.get(name)),
            "after": _said(new.get(name)),
        }
        for name in (columns if change.op == "update" else ["id"])
    ]


def _said(value: Any) -> str:
    """A stored value; what a role may do beside what is built in, in words."""
    if isinstance(value, dict) and all(str(far) in EXTENT_NAMES for far in value.values()):
        value = listed(f"{doings.act_words(right)}: {_(EXTENT_NAMES[far])}" for right, far in value.items())
    return "—" if value in (None, "") else str(value)[:1000]


def link_to(actor: Actor, person: Person) -> str:
    """Where the acts of one person are listed; empty for whoever may not look."""
    return f"{reverse('audit')}?{urlencode({'person': person.sign_in})}" if actor.can(VIEW) else ""
