"""Today and the overview: what each of the cast sees, with the numbers of ledger and tracking."""

import re
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest

from tests.conftest import SignedIn, acting, system
from tests.stories.test_pages import statements
from tradewind.domains.analytics import queries
from tradewind.domains.ledger.queries import compared, figure, question
from tradewind.domains.organization.changes import staff_changes, vacancies
from tradewind.domains.organization.models import Assignment, Grant, Unit
from tradewind.domains.pipeline import queries as pipeline
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.planning import queries as planning
from tradewind.domains.planning.values import Kind
from tradewind.kernel.errors import NotAllowed, NotVisible
from tradewind.kernel.period import Period

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 18)
BLOCKS = re.compile(r'<section class="home-block" aria-labelledby="([\w-]+)"')


def blocks(signed_in: SignedIn, name: str) -> list[str]:
    return BLOCKS.findall(signed_in(name).get("/").content.decode())


def test_everybody_begins_with_what_matters_to_them(signed_in: SignedIn) -> None:
    assert blocks(signed_in, "director") == ["to-approve", "company-finding", "team-deals"]
    assert blocks(signed_in, "admin") == ["company-finding", "team-deals", "staff"]
    assert blocks(signed_in, "hr") == ["staff"]
    assert blocks(signed_in, "manager") == ["to-approve", "team-finding", "team-deals"]
    assert blocks(signed_in, "seller") == ["to-do", "own-deals", "own-numbers"]
    assert blocks(signed_in, "field") == ["to-do", "own-deals", "own-numbers"]


def test_somebody_without_any_role_finds_a_page_that_says_so(signed_in: SignedIn) -> None:
    with system():
        Grant.objects.filter(person__sign_in="seller").delete()
    answer = signed_in("seller").get("/")
    assert answer.status_code == 200
    assert "这里没有等您处理的事项" in answer.content.decode()


