"""Deals that went every possible way, brought in at once, and naive counts over them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db import connection

from tests.conftest import system
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.ledger import measures
from tradewind.domains.ledger.commands import sync
from tradewind.domains.pipeline.imports import import_opportunities
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.values import DealRow, Plan
from tradewind.kernel.period import Period

OPEN = ("prospecting", "engaging", "proposal", "negotiation")
RATES = dict(zip(OPEN, map(Decimal, ("0.10", "0.25", "0.50", "0.75")), strict=True))
SELLERS = ("seller", "wu.qiang", "chu.ning")
CENT = Decimal("0.01")


def wandering(seed: int, count: int) -> list[DealRow]:
    """Deals that go forward and back, skip, stay, win and lose, at random."""
    chance = Random(seed)  # noqa: S311 a story, not a secret
    return [wanderer(chance, f"W{seed}-{number:04d}") for number in range(count)]


def wanderer(chance: Random, number: str) -> DealRow:
    day = TEST_DAY - timedelta(days=chance.randrange(400))
    moves = [(chance.choice(OPEN), day)]
    while chance.random() < 0.75:
        day += timedelta(days=chance.choice((0, 0, 1, 3, 10, 40)))
        if day > TEST_DAY or moves[-1][0] in ("won", "lost"):
            break
        others = [stage for stage in (*OPEN, "won", "lost") if stage != moves[-1][0]]
        moves.append((chance.choice(others), day))
    stage, opened = moves[-1][0], moves[0][1]
    is_closed = stage in ("won", "lost")
    amount = Decimal(chance.randrange(0, 9_000_000)) / 100 if chance.random() < 0.9 else None
    reason = chance.choice(("", "price", "other")) if is_closed else ""
    value = Decimal(chance.randrange(1, 9_000_000)) / 100 if stage == "won" else None
    closes = opened + timedelta(days=chance.randrange(200)) if chance.random() < 0.8 else None
    source = json.dumps([number, len(moves)])
    plan = Plan(number, amount, closes, reason_code=reason)
    closed_on = moves[-1][1] if is_closed else None
    seller = chance.choice(SELLERS)
    return DealRow(number, seller, "ZN-MES", "", stage, opened, closed_on, value, source, plan, tuple(moves))


def imported(rows: Sequence[DealRow]) -> None:
    """Only these deals are there, brought in at once."""
    with system() as actor:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM orders_orderline")
            cursor.execute("DELETE FROM orders_order")
            cursor.execute("UPDATE orders_counter SET last = 0")
        Opportunity.objects.all().delete()
        sync(list(measures.flows()), None)
        import_opportunities(actor, rows)


@dataclass
class Visit:
    """A deal stood in a stage from a day to a day (None: it still does)."""

    row: DealRow
    stage: str
    since: date
    until: date | None


def visits(rows: Sequence[DealRow]) -> list[Visit]:
    made = []
    for row in rows:
        for at, (stage, since) in enumerate(row.moves):
            until = row.moves[at + 1][1] if at + 1 < len(row.moves) else None
            made.append(Visit(row, stage, since, until))
    return made


def seen(who: str, rows: Sequence[DealRow]) -> list[DealRow]:
    """What this person sees: everything, the team's, one's own."""
    sellers = {"director": SELLERS, "manager": ("seller", "wu.qiang"), "seller": ("seller",)}[who]
    return [row for row in rows if row.seller in sellers]


WHO = ("director", "manager", "seller")
QUARTERS = [Period(date(2025, 4, 1), date(2025, 7, 1)), Period(date(2025, 10, 1), None), Period()]
