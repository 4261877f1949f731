"""Activities by hand: what may follow what, which days a plan may have, when a reminder is due."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tradewind.domains.activities import rules
from tradewind.domains.activities.rules import MOVES
from tradewind.domains.activities.values import State
from tradewind.kernel.errors import Malformed, Refused

TODAY = date(2026, 3, 18)  # a Wednesday
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = some.dates(date(1901, 1, 1), date(2199, 1, 1))
INSTANTS = some.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
VERBS = ("complete", "cancel", "reopen")


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_planned_is_done_or_cancelled_and_both_can_be_reopened(state: State, verb: str) -> None:
    allowed = verb == "reopen" if state is not State.PLANNED else verb != "reopen"
    if allowed:
        assert rules.next_state(state, verb) is not state
    else:
        assert (state, verb) not in MOVES
        with pytest.raises(Refused):
            rules.next_state(state, verb)


@given(some.lists(some.sampled_from(VERBS), max_size=20))
def test_no_way_through_the_states_leads_out_of_them(verbs: list[str]) -> None:
    state = State.PLANNED
    for verb in verbs:
        if (state, verb) in MOVES:
            state = rules.next_state(state, verb)
    assert state in State


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 18), date(2026, 3, 19)),
        (date(2026, 3, 20), date(2026, 3, 23)),
        (date(2026, 3, 21), date(2026, 3, 23)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_plan_without_a_day_gets_the_next_workday(day: date, expected: date) -> None:
    assert rules.next_workday(day) == expected


@given(DAYS, some.sets(some.integers(0, 30)))
def test_the_next_workday_is_the_first_that_the_calendar_calls_one(day: date, free: set[int]) -> None:
    def is_workday(one: date) -> bool:
        return one.weekday() < 5 and (one - day).days not in free

    naive = next(day + timedelta(days=n) for n in count(1) if is_workday(day + timedelta(days=n)))
    assert rules.next_workday(day, is_workday) == naive


def test_a_calendar_without_workdays_is_an_error_not_an_endless_search() -> None:
    with pytest.raises(LookupError):
        rules.next_workday(TODAY, lambda day: False)


@pytest.mark.parametrize("day", [date(1, 1, 1), TODAY - timedelta(days=1), date(9999, 12, 31)])
def test_a_plan_lies_between_today_and_five_years_on(day: date) -> None:
    assert rules.check_due(TODAY, TODAY) == TODAY
    with pytest.raises(Malformed):
        rules.check_due(day, TODAY)


@pytest.mark.parametrize("day", [date(1, 1, 1), TODAY - timedelta(days=367), TODAY + timedelta(days=1)])
def test_what_was_done_lies_between_a_year_ago_and_today(day: date) -> None:
    assert rules.check_done_on(TODAY - timedelta(days=366), TODAY)
    with pytest.raises(Malformed):
        rules.check_done_on(day, TODAY)


@given(DAYS, some.one_of(some.none(), some.times()), INSTANTS)
def test_the_instant_of_doing_lies_on_the_day_that_was_said(
    day: date, at: time | None, now: datetime
) -> None:
    instant = rules.done_at(day, at and at.replace(tzinfo=None), now, SHANGHAI)
    assert instant.astimezone(SHANGHAI).date() == day


def test_done_today_is_done_now() -> None:
    now = datetime(2026, 3, 17, 23, 30, tzinfo=UTC)  # the morning of the 18th in Shanghai
    assert rules.done_at(TODAY, time(15), now, SHANGHAI) == now
    earlier = rules.done_at(date(2026, 3, 17), time(15), now, SHANGHAI)
    assert earlier == datetime(2026, 3, 17, 7, tzinfo=UTC)


def test_only_what_is_planned_can_be_overdue_and_today_is_not_late() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert rules.is_overdue(State.PLANNED, yesterday, TODAY)
    assert not rules.is_overdue(State.PLANNED, TODAY, TODAY)
    assert not rules.is_overdue(State.DONE, yesterday, TODAY)


NOW = datetime(2026, 3, 18, 4, tzinfo=UTC)


@given(
    some.sampled_from(State),
    some.one_of(some.none(), some.timedeltas(timedelta(days=-9), timedelta(days=9))),
    some.booleans(),
)
def test_a_reminder_is_due_once_and_only_while_something_is_planned(
    state: State, ahead: timedelta | None, was_told: bool
) -> None:
    at = None if ahead is None else NOW + ahead
    due = rules.is_reminder_due(state, at, NOW if was_told else None, NOW)
    assert due == (state == "planned" and ahead is not None and ahead <= timedelta(0) and not was_told)


@given(INSTANTS, DAYS, DAYS)
def test_a_reminder_keeps_its_distance_to_the_day(at: datetime, was: date, due: date) -> None:
    if not 1901 < (at + (due - was)).year < 2199:
        return
    moved = rules.moved_reminder(at, was, due)
    assert moved is not None
    assert moved.time() == at.time()
    assert moved.date() - due == at.date() - was
    assert rules.moved_reminder(None, was, due) is None


@given(DAYS)
def test_a_month_is_shown_in_whole_weeks_that_hold_all_of_it(day: date) -> None:
    days = rules.month_of(day)
    assert (days[0].weekday(), days[-1].weekday()) == (0, 6)
    assert len(days) in (28, 35, 42)
    assert day.replace(day=1) in days[:7]
    assert set(rules.week_of(day)) <= set(days)
    naive = [day.replace(day=1) + timedelta(days=n) for n in range(31)]
    assert {one for one in naive if one.month == day.month} <= set(days)


@given(DAYS, some.integers(-24, 24))
def test_turning_months_there_and_back_leads_to_the_same_month(day: date, months: int) -> None:
    if 1902 < day.year < 2190:
        there = rules.month_turned(day, months)
        assert there.day == 1
        assert rules.month_turned(there, -months) == day.replace(day=1)
        assert (there.year - day.year) * 12 + there.month - day.month == months


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "tomorrow", "2026-02-30", "1" * 5000])
def test_a_calendar_opens_at_days_it_can_show(text: str) -> None:
    assert rules.calendar_day("", TODAY) == TODAY
    with pytest.raises(Malformed):
        rules.calendar_day(text, TODAY)


@pytest.mark.parametrize("words", ["", " \n\u3000", "x" * 201, "a\x00b"])
def test_a_subject_says_something_short(words: str) -> None:
    assert rules.check_subject("  回访 ") == "回访"
    with pytest.raises(Malformed):
        rules.check_subject(words)


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_a_duration_fits_a_day(minutes: int) -> None:
    assert rules.check_duration(None) is None
    assert rules.check_duration(1440) == 1440
    with pytest.raises(Malformed):
        rules.check_duration(minutes)


def test_quick_days_begin_next_week_on_its_monday() -> None:
    assert rules.quick_days(TODAY) == {
        "today": TODAY,
        "tomorrow": date(2026, 3, 19),
        "next_week": date(2026, 3, 23),
    }
    sunday = date(2026, 3, 22)
    assert rules.quick_days(sunday)["next_week"] == date(2026, 3, 23)
