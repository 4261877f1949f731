"""Pure decisions about activities: states, days, reminders, and the spans of the calendar."""

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tradewind.domains.activities.values import State
from tradewind.kernel.errors import Malformed, Refused

MOVES = {
    (State.PLANNED, "complete"): State.DONE,
    (State.PLANNED, "cancel"): State.CANCELLED,
    (State.DONE, "reopen"): State.PLANNED,
    (State.CANCELLED, "reopen"): State.PLANNED,
}

LONGEST_SUBJECT, LONGEST_TEXT = 200, 4000
LONGEST_MIN = 24 * 60
BACK_DAYS, AHEAD_DAYS = 366, 5 * 366
NOON = time(12)
WEEK = 7
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
Workday = Callable[[date], bool]


def next_state(state: State, verb: str) -> State:
    """The state after a move; raises `Refused` for any other."""
    if (state, verb) not in MOVES:
        raise Refused("activities.wrong_state")
    return MOVES[state, verb]


def check_subject(words: str) -> str:
    """What it is about, without outer space: 1 to 200 characters. Raises `Malformed`."""
    if not words.strip():
        raise Malformed("activities.subject_missing", field="subject")
    return check_text(words, "subject", LONGEST_SUBJECT)


def check_text(words: str, field: str, longest: int = LONGEST_TEXT) -> str:
    """A text without outer space, as the database can keep it. Raises `Malformed` at its field."""
    if "\x00" in words:
        raise Malformed("activities.not_text", field=field)
    if len(words.strip()) > longest:
        raise Malformed("activities.too_long", field=field, longest=longest)
    return words.strip()


def check_duration(minutes: int | None) -> int | None:
    """Minutes, 1 to a whole day, or unknown. Raises `Malformed`."""
    if minutes is not None and not 1 <= minutes <= LONGEST_MIN:
        raise Malformed("activities.bad_duration", field="duration_min")
    return minutes


def check_due(due_on: date, today: date) -> date:
    """The day of a plan: today to five years ahead. Raises `Malformed`."""
    if due_on < today:
        raise Malformed("activities.due_in_past", field="due_on")
    if due_on > today + timedelta(days=AHEAD_DAYS):
        raise Malformed("activities.due_too_far", field="due_on")
    return due_on


def check_done_on(done_on: date, today: date) -> date:
    """The business day on which it was done: today, or up to a year back. Raises `Malformed`."""
    if done_on > today:
        raise Malformed("activities.done_in_future", field="done_on")
    if done_on < today - timedelta(days=BACK_DAYS):
        raise Malformed("activities.done_too_long_ago", field="done_on")
    return done_on


def done_at(done_on: date, at: time | None, now: datetime, zone: tzinfo) -> datetime:
    """The instant it was done: now when that is the same day in the company's zone, else at the planned
    time of that day, or noon."""
    if done_on == now.astimezone(zone).date():
        return now
    return datetime.combine(done_on, at or NOON, zone).astimezone(UTC)


def is_overdue(state: State, due_on: date, today: date) -> bool:
    """Should it have been done before today?"""
    return state is State.PLANNED and due_on < today


def is_reminder_due(
    state: State, remind_at: datetime | None, reminded_at: datetime | None, now: datetime
) -> bool:
    """Is it time to remind, of something still planned, for the first time?"""
    return state is State.PLANNED and remind_at is not None and reminded_at is None and remind_at <= now


def moved_reminder(remind_at: datetime | None, was_due: date, due_on: date) -> datetime | None:
    """A reminder moves by as many days as the day it reminds of."""
    return remind_at + (due_on - was_due) if remind_at else None


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < calendar.SATURDAY


def next_workday(day: date, is_workday: Workday = is_weekday) -> date:
    """The first workday after a day. Raises LookupError when a whole season has none."""
    for ahead in range(1, 100):
        if is_workday(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    raise LookupError(f"no workday after {day}")


def quick_days(today: date) -> Mapping[str, date]:
    """The days offered by one click; next week begins on its Monday."""
    return {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "next_week": monday(today) + timedelta(days=WEEK),
    }


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def calendar_day(text: str, today: date) -> date:
    """The day a calendar is opened at; today when nothing is said. Raises `Malformed`."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise Malformed("activities.bad_day", field="day", text=text[:40]) from None
    if not EARLIEST <= day <= LATEST:
        raise Malformed("activities.bad_day", field="day", text=text[:40])
    return day


def week_of(day: date) -> tuple[date, ...]:
    """Monday to Sunday around a day."""
    return tuple(monday(day) + timedelta(days=n) for n in range(WEEK))


def month_of(day: date) -> tuple[date, ...]:
    """The whole weeks that hold the month of a day: 28, 35 or 42 days."""
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    first = monday(day.replace(day=1))
    return tuple(first + timedelta(days=n) for n in range((monday(last) - first).days + WEEK))


def month_turned(day: date, months: int) -> date:
    """The first of the month so many months on, or back."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
