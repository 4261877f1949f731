"""The board: the deals of one pipeline by stage, with sums per column, in a handful of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.models import Opportunity, Stage
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.queries.filters import Asked, closing_period, matching, within
from tradewind.domains.pipeline.queries.ways import Way, limit_of, way_named, ways
from tradewind.domains.pipeline.rules import State
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor

PAGE = 20
NOTHING = Decimal("0.00")
Sums = tuple[int, Decimal]
"""How many deals, and their amount."""


@dataclass(frozen=True, slots=True)
class Card:
    """One deal on the board; `days` it has stood in its stage."""

    deal: Opportunity
    days: int
    is_stuck: bool
    is_overdue: bool
    needs_step: bool
    is_step_overdue: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One stage: all its deals counted, the first cards, and where the next ones begin.

    Amounts in company currency without tax: expected while open, the value once won.
    """

    stage: Stage
    count: int
    amount: Decimal
    weighted: Decimal
    cards: tuple[Card, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Board:
    """The columns of one pipeline; the sums are those of its open stages."""

    way: Way
    among: tuple[Way, ...]
    columns: tuple[Column, ...]
    count: int
    amount: Decimal
    weighted: Decimal


def board(actor: Actor, question: Asked, cards: int = PAGE) -> Board:
    """Every column of a pipeline with its first cards, soonest expected close first.

    Closed columns show what closed in the asked time, this month without one. Raises `Malformed`.
    """
    actor.require(f"{OPPORTUNITIES.resource}.view")
    today, among = organization.clock().today(), ways()
    way = way_named(among, question.pipeline)
    rows, sums = _rows(actor, question, today), _sums(actor, way, question, today)
    shown = _first_cards(rows, way.stages, question, today, cards) if cards else {}
    columns = tuple(_column(stage, sums, shown.get(stage.pk, []), today, cards) for stage in way.stages)
    of_open = [column for column in columns if column.stage.kind == State.OPEN]
    return Board(
        way,
        tuple(among),
        columns,
        sum(column.count for column in of_open),
        sum((column.amount for column in of_open), NOTHING),
        sum((column.weighted for column in of_open), NOTHING),
    )


def more_cards(actor: Actor, question: Asked, after: str) -> Column:
    """The next cards of one column. Raises `Malformed` for an unknown stage or a cursor that is none."""
    today = organization.clock().today()
    stage = way_named(ways(), question.pipeline).stage(question.stage)
    rows = _in_column(_rows(actor, question, today), stage.kind, question, today).filter(stage=stage)
    page = list(named(_after(rows, stage.kind, after))[: PAGE + 1])
    return _column(stage, {}, page, today, PAGE)


def card_of(deal: Opportunity, today: date) -> Card:
    """A deal as its card shows it; its stage is loaded with its pace."""
    is_open, days = deal.state == State.OPEN, rules.days_between(deal.stage_on, today)
    return Card(
        deal,
        days,
        is_open and rules.is_stuck(days, limit_of(deal.stage)),
        bool(is_open and deal.close_on and deal.close_on < today),
        is_open and not deal.next_step,
        bool(is_open and deal.next_step_on and deal.next_step_on < today),
    )


def named(rows: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """Deals with everything a card names."""
    return rows.select_related(
        "customer", "owner", "product", "unit", "stage__pace", "stage__pipeline", "reason_code"
    )


def _rows(actor: Actor, question: Asked, today: date) -> QuerySet[Opportunity]:
    """The visible deals of the person, unit and words asked for, whatever their stage and time."""
    plain = Asked(words=question.words, owner=question.owner, unit=question.unit, flag=question.flag)
    return Opportunity.objects.filter(OPPORTUNITIES.visible(actor)).filter(matching(actor, plain, today))


def _in_column(rows: QuerySet[Opportunity], kind: str, question: Asked, today: date) -> QuerySet[Opportunity]:
    """Those that a column of this kind shows: open ones by expected close, undated last; closed by day."""
    if kind == State.OPEN:
        is_open = rows.filter(state=State.OPEN)
        if question.closing == "undated":
            is_open = is_open.filter(close_on=None)
        elif question.closing:
            is_open = is_open.filter(within(closing_period(question.closing, today), "close_on"))
        return is_open.order_by("close_on", "id")
    word = question.closing if question.closing in ("quarter", "next_quarter") else "month"
    closed = rows.filter(within(closing_period(word, today), "closed_on"), closed_on__isnull=False)
    return closed.order_by("-closed_on", "-id")


def _sums(actor: Actor, way: Way, question: Asked, today: date) -> Mapping[int, Sums]:
    """Count and sums by stage, open and closed columns in one statement."""
    rows = _rows(actor, question, today).filter(stage__in=way.stages)
    open_sums = (
        _in_column(rows, "open", question, today)
        .order_by()
        .values_list("stage_id")
        .annotate(count=Count("*"), money=Sum("amount"))
    )
    closed_sums = (
        _in_column(rows, "closed", question, today)
        .order_by()
        .values_list("stage_id")
        .annotate(count=Count("*"), money=Sum(Coalesce(F("value"), F("amount"))))
    )
    both: Iterable[tuple[Any, ...]] = open_sums.union(closed_sums, all=True)
    return {stage: (count, amount or NOTHING) for stage, count, amount in both}


def _first_cards(
    rows: QuerySet[Opportunity], stages: Sequence[Stage], question: Asked, today: date, cards: int
) -> dict[int, list[Opportunity]]:
    """The first cards of every column: their ids stage by stage, then the rows, in two statements."""
    here = rows.filter(stage=OuterRef("pk"))
    kinds = {
        kind: _in_column(here, kind, question, today).values("pk")[: cards + 1] for kind in ("open", "won")
    }
    listed = Stage.objects.filter(pk__in=[stage.pk for stage in stages]).values_list(
        "pk", ArraySubquery(kinds["open"]), ArraySubquery(kinds["won"])
    )
    ids = {stage: [*of_open, *of_closed] for stage, of_open, of_closed in listed}
    found = named(Opportunity.objects.all()).in_bulk([pk for some in ids.values() for pk in some])
    return {stage: [found[pk] for pk in some if pk in found] for stage, some in ids.items()}


def _column(
    stage: Stage, sums: Mapping[int, Sums], page: Sequence[Opportunity], today: date, cards: int
) -> Column:
    count, amount = sums.get(stage.pk, (0, NOTHING))
    shown = page[:cards]
    return Column(
        stage,
        count,
        amount,
        rules.weighted(amount, stage.probability_rate),
        tuple(card_of(deal, today) for deal in shown),
        _cursor(shown[-1]) if len(page) > cards else None,
    )


def _cursor(deal: Opportunity) -> str:
    day = deal.close_on if deal.state == State.OPEN else deal.closed_on
    return f"{day or ''}~{deal.pk}"


def _after(rows: QuerySet[Opportunity], kind: str, after: str) -> QuerySet[Opportunity]:
    day, _, number = after.partition("~")
    try:
        on, pk = date.fromisoformat(day) if day else None, int(number)
    except ValueError:
        raise Malformed("ledger.bad_cursor", field="after") from None
    if kind != State.OPEN:
        return rows.filter(Q(closed_on__lt=on) | Q(closed_on=on, pk__lt=pk))
    if on is None:
        return rows.filter(close_on=None, pk__gt=pk)
    return rows.filter(Q(close_on__gt=on) | Q(close_on=None) | Q(close_on=on, pk__gt=pk))
