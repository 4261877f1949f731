"""Targets against the ledger: how far everybody is, and what each workday still needs."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import SignedIn, acting, system
from tests.stories.plans import MILLION, SHANGHAI, SUNDAY, XIAOYU, rows, tracked, win
from tradewind.domains.ledger.queries import explain, question
from tradewind.domains.organization.commands import DeclaredDay, remove_special_day, set_special_day
from tradewind.domains.organization.models import Assignment, Unit
from tradewind.domains.organization.queries import calendar, special_days
from tradewind.domains.planning import queries
from tradewind.domains.planning.models import Plan
from tradewind.domains.planning.rules.progress import shown_rate
from tradewind.domains.planning.values import Kind, Pace, RowKey
from tradewind.kernel.errors import Malformed, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["director", "manager", "seller"])
def test_the_sunday_in_november_comes_out_exactly_through_the_database(november: Plan, who: str) -> None:
    made = tracked(who, "2026-11")
    assert (made.days.workdays, made.days.ended, made.days.left) == (21, 15, 6)
    found = {row.line.key: row.progress for row in made.rows}
    keys = [XIAOYU] if who == "seller" else [XIAOYU, SHANGHAI]
    for key in keys:
        progress = found[key]
        assert (progress.target, progress.actual) == (MILLION, Decimal(640_000))
        assert progress.attainment == Decimal("0.64")
        assert progress.expected is not None
        assert shown_rate(progress.expected, 3) == Decimal("0.714")
        assert (progress.gap, progress.needed) == (Decimal(360_000), Decimal("60000.00"))
        assert progress.index is not None
        assert shown_rate(progress.index, 3) == Decimal("0.896")
        assert progress.pace is Pace.AT_RISK
        assert progress.forecast == Decimal("896000.00")


def test_the_page_says_it_in_its_title_and_in_words(november: Plan, signed_in: SignedIn) -> None:
    page = signed_in("seller").get("/tracking?period=2026-11").content.decode()
    for text in ("陈小雨有风险：每个工作日需完成 ¥60,000.00", "64.0%", "71.4%", "有风险", "¥360,000.00"):
        assert text in page
    client = signed_in("seller")
    client.post("/language", {"language": "en", "next": "/tracking"})
    assert "at risk: needs ¥60,000.00 per workday" in client.get("/tracking").content.decode()


def test_my_progress_answers_for_month_quarter_and_year(november: Plan) -> None:
    with acting("seller") as actor, CaptureQueriesContext(connection) as captured:
        mine = queries.my_progress(actor)
    assert list(mine) == ["2026-11", "2026-Q4", "2026"]
    assert (mine["2026-11"].needed, mine["2026-11"].pace) == (Decimal("60000.00"), Pace.AT_RISK)
    assert mine["2026"].target == rows(november, "seller")[XIAOYU].total
    assert len(captured) <= 12


PERIODS = ("2026-11", "2026-Q4", "2026", "2026-Q1", "2025", "2027-01")


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("who", ["director", "manager", "zheng.yi", "seller"])
def test_rows_add_up_to_their_parent_exactly(november: Plan, who: str, period: str) -> None:
    made = tracked(who, period)
    below: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for row in made.rows:
        both = (row.progress.target, row.progress.actual)
        below.setdefault(row.line.parent, []).append(both)
    for row in made.rows:
        if row.line.key.kind is Kind.UNIT:
            added = tuple(sum(values) for values in zip(*below[row.line.id], strict=True))
            assert added == (row.progress.target, row.progress.actual)
    if made.rows:
        tops = tuple(sum(values) for values in zip(*below[""], strict=True))
        assert tops == (made.total.target, made.total.actual)


@pytest.mark.parametrize("who", ["director", "manager", "seller"])
def test_every_actual_opens_to_entries_that_add_up_to_it(
    november: Plan, signed_in: SignedIn, who: str
) -> None:
    page = signed_in(who).get("/tracking?period=2026").content.decode()
    made = tracked(who, "2026")
    checked = 0
    for row in made.rows:
        key = row.line.key
        if key.kind is Kind.RESERVE:
            continue
        days = ("2026-01-01", "2026-12-31")
        with acting(who) as actor:
            if key.kind is Kind.UNIT:
                opened = explain(actor, question("bookings", days=days, within=(key.unit, "")))
                address = f"measure=bookings&amp;from={days[0]}&amp;to={days[1]}&amp;unit={key.unit}"
            else:
                asked = question("bookings", "unit", days=days, within=("", key.person))
                opened = explain(actor, asked, key.unit)
                address = f"by=unit&amp;key={key.unit}&amp;person={key.person}"
        assert opened.total == row.progress.actual
        assert address in page
        checked += 1
    assert checked >= 1


def test_a_seller_who_moves_leaves_what_they_booked_where_it_was(november: Plan) -> None:
    """As it was: November stays in Shanghai, December counts in Hangzhou; each row opens to its own part."""
    with system():
        held = Assignment.objects.get(person__sign_in="seller", ends_on=None)
        held.change(ends_on=date(2026, 12, 1))
        hangzhou = Unit.objects.get(code="hz1")
        Assignment.objects.create(person_id=held.person_id, unit=hangzhou, starts_on=date(2026, 12, 1))
    before = {row.line.key: row.progress.actual for row in tracked("director", "2026").rows}
    win("seller", "1000.00", date(2026, 12, 1), "N3")
    after = {row.line.key: row.progress.actual for row in tracked("director", "2026").rows}
    assert after[SHANGHAI] == before[SHANGHAI]
    assert after[XIAOYU] == before[XIAOYU]
    moved = RowKey(Kind.PERSON, "hz1", "seller")
    assert after[moved] == 1000
    days = ("2026-01-01", "2026-12-31")
    with acting("director") as actor:
        opened = explain(actor, question("bookings", "unit", days=days, within=("", "seller")), "hz1")
    assert opened.total == 1000


def test_a_year_without_a_plan_shows_actuals_and_says_that_there_is_none(signed_in: SignedIn) -> None:
    made = tracked("director", "2025")
    assert not made.has_plan
    assert made.total.target == 0
    assert made.total.actual > 0
    assert all(row.progress.pace is Pace.UNKNOWN for row in made.rows)
    assert "2025 没有已生效的计划" in signed_in("director").get("/tracking?period=2025").content.decode()


def test_a_period_not_announced_is_said_so(signed_in: SignedIn) -> None:
    said = "调休安排尚未公布"
    assert said in signed_in("director").get("/tracking?period=2031-02").content.decode()
    assert said not in signed_in("director").get("/tracking?period=2026-02").content.decode()


def test_tracking_takes_few_statements_whatever_the_size(november: Plan) -> None:
    counts = []
    for who, period in (
        ("director", "2026"),
        ("director", "2026-11"),
        ("manager", "2026"),
        ("seller", "2026"),
    ):
        with acting(who) as actor, CaptureQueriesContext(connection) as captured:
            queries.tracking(actor, period)
        counts.append(len(captured))
    assert max(counts) <= 10, counts


def test_the_export_says_the_same_as_the_api(november: Plan, signed_in: SignedIn) -> None:
    client = signed_in("manager")
    body = client.get("/api/v1/tracking?period=2026-11").json()
    assert (body["from"], body["to"], body["workdays"], body["workdays_ended"]) == (
        "2026-11-01",
        "2026-11-30",
        21,
        15,
    )
    text = client.get("/tracking.csv?period=2026-11").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))[1:]
    named = [(row["unit"], row["person"], row["target"], row["actual"]) for row in body["rows"]]
    assert [(line[0], line[1], line[3], line[4]) for line in lines] == named
    xiaoyu = next(row for row in body["rows"] if row["person"] == "seller")
    assert (xiaoyu["attainment"], xiaoyu["index"], xiaoyu["state"]) == ("0.640000", "0.896000", "at_risk")
    assert (xiaoyu["gap"], xiaoyu["needed"]) == ("360000.0000", "60000.00")


def test_of_many_people_the_units_alone_answer_unless_people_are_asked_for(
    november: Plan, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address = signed_in("manager"), "/api/v1/tracking?period=2026-11"
    all_of = client.get(address).json()
    monkeypatch.setattr("tradewind.domains.planning.api.MOST_ROWS", 1)
    units = client.get(address).json()
    assert units["rows"]
    assert units["rows"] == client.get(f"{address}&people=false").json()["rows"]
    assert {row["person"] for row in units["rows"]} == {""}
    assert units["total"] == all_of["total"]
    assert client.get(f"{address}&people=true").json() == all_of


# -- Workdays of the company's own -----------------------------------------------------------------


def test_a_day_the_company_declares_free_is_one_workday_less(november: Plan) -> None:
    with acting("admin") as actor:
        set_special_day(actor, DeclaredDay(date(2026, 11, 27), False, "公司周年庆"))
        assert [str(day) for day in special_days(actor, 2026)] == ["2026-11-27 公司周年庆"]
    made = tracked("seller", "2026-11")
    assert (made.days.workdays, made.days.left) == (20, 5)
    assert made.total.needed == Decimal("72000.00")
    with acting("admin") as actor:
        set_special_day(actor, DeclaredDay(date(2026, 11, 27), True, "照常上班"))
        assert calendar(SUNDAY, SUNDAY).is_workday(date(2026, 11, 27))
        assert remove_special_day(actor, date(2026, 11, 27)) == 1
        assert remove_special_day(actor, date(2026, 11, 27)) == 0
    assert tracked("seller", "2026-11").days.workdays == 21
    with acting("director") as actor, pytest.raises(NotAllowed):
        set_special_day(actor, DeclaredDay(date(2026, 11, 27), False, "x"))
    with acting("admin") as actor, pytest.raises(Malformed):
        set_special_day(actor, DeclaredDay(date(2026, 11, 27), False, "  "))


def test_the_calendar_is_asked_once_in_a_transaction() -> None:
    with acting("seller"), CaptureQueriesContext(connection) as captured:
        for month in range(1, 13):
            calendar(date(2026, month, 1), date(2026, 12, 31)).count(date(2026, 1, 1), date(2026, month, 28))
    assert len(captured) == 1
