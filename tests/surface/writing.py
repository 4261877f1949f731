"""Right and wrong values for the fields of any declared object, and what the database holds."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection

from tests.conftest import acting, system
from tradewind.config.commands.test import TEST_DAY
from tradewind.platform.spine.access.scopes import all_scopes
from tradewind.platform.surface.columns import NUMBERS, Column, Kind
from tradewind.platform.surface.forms.inputs import LONGEST
from tradewind.platform.surface.resource import Resource, resource_of

TEXTS = (Kind.TEXT, Kind.LONG)
NO_TEXT: Sequence[object] = (5, 1.5, True, [], {"a": 1})
NO_DAY: Sequence[object] = (
    *NO_TEXT,
    "tomorrow",
    "2026-02-30",
    "1799-12-31",
    "2201-01-01",
    "99999-01-01",
    "x" * 10_000,
)
NO_NUMBER: Sequence[object] = (
    True,
    [],
    {},
    "abc",
    "0x10",
    "9" * 40,
    10**4_000,
    "1e999999",
    float("nan"),
    float("-inf"),
    "Infinity",
)
WRONG: Mapping[Kind, Sequence[object]] = {
    **dict.fromkeys(TEXTS, (*NO_TEXT, "a\x00b")),
    **dict.fromkeys(NUMBERS, NO_NUMBER),
    Kind.INTEGER: (*NO_NUMBER, 1.5, 2**31, -(2**31) - 1),
    Kind.DATE: NO_DAY,
    Kind.MOMENT: (*NO_DAY, "2026-03-18T25:00"),
    Kind.TIME: (*NO_TEXT, "25:00", "noon", "x" * 10_000),
    Kind.BOOL: ("yes", 1, 0, [], None),
    Kind.CHOICE: (*NO_TEXT, "no_such", "a\x00b"),
    Kind.REFERENCE: (*NO_TEXT, "abc", str(uuid4()), "x" * 10_000),
}


def wrong(column: Column, reader: str) -> Iterator[object]:
    """Values that every door refuses at this field, as JSON has them."""
    yield from WRONG[column.kind]
    if column.is_required and column.kind is not Kind.BOOL:
        yield from ("", "   ", None)
    if column.kind in TEXTS:
        yield "长" * ((column.max_length or LONGEST) + 1)
    for validator in column.stored.validators if column.stored is not None else ():
        if isinstance(validator, MinValueValidator):
            yield str(validator.limit_value - 1)
        elif isinstance(validator, MaxValueValidator):
            yield str(validator.limit_value + 1)
    if column.kind is Kind.REFERENCE:
        yield from hidden(column, reader)


def hidden(column: Column, reader: str) -> Iterator[str]:
    """A row of the kind that this reference points to, which the reader does not see."""
    target = resource_of(column.target)
    with acting(reader) as actor:
        seen = list(target.visible(actor).values_list("pk", flat=True))
    with system() as actor:
        row = target.visible(actor).exclude(pk__in=seen).order_by("pk").first()
    if row is not None:
        yield str(row.public_id)


def right(column: Column, reader: str) -> object:
    """A value that this field takes."""
    if column.kind is Kind.REFERENCE:
        target = resource_of(column.target)
        with acting(reader) as actor:
            rows = target.visible(actor).order_by("pk")
            row = (rows.filter(pk=actor.person_id) if target.is_person else rows)[0]
        return str(row.public_id)
    day = (TEST_DAY + timedelta(days=9)).isoformat()
    made: dict[Kind, object] = {
        **dict.fromkeys(TEXTS, f"X{uuid4().hex[:12]}"),
        **dict.fromkeys(NUMBERS, "0.5"),
        Kind.BOOL: True,
        Kind.INTEGER: 7,
        Kind.DATE: day,
        Kind.MOMENT: f"{day}T09:00:00+08:00",
        Kind.TIME: "09:30",
    }
    return column.choices()[0][0] if column.kind is Kind.CHOICE else made[column.kind]


def least(columns: Sequence[Column], reader: str) -> dict[str, object]:
    """The body of a new object that says what it must."""
    return {column.name: right(column, reader) for column in columns if column.is_required}


def form_of(columns: Sequence[Column], item: Mapping[str, Any]) -> dict[str, str]:
    """What the browser sends for a form that shows this object, unchanged."""
    made: dict[str, str] = {}
    for column in columns:
        value = item[column.name]
        if column.kind is Kind.BOOL:
            made |= {column.name: "on"} if value else {}
        elif column.kind is Kind.REFERENCE:
            made[column.name] = value["id"] if value else ""
        elif column.kind is Kind.MOMENT and value:
            made[column.name] = str(value)[:16]
        else:
            made[column.name] = "" if value is None else str(value)
    return made


def written(resource: Resource) -> tuple[object, ...]:
    """How many rows every table of the business holds, and every value of this object's table."""
    tables = sorted({scope.table for scope in all_scopes()} | {"spine_command", "spine_event"})
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)  # noqa: S608
    values = f"(SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM {resource.scope.table} t)"  # noqa: S608
    with system(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}, {values}")
        return tuple(cursor.fetchone())
