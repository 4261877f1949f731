"""Board and funnel through the API: the same questions as the pages."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Query, Schema

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import queries, rules
from tradewind.domains.pipeline.api.words import DealCardOut, Narrowing, card_out, router
from tradewind.domains.pipeline.models import Stage
from tradewind.domains.pipeline.queries import Column, Funnel
from tradewind.domains.pipeline.queries.funnel import ReasonLine
from tradewind.platform.spine.access.middleware import actor_of_request


class BoardStageOut(Schema):
    """`rate` is the probability from 0 to 1; `stuck_after` days in it a deal counts as stuck."""

    key: str
    name: str
    kind: str
    rate: str
    expected_days: int | None
    stuck_after: int | None
    criteria: list[str]


class ColumnOut(Schema):
    """A stage: all its deals counted, the first fifty of them, and where the next ones begin."""

    stage: BoardStageOut
    count: int
    amount: str
    weighted: str
    items: list[DealCardOut]
    next: str | None


class BoardOut(Schema):
    """The sums are those of the open stages."""

    pipeline: str
    count: int
    amount: str
    weighted: str
    columns: list[ColumnOut]


class FunnelLineOut(Schema):
    stage: str
    reached: int
    conversion_rate: str | None
    share_rate: str | None
    amount: str
    median_days: int | None
    here: int


class StandingOut(Schema):
    stage: str
    count: int
    amount: str
    weighted: str


class ReasonOut(Schema):
    state: str
    reason: str | None
    count: int
    value: str


class FunnelOut(Schema):
    """`lines` in the cohort view, `standing` on a day; `velocity` is money per calendar day."""

    pipeline: str
    on: str | None
    opened: int
    lost: int
    lines: list[FunnelLineOut]
    standing: list[StandingOut]
    reasons: list[ReasonOut]
    won: int
    lost_in_time: int
    win_rate: str | None
    open_now: int
    velocity: str | None
    stuck: list[DealCardOut]


@router.get("/board", response=BoardOut)
def get_board(request: HttpRequest, narrowing: Query[Narrowing]) -> dict[str, Any]:
    """The deals of a pipeline by stage; closed columns show what closed in the asked time."""
    made = queries.board(actor_of_request(request), queries.asked(narrowing.dict()))
    return {
        "pipeline": made.way.pipeline.key,
        "count": made.count,
        "amount": f"{made.amount:f}",
        "weighted": f"{made.weighted:f}",
        "columns": [_column(column) for column in made.columns],
    }


@router.get("/funnel", response=FunnelOut)
def get_funnel(request: HttpRequest, narrowing: Query[Narrowing]) -> dict[str, Any]:
    """How far the deals opened in a time came; with `on`, how the pipeline stood at the end of that day."""
    actor, question = actor_of_request(request), queries.asked(narrowing.dict())
    if question.on is None:
        return _funnel(queries.cohort(actor, question), None)
    day = min(question.on, organization.clock().today())
    return _funnel(queries.as_of(actor, question, day), day.isoformat())


def _column(column: Column) -> dict[str, Any]:
    return {
        "stage": _stage(column.stage),
        "count": column.count,
        "amount": f"{column.amount:f}",
        "weighted": f"{column.weighted:f}",
        "items": [card_out(card) for card in column.cards],
        "next": column.next,
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "key": stage.key,
        "name": stage.label,
        "kind": stage.kind,
        "rate": f"{stage.probability_rate:f}",
        "expected_days": stage.expected_days,
        "stuck_after": queries.limit_of(stage),
        "criteria": list(stage.criteria),
    }


def _funnel(report: Funnel, on: str | None) -> dict[str, Any]:
    keys, closed = {stage.pk: stage.key for stage in report.way.stages}, report.closed
    return {
        "pipeline": report.way.pipeline.key,
        "on": on,
        "opened": report.opened,
        "lost": report.lost,
        "lines": [
            {
                "stage": keys[line.rung.stage.id],
                "reached": line.rung.reached,
                "conversion_rate": _text(line.rung.conversion_rate),
                "share_rate": _text(line.rung.share_rate),
                "amount": f"{line.amount:f}",
                "median_days": line.median_days,
                "here": line.here,
            }
            for line in report.lines
        ],
        "standing": [
            {
                "stage": keys[one.stage_id],
                "count": one.count,
                "amount": f"{one.amount:f}",
                "weighted": f"{one.weighted:f}",
            }
            for one in report.standing
        ],
        "reasons": [_reason(line) for line in report.reasons],
        "won": closed.won,
        "lost_in_time": closed.lost,
        "win_rate": _text(rules.rate(closed.won, closed.won + closed.lost)),
        "open_now": report.open_now,
        "velocity": _text(report.velocity),
        "stuck": [card_out(card) for card in report.stuck],
    }


def _reason(line: ReasonLine) -> dict[str, Any]:
    return {
        "state": line.state.value,
        "reason": line.key or None,
        "count": line.count,
        "value": f"{line.value:f}",
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
