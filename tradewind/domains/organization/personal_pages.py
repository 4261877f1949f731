"""What the system knows of somebody; and the page that erases what is personal in a record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.domains.organization import acts, charts, personal
from tradewind.domains.organization.asking import Asked, Asking, Page, answered
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.policy import PEOPLE
from tradewind.domains.organization.roles import names_of
from tradewind.kernel.errors import NotVisible, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.spine.erasing import erasing_of
from tradewind.platform.surface.grid.rows import items_of
from tradewind.platform.surface.resource import resource_named
from tradewind.platform.surface.shell.lists import listed

SECTIONS = {
    "person": phrase("Person"),
    "sign_in": phrase("Sign-in"),
    "roles": phrase("Roles"),
    "assignments": phrase("Assignments"),
    "absences": phrase("Absences"),
}
HEADS = {
    "name": phrase("Full name"),
    "sign_in": phrase("Sign-in name"),
    "last": phrase("Last sign-in"),
    "is_active": phrase("May sign in"),
    "role": phrase("Role"),
    "unit__name": phrase("Unit"),
    "position__title": phrase("Position"),
    "share": phrase("Share of the working time (%)"),
    "is_head": phrase("Head"),
    "starts_on": phrase("First day"),
    "ends_on": phrase("Ends before"),
    "person__name": phrase("Away"),
    "stand_in__name": phrase("Stand-in"),
    "note": phrase("Note"),
}


GROUPS = {
    "place": phrase("Place in the company"),
    "selling": phrase("Customers and selling"),
    "figures": phrase("Figures and plans"),
    "agreeing": phrase("Approvals"),
    "system": phrase("Working with the system"),
}
AREAS = {
    "place": ("organization",),
    "selling": ("customers", "activities", "pipeline", "orders", "catalog"),
    "figures": ("ledger", "planning", "analytics"),
    "agreeing": ("approvals",),
}
"""Which tables belong where, by the word their names begin with; all others are of the system."""


def mine(request: HttpRequest) -> HttpResponse:
    """What the system knows about me."""
    actor = actor_of_request(request)
    return _told(request, actor, Person.objects.get(pk=actor.person_id or 0))


def of_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """What it knows of somebody else, for whoever answers such requests."""
    actor = actor_of_request(request)
    actor.require(personal.DISCLOSE)
    return _told(request, actor, charts.person(actor, public_id))


def _told(request: HttpRequest, actor: Actor, one: Person) -> HttpResponse:
    known = personal.known_of(actor, one)
    if request.GET.get("as") == "json":
        body = {"facts": known.facts, "rows": known.rows, "acts": known.acts}
        response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2})
        response["Content-Disposition"] = 'attachment; filename="personal-data.json"'
        return response
    context = {
        "one": one,
        "is_self": one.pk == actor.person_id,
        "sections": [_section(key, known.facts[key]) for key in SECTIONS if known.facts[key]],
        "groups": _grouped(known.rows),
        "acts": f"{known.acts:,}",
        "erase_url": reverse("erase", args=["organization.person", one.public_id])
        if actor.can("organization.person.erase") and one.pk != actor.person_id
        else "",
    }
    return render(request, "organization/personal.html", context)


def _section(key: str, facts: list[Any]) -> dict[str, Any]:
    return {
        "title": _(SECTIONS[key]),
        "heads": [_(HEADS[name]) for name in facts[0]],
        "rows": [[_said(name, value) for name, value in row.items()] for row in facts],
    }


def _said(name: str, value: Any) -> str:
    if name == "role":
        return listed(_(one) for one in names_of([str(value)]))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)):%Y-%m-%d %H:%M}"
    return "—" if value in (None, "") else str(value)


def _grouped(rows: Mapping[str, int]) -> list[dict[str, Any]]:
    """What names the person, in words and by what the tables are about: Customers, Owner, 12."""
    made: dict[str, list[dict[str, Any]]] = {}
    for name, count in rows.items():
        table, _dot, column = name.partition(".")
        row = {
            "what": acts.table_words(table),
            "as_what": acts.column_words(table, column),
            "name": name,
            "count": f"{count:,}",
        }
        made.setdefault(group_of(table), []).append(row)
    return [
        {"title": _(words), "rows": sorted(made[key], key=lambda row: (row["what"], row["as_what"]))}
        for key, words in GROUPS.items()
        if key in made
    ]


def group_of(table: str) -> str:
    """The part of the business that a table belongs to, by the name it begins with."""
    return next((key for key, areas in AREAS.items() if table.partition("_")[0] in areas), "system")


def erase(request: HttpRequest, resource: str, public_id: str) -> HttpResponse:
    """Say what will be lost for good, and erase it."""
    actor, command = actor_of_request(request), erasing_of(resource)
    if command is None:
        raise NotVisible("not_found")
    actor.require(f"{resource}.erase")
    kind = resource_named(resource)
    row = found(kind.visible(actor), public_id)
    title = items_of(kind.table, [row.pk])[0]["label"]
    form = Asking(request.POST or None, initial={"version": row.version})

    def do(asked: Asked) -> str:
        command(actor, Ref(row.public_id, asked["version"] or 0), Given({}, asked["reason"]))
        messages.success(request, _("Erased. Figures and documents stay as they were."))
        return reverse(resource, args=[row.public_id])

    stored = [one for one in kind.scope.model._meta.concrete_fields if one.name in kind.scope.erased]
    names = [str(one.verbose_name) for one in stored]
    if resource == PEOPLE.resource:
        names += [_("Sign-in name"), _("name and phone as the contact of a sales unit")]
    hint = _("For good, here and in the history: %(columns)s. It cannot be undone.") % {
        "columns": listed(names)
    }
    back = reverse(resource, args=[row.public_id])
    heading = _("Erase what is personal: %(name)s") % {"name": title}
    page = Page(heading, _("Erase for good"), back, form, do, hint=hint, kind="danger strong")
    return answered(request, page)


def leads_to(actor: Actor, one: Person) -> str:
    """Where what is known of somebody is told; empty for whoever may not ask."""
    if one.pk == actor.person_id:
        return reverse("my_data")
    return reverse("person_data", args=[one.public_id]) if actor.can(personal.DISCLOSE) else ""
