"""Which months are closed, who closed them, and what they added up to then."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import connection
from django.db.models import Min

from tradewind.domains.ledger.models import Entry, Month
from tradewind.domains.ledger.policy import MONTHS
from tradewind.domains.ledger.values import MonthState
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import Refused
from tradewind.kernel.period import month_key, month_of
from tradewind.platform.spine.access.actor import Actor

REOPEN = "ledger.month.reopen"


def open_from() -> date:
    """The first day that is open; the first day there is where no month is closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tw_open_from()")
        found: date = cursor.fetchone()[0]
        return found


def check_open(day: date, field: str) -> None:
    """Raise `Refused` at the field where the month of a day is closed, saying who can reopen it."""
    since = open_from()
    if day < since:
        facts = {"month": month_key(day), "first": str(since), "who": who_reopens()}
        raise Refused("ledger.month_closed", field=field, **facts)


def who_reopens() -> tuple[str, ...]:
    """The names of people who may reopen a month; the right itself where nobody has it."""
    return tuple(organization.people_granted(REOPEN)) or (REOPEN,)


def last_closed() -> date | None:
    """The first day of the last closed month; None where none is closed."""
    since = open_from()
    return None if since == date.min else (since - timedelta(days=1)).replace(day=1)


def first_to_close() -> date:
    """The first open month in which there is anything; the one before this where there is nothing."""
    since = open_from()
    if since > date.min:
        return since
    earliest: date | None = Entry.objects.aggregate(earliest=Min("credited_on"))["earliest"]
    before = month_of(organization.clock().today()).start or date.min
    return earliest.replace(day=1) if earliest else (before - timedelta(days=1)).replace(day=1)


def month_states(actor: Actor, count: int = 24) -> list[MonthState]:
    """The running month and those before it, the newest first."""
    actor.require("ledger.month.view")
    running = organization.clock().today().replace(day=1)
    firsts = [running]
    while len(firsts) < count:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    since = open_from()
    rows = {row.starts_on: row for row in Month.objects.filter(MONTHS.visible(actor), starts_on__in=firsts)}
    people = organization.people_named({row.done_by_id for row in rows.values() if row.done_by_id})
    return [_state(first, since, running, rows.get(first), people) for first in firsts]


def _state(
    first: date, since: date, running: date, row: Month | None, people: Mapping[int, organization.Named]
) -> MonthState:
    if row is None:
        return MonthState(first, first < since, first == running)
    by = people[row.done_by_id].label if row.done_by_id else ""
    return MonthState(first, first < since, first == running, by, row.done_at, row.reason)


def deviations_of_closed() -> int:
    """How many sums of closed months differ from what was kept when they were closed; 0 is right."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM (
                   SELECT m.starts_on, s.* FROM ledger_monthsum s JOIN ledger_month m ON m.id = s.month_id
               ) kept FULL JOIN (
                   SELECT s.* FROM tw_month_sums(
                       (SELECT min(starts_on) FROM ledger_month WHERE is_closed), tw_open_from()) s
               ) found USING (starts_on, measure)
               WHERE (kept.entries, kept.value, kept.digest)
                     IS DISTINCT FROM (found.entries, found.value, found.digest)"""
        )
        return int(cursor.fetchone()[0])
