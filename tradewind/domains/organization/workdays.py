"""Which days are worked: the public calendar with its make-up days, and the company's own days over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

COUNTRY = "CN"
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class PublicYear:
    """One year of the public calendar: holidays, worked weekend days, and whether these are announced."""

    holidays: frozenset[date]
    made_up: frozenset[date]
    is_announced: bool


@cache
def public_year(year: int) -> PublicYear:
    """The public calendar of a year. Until a year is announced it has holidays but no make-up days."""
    import holidays  # a third of a second, once: not for a command line that asks for something else

    calendar = holidays.country_holidays(COUNTRY, years=year)
    made_up = frozenset(day for day in calendar.weekend_workdays if day.year == year)
    announced = max(calendar.special_public_holidays)
    return PublicYear(frozenset(calendar), made_up, year <= announced)


def workdays_of(year: int, special: Mapping[date, bool]) -> tuple[date, ...]:
    """The workdays of a year, ascending. `special` days (worked or not) win over the public calendar."""
    public, day = public_year(year), date(year, 1, 1)
    days = []
    while day.year == year:
        is_worked = day in public.made_up or (day.weekday() < SATURDAY and day not in public.holidays)
        if special.get(day, is_worked):
            days.append(day)
        day += timedelta(days=1)
    return tuple(days)


def is_announced(year: int, special: Mapping[date, bool]) -> bool:
    """Are the year's make-up days known? Publicly, or because the company entered a worked weekend day."""
    entered = any(is_workday and day.weekday() >= SATURDAY for day, is_workday in special.items())
    return entered or public_year(year).is_announced
