"""Whole days and the calendar words of figures: month, quarter, year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tradewind.kernel.errors import Malformed

KEY = re.compile(r"([0-9]{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, half-open: `start` is inside, `end` is not; None leaves that side open.

    Q1 2026 is 2026-01-01 to 2026-04-01. Raises `Malformed` when it would hold no day.
    """

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.start >= self.end:
            raise Malformed("period.backwards", field="from")

    @classmethod
    def through(cls, first: date | None, last: date | None) -> "Period":
        """The period from the first day to the last day, both included.

        Nothing lies behind the last day that a calendar knows, so that day leaves the end open.
        """
        return cls(first, last + timedelta(days=1) if last and last < date.max else None)

    @property
    def last(self) -> date | None:
        """The last day inside, or None when the period does not end."""
        return self.end - timedelta(days=1) if self.end else None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def is_whole_months(self) -> bool:
        """Does it begin and end with a calendar month (or not at all)?"""
        return all(day is None or day.day == 1 for day in (self.start, self.end))

    def overlap(self, other: "Period") -> "Period | None":
        """The days in both, or None when there are none."""
        start = max(filter(None, (self.start, other.start)), default=None)
        end = min(filter(None, (self.end, other.end)), default=None)
        return None if start and end and start >= end else Period(start, end)


def month_key(day: date) -> str:
    """`2017-03`: the calendar month of a day, sortable as text."""
    return f"{day:%Y-%m}"


def quarter_key(day: date) -> str:
    """`2017-Q1`: the calendar quarter of a day, sortable as text."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def year_key(day: date) -> str:
    """`2017`: the calendar year of a day."""
    return str(day.year)


def period_of(key: str) -> Period:
    """The days that a month, quarter or year key stands for. Raises ValueError on anything else."""
    matched = KEY.fullmatch(key)
    if matched is None:
        raise ValueError(key)
    year, quarter, month = (int(part) if part else 0 for part in matched.groups())
    first, months = (quarter * 3 - 2, 3) if quarter else (month, 1) if month else (1, 12)
    after = first + months
    return Period(date(year, first, 1), date(year + (after > 12), after - 12 if after > 12 else after, 1))
