"""Whole days and the words of figures: months, and quarters and years of the calendar or of the books."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tradewind.kernel.errors import Malformed

KEY = re.compile(r"([0-9]{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?")
FISCAL_KEY = re.compile(r"FY([0-9]{4})(?:-Q([1-4]))?")
JANUARY = 1


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


def whole_months(period: Period) -> tuple[Period | None, tuple[Period, ...]]:
    """The whole calendar months inside a period, None without any, and the days before and after them.

    Raises LookupError for a period that is open on a side.
    """
    start, end = period.start, period.end
    if start is None or end is None:
        raise LookupError("a period with a first and a last day")
    first = start if start.day == 1 else _next_month(start)
    last = end.replace(day=1)
    if first >= last:
        return None, (period,)
    rest = ((start, first), (last, end))
    return Period(first, last), tuple(Period(*days) for days in rest if days[0] < days[1])


def fiscal_year(day: date, first_month: int = JANUARY) -> int:
    """The fiscal year of a day, named by the calendar year in which it ends.

    Beginning in April, 2026-04-01 to 2027-03-31 is 2027; beginning in January it is the calendar year.
    """
    return day.year + (first_month > JANUARY and day.month >= first_month)


def fiscal_quarter(day: date, first_month: int = JANUARY) -> tuple[int, int]:
    """The fiscal year of a day and the quarter in it, from 1."""
    return fiscal_year(day, first_month), (day.month - first_month) % 12 // 3 + 1


def fiscal_period(year: int, quarter: int | None = None, first_month: int = JANUARY) -> Period:
    """The days of a fiscal year, or of one of its quarters. Raises ValueError for a quarter it has not."""
    if quarter is not None and quarter not in range(1, 5):
        raise ValueError(quarter)
    start = date(year - (first_month > JANUARY), first_month, 1)
    first = _months_later(start, 3 * (quarter - 1) if quarter else 0)
    return Period(first, _months_later(first, 3 if quarter else 12))


def fiscal_year_key(day: date, first_month: int = JANUARY) -> str:
    """`FY2027`; where the fiscal year is the calendar year, `2027`."""
    return _fiscal(first_month) + str(fiscal_year(day, first_month))


def fiscal_quarter_key(day: date, first_month: int = JANUARY) -> str:
    """`FY2027-Q1`; where the fiscal year is the calendar year, `2027-Q1`."""
    year, quarter = fiscal_quarter(day, first_month)
    return f"{_fiscal(first_month)}{year}-Q{quarter}"


def fiscal_period_of(key: str, first_month: int = JANUARY) -> Period:
    """The days that a key of the two above, or of a month, stands for. Raises ValueError on anything else."""
    matched = FISCAL_KEY.fullmatch(key)
    if matched is None or not _fiscal(first_month):
        return period_of(key)
    return fiscal_period(int(matched[1]), int(matched[2]) if matched[2] else None, first_month)


def _fiscal(first_month: int) -> str:
    return "FY" if first_month > JANUARY else ""


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    first = day.replace(day=1)
    return Period(first, _next_month(first))


def months_before(day: date, count: int) -> date:
    """The first day of the month so many months before the one of a day."""
    return _months_later(day.replace(day=1), -count)


def _months_later(first: date, count: int) -> date:
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def months_in(period: Period) -> list[str]:
    """The keys of the months from the first to the last day of a period that has both."""
    found, day = list[str](), period.start
    while day and period.end and day < period.end:
        found.append(month_key(day))
        day = _next_month(day)
    return found


def beside(key: str, step: int) -> str:
    """The key of the period just before (step −1) or after (+1) a month, quarter or year."""
    period = period_of(key)
    day = period.end if step > 0 else period.start and period.start - timedelta(days=1)
    named = year_key if len(key) == 4 else quarter_key if "Q" in key else month_key
    return named(day or date.max)


def year_before(day: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
