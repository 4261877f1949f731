"""The list page of a declared object: views, filters in words, and the grid's configuration."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.kernel.errors import Malformed, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.grid import reading
from tradewind.platform.surface.grid.asking import Asked, Condition, asked
from tradewind.platform.surface.resource import Resource, resource_of
from tradewind.platform.surface.resource.acts import choices_of
from tradewind.platform.surface.shell.lists import listed

Address = Mapping[str, list[str]]
declare({"list.unknown_view": phrase("This list has no view “%(word)s”.")})


def list_page(of: Resource) -> Callable[[HttpRequest], HttpResponse]:
    """The list as one grid; its whole state is in the address."""

    def page(request: HttpRequest) -> HttpResponse:
        actor = actor_of_request(request)
        resource = of.seen_by(actor)
        address = with_view(resource, dict(request.GET.lists()))
        question = asked(resource.columns, address)
        found = reading.page(actor, resource.table, question)
        context = {
            "grid": configuration(resource, actor, address, question),
            "first": found,
            "about": _(resource.about),
        }
        return render(request, "surface/list.html", context)

    return page


def with_view(resource: Resource, address: dict[str, list[str]]) -> dict[str, list[str]]:
    """The address with the filters that its view stands for; what it says itself wins.

    Raises `Malformed` for a view that the list does not have.
    """
    key = (address.get("view") or [""])[-1]
    view = next((v for v in resource.views if v.key == key), None)
    if view is None and key:
        raise Malformed("list.unknown_view", field="view", word=key[:80])
    if view is None:
        return address
    named = {name.partition(".")[0] for name in address}
    kept = {n: list(values) for n, values in view.filters.items() if n.partition(".")[0] not in named}
    sort = {"sort": [view.sort]} if view.sort and "sort" not in address else {}
    return {**address, **kept, **sort}


def configuration(
    resource: Resource, actor: Actor, address: dict[str, list[str]], question: Asked
) -> dict[str, Any]:
    """Everything the grid in the browser needs to know."""
    here = reverse(f"{resource.key}.list")
    can = {verb: resource.can(actor, verb) for verb in ("create", "edit", "import", "export")}
    if resource.new_route:
        can["create"] = actor.can(f"{resource.key}.{resource.new_right}")
    return {
        "key": resource.key,
        "title": _(resource.many),
        "singular": _(resource.one),
        "icon": resource.icon,
        "page": here,
        "source": f"/api/v1/{resource.address}",
        "new_url": reverse(resource.new_route or f"{resource.key}.new") if can["create"] else "",
        "import_url": reverse(f"{resource.key}.import") if can["import"] else "",
        "export_url": reverse(f"{resource.key}.export", args=["xlsx"]) if can["export"] else "",
        "columns": [_column(resource, actor, column) for column in resource.columns.values()],
        "views": _views(resource, address, here),
        "switches": _switches(resource, here),
        "sort": question.sort or resource.sort,
        "group": (address.get("group") or [""])[-1],
        "query": question.words,
        "filters": [_chip(resource, actor, one, address, here) for one in question.conditions],
        "asked": {
            name: values if len(values) > 1 else values[0] for name, values in address.items() if values
        },
        "bulk": [c.name for c in resource.columns.values() if c.declared.bulk and can["edit"]],
        "can": can,
    }


def _column(resource: Resource, actor: Actor, column: Column) -> dict[str, Any]:
    declared = column.declared
    made: dict[str, Any] = {
        "name": column.name,
        "label": column.label,
        "kind": column.kind.value,
        "is_title": column.name == resource.title,
        "shown": declared.shown,
        "sortable": column.is_sortable,
        "editable": column.is_editable and resource.edit is not None,
        "required": column.is_required,
        "max_length": column.max_length,
        "decimals": column.places,
        "summed": declared.summed,
        "filterable": True,
    }
    if column.kind is Kind.CHOICE:
        made["choices"] = [
            {"value": value, "label": label, "tone": declared.tones.get(value, "")}
            for value, label in column.choices()
        ]
    if column.kind is Kind.REFERENCE:
        target = resource_of(column.target)
        made["target"] = {
            "source": f"/api/v1/{target.address}",
            "label": _(target.one),
            "is_person": target.is_person,
            "choices": choices_of(actor, column),
        }
    return made


def _views(resource: Resource, address: Address, here: str) -> list[dict[str, Any]]:
    current = (address.get("view") or [""])[-1]
    every = {"key": "", "label": _("All"), "url": here, "is_current": not current}
    return [every] + [
        {
            "key": view.key,
            "label": _(view.label),
            "url": f"{here}?view={view.key}",
            "is_current": view.key == current,
        }
        for view in resource.views
    ]


def _switches(resource: Resource, here: str) -> list[dict[str, Any]]:
    if not resource.switches:
        return []
    listed = {"kind": "list", "label": _("List"), "icon": "list", "url": here, "is_current": True}
    return [listed] + [
        {
            "kind": switch.route,
            "label": _(switch.label),
            "icon": switch.icon,
            "url": reverse(switch.route),
            "is_current": False,
        }
        for switch in resource.switches
    ]


def _chip(resource: Resource, actor: Actor, one: Condition, address: Address, here: str) -> dict[str, Any]:
    """One filter in words, and the address without it."""
    view = next((v for v in resource.views if [v.key] == address.get("view")), None)
    rest = {name: values for name, values in address.items() if name != one.word}
    if view is not None and one.word in view.filters:  # leaving one of its filters is leaving the view
        rest.pop("view", None)
    words = urlencode(rest, doseq=True)
    return {
        "name": one.word,
        "label": one.column.label,
        "text": _("%(field)s: %(values)s") % {"field": one.column.label, "values": _in_words(actor, one)},
        "without_url": f"{here}?{words}" if words else here,
    }


def _in_words(actor: Actor, one: Condition) -> str:
    column, values = one.column, one.values
    if one.part == "empty":
        return _("empty") if values[-1] == "true" else _("not empty")
    if one.part == "from":
        return _("from %(value)s") % {"value": values[-1]}
    if one.part == "to":
        return _("up to %(value)s") % {"value": values[-1]}
    if column.kind is Kind.BOOL:
        return _("yes") if values[-1] == "true" else _("no")
    if column.kind is Kind.CHOICE:
        labels = dict(column.choices())
        return listed(labels.get(value, value) for value in values)
    if column.kind is Kind.REFERENCE:
        target = resource_of(column.target)
        ids = [value for value in values if value != "me"]
        named = target.pointable(actor).filter(public_id__in=ids).values_list(target.title, flat=True)
        return listed([*([_("me")] if "me" in values else []), *named])
    return listed(values)
