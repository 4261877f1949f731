"""Pure decisions: which days stand beside each other, by how much a figure changed, who comes first."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tradewind.domains.analytics.values import Ranking, Standing
from tradewind.domains.planning.values import Pace, Progress
from tradewind.kernel.period import Period, year_before

SHOWN = 5
WORST_FIRST = (Pace.OFF, Pace.AT_RISK, Pace.UNKNOWN, Pace.ON_TRACK)


def so_far(first: date, last: date, today: date) -> Period:
    """The days of a period that have come, today included; all of them when it is over or has not begun."""
    return Period.through(first, min(last, today) if first <= today else last)


def beside(first: date, last: date, today: date) -> Period:
    """The days of the year before to compare a period's with.

    All of them once it is over; while it runs, as many as have come: 1 to 18 March beside 1 to 18 March.
    """
    if first <= today <= last:
        return Period.through(year_before(first), year_before(today))
    after = Period.through(first, last).end or last
    return Period(year_before(first), year_before(after))


def change(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """By which share of the year before a figure grew, 0.12 for 12 % more; None beside 0, less or nothing."""
    if value is None or before is None or before <= 0:
        return None
    return value / before - 1


def worst_first(found: Progress) -> tuple[int, Decimal]:
    """Sorts what is off track first, then what is at risk; within that by the largest gap."""
    return WORST_FIRST.index(found.pace), -found.gap


def ranked(people: Sequence[Standing], shown: int = SHOWN) -> Ranking:
    """The best by attainment and the last ones, nobody in both; people without a target are left out.

    Everybody is among the best while they are few.
    """
    aimed = [one for one in people if one.progress.attainment is not None]
    ordered = sorted(aimed, key=_by_attainment)
    if len(ordered) <= 2 * shown:
        return Ranking(ordered, (), len(ordered))
    return Ranking(ordered[:shown], ordered[shown:][-shown:][::-1], len(ordered))


def _by_attainment(one: Standing) -> tuple[Decimal, Decimal, str, str]:
    return -(one.progress.attainment or Decimal(0)), -one.progress.actual, one.name, one.unit
