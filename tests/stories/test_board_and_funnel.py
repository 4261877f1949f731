"""Board and funnel against a naive second count over the same deals, and the doors that show them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from statistics import median_low
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import SignedIn, acting, system
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.ledger import measures
from tradewind.domains.ledger.commands import sync
from tradewind.domains.pipeline import commands, queries
from tradewind.domains.pipeline.imports import import_opportunities
from tradewind.domains.pipeline.models import Opportunity, Pace, Pipeline, Stage, StageMove
from tradewind.domains.pipeline.queries import Asked
from tradewind.domains.pipeline.values import DealRow, Plan
from tradewind.kernel.errors import Malformed, Refused
from tradewind.kernel.period import Period

pytestmark = pytest.mark.django_db

OPEN = ("prospecting", "engaging", "proposal", "negotiation")
RATES = dict(zip(OPEN, map(Decimal, ("0.10", "0.25", "0.50", "0.75")), strict=True))
SELLERS = ("seller", "wu.qiang", "chu.ning")
CENT = Decimal("0.01")


# -- Deals that went every possible way ---------------------------------------------------------------


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


# -- Importing ---------------------------------------------------------------------------------------


def stored() -> list[tuple[object, ...]]:
    with system():
        deals = Opportunity.objects.order_by("number").values_list(
            "number", "state", "stage__key", "furthest__key", "stage_on", "opened_on", "closed_on", "amount"
        )
        moves = StageMove.objects.order_by("deal__number", "id").values_list(
            "deal__number", "from_stage__key", "to_stage__key", "moved_on", "days", "amount", "opened_on"
        )
        return [*deals, *moves]


def told(rows: Sequence[DealRow]) -> list[tuple[object, ...]]:
    """The history as moving by hand would have written it: each move says what the one before left."""
    made: list[tuple[object, ...]] = []
    for row in rows:
        for at, (stage, on) in enumerate(row.moves):
            former = row.moves[at - 1] if at else None
            days = (on - former[1]).days if former else None
            opened = row.moves[0][1]
            made.append((row.number, former and former[0], stage, on, days, row.plan.amount, opened))
    return made


def test_an_import_writes_the_same_history_that_moving_by_hand_would() -> None:
    rows = wandering(20, 60)
    imported(rows)
    assert stored()[len(rows) :] == told(rows)
    assert all(finding.is_right for finding in verify())


def test_a_history_told_anew_takes_the_place_of_the_former_and_the_same_changes_nothing() -> None:
    rows, changed = wandering(21, 40), wandering(22, 40)
    imported(rows)
    before = stored()
    with system() as actor:
        assert import_opportunities(actor, rows).report.unchanged == len(rows)
    assert stored() == before
    renamed = [row_named(new, old.number) for new, old in zip(changed, rows, strict=True)]
    with system() as actor:
        assert import_opportunities(actor, renamed).report.updated == len(rows)
    assert stored()[len(rows) :] == told(renamed)
    assert all(finding.is_right for finding in verify())


def row_named(row: DealRow, number: str) -> DealRow:
    plan = Plan(number, row.plan.amount, row.plan.close_on, reason_code=row.plan.reason_code)
    return DealRow(number, row.seller, row.product, "", row.stage, row.opened_on, row.closed_on, row.value,
                   json.dumps(["anew", number]), plan, row.moves)  # fmt: skip


def test_a_deal_without_a_history_came_straight_to_where_it_is() -> None:
    closed = DealRow("P1", "seller", "ZN-MES", "", "lost", date(2026, 1, 1), date(2026, 1, 9), None, "[1]")
    fresh = DealRow("P2", "seller", "ZN-MES", "", "engaging", None, None, None, "[2]")
    imported([closed, fresh])
    assert [row[:5] for row in stored()[2:]] == [
        ("P1", None, "prospecting", date(2026, 1, 1), None),
        ("P1", "prospecting", "lost", date(2026, 1, 9), 8),
        ("P2", None, "engaging", TEST_DAY, None),
    ]
    with system():
        assert Opportunity.objects.get(number="P2").title == "制造执行 MES", "called by its product"


# -- Pipelines as data --------------------------------------------------------------------------------

STAGES = (
    commands.StageGiven("visit", "拜访", "Visit", probability_rate=Decimal("0.2"), expected_days=10),
    commands.StageGiven("sample", "送样", "Sample", probability_rate=Decimal("0.6")),
    commands.StageGiven("won", "赢单", "Won", "won"),
    commands.StageGiven("lost", "输单", "Lost", "lost"),
)


def arrange(**more: Any) -> int:
    with acting("admin") as actor:
        given: Mapping[str, Any] = {"stages": STAGES, **more}
        return commands.arrange_pipeline(
            actor, commands.WayGiven("sampling", "送样流程", "Sampling", **given)
        )


def test_a_second_pipeline_has_a_board_of_its_own_and_takes_deals_from_the_first() -> None:
    arrange()
    with system():
        deal = Opportunity.objects.filter(owner__sign_in="seller", state="open")[0]
    with acting("seller") as actor:
        ref: Any = queries.deal(actor, deal.public_id)
        from tradewind.platform.spine.command import Ref

        commands.move_stage(actor, Ref(ref.public_id, ref.version), commands.MoveTo("sample", "sampling"))
        board = queries.board(actor, Asked(pipeline="sampling"))
        assert [(column.stage.key, column.count) for column in board.columns] == [
            ("visit", 0),
            ("sample", 1),
            ("won", 0),
            ("lost", 0),
        ]
        moved = queries.deal(actor, deal.public_id)
        assert moved.furthest_id == moved.stage_id
        assert queries.cohort(actor, Asked(pipeline="sampling")).opened == 1
    assert all(finding.is_right for finding in verify())


def test_stages_are_renamed_reordered_added_and_taken_away_unless_deals_know_them() -> None:
    arrange()
    renamed = commands.StageGiven("visit", "上门拜访", "Visit", probability_rate=Decimal("0.3"))
    trial = commands.StageGiven("trial", "试用", "Trial", probability_rate=Decimal("0.7"))
    key = arrange(stages=(trial, renamed, *STAGES[2:]))
    with system():
        stages = Stage.objects.filter(pipeline=key).order_by("position")
        assert list(stages.values_list("key", "name")) == [
            ("trial", "试用"),
            ("visit", "上门拜访"),
            ("won", "赢单"),
            ("lost", "输单"),
        ]
    standard = [commands.StageGiven(stage.key, stage.name, stage.name_en, stage.kind) for stage in kept()]
    without = tuple(stage for stage in standard if stage.key != "proposal")
    asked = commands.WayGiven("standard", "标准", "Standard", without, is_default=True)
    with acting("admin") as actor, pytest.raises(Refused) as refusal:
        commands.arrange_pipeline(actor, asked)
    assert refusal.value.code == "pipeline.stage_in_use"


def kept() -> list[Stage]:
    with system():
        return list(Stage.objects.filter(pipeline__is_default=True).order_by("position"))


@pytest.mark.parametrize(
    "more",
    [
        {"stages": STAGES[:2]},
        {"stages": (*STAGES[:2], STAGES[3], STAGES[2])},
        {"stages": (commands.StageGiven("a", "甲", "A", probability_rate=Decimal(2)), *STAGES[2:])},
        {"stages": (commands.StageGiven("a", "甲", "A", "maybe"), *STAGES[2:])},
        {"is_default": True, "is_archived": True},
    ],
)
def test_a_pipeline_that_leads_nowhere_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises((Malformed, Refused)):
        arrange(**more)
    with system():
        assert not Pipeline.objects.filter(key="sampling").exists()


def test_there_is_always_one_default_pipeline() -> None:
    arrange(is_default=True)
    with system():
        assert Pipeline.objects.get(is_default=True).key == "sampling"
    with pytest.raises(Refused):
        arrange(is_default=False)


def test_reasons_are_kept_in_their_order_and_never_lost() -> None:
    with acting("admin") as actor:
        given = [commands.ReasonGiven("lost", "price", "太贵", "Too dear"),
                 commands.ReasonGiven("won", "luck", "运气", "Luck")]  # fmt: skip
        commands.arrange_reasons(actor, given)
        assert [(code.kind, code.key, code.label) for code in queries.reasons()] == [
            ("lost", "price", "太贵"),
            ("won", "luck", "运气"),
        ]


# -- The doors -----------------------------------------------------------------------------------------


FRAME = 2  # who acts, and what they are called


def statements(client: Client, address: str) -> list[str]:
    """The SQL of a page about its own matter: not of session, rights, savepoints and the frame."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [q["sql"] for q in captured if re.search(r'FROM "?(pipeline|organization)_', q["sql"])]


