"""The kernel's plain words."""

import sys
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.kernel.clock import Clock
from tradewind.kernel.errors import DomainError, Malformed, declare
from tradewind.kernel.period import (
    Period,
    fiscal_period,
    fiscal_period_of,
    fiscal_quarter,
    fiscal_quarter_key,
    fiscal_year,
    fiscal_year_key,
    month_key,
    month_of,
    months_before,
    months_in,
    period_of,
    quarter_key,
    year_key,
)
from tradewind.kernel.rounding import half_up

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_a_period_through_a_day_includes_it() -> None:
    january = Period.through(date(2026, 1, 1), date(2026, 1, 31))
    assert date(2026, 1, 31) in january
    assert date(2026, 2, 1) not in january
    assert january.last == date(2026, 1, 31)
    assert january.is_whole_months()
    assert not Period.through(date(2026, 1, 1), date(2026, 1, 30)).is_whole_months()


def test_a_period_backwards_is_refused() -> None:
    with pytest.raises(Malformed):
        Period.through(date(2026, 1, 2), date(2026, 1, 1))


def test_one_day_is_a_period() -> None:
    assert date(2026, 1, 2) in Period.through(date(2026, 1, 2), date(2026, 1, 2))


@given(days)
def test_every_day_lies_in_its_month_quarter_and_year(day: date) -> None:
    for key in (month_key(day), quarter_key(day), year_key(day)):
        period = period_of(key)
        assert day in period
        assert period.start is not None
        assert period.start - timedelta(days=1) not in period


@pytest.mark.parametrize(
    "key",
    [
        "2026-13",
        "2026-Q5",
        "2026-Q0",
        "26-1",
        "2026-1",
        "x",
        "",
        "2026-00",
        "12",
        "2",
        "201",
        "0000",
        "9999",
        "٢٠٢٦",
        "2026-3 ",
    ],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        period_of(key)


@given(st.tuples(days, days).map(sorted), st.tuples(days, days).map(sorted), days)
def test_the_overlap_holds_exactly_the_days_in_both(a: list[date], b: list[date], day: date) -> None:
    first, second = Period.through(*a), Period.through(*b)
    both = first.overlap(second)
    assert (both is not None and day in both) == (day in first and day in second)


def test_the_clock_can_stand_still() -> None:
    clock = Clock("Asia/Shanghai", date(2026, 3, 18))
    assert clock.today() == date(2026, 3, 18)
    assert clock.now().isoformat() == "2026-03-18T04:00:00+00:00"


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 4))
def test_half_up_agrees_with_fractions(value: Decimal, places: int) -> None:
    scaled = abs(Fraction(value)) * 10**places
    whole = int(scaled + Fraction(1, 2))
    assert half_up(value, places) == Decimal(whole if value >= 0 else -whole).scaleb(-places)


def test_a_code_says_one_thing_only() -> None:
    declare({"test.said": "One."})
    with pytest.raises(ValueError, match="twice"):
        declare({"test.said": "Another."})
    assert str(DomainError("test.said")) == "One."


def test_no_kernel_module_hides_one_of_the_standard_library() -> None:
    names = {file.stem for file in Path(__file__).resolve().parents[1].glob("*.py")}
    assert not names & set(sys.stdlib_module_names)


def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends() -> None:
    assert [fiscal_year(date(2026, month, 1)) for month in (1, 12)] == [2026, 2026]
    assert fiscal_year(date(2026, 3, 31), 4) == 2026
    assert fiscal_year(date(2026, 4, 1), 4) == 2027
    assert fiscal_period(2027, None, 4) == Period(date(2026, 4, 1), date(2027, 4, 1))
    assert fiscal_period(2026, 4) == Period(date(2026, 10, 1), date(2027, 1, 1))


def test_fiscal_quarters_begin_with_the_fiscal_year() -> None:
    assert fiscal_quarter(date(2026, 3, 31), 4) == (2026, 4)
    assert fiscal_quarter(date(2026, 4, 1), 4) == (2027, 1)
    assert fiscal_period(2027, 4, 4) == Period(date(2027, 1, 1), date(2027, 4, 1))
    assert months_in(fiscal_period(2027, 1, 4)) == ["2026-04", "2026-05", "2026-06"]
    with pytest.raises(ValueError, match="5"):
        fiscal_period(2027, 5, 4)


@pytest.mark.parametrize("first", range(1, 13))
def test_every_day_lies_in_the_fiscal_quarter_and_year_of_its_keys(first: int) -> None:
    for number in range(0, 800, 7):
        day = date(2025, 1, 1) + timedelta(days=number)
        year, quarter = fiscal_quarter(day, first)
        assert day in fiscal_period(year, quarter, first)
        assert fiscal_period_of(fiscal_quarter_key(day, first), first) == fiscal_period(year, quarter, first)
        assert fiscal_period_of(fiscal_year_key(day, first), first) == fiscal_period(year, None, first)
        assert day in month_of(day)


def test_keys_of_a_fiscal_year_are_no_keys_of_the_calendar() -> None:
    assert (fiscal_year_key(date(2026, 5, 1)), fiscal_quarter_key(date(2026, 5, 1))) == ("2026", "2026-Q2")
    assert (fiscal_year_key(date(2026, 5, 1), 4), fiscal_quarter_key(date(2026, 5, 1), 4)) == (
        "FY2027",
        "FY2027-Q1",
    )
    with pytest.raises(ValueError, match="FY2027"):
        fiscal_period_of("FY2027", 1)
    assert months_before(date(2026, 3, 31), 4) == date(2025, 11, 1)
