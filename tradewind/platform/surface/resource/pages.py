"""The pages of a declared object: list, new, edit, one field in place."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseLocation

from tradewind.kernel.errors import DomainError, NotAllowed, NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.forms.inputs import Inputs
from tradewind.platform.surface.resource import Resource, resource_of
from tradewind.platform.surface.resource.acts import (
    change,
    choices_of,
    first_values,
    inputs,
    make,
    may_change,
    pointable,
    written_columns,
)
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.returning import within_site

View = Callable[..., HttpResponse]


def new_page(of: Resource) -> View:
    """The form of a new object; asked for twice, it is made once."""

    def page(request: HttpRequest) -> HttpResponse:
        actor = actor_of_request(request)
        resource = of.seen_by(actor)
        resource.require(actor, "create")
        columns = written_columns(resource, creating=True)
        if request.method != "POST":
            form = inputs(resource, actor, columns, initial=_first_values(resource, actor, request))
            return _form_page(request, resource, form)
        form = inputs(resource, actor, columns, request.POST)
        if form.is_valid():
            try:
                public_id = make(resource, actor, form.parsed(), form.cleaned_data["once"])
            except DomainError as error:
                return _refused(request, resource, form, error)
            return redirect(_next(request) or reverse(resource.key, args=[public_id]))
        return _form_page(request, resource, form, status=422)

    return page


def edit_page(of: Resource) -> View:
    """The form of an existing object, at the version it was opened with."""

    def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
        actor = actor_of_request(request)
        resource = of.seen_by(actor)
        row = found(resource.visible(actor), public_id)
        require_change(resource, actor, row)
        columns = shown_columns(written_columns(resource, creating=False), actor, row)
        if request.method != "POST":
            initial = {**values_of(columns, row), "version": row.version}
            return _form_page(request, resource, inputs(resource, actor, columns, initial=initial), row)
        form = inputs(resource, actor, columns, request.POST)
        if form.is_valid():
            try:
                change(resource, actor, _ref(public_id, form), form.parsed())
            except DomainError as error:
                return _refused(request, resource, form, error, row)
            return redirect(_next(request) or reverse(resource.key, args=[public_id]))
        return _form_page(request, resource, form, row, status=422)

    return page


def field_page(of: Resource) -> View:
    """One field, edited where it stands; the record shows it again when it is saved."""

    def page(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
        actor = actor_of_request(request)
        resource = of.seen_by(actor)
        row = found(resource.visible(actor), public_id)
        column = resource.columns.get(name)
        if column is None or not column.is_editable:
            raise NotVisible("not_found")
        require_change(resource, actor, row)
        if not shown_columns([column], actor, row):
            raise NotVisible("not_found")
        if request.method != "POST":
            initial = {**values_of([column], row), "version": row.version}
            return _field(request, resource, row, inputs(resource, actor, [column], initial=initial))
        form = inputs(resource, actor, [column], request.POST)
        if form.is_valid():
            try:
                change(resource, actor, _ref(public_id, form), form.parsed())
            except DomainError as error:
                _blame(form, error)
                response = _field(request, resource, row, form, status=error.status)
                response.undo = True  # type: ignore[attr-defined]
                return response
            return _saved_in_place(request, reverse(resource.key, args=[public_id]))
        return _field(request, resource, row, form, status=422)

    return page


def require_change(resource: Resource, actor: Actor, row: Any) -> None:
    """Raise `NotAllowed` for whoever may not change this very row, which they see."""
    if not may_change(resource, actor, row):
        raise NotAllowed("not_allowed")


def _saved_in_place(request: HttpRequest, url: str) -> HttpResponse:
    """The record, read anew: its head, history and sums may have changed with the field."""
    if not _is_partial(request):
        return redirect(url)
    return HttpResponseLocation(url, target="#main", select="#main", swap="outerHTML")


def _ref(public_id: UUID, form: Inputs) -> Ref[Any]:
    return Ref(public_id, form.cleaned_data["version"] or 0)


def shown_columns(columns: list[Column], actor: Actor, row: Any) -> list[Column]:
    """Without the references to what this actor does not see: saving the form leaves them as they are."""
    return [
        column
        for column in columns
        if column.kind is not Kind.REFERENCE
        or (held := getattr(row, f"{column.name}_id")) is None
        or pointable(actor, column).filter(pk=held).exists()
    ]


def values_of(columns: list[Column], row: Any) -> dict[str, Any]:
    """What a form shows of a row: references as their public id."""
    made: dict[str, Any] = {}
    for column in columns:
        if column.kind is Kind.REFERENCE:
            pointed = getattr(row, column.name)
            made[column.name] = str(pointed.public_id) if pointed else ""
        else:
            made[column.name] = getattr(row, column.name)
    return made


def _first_values(resource: Resource, actor: Actor, request: HttpRequest) -> dict[str, Any]:
    """Defaults of a new object, and what the address already says: /contacts/new?customer=…"""
    named = {name: request.GET[name] for name in resource.columns if request.GET.get(name)}
    return {**first_values(resource, actor), **named}


def _next(request: HttpRequest) -> str:
    """Where to go after saving, within this site only."""
    return within_site(request.GET.get("next", ""))


def _refused(
    request: HttpRequest, resource: Resource, form: Inputs, error: DomainError, row: Any = None
) -> HttpResponse:
    _blame(form, error)
    response = _form_page(request, resource, form, row, status=error.status)
    response.undo = True  # type: ignore[attr-defined]
    return response


def _blame(form: Inputs, error: DomainError) -> None:
    form.add_error(error.field if error.field in form.fields else None, sentence(error))


def _field(
    request: HttpRequest, resource: Resource, row: Any, form: Inputs, status: int = 200
) -> HttpResponse:
    (name,) = form.columns
    context = {
        "one": one_input(form, form.columns[name]),
        "form": form,
        "address": reverse(f"{resource.key}.field", args=[row.public_id, name]),
        "back": reverse(resource.key, args=[row.public_id]),
        "title": f"{form.columns[name].label} · {getattr(row, resource.title)}",
    }
    whole = "surface/field_page.html"
    return render(
        request, "surface/_field_form.html" if _is_partial(request) else whole, context, status=status
    )


def _is_partial(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False)) and not getattr(request, "htmx").boosted  # noqa: B009


def _form_page(
    request: HttpRequest, resource: Resource, form: Inputs, row: Any = None, status: int = 200
) -> HttpResponse:
    title = _("New: %(kind)s") % {"kind": _(resource.one)}
    back = reverse(f"{resource.key}.list")
    if row is not None:
        title = _("Edit: %(name)s") % {"name": getattr(row, resource.title)}
        back = reverse(resource.key, args=[row.public_id])
    query = urlencode({"next": _next(request)}) if _next(request) else ""
    context = {
        "title": title,
        "kind": _(resource.many),
        "list_url": reverse(f"{resource.key}.list"),
        "form": form,
        "sections": sections(form),
        "back": _next(request) or back,
        "address": f"{request.path}?{query}" if query else request.path,
        "is_new": row is None,
    }
    return render(request, "surface/form.html", context, status=status)


def sections(form: Inputs) -> list[Mapping[str, Any]]:
    """The inputs under their headings, in the order of first use."""
    made: dict[str, list[Mapping[str, Any]]] = {}
    for column in form.columns.values():
        made.setdefault(column.declared.section, []).append(one_input(form, column))
    return [{"title": _(title) if title else "", "inputs": list(some)} for title, some in made.items()]


def one_input(form: Inputs, column: Column) -> Mapping[str, Any]:
    """One input with what its widget needs: a reference is picked from what its target's list offers."""
    bound = form[column.name]
    made: dict[str, Any] = {"field": bound, "column": column}
    if column.kind is Kind.REFERENCE:
        target = resource_of(column.target)
        made["choices"] = choices_of(form.actor, column)
        made["source"] = f"/api/v1/{target.address}"
        made["words"] = _words(form, column, bound.value())
    return made


def _words(form: Inputs, column: Column, public_id: Any) -> str:
    """What the chosen row of a reference is called."""
    target = resource_of(column.target)
    if not public_id:
        return ""
    try:
        rows = form.fields[column.name].rows.filter(public_id=UUID(str(public_id)))  # type: ignore[attr-defined]
    except ValueError:
        return ""
    return str(rows.values_list(target.title, flat=True).first() or "")
