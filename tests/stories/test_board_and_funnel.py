"""Board and funnel against a naive second count over the same deals."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from statistics import median_low
from typing import Any

import pytest

from tests.conftest import acting, system
from tests.stories.wandering import CENT, OPEN, QUARTERS, RATES, WHO, imported, seen, visits, wandering
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.pipeline import queries
from tradewind.domains.pipeline.models import Pace, Stage
from tradewind.domains.pipeline.queries import Asked
from tradewind.kernel.period import Period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_books")]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("who", WHO)
def test_a_cohort_is_what_a_naive_count_says(seed: int, who: str) -> None:
    rows = wandering(seed, 90)
    imported(rows)
    for period in QUARTERS:
        mine = [row for row in seen(who, rows) if row.opened_on and row.opened_on in period]
        with acting(who) as actor:
            report = queries.cohort(actor, Asked(opened=period))
        assert report.opened == len(mine)
        assert report.lost == sum(row.stage == "lost" for row in mine)
        ways = (*OPEN, "won")
        for at, line in enumerate(report.lines):
            reached = [row for row in mine if {stage for stage, _ in row.moves} & set(ways[at:])]
            reached = mine if at == 0 else reached
            took = [
                (visit.until - visit.since).days
                for visit in visits(mine)
                if visit.stage == ways[at] and visit.until
            ]
            assert line.rung.stage.key == ways[at]
            assert line.rung.reached == len(reached)
            assert line.here == sum(row.stage == ways[at] for row in mine)
            assert line.amount == sum(row.value or row.plan.amount or Decimal(0) for row in reached)
            assert line.median_days == (median_low(took) if took and ways[at] in OPEN else None)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("who", WHO)
def test_a_day_is_rebuilt_from_the_moves_as_a_naive_count_does(seed: int, who: str) -> None:
    rows = wandering(seed + 10, 90)
    imported(rows)
    chance = Random(seed)  # noqa: S311
    for day in [TEST_DAY, *(TEST_DAY - timedelta(days=chance.randrange(420)) for _ in range(8))]:
        there = [v for v in visits(seen(who, rows)) if v.since <= day and (v.until is None or day < v.until)]
        with acting(who) as actor:
            report = queries.as_of(actor, Asked(), day)
        for key, standing in zip(OPEN, report.standing, strict=True):
            here = [visit.row for visit in there if visit.stage == key]
            amount = sum((row.plan.amount or Decimal(0) for row in here), Decimal(0))
            assert (standing.count, standing.amount) == (len(here), amount)
            assert standing.weighted == (amount * RATES[key]).quantize(CENT, ROUND_HALF_UP)


@pytest.mark.parametrize("who", WHO)
def test_board_and_funnel_of_today_say_the_same_and_every_count_opens_to_as_many_deals(who: str) -> None:
    imported(wandering(77, 120))
    with acting(who) as actor:
        board = queries.board(actor, Asked())
        today = queries.as_of(actor, Asked(), TEST_DAY)
        standing = [(one.count, one.amount, one.weighted) for one in today.standing]
        assert [(c.count, c.amount, c.weighted) for c in board.columns[:4]] == standing
        assert (board.count, board.amount) == (sum(s[0] for s in standing), sum(s[1] for s in standing))
        earlier = TEST_DAY - timedelta(days=100)
        period = Period(date(2025, 6, 1), date(2026, 1, 1))
        for key, one in zip(OPEN, queries.as_of(actor, Asked(), earlier).standing, strict=True):
            assert one.count == len(listed(actor, Asked(stage=key, on=earlier)))
        report = queries.cohort(actor, Asked(opened=period, closed=period))
        for line in report.lines:
            key = line.rung.stage.key
            assert line.rung.reached == len(listed(actor, Asked(reached=key, opened=period)))
            assert line.here == len(listed(actor, Asked(stage=key, opened=period)))
        for reason in report.reasons:
            asked = Asked(state=reason.state, reason=reason.key or "none", closed=period)
            assert reason.count == len(listed(actor, asked))


def listed(actor: Any, question: Asked) -> list[str]:
    """The numbers of all deals on the list's pages."""
    numbers, after = list[str](), ""
    while True:
        page = queries.page_of_deals(actor, question, after)
        numbers += [deal.number for deal in page.deals]
        after = page.next or ""
        if not after:
            return numbers


def test_what_is_stuck_comes_from_the_finished_visits_of_everybody() -> None:
    rows = wandering(5, 150)
    imported(rows)
    limits: dict[str, int] = {}
    for key in OPEN:
        took = sorted((v.until - v.since).days for v in visits(rows) if v.stage == key and v.until)
        assert len(took) >= 5
        limits[key] = took[-(-len(took) * 4 // 5) - 1]  # the first that at least 80 % do not exceed
    for who in WHO:
        slow = {
            v.row.number
            for v in visits(seen(who, rows))
            if v.until is None and v.stage in OPEN and (TEST_DAY - v.since).days > limits[v.stage]
        }
        with acting(who) as actor:
            assert set(listed(actor, Asked(flag="stuck"))) == slow
            report = queries.cohort(actor, Asked())
            days = [card.days for card in report.stuck]
            assert len(days) == min(20, len(slow))
            assert days == sorted(days, reverse=True)
            assert all(card.is_stuck for card in report.stuck)


def test_a_stage_that_few_deals_left_goes_by_its_expected_days() -> None:
    imported(wandering(6, 40))
    with system():
        Pace.objects.all().update(visits=4)
        one = Stage.objects.select_related("pace", "pipeline").get(key="proposal")
        assert queries.limit_of(one) == one.expected_days == 21
        Pace.objects.all().update(visits=5, p80_days=3)
        assert queries.limit_of(Stage.objects.select_related("pace").get(key="proposal")) == 3
