"""The director's page as one answer: how the period goes, where it lags, and what is still to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tradewind.domains.analytics import rules
from tradewind.domains.analytics.queries.common import BOOKINGS, RIGHT, beside_last_year, home_unit
from tradewind.domains.analytics.values import Compared, MonthBeside, Ranking, Standing
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.queries import Named
from tradewind.domains.pipeline import queries as pipeline
from tradewind.domains.pipeline.queries import Asked, Board, Card, OwnersDeals
from tradewind.domains.planning import queries as planning
from tradewind.domains.planning.queries import TrackedRow, Tracking
from tradewind.domains.planning.values import Kind, Pace
from tradewind.kernel.period import Period, month_key, period_of
from tradewind.platform.spine.access.actor import Actor

MEASURES = (BOOKINGS, "won_deals", "win_rate", "average_deal", "new_opportunities", "new_customers")
MOST_PEOPLE = 1_000  # of more people, teams are ranked: nobody compares ten thousand names
MOST_UNITS = 24  # bars that can be taken in at once; more than that, only the level below the top


@dataclass(frozen=True, slots=True)
class Closing:
    """Open deals expected to close in the period: the largest, how many there are and what all come to."""

    largest: Sequence[Card]
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Overview:
    """How a unit with all below, or the whole company (`unit` None), stands in a period."""

    unit: Named | None
    tracking: Tracking
    figures: Mapping[str, Compared]
    months: Sequence[MonthBeside]
    units: Sequence[TrackedRow]
    lagging: TrackedRow | None
    ranking: Ranking
    funnel: Board
    owners: Sequence[OwnersDeals]
    closing: Closing

    @property
    def code(self) -> str:
        """The unit as addresses name it; empty for the whole company."""
        return self.unit.key if self.unit else ""


def overview(actor: Actor, period: str = "", unit: str = "") -> Overview:
    """The state of business in a month, quarter or year (default: this month), in a unit of the actor's.

    Raises `NotAllowed` without the right, `Malformed` for a period that is none, `NotVisible` for a unit out
    of reach. At most 15 statements, whatever the size.
    """
    actor.require(RIGHT)
    has_few = planning.people_in(actor, unit) <= MOST_PEOPLE
    made = planning.tracking(actor, period, unit, with_people=has_few)
    scope = Named(unit, organization.unit_called(actor, unit)) if unit else home_unit(actor, made)
    code = scope.key if scope else ""
    days = (made.period.first, made.period.last)
    months = _months(made.period.first.year)
    found, sums = beside_last_year(actor, MEASURES, [days], code, months)
    units = _units(made.rows)
    board = pipeline.board(actor, Asked(unit=code), 0)
    return Overview(
        scope,
        made,
        {measure: found[measure, days] for measure in MEASURES},
        _trend(made.period.first.year, sums),
        units,
        _lagging(units),
        rules.ranked(_people(made.rows) if has_few else _teams(made.rows)),
        board,
        pipeline.by_owner(actor, board.among, code),
        Closing(*pipeline.closing_within(actor, Period.through(*days), code)),
    )


def _months(year: int) -> list[Period]:
    """The months of a year, then those of the year before."""
    return [period_of(f"{one}-{month:02}") for one in (year, year - 1) for month in range(1, 13)]


def _trend(year: int, sums: Sequence[Decimal]) -> list[MonthBeside]:
    this = month_key(organization.clock().today())
    made = []
    for month, (value, before) in enumerate(zip(sums[:12], sums[12:], strict=True), 1):
        first = date(year, month, 1)
        key = month_key(first)
        made.append(MonthBeside(first, None if key > this else value, before, key == this))
    return made


def _units(rows: Sequence[TrackedRow]) -> list[TrackedRow]:
    """The units below the top one, with those below them while they are few; a lone top stands for itself."""
    inside = [row for row in rows if row.line.key.kind is Kind.UNIT and 1 <= row.line.depth <= 2]
    if len(inside) > MOST_UNITS:
        inside = [row for row in inside if row.line.depth == 1]
    return inside or [row for row in rows if row.line.key.kind is Kind.UNIT][:1]


def _lagging(units: Sequence[TrackedRow]) -> TrackedRow | None:
    """The unit right below the top that is furthest behind, when one is."""
    behind = [row for row in units if row.progress.pace in (Pace.OFF, Pace.AT_RISK) and row.line.depth == 1]
    return min(behind, key=lambda row: rules.worst_first(row.progress), default=None)


def _people(rows: Sequence[TrackedRow]) -> list[Standing]:
    names = {row.line.key.unit: row.line.label for row in rows if row.line.key.kind is Kind.UNIT}
    return [
        Standing(key.person, row.line.label, key.unit, names.get(key.unit, key.unit), row.progress)
        for row in rows
        if (key := row.line.key).kind is Kind.PERSON
    ]


def _teams(rows: Sequence[TrackedRow]) -> list[Standing]:
    """The units without units below, each under the name of the one above; nobody signs in as one."""
    labels = {row.line.id: row.line.label for row in rows}
    above = {row.line.parent for row in rows}
    return [
        Standing("", row.line.label, row.line.key.unit, labels.get(row.line.parent, ""), row.progress)
        for row in rows
        if row.line.id not in above
    ]
