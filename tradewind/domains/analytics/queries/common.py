"""What both pages ask: how far the actor looks, and figures beside those of the year before."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from tradewind.domains.analytics import rules
from tradewind.domains.analytics.values import Compared
from tradewind.domains.ledger import queries as ledger
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.queries import Named
from tradewind.domains.planning.queries import Tracking
from tradewind.domains.planning.values import Kind
from tradewind.kernel.period import Period
from tradewind.platform.spine.access.actor import Actor

BOOKINGS = "bookings"
LEDGER = "ledger.entry"
RIGHT = "analytics.overview.view"
Days = tuple[date, date]
"""The first and the last day of a period."""


def home_unit(actor: Actor, made: Tracking) -> Named | None:
    """The unit whose numbers are the actor's own to steer; None for the whole company, and for nobody's.

    It is the top row of all they track; without a row it is asked for.
    """
    if sees_company(actor):
        return None
    top = next((row.line for row in made.rows if row.line.key.kind is Kind.UNIT), None)
    return Named(top.key.unit, top.label) if top else organization.top_unit(actor, LEDGER)


def sees_company(actor: Actor) -> bool:
    """Does the actor see every number of the company?"""
    return actor.reach(LEDGER).everything


def beside_last_year(
    actor: Actor, measures: Sequence[str], days: Sequence[Days], unit: str, more: Sequence[Period] = ()
) -> tuple[Mapping[tuple[str, Days], Compared], tuple[Decimal, ...]]:
    """Every measure over all these days beside the year before, and bookings of `more` periods.

    Two statements, whatever is asked (three within a unit).
    """
    today = organization.clock().today()
    now = [rules.so_far(*one, today) for one in days]
    before = [rules.beside(*one, today) for one in days]
    found = ledger.compared(actor, measures, [*now, *before, *more], unit)
    made = {}
    for measure in measures:
        for at, one in enumerate(days):
            value, former = found[measure][at], found[measure][at + len(days)]
            moved = rules.change(value, former)
            made[measure, one] = Compared(measure, now[at].start or one[0], one[1], value, former, moved)
    rest = found[BOOKINGS][2 * len(days) :] if BOOKINGS in found else ()
    return made, tuple(value or Decimal(0) for value in rest)