@pytest.mark.parametrize(
    ("address", "budget"),
    [
        ("/opportunities/board", 6),
        ("/opportunities/board?owner=seller&unit=sh1&closing=quarter&q=MES", 6),
        ("/opportunities/funnel", 8),
        ("/opportunities/funnel?view=as_of", 8),
        ("/api/v1/opportunities/board", 6),
        ("/api/v1/opportunities/funnel", 8),
    ],
)
def test_board_and_funnel_keep_their_budget_of_statements(
    signed_in: SignedIn, address: str, budget: int
) -> None:
    about = statements(signed_in("manager"), address)
    assert len(about) <= FRAME + budget, "\n".join(about)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("state=half", 422),
        ("stage=nowhere", 422),
        ("pipeline=nowhere", 422),
        ("reached=nowhere", 422),
        ("closing=someday", 422),
        ("flag=red", 422),
        ("on=yesterday", 422),
        ("opened_from=2026-02-30", 422),
        ("opened_from=2026-03-01&opened_to=2026-02-01", 422),
        ("owner=nobody.known", 200),
        ("unit=nowhere", 200),
        ("reason=none", 200),
        ("q=%25", 200),
        ("stage=proposal&on=2026-01-31", 200),
        ("opened_to=9999-12-31", 200),
        ("closing=quarter&flag=no_step", 200),
    ],
)
def test_any_question_is_answered_or_refused_at_its_field(
    signed_in: SignedIn, query: str, status: int
) -> None:
    client = signed_in("manager")
    answer = client.get(f"/api/v1/opportunities?{query}")
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["field"] == query.split("=")[0] or query.startswith("opened_from=2026-03")
    assert client.get(f"/opportunities?{query}").status_code == status


