"""When a step comes due: worked examples, then any calendar against counting hour by hour."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domains.approvals.rules.hours import after
from tradewind.domains.organization.workdays import workdays_of

CHINA, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
DAYS = workdays_of(2026, {})


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("asked", "hours", "due"),
    [
        (at(3, 18, 9), 24, at(3, 19, 9)),  # Wednesday to Thursday
        (at(3, 20, 18), 24, at(3, 23, 18)),  # Friday 18:00 to Monday 18:00
        (at(3, 20, 18), 5, at(3, 20, 23)),  # still on Friday
        (at(3, 20, 18), 6, at(3, 23, 0)),  # at the end of Friday is as Monday begins
        (at(3, 18, 0), 24, at(3, 19, 0)),  # a whole workday
        (at(3, 21, 10, 30), 24, at(3, 24, 0)),  # asked on Saturday: Monday is the whole of it
        (at(3, 22, 23, 59), 1, at(3, 23, 1)),  # on Sunday night
        (at(3, 18, 9), 72, at(3, 23, 9)),  # three workdays over a weekend
        (at(9, 30, 18), 24, at(10, 8, 18)),  # over the National Day week, Thursday to Wednesday
        (at(9, 30, 18), 72, at(10, 10, 18)),  # and into the Saturday that makes up for it
        (at(9, 19, 12), 24, at(9, 21, 0)),  # Sunday the 20th is worked, Saturday the 19th is not
        (at(2, 14, 12), 24, at(2, 24, 12)),  # Spring Festival, from the made-up Saturday before it
    ],
)
def test_hours_count_on_workdays_only(asked: datetime, hours: int, due: datetime) -> None:
    assert after(asked, hours, DAYS) == due


def test_a_day_that_the_company_gives_off_does_not_count() -> None:
    days = workdays_of(2026, {date(2026, 3, 19): False})
    assert after(at(3, 18, 9), 24, days) == at(3, 20, 9)


def test_where_clocks_are_changed_an_hour_is_an_hour() -> None:
    every_day = [date(2026, 3, 28) + timedelta(days=n) for n in range(4)]
    asked = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    due = after(asked, 24, every_day)
    assert due.astimezone(UTC) - asked.astimezone(UTC) == timedelta(hours=24)
    assert (due.day, due.hour) == (29, 13)


def test_beyond_the_known_calendar_hours_run_by_the_clock() -> None:
    assert after(at(3, 18, 9), 24, []) == at(3, 19, 9)
    assert after(at(3, 18, 9), 24, [date(2026, 3, 18)]) == at(3, 19, 9)


@given(
    st.sets(st.integers(0, 60), min_size=1),
    st.integers(0, 40 * 24),
    st.integers(1, 200),
)
def test_any_moment_is_the_one_a_clerk_would_count_to(worked: set[int], start: int, hours: int) -> None:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=n) for n in sorted(worked)]
    moment = asked = datetime(2026, 1, 1, tzinfo=CHINA) + timedelta(hours=start)
    left, last = hours, datetime(2026, 3, 3, tzinfo=CHINA)
    while moment < last and (left or moment.date() not in days):
        left -= moment.date() in days
        moment += timedelta(hours=1)
    if moment < last:
        assert after(asked, hours, days) == moment
