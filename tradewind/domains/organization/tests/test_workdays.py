"""Workdays of China: holidays, make-up days, and the company's own days over them."""

from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]
import pytest

from tradewind.domains.organization.values import WorkCalendar
from tradewind.domains.organization.workdays import is_announced, public_year, workdays_of

MAKE_UP_2026 = {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)}


def test_2026_has_248_workdays_of_which_six_are_made_up() -> None:
    days = workdays_of(2026, {})
    assert len(days) == 248
    assert {(day.month, day.day) for day in days if day.weekday() >= 5} == MAKE_UP_2026


@pytest.mark.parametrize("year", range(2018, 2027))
def test_two_independent_calendars_agree(year: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    assert list(workdays_of(year, {})) == chinese_calendar.get_workdays(first, last)


def test_a_year_not_yet_announced_has_holidays_but_no_make_up_days() -> None:
    days = workdays_of(2031, {})
    assert all(day.weekday() < 5 for day in days)
    assert date(2031, 10, 1) not in days
    assert not is_announced(2031, {})
    assert is_announced(2026, {})


def test_a_make_up_day_of_the_companys_own_announces_the_year() -> None:
    saturday = date(2031, 2, 8)
    assert saturday.weekday() == 5
    assert is_announced(2031, {saturday: True})
    assert not is_announced(2031, {saturday: False})


def test_the_companys_own_days_win() -> None:
    founding, stocktaking = date(2026, 6, 1), date(2026, 6, 6)
    days = workdays_of(2026, {founding: False, stocktaking: True})
    assert founding not in days
    assert stocktaking in days
    assert len(days) == 248


def test_days_are_counted_both_ends_included() -> None:
    calendar = WorkCalendar((2026,), workdays_of(2026, {}))
    assert calendar.count(date(2026, 11, 1), date(2026, 11, 30)) == 21
    assert calendar.count(date(2026, 11, 21), date(2026, 11, 22)) == 0
    assert calendar.count(date(2026, 11, 23), date(2026, 11, 23)) == 1
    assert calendar.count(date(2026, 11, 23), date(2026, 11, 20)) == 0
    assert calendar.is_workday(date(2026, 2, 14))
    assert not calendar.is_workday(date(2026, 2, 17))
    with pytest.raises(LookupError):
        calendar.is_workday(date(2027, 1, 1))


def test_counting_is_the_sum_of_the_days() -> None:
    calendar = WorkCalendar((2026,), workdays_of(2026, {}))
    first = date(2026, 1, 1)
    for length in range(0, 365, 7):
        days = [first + timedelta(days=n) for n in range(length + 1)]
        assert calendar.count(first, days[-1]) == sum(map(calendar.is_workday, days))


def test_a_year_is_worked_out_once() -> None:
    assert public_year(2026) is public_year(2026)
