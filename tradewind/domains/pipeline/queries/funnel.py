"""The funnel: how far deals come, how it stood on a day, why deals close, what stands still."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.models import Opportunity, ReasonCode, StageMove
from tradewind.domains.pipeline.policy import MOVES, OPPORTUNITIES
from tradewind.domains.pipeline.queries.board import NOTHING, Card, card_of, named
from tradewind.domains.pipeline.queries.filters import (
    CAME_ON,
    DAYS_OPEN,
    Asked,
    from_on,
    stuck,
    whose,
    within,
)
from tradewind.domains.pipeline.queries.ways import Way, facts_of, way_named, ways
from tradewind.domains.pipeline.rules import Closed, Rung, State
from tradewind.kernel.period import Period
from tradewind.platform.spine.access.actor import Actor

SHOWN_STUCK = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One stage of a cohort. `amount`: value of the won, else what is expected, of all that reached it.

    `median_days` over the cohort's finished visits there; `here` stand in it now.
    """

    rung: Rung
    amount: Decimal
    median_days: int | None
    here: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One open stage at the end of a day; `amount` as last known while the deals stood there."""

    stage_id: int
    count: int
    amount: Decimal
    weighted: Decimal


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Deals closed in a period for one reason, in the reader's language; an empty key: without one."""

    state: State
    key: str
    label: str
    count: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Funnel:
    """The whole report over the deals of one pipeline that somebody sees."""

    way: Way
    among: tuple[Way, ...]
    lines: tuple[Line, ...]
    standing: tuple[Standing, ...]
    opened: int
    lost: int
    reasons: tuple[ReasonLine, ...]
    closed: Closed
    open_now: int
    velocity: Decimal | None
    stuck: tuple[Card, ...]


def cohort(actor: Actor, question: Asked) -> Funnel:
    """How far the deals opened in `question.opened` came; why those of `question.closed` closed."""
    among = ways()
    way = way_named(among, question.pipeline)
    rows = _rows(actor, question)
    counted = _counted(rows.filter(within(question.opened, "opened_on")), way)
    medians = _medians(actor, way, question)
    return _report(actor, question, among, lines=_lines(way, counted, medians), counted=counted)


def as_of(actor: Actor, question: Asked, day: date) -> Funnel:
    """How the pipeline stood at the end of a day, rebuilt from the moves; the owners are today's."""
    among = ways()
    way = way_named(among, question.pipeline)
    return _report(actor, question, among, standing=_standing(actor, way, question, day))


Counted = Mapping[tuple[int, str, int], tuple[int, Decimal]]
"""Deals and their amount by furthest stage, state and present stage."""


def _rows(actor: Actor, question: Asked) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(OPPORTUNITIES.visible(actor)).filter(whose(actor, question))


def _moves(actor: Actor, question: Asked) -> QuerySet[StageMove]:
    """Finished visits, of the deals asked for."""
    rows = StageMove.objects.filter(MOVES.visible(actor), is_undone=False, from_stage__isnull=False)
    if question.owner or question.unit:
        rows = rows.filter(deal__in=_rows(actor, question).values("pk"))
    return rows


def _counted(rows: QuerySet[Opportunity], way: Way) -> Counted:
    amount = Sum(Coalesce(F("value"), F("amount")))
    found = rows.filter(furthest__in=way.stages).values_list("furthest_id", "state", "stage_id")
    sums = found.annotate(count=Count("*"), money=amount).order_by()
    return {(far, state, stage): (n, value or NOTHING) for far, state, stage, n, value in sums}


def _medians(actor: Actor, way: Way, question: Asked) -> Mapping[int, int]:
    """From how many took how many days: a million visits are counted sooner than put in order."""
    visits = _moves(actor, question).filter(within(question.opened, "opened_on"))
    found = visits.filter(from_stage__in=way.open_stages).values_list("from_stage_id", "days")
    taken: dict[int, dict[int, int]] = {}
    for stage, days, count in found.annotate(count=Count("*")).order_by():
        taken.setdefault(stage, {})[days] = count
    return {stage: rules.median(counts) for stage, counts in taken.items()}