def test_a_seller_sees_only_their_own_deals_and_not_the_overview(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    page = client.get("/").content.decode()
    shown = set(re.findall(r"/opportunities/([0-9a-f-]{36})", page))
    with system():
        own = Opportunity.objects.filter(owner__sign_in="seller", state="open").values_list("public_id")
        assert shown <= {str(row[0]) for row in own}
    assert shown
    assert client.get("/overview").status_code == 403
    assert client.get("/api/v1/overview").status_code == 403
    with acting("seller") as actor, pytest.raises(NotAllowed):
        queries.overview(actor)


@pytest.mark.parametrize(("name", "unit"), [("director", ""), ("admin", ""), ("manager", "sh1")])
@pytest.mark.parametrize("period", ["", "2026-Q1", "2026", "2025-Q4"])
def test_the_overview_says_what_ledger_and_tracking_say(name: str, unit: str, period: str) -> None:
    with acting(name) as actor:
        made = queries.overview(actor, period)
        tracked = planning.tracking(actor, period)
        days = (str(tracked.period.first), str(tracked.period.last))
        for key, found in made.figures.items():
            asked = question(key, days=days, within=(unit, ""))
            assert found.value == figure(actor, asked).total, key
        assert made.code == unit
        assert made.tracking.total == tracked.total
        assert made.figures["bookings"].value == tracked.total.actual
        year = question("bookings", "month", days=("2026-01-01", "2026-12-31"), within=(unit, ""))
        if tracked.period.first.year == 2026:
            months = {row.key: row.value for row in figure(actor, year).rows}
            assert {f"{m.month:%Y-%m}": m.value for m in made.months if m.value} == months
        at_top = [row for row in made.units if row.line.depth == 1]
        if at_top:
            assert sum(row.progress.actual for row in at_top) == tracked.total.actual


def test_the_same_days_last_year_stand_beside_a_running_month() -> None:
    with acting("director") as actor:
        found = queries.overview(actor).figures["bookings"]
        before = figure(actor, question("bookings", days=("2025-03-01", "2025-03-18"))).total
    assert found.before == before
    assert before
    assert found.value is not None
    assert found.change == found.value / before - 1


def test_figures_over_several_periods_are_the_figures_of_each() -> None:
    periods = [
        Period(date(2025, 1, 1), date(2026, 1, 1)),
        Period(date(2025, 2, 14), date(2025, 2, 20)),
        Period(date(2025, 3, 5), date(2025, 7, 9)),
        Period(TODAY, date(2026, 3, 19)),
    ]
    keys = ["bookings", "win_rate", "average_deal", "won_deals"]
    for name, unit in (("director", ""), ("director", "east"), ("manager", "sh1")):
        with acting(name) as actor:
            found = compared(actor, keys, periods, unit)
            for key in keys:
                each = [
                    figure(actor, question(key, days=(p.start, p.last), within=(unit, ""))).total
                    for p in periods
                ]
                assert list(found[key]) == each, (name, key)


def test_the_company_on_the_first_page_stands_as_in_tracking() -> None:
    with acting("director") as actor:
        made = queries.company(actor)
        for key, found in made.progress.items():
            assert found == planning.tracking(actor, key).total
            assert made.figures[key].value == found.actual


def test_the_team_comes_worst_first_and_holds_nobody_else(signed_in: SignedIn) -> None:
    with acting("manager") as actor:
        made = queries.team(actor)
        assert made
        assert made.unit.key == "sh1"
        assert {row.line.key.person for row in made.rows} == {"seller", "wu.qiang"}
        assert {one.sign_in for one in made.owners} <= {"seller", "wu.qiang", "manager"}
    page = signed_in("manager").get("/").content.decode()
    assert not [name for name in ("褚宁", "沈博", "王芳") if name in page]
    assert signed_in("manager").get("/overview?unit=sz1").status_code == 404
    with acting("manager") as actor, pytest.raises(NotVisible):
        queries.overview(actor, unit="south")


def test_counts_of_attention_open_to_as_many_deals() -> None:
    asked = {"late_steps": ("flag", "late_step"), "without_step": ("flag", "no_step")}
    asked |= {"stuck": ("flag", "stuck"), "slipped": ("closing", "overdue")}
    with acting("director") as actor:
        owners = queries.overview(actor).owners
        assert owners
        for one in owners:
            for name, (word, value) in asked.items():
                narrowed = pipeline.asked({"state": "open", "owner": one.sign_in, word: value})
                deals = pipeline.page_of_deals(actor, narrowed).deals
                assert len(deals) == getattr(one, name), (one.sign_in, name)


def test_the_api_says_what_the_page_says(signed_in: SignedIn) -> None:
    client = signed_in("director")
    body = client.get("/api/v1/overview?period=2026-Q1").json()
    with acting("director") as actor:
        made = queries.overview(actor, "2026-Q1")
    assert Decimal(body["total"]["actual"]) == made.tracking.total.actual
    assert [one["person"] for one in body["owners"]] == [one.sign_in for one in made.owners]
    assert len(body["months"]) == 12
    assert sum(stage["count"] for stage in body["funnel"]) == made.funnel.count
    page = client.get("/overview?period=2026-Q1").content.decode()
    assert f"{made.tracking.total.actual:,.2f}" in page


@pytest.mark.parametrize(
    ("query", "status"), [("period=2026-13", 422), ("period=soon", 422), ("unit=nowhere", 404)]
)
def test_a_question_that_makes_no_sense_is_refused(signed_in: SignedIn, query: str, status: int) -> None:
    for at in ("/overview", "/api/v1/overview"):
        assert signed_in("director").get(f"{at}?{query}").status_code == status


def test_where_there_are_too_many_people_their_teams_are_ranked(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting("director") as actor:
        few = queries.overview(actor)
    monkeypatch.setattr(import_module("tradewind.domains.analytics.queries.overview"), "MOST_PEOPLE", 1)
    with acting("director") as actor:
        many = queries.overview(actor)
    assert many.tracking.total == few.tracking.total
    assert [(one.line.key, one.progress) for one in many.units] == [
        (one.line.key, one.progress) for one in few.units
    ]
    teams = {row.line.key.unit: row.progress for row in few.tracking.rows if row.line.key.kind is Kind.UNIT}
    ranked = [*many.ranking.best, *many.ranking.last]
    assert ranked
    assert all(not one.sign_in and teams[one.unit] == one.progress for one in ranked)
    assert {one.unit for one in few.ranking.best} <= {one.unit for one in ranked}
    page = signed_in("director").get("/overview").content.decode()
    assert "团队达成率" in page
    assert "个人达成率" not in page


@pytest.mark.parametrize("period", ["2031-02", "2001", "2000-01", "2100-Q4"])
def test_far_periods_are_empty_and_not_broken(signed_in: SignedIn, period: str) -> None:
    assert signed_in("director").get(f"/overview?period={period}").status_code == 200


BUDGETS = {
    ("director", "/"): 22,
    ("manager", "/"): 23,
    ("seller", "/"): 23,
    ("director", "/overview"): 27,
    ("manager", "/overview"): 29,
    ("director", "/api/v1/overview"): 24,
}


@pytest.mark.parametrize(("asked", "budget"), BUDGETS.items())
def test_the_pages_keep_their_budget_of_statements(
    signed_in: SignedIn, asked: tuple[str, str], budget: int
) -> None:
    name, address = asked
    assert statements(signed_in(name), address) <= budget


def test_whoever_keeps_the_directory_sees_who_comes_moves_and_leaves(signed_in: SignedIn) -> None:
    """A seller moves to another unit in ten days, another leaves in twenty, somebody began last week."""
    with system():
        unit = Unit.objects.get(code="hz1")
        held = {
            name: Assignment.objects.get(person__sign_in=name, ends_on=None)
            for name in ("seller", "wu.qiang")
        }
        begun = Assignment.objects.filter(person__sign_in="hr", ends_on=None)
        begun.update(starts_on=TODAY - timedelta(days=7))
        moves, leaves = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
        Assignment.objects.filter(pk=held["seller"].pk).update(ends_on=moves)
        Assignment.objects.create(person=held["seller"].person, unit=unit, starts_on=moves)
        Assignment.objects.filter(pk=held["wu.qiang"].pk).update(ends_on=leaves)
    around = timedelta(days=30)
    with acting("hr") as actor:
        found = {
            change.person: (change.on, change.before, change.after)
            for change in staff_changes(actor, TODAY - around, TODAY + around)
        }
        open_positions = {(one.unit, one.title): one.count for one in vacancies(actor, TODAY)}
    assert found["陈小雨"] == (moves, "上海销售部", unit.name)
    assert found["吴强"] == (leaves, "上海销售部", None)
    assert (TODAY - timedelta(days=7), None) in [(on, before) for on, before, _ in found.values()]
    assert open_positions["上海销售部", "销售"] == 1
    page = signed_in("hr").get("/").content.decode()
    assert "陈小雨" in page
    assert f"上海销售部 → {unit.name}" in page
