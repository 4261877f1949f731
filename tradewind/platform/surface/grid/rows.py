"""How a row reads: its JSON, written by the database itself in one statement for all rows of a page.

The statement of a list is made once and kept; lists, records, the API and exports read rows only through it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model, QuerySet
from django.urls import reverse

from tradewind.kernel.clock import Clock
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.prepared import prepared
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.grid.asking import Ids

NIL = UUID(int=0)
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pointed:
    """Where a reference leads: the path to its public id and to its words, and the name of its page."""

    words: str
    route: str


@dataclass(frozen=True, eq=False)
class Table:
    """What a list reads: visible rows, its columns, its order, its pages' name."""

    model: type[Model]
    rows: Callable[[Actor], QuerySet[Any]]
    columns: Mapping[str, Column]
    title: str
    route: str
    sort: str = "-id"
    pointed: Callable[[Column], Pointed] = field(default=lambda column: Pointed("name", ""))
    ids: Ids = field(default=lambda actor, column, values: ())
    kept: dict[object, tuple[str, tuple[Any, ...]]] = field(default_factory=dict, repr=False)


def texts_of(table: Table, ids: Sequence[int]) -> list[str]:
    """Each of these rows as a JSON object, in the order of the ids; whoever asks found them visible."""
    if not ids:
        return []
    text, values = _statement(table)
    with prepared() as cursor:
        cursor.execute(text, [*values, list(ids)])
        made: dict[int, str] = dict(cursor.fetchall())
    return [made[pk] for pk in ids if pk in made]


def items_of(table: Table, ids: Sequence[int]) -> list[Item]:
    """The same as Python values: decimals, days and instants stay text."""
    return [json.loads(text) for text in texts_of(table, ids)]


def computed(table: Table, rows: QuerySet[Any]) -> QuerySet[Any]:
    """These rows with the values that the database computes."""
    made = {c.name: c.declared.of for c in table.columns.values() if c.declared.of is not None}
    return rows.annotate(**made) if made else rows


def _statement(table: Table) -> tuple[str, tuple[Any, ...]]:
    """The statement and its values before the ids; one for each day, which computed values may know."""
    today = Clock(settings.COMPANY_TIME_ZONE, settings.FIXED_TODAY).today()
    if today not in table.kept:
        table.kept.clear()
        table.kept[today] = _made(table)
    return table.kept[today]


def _made(table: Table) -> tuple[str, tuple[Any, ...]]:
    paths = {"pk": "pk", "id": "public_id", "version": "version", "label": table.title}
    for column in table.columns.values():
        if column.kind is Kind.REFERENCE:
            paths[f"{column.name}.id"] = f"{column.name}__public_id"
            paths[f"{column.name}.words"] = f"{column.name}__{table.pointed(column).words}"
        else:
            paths[column.name] = column.name
    rows = computed(table, table.model._default_manager.order_by()).values_list(*paths.values())
    inner, values = rows.query.sql_with_params()
    at = {name: f"c{place}" for place, name in enumerate(paths)}
    said = ", ".join(f'{value} AS "{name}"' for name, value in _said(table, at).items())
    text = (
        f"SELECT c0, (SELECT to_json(o) FROM (SELECT {said}) o)::text"  # noqa: S608 declared names alone
        f" FROM ({inner}) r({', '.join(at.values())}) WHERE c0 = ANY (%s::bigint[])"
    )
    return text, tuple(values)


def _said(table: Table, at: Mapping[str, str]) -> Mapping[str, str]:
    """An expression for each value of the object, by its name."""
    made = {
        "id": at["id"],
        "version": at["version"],
        "url": _address(table.route, at["id"]),
        "label": f"COALESCE({at['label']}::text, '')",
    }
    for column in table.columns.values():
        if column.kind is Kind.REFERENCE:
            made[column.name] = _reference(table, column, at)
        else:
            made[column.name] = _plain(column, at[column.name])
    return made


def _reference(table: Table, column: Column, at: Mapping[str, str]) -> str:
    one, words = at[f"{column.name}.id"], at[f"{column.name}.words"]
    url = _address(table.pointed(column).route, one)
    return (
        f"CASE WHEN {one} IS NOT NULL THEN json_build_object("
        f"'id', {one}, 'label', COALESCE({words}::text, ''), 'url', {url}) END"
    )


def _address(route: str, one: str) -> str:
    """The address of the page of the object with this public id."""
    if not route:
        return "''"
    before, after = reverse(route, args=[NIL]).split(str(NIL))
    return f"'{before}' || {one} || '{after}'"


def _plain(column: Column, value: str) -> str:
    """A value as JSON holds it: numbers exact, as text with their places; a time as 14:05."""
    if column.kind in (Kind.DECIMAL, Kind.MONEY, Kind.PERCENT):
        return f"round({value}, {column.places})::text"
    if column.kind is Kind.TIME:
        return f"to_char({value}, 'HH24:MI')"
    return value