@pytest.mark.parametrize(
    "query", ["from=x", "to=2026-13-01", "from=2026-03-02&to=2026-03-01", "pipeline=nowhere"]
)
def test_a_report_that_cannot_be_says_why_and_keeps_its_questions(signed_in: SignedIn, query: str) -> None:
    answer = signed_in("director").get(f"/opportunities/funnel?{query}")
    assert answer.status_code == 422
    assert "notice-error" in answer.content.decode()
    assert 'name="view"' in answer.content.decode()


@pytest.mark.parametrize("after", ["x", "~", "2026-01-01", "2026-01-01~x", "2026-01-01~", "99999-01-01~1"])
def test_a_cursor_that_is_none_is_refused(signed_in: SignedIn, after: str) -> None:
    headers = {"HX-Request": "true"}
    address = f"/opportunities/board?stage=proposal&after={after}"
    assert signed_in("director").get(address, headers=headers).status_code == 422


@pytest.mark.parametrize("kind", ["proposal", "won"])
def test_a_long_column_goes_on_until_every_card_was_shown_once(signed_in: SignedIn, kind: str) -> None:
    rows = [
        DealRow(f"L{n:03d}", "seller", "ZN-MES", "", kind, TEST_DAY - timedelta(days=9),
                TEST_DAY - timedelta(days=n % 9) if kind == "won" else None,
                Decimal(n) if kind == "won" else None, json.dumps([n]),
                Plan("x", Decimal(n), TEST_DAY + timedelta(days=n % 7) if n % 3 else None))
        for n in range(1, 131)
    ]  # fmt: skip
    imported(rows)
    client, address, shown = signed_in("seller"), f"/opportunities/board?stage={kind}", list[str]()
    while address:
        page = client.get(address, headers={"HX-Request": "true"}).content.decode()
        column = (
            page if "after=" in address else page.split(f'data-column="{kind}"')[1].split("</section>")[0]
        )
        shown += re.findall(r'data-card="([^"]+)"', column)
        more = re.search(r'hx-get="([^"]+)"', column)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(shown) == len(set(shown)) == 130


def test_the_board_tells_scripts_the_heads_alone(signed_in: SignedIn) -> None:
    heads = signed_in("director").get("/opportunities/board?cards=0", headers={"HX-Request": "true"})
    assert "data-head" in heads.content.decode()
    assert "data-card=" not in heads.content.decode()
    assert "<html" not in heads.content.decode()
    assert "HX-Request" in heads.headers["Vary"]


def test_the_board_speaks_both_languages(signed_in: SignedIn) -> None:
    client = signed_in("director")
    assert "商务谈判" in client.get("/opportunities/board").content.decode()
    client.post("/language", {"language": "en", "next": "/opportunities/board"})
    page = client.get("/opportunities/board").content.decode()
    assert "Negotiation" in page
    assert "商务谈判" not in page
