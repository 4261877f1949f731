"""The rows that answer a list's question: filtered, in order, a page at a time by key, as plain JSON."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum, Value

from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.fields import Pinyin
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.grid import searching
from tradewind.platform.surface.grid.asking import Asked, clock_time, condition_of, public_ids
from tradewind.platform.surface.grid.rows import Item, Table, computed, items_of, texts_of

PORTION = 1_000
COUNTED = 10_000
"""Beyond this many rows a list says "10,000+" instead of counting."""
NEWEST, WIDELY = 2_000, 100_000
"""So many rows with a list's words are looked for: newest first, and in other orders or under filters."""


@dataclass(frozen=True, slots=True)
class Page:
    """Items in order, each as JSON, and the cursor behind the last one, or None."""

    texts: list[str]
    next: str | None

    @property
    def items(self) -> list[Item]:
        """The items as Python values."""
        return [json.loads(text) for text in self.texts]

    @property
    def text(self) -> str:
        """The whole page as JSON."""
        return f'{{"items": [{", ".join(self.texts)}], "next": {json.dumps(self.next)}}}'


def page(actor: Actor, table: Table, asked: Asked) -> Page:
    """One page of a list. Raises `Malformed` for an unknown cursor or value.

    First which rows, from the narrowest columns that tell; then what they read like.
    """
    order = asked.sort or table.sort
    is_plain = not (asked.conditions or asked.ids or asked.after) and _is_newest_first(table, order)
    rows = matching(actor, table, asked, NEWEST if is_plain else WIDELY)
    if asked.after:
        rows = rows.filter(_behind(table, order, asked.after))
    keys = rows.order_by(*_ordering(table, order)).values_list(
        "pk", _sort_path(table, order.removeprefix("-"))
    )
    found = list(keys[: asked.limit + 1])
    texts = texts_of(table, [pk for pk, _ in found[: asked.limit]])
    if len(found) <= asked.limit:
        return Page(texts, None)
    pk, value = found[asked.limit - 1]
    return Page(texts, _cursor(value, pk))


def every(actor: Actor, table: Table, asked: Asked, most: int) -> Iterator[Item]:
    """All rows of a list in its order, at most so many; put in order once, read in portions."""
    rows = matching(actor, table, asked, WIDELY).order_by(*_ordering(table, asked.sort or table.sort))
    ids = list(rows.values_list("pk", flat=True)[:most])
    for begin in range(0, len(ids), PORTION):
        yield from items_of(table, ids[begin : begin + PORTION])


def summary(actor: Actor, table: Table, asked: Asked) -> dict[str, Any]:
    """How many rows a question has (at most 10,000 are counted), and of so many the sums.

    Capped, and without sums, also where there are more rows with its words than were looked for.
    """
    most = asked.most or (WIDELY if asked.conditions or asked.ids else COUNTED + 1)
    rows = matching(actor, table, asked, most).order_by()
    count = rows.values("pk")[: COUNTED + 1].count()
    is_capped = count > COUNTED or (
        bool(asked.words) and searching.is_cut(table.model._meta.db_table, asked.words, most)
    )
    summed = [column for column in table.columns.values() if column.declared.summed and not is_capped]
    sums = rows.aggregate(**{f"sum_{c.name}": Sum(c.name) for c in summed}) if summed else {}
    return {
        "count": min(count, COUNTED),
        "is_capped": is_capped,
        "sums": {c.name: written(c, sums[f"sum_{c.name}"] or Decimal(0)) for c in summed},
    }


def matching(actor: Actor, table: Table, asked: Asked, most: int = WIDELY) -> QuerySet[Any]:
    """The visible rows that fit every filter and the words, these among the newest `most` that hold them."""
    rows = computed(table, table.rows(actor))
    for condition in asked.conditions:
        rows = rows.filter(condition_of(actor, condition, table.ids))
    if asked.ids:
        rows = rows.filter(public_id__in=public_ids("ids", asked.ids))
    if asked.words:
        rows = rows.filter(
            pk__in=searching.found(table.model._meta.db_table, asked.words, asked.most or most)
        )
    return rows


