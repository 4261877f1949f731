"""Closing months, and opening the last closed one again.

The months are written by functions of the database alone (sql/months.sql), while these commands run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from tradewind.domains.ledger import rules
from tradewind.domains.ledger.commands import bring_home, hold, merge_rollups
from tradewind.domains.ledger.measures import flows
from tradewind.domains.ledger.queries import months
from tradewind.domains.ledger.values import Unfinished
from tradewind.domains.organization import queries as organization
from tradewind.kernel.period import Period, month_of, months_in
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import batch


@dataclass(frozen=True, slots=True)
class Closing:
    """A month by its first day; `with_earlier` closes every open month before it, too."""

    month: date
    with_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Reopening:
    """A month by its first day, and why."""

    month: date
    reason: str


@batch("ledger.month.close")
def close_month(actor: Actor, given: Closing) -> int:
    """Close a month: from now on nothing is dated into it, and its sums are kept to be verified.

    Whoever is posting is waited for. Returns how many months were closed.
    """
    hold()
    with widened("the first open month is the company's, not the actor's"):
        period = rules.closing(
            given.month, months.first_to_close(), organization.clock().today(), given.with_earlier
        )
        _merge(period)
        with connection.cursor() as cursor:
            cursor.execute("SELECT tw_close_months(%s, %s, %s)", [period.start, given.month, actor.person_id])
            return int(cursor.fetchone()[0])


@batch("ledger.month.reopen")
def reopen_month(actor: Actor, given: Reopening) -> int:
    """Open the last closed month again. Credits of people whose past was put right meanwhile come home.

    Corrections that were dated later since stay where they were booked. Returns how many entries moved.
    """
    hold()
    with widened("only this role may call the function that writes the months"):
        reason = rules.check_reopening(given.month, months.last_closed(), given.reason)
        with connection.cursor() as cursor:
            cursor.execute("SELECT tw_reopen_month(%s, %s, %s)", [given.month, actor.person_id, reason])
    return bring_home(None, month_of(given.month).end)


def _merge(period: Period) -> None:
    """Afterwards nobody may: what is closed is as short as it can be."""
    first, last = period.start, period.last
    if first and last:
        keys = [f"{key}-01" for key in months_in(Period(first, last + timedelta(days=1)))]
        merge_rollups([flow.key for flow in flows()], keys)


Check = Callable[[Actor, Period], Unfinished | None]
_checks: list[Check] = []


def unfinished(check: Check) -> None:
    """Let an upper domain tell what is unfinished in the days up to the end of a month; wired in `flows/`."""
    _checks.append(check)


def unfinished_in(actor: Actor, month: date) -> list[Unfinished]:
    """What to look at before a month is closed, as far as the actor sees; nothing of it prevents that."""
    through = Period(None, month_of(month).end)
    return [found for check in _checks if (found := check(actor, through)) is not None and found.count]
