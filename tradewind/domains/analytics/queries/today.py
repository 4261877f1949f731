"""The first page as one answer per block: what to do now, my numbers, the team's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tradewind.domains.analytics import rules
from tradewind.domains.analytics.queries.common import BOOKINGS, beside_last_year, home_unit
from tradewind.domains.analytics.values import Compared
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.queries import Named
from tradewind.domains.pipeline import queries as pipeline
from tradewind.domains.pipeline.queries import Card, OwnersDeals
from tradewind.domains.planning import queries as planning
from tradewind.domains.planning.queries import TrackedRow, Tracking
from tradewind.domains.planning.values import Kind, Progress
from tradewind.kernel.period import month_key, months_in, period_of, quarter_key, year_key
from tradewind.platform.spine.access.actor import Actor

CLOSING_DAYS = 14


@dataclass(frozen=True, slots=True)
class OwnDeals:
    """One's own open deals by what they need. A deal stands in `now` once, in the others as it fits.

    `now`: next steps due today or before, and expected closes that have passed; `closing` within 14 days.
    """

    now: Sequence[Card]
    closing: Sequence[Card]
    closing_amount: Decimal
    without_step: Sequence[Card]
    open_deals: int


@dataclass(frozen=True, slots=True)
class Team:
    """The unit that the actor leads this month: its rows, the worst first, and whose deals need attention."""

    unit: Named
    tracking: Tracking
    rows: Sequence[TrackedRow]
    owners: Sequence[OwnersDeals]


@dataclass(frozen=True, slots=True)
class Company:
    """The whole company: bookings of today, this month, quarter and year, the latter with progress.

    `owners` are those whose deals need attention.
    """

    today: Compared
    figures: Mapping[str, Compared]
    progress: Mapping[str, Progress]
    owners: Sequence[OwnersDeals]


def own_deals(actor: Actor) -> OwnDeals:
    """What the person acting has to do about their own open deals; one statement."""
    today = organization.clock().today()
    cards = pipeline.own_open(actor)
    soon = today + timedelta(days=CLOSING_DAYS)
    closing = [one for one in cards if one.deal.close_on and today <= one.deal.close_on <= soon]
    return OwnDeals(
        sorted((one for one in cards if _is_due(one, today)), key=lambda one: _due_on(one, today)),
        closing,
        sum((one.deal.amount or Decimal(0) for one in closing), Decimal(0)),
        [one for one in cards if one.needs_step],
        len(cards),
    )


def _is_due(card: Card, today: date) -> bool:
    return card.is_overdue or card.is_step_overdue or card.deal.next_step_on == today


def _due_on(card: Card, today: date) -> tuple[date, int]:
    """The day on which this deal should have been looked at."""
    days = [day for day in (card.deal.next_step_on, card.deal.close_on) if day and day <= today]
    return min(days, default=today), card.deal.pk


def team(actor: Actor) -> Team | None:
    """How the parts and people of one's unit stand this month, and whose deals lie still."""
    made = planning.tracking(actor)
    unit = home_unit(actor, made)
    if unit is None:
        return None
    inside = [row for row in made.rows if row.line.depth == 1 and row.line.key.kind is not Kind.RESERVE]
    rows = sorted(inside, key=lambda row: rules.worst_first(row.progress))
    return Team(unit, made, rows, pipeline.by_owner(actor, pipeline.ways(), unit.key))


def company(actor: Actor) -> Company:
    """Bookings of today, this month, quarter and year beside the year before, and their targets."""
    today = organization.clock().today()
    keys = [name(today) for name in (month_key, quarter_key, year_key)]
    days = [(period.start or today, period.last or today) for period in map(period_of, keys)]
    months = months_in(period_of(year_key(today)))
    more = [period_of(month) for month in months]
    found, sums = beside_last_year(actor, [BOOKINGS], [(today, today), *days], "", more)
    progress = planning.whole_progress(actor, dict(zip(months, sums, strict=True)))
    figures = {key: found[BOOKINGS, one] for key, one in zip(keys, days, strict=True)}
    owners = pipeline.by_owner(actor, pipeline.ways())
    return Company(found[BOOKINGS, (today, today)], figures, progress, owners)