def _lines(way: Way, counted: Counted, medians: Mapping[int, int]) -> tuple[Line, ...]:
    stages = [stage for stage in way.stages if stage.kind != State.LOST]
    furthest: dict[int, int] = {}
    for (far, _, _), (count, _) in counted.items():
        furthest[far] = furthest.get(far, 0) + count
    made = []
    for stage, rung in zip(stages, rules.rungs([facts_of(s) for s in stages], furthest), strict=True):
        later = {one.pk for one in from_on(way, stage)}
        amount = sum((value for (far, _, _), (_, value) in counted.items() if far in later), NOTHING)
        here = sum(n for (_, _, present), (n, _) in counted.items() if present == stage.pk)
        made.append(Line(rung, amount, medians.get(stage.pk), here))
    return tuple(made)


def _standing(actor: Actor, way: Way, question: Asked, day: date) -> tuple[Standing, ...]:
    """Deals still where they were, and those that left later, in one statement."""
    stay = _rows(actor, question).filter(state=State.OPEN, stage__in=way.open_stages, stage_on__lte=day)
    stayed = stay.values_list("stage_id").annotate(count=Count("*"), money=Sum("amount")).order_by()
    gone = _moves(actor, question).filter(from_stage__in=way.open_stages, moved_on__gt=day)
    gone = gone.alias(came_on=CAME_ON).filter(came_on__lte=day)
    left = gone.values_list("from_stage_id").annotate(count=Count("*"), money=Sum("amount")).order_by()
    sums = {stage.pk: (0, NOTHING) for stage in way.open_stages}
    for stage, count, amount in stayed.union(left, all=True):
        sums[stage] = (sums[stage][0] + count, sums[stage][1] + (amount or NOTHING))
    return tuple(
        Standing(stage.pk, count, amount, rules.weighted(amount, stage.probability_rate))
        for stage in way.open_stages
        for count, amount in [sums[stage.pk]]
    )


def _report(
    actor: Actor,
    question: Asked,
    among: Sequence[Way],
    lines: tuple[Line, ...] = (),
    standing: tuple[Standing, ...] = (),
    counted: Counted | None = None,
) -> Funnel:
    way, today = way_named(among, question.pipeline), organization.clock().today()
    rows = _rows(actor, question).filter(stage__in=way.stages)
    reasons, closed = _closed(rows, way, question.closed)
    open_now = rows.filter(state=State.OPEN).count()
    slow = named(rows.filter(stuck(way.open_stages, today))).order_by("stage_on", "id")[:SHOWN_STUCK]
    deals = counted or {}
    return Funnel(
        way,
        tuple(among),
        lines,
        standing,
        sum(count for count, _ in deals.values()),
        sum(count for (_, state, _), (count, _) in deals.items() if state == State.LOST),
        reasons,
        closed,
        open_now,
        rules.velocity(open_now, closed),
        tuple(card_of(deal, today) for deal in slow),
    )


def _closed(rows: QuerySet[Opportunity], way: Way, period: Period) -> tuple[tuple[ReasonLine, ...], Closed]:
    """Deals closed in the period, by reason, the most frequent first; and what they come to together."""
    closed = rows.filter(within(period, "closed_on"), closed_on__isnull=False).order_by()
    by_reason = closed.values_list("stage_id", "reason_code_id")
    sums: Any = by_reason.annotate(deals=Count("*"), won=Sum("value"), took=Sum(DAYS_OPEN))
    kinds, codes = {stage.pk: State(stage.kind) for stage in way.stages}, ReasonCode.objects.in_bulk()
    lines, totals = [], {State.WON: 0, State.LOST: 0}
    value, days = NOTHING, 0
    for stage, reason, count, amount, took in sums:
        state, code = kinds[stage], codes.get(reason)
        key, label = (code.key, code.label) if code else ("", "")
        lines.append(ReasonLine(state, key, label, count, amount or NOTHING))
        totals[state] += count
        if state == State.WON:
            value, days = value + (amount or NOTHING), days + took
    lines.sort(key=lambda line: (line.state, -line.count, not line.key, line.key))
    return tuple(lines), Closed(totals[State.WON], totals[State.LOST], value, days)
