"""Measures as declared by the domains whose documents they count, and the question a figure answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tradewind.kernel.errors import declare, phrase
from tradewind.kernel.period import Period, month_key


class Unit(StrEnum):
    """What a measure counts in. Money is company currency, days are calendar days."""

    MONEY = "money"
    COUNT = "count"
    DAYS = "days"
    RATIO = "ratio"


class Tax(StrEnum):
    """Whether a money measure holds tax; `none` for what is not money."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    NONE = "none"


class Dimension(StrEnum):
    """What a figure can be broken down by."""

    UNIT = "unit"
    PERSON = "person"
    CUSTOMER = "customer"
    PRODUCT = "product"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


PLACES: Mapping[Unit, int] = {Unit.MONEY: 2, Unit.COUNT: 0, Unit.DAYS: 0, Unit.RATIO: 6}
"""Decimals shown, half up. A ratio in days or money has two."""


@dataclass(frozen=True, slots=True)
class Documented:
    """How a document is shown behind a figure: its number and the address of its page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of document that entries come from; `described` names visible documents by id."""

    key: str
    described: Callable[[Iterable[int]], Mapping[int, Documented]]


@dataclass(frozen=True, slots=True)
class Flow:
    """A measure that adds up. `expected` is the query of the entries that should exist for all documents
    there are, with the columns of `ENTRY_COLUMNS`; `about` is the document they point to.
    """

    key: str
    name: str
    unit: Unit
    tax: Tax
    date_rule: str
    source: Source
    about: Source
    expected: Any = field(repr=False, compare=False)

    @property
    def places(self) -> int:
        return PLACES[self.unit]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure that is a sum divided by a sum of flows, never a mean of ratios."""

    key: str
    name: str
    unit: Unit
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]

    @property
    def places(self) -> int:
        return 6 if self.unit is Unit.RATIO else 2


Measure = Flow | Ratio

ENTRY_COLUMNS = (
    "source_id",
    "line",
    "credited_on",
    "value",
    "person_id",
    "customer_id",
    "product_id",
    "about_id",
)


@dataclass(frozen=True, slots=True)
class Question:
    """One figure asked for: a measure, broken down or not, over a period; `level` counts from the company.

    `unit` (code) narrows it to what was credited in that unit or below, as it was; `person` (sign-in name)
    to what was credited to that person.
    """

    measure: str
    by: Dimension | None = None
    level: int | None = None
    period: Period = field(default_factory=Period)
    unit: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an answer; `value` is None where a ratio divides by nothing."""

    key: str
    label: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure: its total over everything the actor sees, and its rows by ascending key."""

    question: Question
    measure: Measure
    total: Decimal | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Credited:
    """What a person was credited with in a unit over a period, unrounded; the path as it was, root first.

    Without a person it is what the unit was credited with, those below it apart.
    """

    unit_path: tuple[int, ...]
    person_id: int | None
    value: Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """One entry behind a figure, in words.

    `corrects` is the day it belongs to, where that month was closed when it was posted.
    """

    entry: int
    on: date
    measure: str
    measure_name: str
    unit: Unit
    value: Decimal
    person: str
    customer: str
    about: Documented
    corrects: date | None = None


PARTS = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the entries that add up to `total`; `next` is where the following page begins."""

    measures: tuple[str, ...]
    total: Decimal
    items: tuple[Item, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a figure is made of: one part for a flow, numerator and denominator for a ratio.

    `key` and `label` name the row that was opened, `part` the single part that was asked for.
    """

    question: Question
    measure: Measure
    key: str | None
    label: str
    part: str
    total: Decimal | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of one measure, in words."""

    measure_name: str
    unit: Unit
    value: Decimal


@dataclass(frozen=True, slots=True)
class Shift:
    """Credits of one month that would go from one unit to another; `amounts` where they may be seen."""

    month: date
    here: str
    there: str
    entries: int
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class MonthState:
    """One month of the books; `by` is who closed or reopened it last, and `reason` why it was reopened."""

    starts_on: date
    is_closed: bool
    is_running: bool
    by: str = ""
    at: datetime | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        return month_key(self.starts_on)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Something that still concerns a month and should be looked at before it is closed."""

    what: str
    count: int
    url: str


declare(
    {
        "ledger.month_closed": phrase(
            "%(month)s is closed: nothing is dated before %(first)s. Give a later day, or let %(who)s "
            "reopen it."
        ),
        "ledger.bad_month": phrase("A month is written as 2026-09."),
        "ledger.month_running": phrase("%(month)s has not ended; a month is closed when it is over."),
        "ledger.month_is_closed": phrase("%(month)s is closed already."),
        "ledger.earlier_months_open": phrase(
            "%(month)s is still open; months are closed one after the other. Close it first, or "
            "with this one."
        ),
        "ledger.no_month_closed": phrase("%(month)s is not closed."),
        "ledger.later_months_closed": phrase(
            "%(month)s is closed, too; the last closed month is reopened first."
        ),
        "ledger.reason_missing": phrase("Say why the month is reopened; it stays in the record."),
        "ledger.unknown_measure": phrase("There is no measure %(measure)s."),
        "ledger.unknown_dimension": phrase("A figure cannot be broken down by %(by)s."),
        "ledger.level_without_unit": phrase("A level belongs to a breakdown by unit."),
        "ledger.bad_level": phrase("A level is a whole number from 0, the company, to 9."),
        "ledger.bad_date": phrase("%(text)s is not a date; write it as 2026-11-22."),
        "ledger.bad_cursor": phrase("This page of entries does not exist."),
        "ledger.bad_part": phrase("A ratio has the parts numerator and denominator, nothing else has parts."),
        "ledger.key_without_by": phrase("A key belongs to a breakdown."),
    }
)
