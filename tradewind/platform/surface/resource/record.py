"""The record page of a declared object: head, facts, timeline, and what refers to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.surface.columns import Column
from tradewind.platform.surface.grid import reading
from tradewind.platform.surface.grid.asking import Asked, Condition
from tradewind.platform.surface.grid.rows import items_of
from tradewind.platform.surface.resource import Resource, referring
from tradewind.platform.surface.resource.acts import may_change
from tradewind.platform.surface.resource.telling import happenings

RELATED = 5
"""Rows shown of each kind that refers to the record; the rest is one click away."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a record page: a template and the facts it shows, or None where it shows nothing.

    place: "head" under the title, "centre" above the timeline, "side" above the related lists.
    """

    place: str
    template: str
    facts: Callable[[Actor, Any], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline; `details` are (label, before, after)."""

    at: datetime
    icon: str
    who: str
    words: str
    text: str = ""
    url: str = ""
    details: Sequence[tuple[str, str, str]] = field(default=())


Source = Callable[[Actor, Any], Sequence[Happening]]
_panels: dict[str, list[Panel]] = {}
_sources: dict[str, list[Source]] = {}


def add_panel(key: str, panel: Panel) -> None:
    """Let a domain add a part to the record of an object, its own or one below it."""
    _panels.setdefault(key, []).append(panel)


def add_timeline(key: str, source: Source) -> None:
    """Let a domain tell what happened around an object, beside its history."""
    _sources.setdefault(key, []).append(source)


def record_page(resource: Resource) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """One object, readable in one screen."""

    def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
        actor = actor_of_request(request)
        row = found(resource.visible(actor), public_id)
        return render(request, "surface/record.html", record(resource, actor, row))

    return page


def record(resource: Resource, actor: Actor, row: Any) -> dict[str, Any]:
    """Everything the record page shows."""
    resource = resource.seen_by(actor)
    (item,) = items_of(resource.table, [row.pk])
    may_edit = may_change(resource, actor, row)
    cells = {name: _cell(resource, column, item, may_edit) for name, column in resource.columns.items()}
    return {
        "item": item,
        "row": row,
        "title": item["label"],
        "kind": _(resource.one),
        "icon": resource.icon,
        "list_title": _(resource.many),
        "list_url": reverse(f"{resource.key}.list"),
        "edit_url": reverse(f"{resource.key}.edit", args=[row.public_id]) if may_edit else "",
        "access_url": reverse("access", args=[resource.key, row.public_id]),
        "key_facts": [cells[name] for name in resource.facts],
        "sections": _sections(resource, cells),
        "panels": _shown_panels(resource, actor, row),
        "timeline": timeline(resource, actor, row),
        "related": related(resource, actor, row),
        "live": resource.key,
    }


def _cell(resource: Resource, column: Column, item: Mapping[str, Any], may_edit: bool) -> dict[str, Any]:
    edit_url = ""
    if may_edit and column.is_editable:
        edit_url = reverse(f"{resource.key}.field", args=[item["id"], column.name])
    return {"column": column, "value": item[column.name], "edit_url": edit_url}


def _sections(resource: Resource, cells: Mapping[str, Any]) -> list[dict[str, Any]]:
    made: dict[str, list[Any]] = {}
    for name, column in resource.columns.items():
        if name != resource.title and not column.declared.hidden:
            made.setdefault(column.declared.section, []).append(cells[name])
    return [{"title": _(title) if title else _("Details"), "cells": some} for title, some in made.items()]


def _shown_panels(resource: Resource, actor: Actor, row: Any) -> dict[str, list[dict[str, Any]]]:
    shown: dict[str, list[dict[str, Any]]] = {}
    for panel in _panels.get(resource.key, ()):
        facts = panel.facts(actor, row)
        if facts is not None:
            shown.setdefault(panel.place, []).append({"template": panel.template, "facts": facts})
    return shown


def timeline(resource: Resource, actor: Actor, row: Any) -> list[Happening]:
    """History and whatever domains tell, newest first."""
    told = [Happening(*line) for line in happenings(resource, actor, row)]
    for source in _sources.get(resource.key, ()):
        told.extend(source(actor, row))
    return sorted(told, key=lambda happening: happening.at, reverse=True)


def related(resource: Resource, actor: Actor, row: Any) -> list[dict[str, Any]]:
    """The newest objects that refer to this one, by kind, as far as the actor sees them."""
    made = []
    for other, column in referring(resource):
        other = other.seen_by(actor)
        if not actor.can(f"{other.key}.view") or (column.declared.written == "never" and other is resource):
            continue
        question = Asked((Condition(column, "", (str(row.public_id),)),), limit=RELATED)
        page = reading.page(actor, other.table, question)
        query = f"?{column.name}={row.public_id}"
        made.append(
            {
                "title": _(column.declared.referring or other.many),
                "by": column.label,
                "icon": other.icon,
                "items": [_line(other, column, item) for item in page.items],
                "has_more": page.next is not None,
                "all_url": reverse(f"{other.key}.list") + query,
                "new_url": reverse(f"{other.key}.new")
                + f"{query}&next={reverse(resource.key, args=[row.public_id])}"
                if other.can(actor, "create")
                else "",
            }
        )
    return made


def _line(other: Resource, column: Column, item: Mapping[str, Any]) -> dict[str, Any]:
    """What it is called, and two facts beside the one that everything in this list has in common."""
    telling = [name for name in other.facts if name != column.name][:2]
    facts = [(other.columns[name], item[name]) for name in telling]
    return {"url": item["url"], "label": item["label"], "facts": facts}
