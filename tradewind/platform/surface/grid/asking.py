"""What a list is asked for, read from an address: words, filters, order, place. The API asks the same way.

`industry=a&industry=b` one of these · `amount.from=1&amount.to=9` both included · `name=abc` contains ·
`owner=me` · `industry.empty=true` · `view`, `q`, `sort=-name`, `after`, `limit`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.http import QueryDict

from tradewind.kernel.errors import Malformed, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.columns import NUMBERS, ORDERED, Column, Kind

LIMIT, LARGEST = 50, 200
LOOKS = ("columns", "density", "group", "switch")
"""Words of the address that change how the browser shows a list, not which rows it has."""
LONGEST_NUMBER, FINEST = 40, Decimal("1e-9")
"""Digits of a number in an address, and the smallest difference that a filter sees."""
PARTS = ("from", "to", "empty")
Ids = Callable[[Actor, Column, Sequence[str]], Sequence[int]]
"""Turns public ids of what a reference points to, or `me`, into ids."""

declare(
    {
        "list.unknown_word": phrase("This list knows no “%(word)s”."),
        "list.bad_value": phrase("“%(value)s” is not a value of this field."),
        "list.bad_sort": phrase("This list cannot be sorted by “%(word)s”."),
        "list.bad_cursor": phrase("This place in the list is not known. Start again from the top."),
        "list.bad_limit": phrase("A page has 1 to %(largest)s rows."),
    }
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: a column, which part of it, and the values as written in the address."""

    column: Column
    part: str
    values: tuple[str, ...]

    @property
    def word(self) -> str:
        return f"{self.column.name}.{self.part}" if self.part else self.column.name


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to a list; `most`: look for so many rows with these words, the newest."""

    conditions: tuple[Condition, ...] = ()
    words: str = ""
    sort: str = ""
    after: str = ""
    limit: int = LIMIT
    ids: tuple[str, ...] = field(default=())
    most: int | None = None


def asked(columns: Mapping[str, Column], given: QueryDict | Mapping[str, Sequence[str]]) -> Asked:
    """The question an address asks. Raises `Malformed`, naming the word, for anything unknown."""
    conditions, other = [], {}
    for word, values in _lists(given):
        kept = tuple(value for value in values if value != "")
        name, _, part = word.partition(".")
        if name in columns and (part in PARTS or not part):
            if kept:
                conditions.append(Condition(columns[name], part, kept))
        elif word in ("q", "sort", "after", "limit", "ids"):
            other[word] = kept
        elif word not in ("view", "fields", *LOOKS):
            raise Malformed("list.unknown_word", field=word, word=word)
    return Asked(
        tuple(conditions),
        _last(other, "q").strip()[:200],
        _sort(columns, _last(other, "sort")),
        _last(other, "after"),
        _limit(_last(other, "limit")),
        tuple(other.get("ids", ())),
    )


def _lists(given: QueryDict | Mapping[str, Sequence[str]]) -> Iterable[tuple[str, Sequence[str]]]:
    return given.lists() if isinstance(given, QueryDict) else given.items()


def _last(other: Mapping[str, Sequence[str]], word: str) -> str:
    return other[word][-1] if other.get(word) else ""


def _sort(columns: Mapping[str, Column], word: str) -> str:
    name = word.removeprefix("-")
    if word and not (name in columns and columns[name].is_sortable):
        raise Malformed("list.bad_sort", field="sort", word=word)
    return word


def _limit(word: str) -> int:
    if not word:
        return LIMIT
    if not (word.isascii() and word.isdigit() and 0 < int(word[:6]) <= LARGEST):
        raise Malformed("list.bad_limit", field="limit", largest=LARGEST)
    return int(word)


def condition_of(actor: Actor, asked_for: Condition, ids: Ids) -> Q:
    """One filter as a condition on rows. Raises `Malformed` at its word for a value of the wrong kind."""
    column, name = asked_for.column, asked_for.column.name
    if asked_for.part == "empty":
        nothing = Q(**{f"{name}__isnull": True})
        if column.kind in (Kind.TEXT, Kind.LONG, Kind.CHOICE):
            nothing |= Q(**{name: ""})
        return nothing if boolean(asked_for) else ~nothing
    if asked_for.part:
        return _bound(asked_for)
    if column.kind is Kind.REFERENCE:
        return Q(**{f"{name}_id__in": ids(actor, column, asked_for.values)})
    if column.kind in (Kind.TEXT, Kind.LONG):
        return Q(**{f"{name}__icontains": asked_for.values[-1]})
    if column.kind is Kind.BOOL:
        return Q(**{name: boolean(asked_for)})
    if column.kind is Kind.MOMENT:
        value_of(asked_for, asked_for.values[-1])  # refused at the word itself, not at its first bound
        return _bound(Condition(column, "from", asked_for.values)) & _bound(
            Condition(column, "to", asked_for.values)
        )
    if column.kind is Kind.CHOICE:
        return Q(**{f"{name}__in": [_choice(asked_for, value) for value in asked_for.values]})
    return Q(**{f"{name}__in": [value_of(asked_for, value) for value in asked_for.values]})


def _bound(asked_for: Condition) -> Q:
    """At least or at most; of an instant, its whole day in the company's zone."""
    column, is_first = asked_for.column, asked_for.part == "from"
    if column.kind not in ORDERED:
        raise Malformed("list.unknown_word", field=asked_for.word, word=asked_for.word)
    value = value_of(asked_for, asked_for.values[-1])
    if column.kind is Kind.MOMENT:
        assert isinstance(value, date)  # noqa: S101 read as a day just above
        last = value < date.max
        at = midnight(value if is_first or not last else value + timedelta(days=1))
        return Q(**{f"{column.name}__{'gte' if is_first else 'lt'}": at})
    return Q(**{f"{column.name}__{'gte' if is_first else 'lte'}": value})