def _sort_path(table: Table, name: str) -> str:
    column = table.columns.get(name)
    if column is not None and column.kind is Kind.REFERENCE:
        return f"{name}__{table.pointed(column).words}"
    return "pk" if name == "id" else name


def written(column: Column, value: Any) -> Any:
    """A sum as JSON holds it: an exact decimal, as text."""
    return f"{value:.{column.places}f}" if isinstance(value, Decimal) else value


def _ordering(table: Table, order: str) -> list[Any]:
    name, is_down = order.removeprefix("-"), order.startswith("-")
    path = _sort_path(table, name)
    if path == "pk":
        return ["-pk" if is_down else "pk"]
    last = None if _is_filled(table.columns[name]) else True  # an index is read as it is only without it
    by = Pinyin(F(path)) if table.columns[name].is_spoken else F(path)
    return [by.desc(nulls_last=last) if is_down else by.asc(nulls_last=last), "-pk" if is_down else "pk"]


def _is_newest_first(table: Table, order: str) -> bool:
    return order.startswith("-") and _sort_path(table, order.removeprefix("-")) == "pk"


def _is_filled(column: Column) -> bool:
    """Has every row a value here, so that an index alone gives the order?"""
    return column.stored is not None and not column.stored.null and column.kind is not Kind.REFERENCE


def _cursor(value: Any, pk: int) -> str:
    text = value if value is None or isinstance(value, (bool, int)) else str(value)
    return urlsafe_b64encode(json.dumps([text, pk]).encode()).decode().rstrip("=")


def _behind(table: Table, order: str, cursor: str) -> Q:
    """The rows after the cursor's, in the same order; rows without a value come last."""
    name, is_down = order.removeprefix("-"), order.startswith("-")
    path, side = _sort_path(table, name), "lt" if is_down else "gt"
    value, pk = _opened(cursor, table.columns.get(name))
    further = Q(**{f"pk__{side}": pk})
    if path == "pk":
        return further
    if value is None:
        return Q(**{f"{path}__isnull": True}) & further
    if table.columns[name].is_spoken:
        path, value = f"{path}__pinyin", Pinyin(Value(value))
    # The first bound says the same once more, in words that an index can follow.
    bound = Q(**{f"{path}__{side}e": value})
    beyond = bound & (Q(**{f"{path}__{side}": value}) | (Q(**{path: value}) & further))
    return beyond if _is_filled(table.columns[name]) else beyond | Q(**{f"{path}__isnull": True})


def _opened(cursor: str, column: Column | None) -> tuple[Any, int]:
    try:
        value, pk = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(pk, int) or isinstance(pk, bool) or abs(pk) >= 2**63:
            raise ValueError(cursor)
        return _typed(value, column), pk
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        raise Malformed("list.bad_cursor", field="after") from None


def _instant(text: str) -> datetime:
    """Raises ValueError or OverflowError for what is no instant of a known zone."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(text)
    return read.astimezone(UTC)


def _typed(value: Any, column: Column | None) -> Any:
    """The sort value of a cursor, of the column's own type; anything else is a cursor of somebody else."""
    if value is None or column is None:
        return None if column is not None else value
    if column.kind in (Kind.DECIMAL, Kind.MONEY, Kind.PERCENT):
        number = Decimal(str(value))
        if not number.is_finite() or abs(number) > Decimal(10) ** 30:
            raise ValueError(value)
        return number
    if column.kind is Kind.DATE:
        return date.fromisoformat(value)
    if column.kind is Kind.MOMENT:
        return _instant(value)
    if column.kind is Kind.TIME:
        return clock_time(value)
    expected: type = {Kind.INTEGER: int, Kind.BOOL: bool}.get(column.kind, str)
    is_huge = isinstance(value, int) and abs(value) >= 2**31
    if not isinstance(value, expected) or is_huge or "\x00" in str(value):
        raise ValueError(value)
    str(value).encode()  # half a character, such as \ud800, is a UnicodeEncodeError
    return value
