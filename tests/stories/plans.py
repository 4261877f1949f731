"""The director's plan of 2026 and what stories do with it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from tests.conftest import acting, system
from tradewind.domains.pipeline.imports import import_opportunities
from tradewind.domains.pipeline.values import DealRow
from tradewind.domains.planning import commands, queries
from tradewind.domains.planning.commands import CellValue, Move, NewPlan, Respread
from tradewind.domains.planning.models import Plan
from tradewind.domains.planning.queries import PlanRow, Tracking
from tradewind.domains.planning.values import Kind, RowKey
from tradewind.platform.spine.command import Ref

SUNDAY = date(2026, 11, 22)
COMPANY = RowKey(Kind.UNIT, "company")
SHANGHAI = RowKey(Kind.UNIT, "sh1")
XIAOYU = RowKey(Kind.PERSON, "sh1", "seller")
WU_QIANG = RowKey(Kind.PERSON, "sh1", "wu.qiang")
SPARE = RowKey(Kind.RESERVE, "sh1")
MILLION = Decimal(1_000_000)


def draft(amount: Decimal | None = 12 * MILLION, **more: Any) -> Plan:
    """A draft for 2026 by the director, of the whole company."""
    with acting("director") as actor:
        given = NewPlan(2026, "bookings", "company", amount, **more)
        return queries.plan_with_id(actor, commands.create(actor, given).plan_id)


def fresh(plan: Plan) -> Plan:
    with system() as actor:
        return queries.plan(actor, plan.public_id)


def ref(plan: Plan) -> Ref[Plan]:
    return Ref(plan.public_id, fresh(plan).version)


def spread(plan: Plan, given: Respread, who: str = "director") -> commands.Spreading:
    with acting(who) as actor:
        return commands.spread(actor, ref(plan), given)


def set_cell(plan: Plan, row: RowKey, month: int, value: str, who: str = "director") -> None:
    with acting(who) as actor:
        commands.set_cell(actor, ref(plan), CellValue(row, month, Decimal(value)))


def move(plan: Plan, *verbs: str, who: str = "") -> None:
    """By the director, but for submitting: nobody puts in force what they submitted."""
    for verb in verbs:
        with acting(who or ("admin" if verb == "submit" else "director")) as actor:
            getattr(commands, verb)(actor, ref(plan), Move())


def rows(plan: Plan, who: str = "director") -> dict[RowKey, PlanRow]:
    with acting(who) as actor:
        return {row.line.key: row for row in queries.plan_rows(actor, fresh(plan))}


def sums_hold(plan: Plan) -> bool:
    """Every unit is, month by month, the exact sum of the rows right in it."""
    with acting("director") as actor:
        found = queries.plan_rows(actor, fresh(plan))
    return all(
        [cell.value for cell in row.months]
        == [
            sum(month)
            for month in zip(
                *([cell.value for cell in one.months] for one in found if one.line.parent == row.line.id),
                strict=True,
            )
        ]
        for row in found
        if row.line.key.kind is Kind.UNIT
    )


def win(seller: str, amount: str, on: date, number: str) -> None:
    with system() as actor:
        row = DealRow(
            number, seller, "ZN-MES", "", "won", date(2026, 1, 5), on, Decimal(amount), json.dumps([number])
        )
        import_opportunities(actor, [row])


def tracked(who: str, period: str, unit: str = "") -> Tracking:
    with acting(who) as actor:
        return queries.tracking(actor, period, unit)
