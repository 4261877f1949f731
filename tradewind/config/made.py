"""What was made of a declared object, as `./tw describe customers.customer` prints it, aligned."""

import re
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.urls import URLPattern, resolve
from django.utils.translation import override

from tradewind.config.api import api
from tradewind.platform.spine.command import all_commands, command_name
from tradewind.platform.surface.columns import ORDERED, Column, Kind, Written
from tradewind.platform.surface.resource import Resource, referring, resource_of
from tradewind.platform.surface.resource.acts import written_columns
from tradewind.platform.surface.resource.wiring import pages_of

Row = Sequence[str]
HEADINGS = ("name", "label", "kind", "list", "sorted", "filter", "written", "also")
WHEN = {
    Written.NEVER: "",
    Written.ONCE: "when made",
    Written.LATER: "later",
    Written.ALWAYS: "yes",
}


def description(resource: Resource) -> Iterator[str]:
    """Its words, columns, forms, pages, API, exchange, rights and commands, in English."""
    with override("en"):
        yield from _facts(resource)
        yield from _section("columns", [HEADINGS, *(_column(resource, c) for c in resource.columns.values())])
        yield from _section("pages", [_page(one) for one in pages_of(resource)])
        yield from _section("API", list(_operations(resource)))
        yield from _section("rights", _rights(resource))
        yield from _section("commands", list(_commands(resource)))


def _facts(resource: Resource) -> Iterator[str]:
    def names(columns: Sequence[Column]) -> str:
        return ", ".join(column.name for column in columns) or "none"

    known = (
        " or ".join("+".join(some) for some in resource.brought.recognised_by) if resource.is_imported else ""
    )
    facts = {
        "called": f"{resource.one}, {resource.many}; by its {resource.title}",
        "order": resource.sort,
        "search in": ", ".join(resource.search),
        "views": ", ".join(view.key for view in resource.views) or "none",
        "other looks": ", ".join(switch.route for switch in resource.switches) or "none",
        "head": ", ".join(resource.facts) or "none",
        "form, new": names(written_columns(resource, creating=True)) if resource.create else "none",
        "form, edit": names(written_columns(resource, creating=False)) if resource.edit else "none",
        "import": f"a row is known by {known}" if known else "none",
        "export": "xlsx, csv",
        "pointed to by": ", ".join(f"{o.key} ({c.name})" for o, c in referring(resource)) or "nothing",
    }
    for fact, value in facts.items():
        yield f"{fact:<14}{value}"


def _section(title: str, rows: Sequence[Row]) -> Iterator[str]:
    """A heading and its rows, each column as wide as its widest word."""
    yield ""
    yield title
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()


def _column(resource: Resource, column: Column) -> Row:
    declared = column.declared
    kind = column.kind.value
    if column.kind is Kind.REFERENCE:
        kind += f" to {resource_of(column.target).key}"
    also = {
        "required": column.is_required and column.is_written,
        "for many": declared.bulk and resource.edit is not None,
        "summed": declared.summed,
        "computed": column.stored is None,
    }
    place = "filter only" if declared.hidden else "shown" if declared.shown else "offered"
    is_written = column.is_written and (resource.create or resource.edit)
    return (
        column.name,
        column.label,
        kind,
        place,
        "yes" if column.is_sortable else "",
        _filter(column),
        WHEN[declared.written] if is_written else "",
        ", ".join(word for word, holds in also.items() if holds),
    )


def _filter(column: Column) -> str:
    """What a filter of this column asks; every column also has `.empty`."""
    if column.kind in ORDERED:
        return "from, to" if column.kind is Kind.MOMENT else "is, from, to"
    return "holds" if column.kind in (Kind.TEXT, Kind.LONG) else "is"


def _page(pattern: URLPattern) -> Row:
    """Address and name, and which page stands before it."""
    route = "/" + str(pattern.pattern)
    address = route.replace("<uuid:public_id>", str(UUID(int=0))).replace("<str:kind>", "xlsx")
    answering = resolve(re.sub(r"<str:\w+>", "x", address)).url_name
    return route, str(pattern.name), "" if answering == pattern.name else f"by hand: {answering}"


def _operations(resource: Resource) -> Iterator[Row]:
    at = f"/api/v1/{resource.address}"
    for path, methods in sorted(api.get_openapi_schema()["paths"].items()):
        if path == at or path.startswith(f"{at}/"):
            for method, operation in methods.items():
                yield method.upper(), path, operation["summary"]


def _rights(resource: Resource) -> list[Row]:
    does = {"view": f"{resource.key}.view", "export": f"{resource.key}.export"}
    if resource.create is not None:
        does["create"] = command_name(resource.create)
    if resource.edit is not None:
        does["edit"] = command_name(resource.edit)
    if resource.is_imported:
        does["import"] = f"{resource.key}.import"
    return list(does.items())


def _commands(resource: Resource) -> Iterator[Row]:
    for command in all_commands():
        if command.name.startswith(f"{resource.key}."):
            gates = ", ".join(gate.__name__ for gate in command.gates)
            after = ", ".join(upper.__name__ for upper in command.follow_ups)
            yield command.name, f"gates: {gates}" if gates else "", f"then: {after}" if after else ""
