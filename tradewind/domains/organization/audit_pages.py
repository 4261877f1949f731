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

from tradewind.domains.organization import wording
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.queries import people_named, person_meant, working_people
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import all_scopes
from tradewind.platform.spine.auditing import Change, Record, Wanted, acts, witness
from tradewind.platform.surface.grid.rows import items_of
from tradewind.platform.surface.resource import all_resources
from tradewind.platform.surface.shell.forms import DataList
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.numbers import harmless

AT_ONCE = 50
EXPORTED = 10_000
VIEW = "audit.act.view"


class SearchForm(forms.Form):
    """What is looked for; everything said must hold."""

    person = forms.CharField(label=gettext_lazy("Person"), required=False, max_length=150)
    resource = forms.ChoiceField(label=gettext_lazy("Object"), required=False)
    verb = forms.ChoiceField(label=gettext_lazy("Act"), required=False)
    first = forms.DateField(label=gettext_lazy("From day"), required=False, widget=forms.DateInput)
    last = forms.DateField(label=gettext_lazy("To day"), required=False, widget=forms.DateInput)
    q = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=100)

    def __init__(self, given: Any = None) -> None:
        super().__init__(given)
        named = sorted(((key, _(label)) for key, label in wording.RESOURCES.items()), key=lambda one: one[1])
        verbs = sorted(((key, _(label)) for key, label in wording.VERBS.items()), key=lambda one: one[1])
        self.fields["person"].widget = DataList(working_people())
        self.fields["resource"].choices = [("", _("All objects")), *named]  # type: ignore[attr-defined]
        self.fields["verb"].choices = [("", _("All acts")), *verbs]  # type: ignore[attr-defined]

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
    query = {name: value for name, value in request.GET.items() if value and name != "before"}
    more = f"?{urlencode({**query, 'before': found[AT_ONCE - 1].id})}" if len(found) > AT_ONCE else ""
    context = {
        "form": form,
        "lines": _lines(actor, found[:AT_ONCE]),
        "more_url": more,
        "is_later": bool(before),
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
    heads = ("Time", "Person", "Act", "Object", "Number", "Reason", "Request", "Seal")
    lines.writerow([_(head) for head in heads])
    for line in _lines(actor, acts(actor, _wanted(form.cleaned_data, ""), EXPORTED)):
        cells = [line[name] for name in ("who", "what", "kind", "label", "why", "request", "seal")]
        lines.writerow([line["at"].isoformat(), *(harmless(str(cell or "")) for cell in cells)])
    return response


def _wanted(asked: Mapping[str, Any], before: str) -> Wanted:
    zone = ZoneInfo(settings.COMPANY_TIME_ZONE)
    resource, verb = asked["resource"], asked["verb"]
    act = f"{resource or '%'}.{verb}" if verb else f"{resource}.%" if resource else ""
    first, last = asked["first"], asked["last"]
    return Wanted(
        asked["person"],
        act,
        first=datetime.combine(first, time(), zone) if first else None,
        last=datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
        words=asked["q"].strip(),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )


def _lines(actor: Actor, found: Sequence[Record]) -> list[dict[str, Any]]:
    names = people_named(one.person_id for one in found if one.person_id)
    labels = _labels(actor, found)
    return [
        {
            "id": one.id,
            "at": one.at,
            "who": names[one.person_id or 0].label if one.person_id in names else one.actor or "—",
            "is_system": one.person_id is None,
            "what": _what(one.name),
            "name": one.name,
            "kind": _(wording.RESOURCES.get(one.name.rpartition(".")[0], "")) or one.resource,
            **labels.get((one.resource, one.object_id), {"label": "", "url": ""}),
            "why": one.why,
            "request": one.request,
            "seal": one.seal_id,
            "changes": [line for change in one.changes for line in _changes(actor, change)],
            "changed": one.changed,
        }
        for one in found
    ]


def _what(name: str) -> str:
    return _(wording.VERBS.get(name.rpartition(".")[2], "")) or name


def _labels(actor: Actor, found: Iterable[Record]) -> dict[tuple[str, int | None], dict[str, str]]:
    """What the objects are called, one statement for each kind; gone ones have no name any more."""
    made: dict[tuple[str, int | None], dict[str, str]] = {}
    for resource in all_resources():
        ids = {one.object_id for one in found if one.resource == resource.key and one.object_id}
        seen = set(resource.visible(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
        rows = dict(resource.scope.model._default_manager.filter(pk__in=seen).values_list("pk", "public_id"))
        items = {item["id"]: item for item in items_of(resource.seen_by(actor).table, list(rows))}
        for pk, public_id in rows.items():
            item = items[str(public_id)]
            made[(resource.key, pk)] = {"label": item["label"], "url": item["url"]}
    return made


def _changes(actor: Actor, change: Change) -> list[dict[str, str]]:
    """The columns that changed in one row; those that need a right of their own only with it."""
    scope = next((one for one in all_scopes() if one.table == change.table), None)
    hidden = scope.hidden_from(actor) if scope else frozenset[str]()
    if change.old is None and change.new is None:
        return [{"where": change.table, "column": _("erased"), "before": "", "after": ""}]
    old, new = change.old or {}, change.new or {}
    columns = [name for name in sorted(old.keys() | new.keys()) if name not in hidden and name != "version"]
    return [
        {"where": change.table, "column": name, "before": _said(old.get(name)), "after": _said(new.get(name))}
        for name in (columns if change.op == "update" else ["id"])
    ]


def _said(value: Any) -> str:
    return "—" if value in (None, "") else str(value)[:200]


def link_to(actor: Actor, person: Person) -> str:
    """Where the acts of one person are listed; empty for whoever may not look."""
    return f"{reverse('audit')}?{urlencode({'person': person.sign_in})}" if actor.can(VIEW) else ""