def midnight(day: date) -> datetime:
    """The first instant of a day in the company's zone."""
    return datetime.combine(day, time(), ZoneInfo(settings.COMPANY_TIME_ZONE))


def value_of(asked_for: Condition, text: str) -> Decimal | int | date | time:
    """A number, day or time as typed in Python. Raises `Malformed` at the word."""
    kind = asked_for.column.kind
    try:
        if kind is Kind.TIME:
            return clock_time(text)
        if kind in NUMBERS:
            number = Decimal(text)
            if not number.is_finite() or abs(number) > Decimal(10) ** 16 or len(text) > LONGEST_NUMBER:
                raise ValueError(text)
            number = number.quantize(FINEST)
            return int(number) if kind is Kind.INTEGER and number == int(number) else number
        return date.fromisoformat(text)
    except (ValueError, InvalidOperation):
        raise Malformed("list.bad_value", field=asked_for.word, value=text[:80]) from None


def clock_time(text: str) -> time:
    """A time of the company's own day; one of another zone is none. Raises ValueError."""
    read = time.fromisoformat(text)
    if read.tzinfo is not None:
        raise ValueError(text)
    return read


def boolean(asked_for: Condition) -> bool:
    """`true` or `false`."""
    value = asked_for.values[-1]
    if value not in ("true", "false"):
        raise Malformed("list.bad_value", field=asked_for.word, value=value[:80])
    return value == "true"


def _choice(asked_for: Condition, value: str) -> str:
    if value not in dict(asked_for.column.choices()):
        raise Malformed("list.bad_value", field=asked_for.word, value=value[:80])
    return value


def public_ids(word: str, values: Sequence[str]) -> list[UUID]:
    """The public ids among these values, without `me`. Raises `Malformed` at the word for anything else."""
    try:
        return [UUID(value) for value in values if value != "me"]
    except ValueError:
        raise Malformed("list.bad_value", field=word, value=",".join(values)[:80]) from None
