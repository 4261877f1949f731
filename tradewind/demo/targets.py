"""Targets of the demo company: this year's plan in force, and in its last quarter a draft for the next."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tradewind.domains.ledger import queries as ledger
from tradewind.domains.ledger.values import Credited
from tradewind.domains.organization.queries import actor_named
from tradewind.domains.planning import commands, queries
from tradewind.domains.planning.commands import Move, NewPlan, Respread
from tradewind.domains.planning.queries import PlanRow
from tradewind.domains.planning.values import Kind, Method, Rounding, RowKey
from tradewind.kernel.period import Period
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Ref

WHOLE = "company"
STEP = Decimal(10_000)
AMBITION = Decimal("1.06")  # over what the last twelve months brought
Step = Callable[[Actor, Ref[Any], Move], object]
ROUNDING = Rounding(units=10_000, people=1_000, quarters=100, months=100)


def load_targets(today: date) -> None:
    """Plan as the director would; what exists already is left alone. Nothing is planned without any sales."""
    with scope(actor_named("director")) as actor:
        if actor.is_nobody or queries.plans(actor):
            return
        past = _last_twelve_months(actor, today)
        amount = sum((credit.value for credit in past), Decimal(0)) * AMBITION // STEP * STEP
        if amount <= 0:
            return
        plan_id = _draft(actor, today.year, amount, past)
        with scope(actor_named("admin")) as another:  # nobody puts in force what they submitted
            _step(another, commands.submit, plan_id)
        _step(actor, commands.approve, plan_id)
        if today.month >= 10:
            _draft(actor, today.year + 1, amount * AMBITION // STEP * STEP, past)


def _step(actor: Actor, step: Step, plan_id: int) -> None:
    plan = queries.plan_with_id(actor, plan_id)
    step(actor, Ref(plan.public_id, plan.version), Move())


def _last_twelve_months(actor: Actor, today: date) -> Sequence[Credited]:
    period = Period(date(today.year - 1, today.month, 1), date(today.year, today.month, 1))
    return ledger.credited(actor, queries.BOOKINGS, period)


def _draft(actor: Actor, year: int, amount: Decimal, past: Sequence[Credited]) -> int:
    """From the top down each row gets half of what is alike for all, half of what it brought before."""
    given = NewPlan(year, queries.BOOKINGS, WHOLE, amount, rounding=ROUNDING)
    plan_id = commands.create(actor, given).plan_id
    plan = queries.plan_with_id(actor, plan_id)
    rows = queries.plan_rows(actor, plan)
    for row in rows:
        below = [one for one in rows if one.line.parent == row.line.id and one.line.key.kind != Kind.RESERVE]
        if row.line.key.kind is Kind.UNIT and below:
            plan = queries.plan_with_id(actor, plan_id)
            again = Respread(
                row.line.key,
                by=Method.WEIGHTS,
                over=Method.WORKDAYS,
                rounding=ROUNDING,
                weights=_weights(below, past),
            )
            commands.spread(actor, Ref(plan.public_id, plan.version), again)
    return plan_id


def _weights(rows: Sequence[PlanRow], past: Sequence[Credited]) -> dict[RowKey, Decimal]:
    brought = {row.line.key: _brought(row, past) for row in rows}
    mean = sum(brought.values(), Decimal(0)) / len(rows)
    return {key: (value + max(mean, Decimal(1))).quantize(STEP / STEP) for key, value in brought.items()}


def _brought(row: PlanRow, past: Sequence[Credited]) -> Decimal:
    line = row.line
    if line.person_id is not None:
        return sum((one.value for one in past if one.person_id == line.person_id), Decimal(0))
    return sum((one.value for one in past if line.unit_id in one.unit_path), Decimal(0))
