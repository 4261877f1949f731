"""Which days stand beside each other, by how much a figure changed, who comes first."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tradewind.domains.analytics.rules import beside, change, ranked, so_far, worst_first
from tradewind.domains.analytics.values import Standing
from tradewind.domains.planning.values import Pace, Progress
from tradewind.kernel.period import Period, month_key, months_in, whole_months, year_before
from tradewind.kernel.period import beside as key_beside

TODAY = date(2026, 3, 18)
DAYS = some.dates(date(2001, 1, 1), date(2098, 12, 31))


def days(first: str, after: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(after))


def progress(actual: int, target: int, pace: Pace = Pace.OFF) -> Progress:
    reached = Decimal(actual) / target if target else None
    gap = Decimal(target - actual)
    return Progress(Decimal(target), Decimal(actual), reached, None, gap, None, None, None, pace)


@pytest.mark.parametrize(
    ("first", "last", "now", "before"),
    [
        ("2026-03-01", "2026-03-31", ("2026-03-01", "2026-03-19"), ("2025-03-01", "2025-03-19")),
        ("2026-01-01", "2026-03-31", ("2026-01-01", "2026-03-19"), ("2025-01-01", "2025-03-19")),
        ("2026-03-18", "2026-03-18", ("2026-03-18", "2026-03-19"), ("2025-03-18", "2025-03-19")),
        ("2024-02-01", "2024-02-29", ("2024-02-01", "2024-03-01"), ("2023-02-01", "2023-03-01")),
        ("2025-02-01", "2025-02-28", ("2025-02-01", "2025-03-01"), ("2024-02-01", "2024-03-01")),
        ("2025-01-01", "2025-12-31", ("2025-01-01", "2026-01-01"), ("2024-01-01", "2025-01-01")),
    ],
)
def test_a_running_period_stands_beside_as_many_days_as_have_come(
    first: str, last: str, now: tuple[str, str], before: tuple[str, str]
) -> None:
    asked = (date.fromisoformat(first), date.fromisoformat(last), TODAY)
    assert so_far(*asked) == days(*now)
    assert beside(*asked) == days(*before)


def test_a_leap_day_stands_beside_the_last_of_february() -> None:
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert beside(date(2028, 2, 1), date(2028, 2, 29), date(2028, 2, 29)) == days("2027-02-01", "2027-03-01")


def test_a_change_is_a_share_of_the_year_before() -> None:
    assert change(Decimal(112), Decimal(100)) == Decimal("0.12")
    assert change(Decimal(0), Decimal(80)) == -1
    for nothing in (None, Decimal(0), Decimal(-5)):
        assert change(Decimal(5), nothing) is None
    assert change(None, Decimal(5)) is None


def test_what_is_off_track_comes_first_and_the_largest_gap_before_the_smaller() -> None:
    off, worse = progress(50, 100), progress(0, 500)
    risk, fine = progress(0, 9000, Pace.AT_RISK), progress(90, 100, Pace.ON_TRACK)
    assert sorted([fine, risk, off, worse], key=worst_first) == [worse, off, risk, fine]


@given(some.lists(some.tuples(some.integers(-50, 500), some.integers(0, 3)), max_size=30))
def test_nobody_stands_in_both_lists_and_the_best_are_never_behind_the_last(
    given_people: list[tuple[int, int]],
) -> None:
    people = [
        Standing(f"p{at}", f"P{at}", "u", "U", progress(actual, target * 100))
        for at, (actual, target) in enumerate(given_people)
    ]
    made = ranked(people)
    aimed = [one for one in people if one.progress.target]
    assert made.people == len(aimed)
    assert not {one.sign_in for one in made.best} & {one.sign_in for one in made.last}
    rates = [one.progress.attainment or Decimal(0) for one in (*made.best, *reversed(made.last))]
    assert rates == sorted(rates, reverse=True)
    assert len(made.best) + len(made.last) == len(aimed) if len(aimed) <= 10 else len(rates) == 10


@given(DAYS, some.integers(1, 900))
def test_whole_months_and_the_days_around_them_are_the_period(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    whole, rest = whole_months(period)
    found = [day for part in (*rest, *((whole,) if whole else ())) for day in each(part)]
    assert sorted(found) == list(each(period))
    if whole:
        assert whole.is_whole_months()
        assert months_in(whole) == sorted({month_key(day) for day in each(whole)})
    assert all(sum(1 for _ in each(part)) < 62 for part in rest)


def each(period: Period) -> list[date]:
    assert period.start
    assert period.end
    return [period.start + timedelta(days=at) for at in range((period.end - period.start).days)]


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [("2026-01", "2025-12", "2026-02"), ("2026-Q4", "2026-Q3", "2027-Q1"), ("2026", "2025", "2027")],
)
def test_every_period_has_one_on_each_side(key: str, before: str, after: str) -> None:
    assert (key_beside(key, -1), key_beside(key, 1)) == (before, after)
