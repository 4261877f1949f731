"""Fifty people and an import at the same moment: every figure stays exact."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Event, Timer

import pytest
from django.db import connection

from tests.conftest import acting, system
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.customers.commands import import_customers
from tradewind.domains.customers.models import Customer
from tradewind.domains.customers.values import CustomerRow
from tradewind.domains.ledger import rules
from tradewind.domains.ledger.queries import figure
from tradewind.domains.orders.models import Order
from tradewind.domains.pipeline import commands
from tradewind.domains.pipeline.imports import import_opportunities
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.values import DealRow
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.command import Ref

NEW_CUSTOMER = "同时成交的新客户"


def totals() -> dict[str, Decimal]:
    measures = ("won_deals", "lost_deals", "won_value", "bookings", "new_customers", "new_opportunities")
    with acting("director") as actor:
        return {m: figure(actor, rules.question(m)).total or Decimal(0) for m in measures}


def rows(count: int, stage: str) -> list[DealRow]:
    """Deals of one seller, as another system would send them."""
    closed = TEST_DAY - timedelta(days=1) if stage == "won" else None
    value = Decimal(100) if stage == "won" else None
    return [
        DealRow(
            f"X{n:03d}",
            "wang.fang",
            "ZN-MES",
            NEW_CUSTOMER,
            stage,
            TEST_DAY - timedelta(days=9),
            closed,
            value,
            json.dumps([n, stage]),
        )
        for n in range(count)
    ]


def import_rows(given: list[DealRow]) -> None:
    with system() as actor:
        import_opportunities(actor, given)


def close(deal: Opportunity, verb: str, who: str) -> str:
    """One click; what came out of it."""
    ref: Ref[Opportunity] = Ref(deal.public_id, deal.version)
    try:
        with acting(who) as actor:
            if verb == "win":
                commands.win(actor, ref, commands.Win(Decimal(10), "x"))
            else:
                commands.lose(actor, ref, commands.Loss("x"))
    except DomainError as refusal:
        return refusal.code
    return verb


def all_at_once(acts: list[Callable[[], object]]) -> list[object]:
    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def open_deals(own_database: str) -> list[Opportunity]:
    """Twelve open deals of one new customer, each clicked by four people."""
    with system():
        Customer.objects.create(code="NEW1", name=NEW_CUSTOMER)
    import_rows(rows(40, "engaging"))
    with system():
        return list(Opportunity.objects.filter(number__startswith="X").order_by("number")[:12])


def test_fifty_wins_losses_and_imports_at_once_leave_every_figure_exact(
    open_deals: list[Opportunity],
) -> None:
    before = totals()
    acts: list[Callable[[], object]] = [
        lambda deal=deal, verb=verb, who=who: close(deal, verb, who)  # type: ignore[misc]
        for deal in open_deals
        for verb, who in (("win", "wang.fang"), ("lose", "zheng.yi"), ("win", "director"), ("lose", "admin"))
    ]
    acts += [lambda: import_rows(rows(40, "engaging")), lambda: import_rows(rows(60, "won"))]
    outcomes = Counter(map(str, all_at_once(acts)))
    after = totals()
    with system():
        won = Opportunity.objects.filter(state="won").count()
        lost = Opportunity.objects.filter(state="lost").count()
        assert Order.objects.filter(state="confirmed", deal__isnull=False).count() == won
        numbers = sorted(map(str, Order.objects.exclude(number=None).values_list("number", flat=True)))
        assert numbers == [f"SO{n:08d}" for n in range(1, len(numbers) + 1)], "numbers have no gap"
    assert [after["won_deals"], after["lost_deals"]] == [Decimal(won), Decimal(lost)]
    assert after["won_value"] - before["won_value"] == after["bookings"] - before["bookings"]
    assert after["new_customers"] - before["new_customers"] == 1
    assert after["new_opportunities"] - before["new_opportunities"] == 20
    assert outcomes["stale"] + outcomes["pipeline.closed"] + outcomes["win"] + outcomes["lose"] == 48
    assert all(finding.is_right for finding in verify()), [f for f in verify() if not f.is_right]


def test_of_many_clicks_on_one_deal_one_counts(open_deals: list[Opportunity]) -> None:
    deal = open_deals[0]
    outcomes = Counter(all_at_once([lambda: close(deal, "win", "wang.fang")] * 20))
    assert outcomes == {"win": 1, "stale": 19}


def test_two_first_orders_of_one_customer_make_one_new_customer(open_deals: list[Opportunity]) -> None:
    before = totals()["new_customers"]
    acts: list[Callable[[], object]] = [
        lambda deal=deal: close(deal, "win", "wang.fang")  # type: ignore[misc]
        for deal in open_deals
    ]
    assert Counter(all_at_once(acts)) == {"win": 12}
    assert totals()["new_customers"] - before == 1
    assert all(finding.is_right for finding in verify())


def test_a_win_and_an_import_of_its_customer_do_not_wait_for_each_other(
    open_deals: list[Opportunity],
) -> None:
    """The import pauses between its customers and its deals while a deal of one of them is won."""
    row = CustomerRow(NEW_CUSTOMER, "", "", None, None, None, "", "[1]")
    has_paused, may_go_on = Event(), Event()

    def import_both() -> str:
        with system() as actor:
            import_customers(actor, [replace(row, industry="新行业", source="[2]")])
            has_paused.set()
            may_go_on.wait(10)
            import_opportunities(actor, rows(60, "won"))
        return "imported"

    def win_meanwhile() -> str:
        has_paused.wait(10)
        Timer(1, may_go_on.set).start()
        return close(open_deals[0], "win", "wang.fang")

    with system() as actor:
        Customer.objects.filter(name=NEW_CUSTOMER).update(name="另一个名字")
        import_customers(actor, [row])
        named = Customer.objects.get(name=NEW_CUSTOMER)
        Opportunity.objects.filter(pk=open_deals[0].pk).update(customer=named)
    assert sorted(map(str, all_at_once([import_both, win_meanwhile]))) == ["imported", "win"]
    assert all(finding.is_right for finding in verify())
