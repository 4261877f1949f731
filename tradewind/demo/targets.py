"""Targets of the demo company: this year's plan in force, and in its last quarter a draft for the next."""

from datetime import date, timedelta
from decimal import Decimal

from tradewind.domains.ledger import queries as ledger
from tradewind.domains.ledger.values import Question
from tradewind.domains.organization.queries import actor_named
from tradewind.domains.planning import commands, queries
from tradewind.domains.planning.commands import Move, NewPlan
from tradewind.domains.planning.values import Method, Rounding
from tradewind.kernel.period import Period
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Ref

WHOLE = "company"
STEP = Decimal(10_000)
AMBITION = Decimal("1.06")  # over what the last twelve months brought
ROUNDING = Rounding(units=10_000, people=1_000, quarters=100, months=100)


def load_targets(today: date) -> None:
    """Plan as the director would; what exists already is left alone. Nothing is planned without any sales."""
    with scope(actor_named("director")) as actor:
        if queries.plans(actor):
            return
        amount = _last_twelve_months(actor, today) * AMBITION // STEP * STEP
        if amount <= 0:
            return
        _put_in_force(actor, _draft(actor, today.year, amount))
        if today.month >= 10:
            _draft(actor, today.year + 1, amount * AMBITION // STEP * STEP)


def _last_twelve_months(actor: Actor, today: date) -> Decimal:
    period = Period.through(today - timedelta(days=365), today)
    return ledger.figure(actor, Question(queries.BOOKINGS, period=period)).total or Decimal(0)


def _draft(actor: Actor, year: int, amount: Decimal) -> int:
    given = NewPlan(
        year, queries.BOOKINGS, WHOLE, amount, by=Method.EQUAL, over=Method.WORKDAYS, rounding=ROUNDING
    )
    return commands.create(actor, given).plan_id


def _put_in_force(actor: Actor, plan_id: int) -> None:
    plan = queries.plan_with_id(actor, plan_id)
    for step in (commands.submit, commands.approve):
        step(actor, Ref(plan.public_id, plan.version), Move())
        plan.refresh_from_db()
