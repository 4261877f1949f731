"""Every door to a closed month: pages, API, imports, plans; and many at the same moment."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.conftest import acting, sign_in, system
from tests.stories.plans import COMPANY, SHANGHAI, SPARE, draft, set_cell, spread
from tests.stories.plans import ref as ref_of
from tests.stories.plans import rows as rows_of
from tests.stories.selling import draft as draft_order
from tests.stories.staff import on_day
from tests.stories.test_closed_months import (
    BEFORE,
    DAY,
    LAST,
    RUNNING,
    close,
    is_sound,
    kept,
    refused,
    reopen,
)
from tests.stories.test_many_at_once import all_at_once
from tests.stories.test_moves_at_once import saying
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.activities import commands as activities
from tradewind.domains.customers.models import Customer
from tradewind.domains.ledger.models import Entry
from tradewind.domains.ledger.queries.months import deviations_of_closed, open_from
from tradewind.domains.organization.commands import set_fiscal_month
from tradewind.domains.pipeline.imports import import_opportunities
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.values import DealRow
from tradewind.domains.planning import commands as planning
from tradewind.domains.planning.commands import CellRange, Respread
from tradewind.platform.spine.command import Given

db = pytest.mark.usefixtures("open_books")
IN_LAST = LAST + 9 * DAY


def row(number: str, stage: str, opened: date, closed_on: date | None, value: int = 500) -> DealRow:
    amount = Decimal(value) if stage == "won" else None
    source = f'["{number}", "{stage}", "{opened}", "{closed_on}", {value}]'
    return DealRow(number, "seller", "ZN-MES", "", stage, opened, closed_on, amount, source)


def bring_in(*rows: DealRow) -> None:
    with system() as actor:
        import_opportunities(actor, rows)


@db
def test_an_import_opens_and_closes_no_deal_in_a_closed_month_but_corrects_what_counts_there() -> None:
    bring_in(row("IM-1", "won", IN_LAST, IN_LAST), row("IM-2", "proposal", IN_LAST, None))
    close(LAST)
    before = kept()
    with system():
        count = Entry.objects.count()
    for late in (
        row("IM-3", "proposal", IN_LAST, None),
        row("IM-4", "won", IN_LAST, RUNNING),
        row("IM-2", "won", IN_LAST, IN_LAST + DAY),
        row("IM-1", "lost", IN_LAST, IN_LAST),
    ):
        with refused("pipeline.dated_in_closed_month", "close_date"):
            bring_in(late)
    with system():
        assert Entry.objects.count() == count
    bring_in(row("IM-1", "won", IN_LAST, IN_LAST, 800), row("IM-2", "won", IN_LAST, RUNNING))
    assert kept() == before
    with system():
        fresh = Entry.objects.order_by("id")[count:]
        of = {(e.measure, e.value): (e.credited_on, e.corrects_on) for e in fresh}
    assert of["bookings", Decimal(-500)] == of["bookings", Decimal(800)] == (TEST_DAY, IN_LAST)
    assert of["won_value", Decimal(500)] == (RUNNING, None), "the deal of the open month counts on its day"
    assert is_sound()


@db
def test_the_date_of_what_counts_in_a_closed_month_may_move_out_of_it_or_within() -> None:
    bring_in(row("IM-1", "won", BEFORE, BEFORE + DAY))
    close(LAST)
    before = kept()
    bring_in(row("IM-1", "won", BEFORE, IN_LAST))
    bring_in(row("IM-1", "won", BEFORE, RUNNING))
    assert kept() == before
    assert is_sound()
    with refused("pipeline.dated_in_closed_month"):
        bring_in(row("IM-1", "won", BEFORE, IN_LAST))


@db
def test_finance_closes_on_the_page_after_reading_what_is_unfinished_and_the_director_reopens() -> None:
    with system():
        customer = Customer.objects.filter(owner__sign_in="seller")[0].name
    with on_day(RUNNING - DAY):
        draft_order(customer=customer)
    finance, director = sign_in("finance"), sign_in("director")
    month = f"{LAST:%Y-%m}"
    shown = finance.get(f"/settings/periods?close={month}").content.decode()
    assert f"/settings/periods/{month}/close" in shown
    assert "state=draft" in shown, "drafts are named, with a link"
    answer = finance.post(f"/settings/periods/{month}/close", {}, follow=True)
    assert answer.status_code == 409, "an earlier month is open"
    answer = finance.post(f"/settings/periods/{month}/close", {"with_earlier": "yes"}, follow=True)
    assert answer.status_code == 200
    assert month in answer.content.decode()
    refused_ = director.post(f"/settings/periods/{month}/reopen", {"reason": " "})
    assert refused_.status_code == 422
    assert "reason" in refused_.content.decode()
    assert director.post(f"/settings/periods/{month}/reopen", {"reason": "漏记发票"}).status_code == 302
    assert "漏记发票" in finance.get("/settings/periods").content.decode()
    with system():
        assert open_from() == LAST


@db
def test_the_same_by_api() -> None:
    finance, director = sign_in("finance"), sign_in("director")
    month = f"{LAST:%Y-%m}"

    def post(client: Any, verb: str, body: dict[str, Any], at: str = month) -> Any:
        return client.post(f"/api/v1/months/{at}/{verb}", body, "application/json")

    assert post(finance, "close", {}).json()["code"] == "ledger.earlier_months_open"
    told = post(finance, "close", {"with_earlier": True}).json()
    assert told["open_from"] == str(RUNNING)
    assert [one["is_closed"] for one in told["months"][:2]] == [False, True]
    assert post(finance, "close", {}, "2026-13").status_code == 422
    late = director.post(
        "/api/v1/activities/log",
        {"kind": "call", "subject": "补录", "done_on": str(RUNNING - DAY)},
        "application/json",
    )
    assert (late.status_code, late.json()["code"], late.json()["field"]) == (
        409,
        "ledger.month_closed",
        "done_on",
    )
    assert post(director, "reopen", {"reason": "x"}).status_code == 200
    assert director.get("/api/v1/months").json()["open_from"] == str(LAST)


@db
def test_a_correction_is_marked_where_the_figure_is_explained() -> None:
    bring_in(row("IM-1", "won", IN_LAST, IN_LAST))
    close(LAST)
    bring_in(row("IM-1", "won", IN_LAST, IN_LAST, 800))
    director = sign_in("director")
    asked = f"measure=won_value&person=seller&from={TEST_DAY}&to={TEST_DAY}"
    items = director.get(f"/api/v1/figures/explain?{asked}").json()["items"]
    assert {(one["value"], one["corrects"]) for one in items} >= {
        ("-500.00", str(IN_LAST)),
        ("800.00", str(IN_LAST)),
    }
    assert f"{LAST:%Y-%m} 更正" in director.get(f"/figures/explain?{asked}").content.decode()
    with system():
        deal = Opportunity.objects.get(number="IM-1")
    assert f"{LAST:%Y-%m} 更正" in director.get(f"/opportunities/{deal.public_id}").content.decode()


@db
def test_targets_of_closed_months_stay_in_a_draft() -> None:
    plan = draft()
    before = rows_of(plan)[COMPANY]
    with on_day(date(2026, 4, 2)):
        close(date(2026, 2, 1))
        with refused("planning.month_closed", "month"):
            set_cell(plan, SPARE, 2, "5")
        with acting("director") as actor, refused("planning.month_closed", "month"):
            planning.unlock(actor, ref_of(plan), CellRange(SHANGHAI, 1))
        set_cell(plan, SPARE, 3, "5")
        spread(plan, Respread(COMPANY, Decimal(24_000_000)))
        after = rows_of(plan)[COMPANY]
        assert [one.value for one in after.months[:2]] == [one.value for one in before.months[:2]]
        assert after.total == 24_000_000
        with acting("director") as actor:
            planning.lock(actor, ref_of(plan), CellRange(COMPANY))
        with acting("director") as actor:
            planning.unlock(actor, ref_of(plan), CellRange(COMPANY))
        assert is_sound()


@db
def test_figures_by_year_and_quarter_follow_the_fiscal_year() -> None:
    director = sign_in("director")
    api = "/api/v1/figures?measure=bookings&by="
    whole = director.get(f"{api}year").json()
    with acting("finance") as actor:
        assert set_fiscal_month(actor, 4) == 1
        assert set_fiscal_month(actor, 4) == 0
    fiscal, quarters = director.get(f"{api}year").json(), director.get(f"{api}quarter").json()
    assert fiscal["total"] == whole["total"] == quarters["total"]
    assert all(one["key"].startswith("FY") for one in fiscal["rows"])
    top = fiscal["rows"][-1]
    explained = director.get(f"/api/v1/figures/explain?measure=bookings&by=year&key={top['key']}").json()
    assert explained["total"] == top["value"]
    year = int(top["key"][2:])
    same = director.get(f"/api/v1/figures?measure=bookings&from={year - 1}-04-01&to={year}-03-31").json()
    assert same["total"] == top["value"]
    assert f"from={year - 1}-04-01" in director.get("/figures").content.decode(), "the page offers this year"
    with acting("finance") as actor, refused("organization.bad_fiscal_month", "fiscal_month"):
        set_fiscal_month(actor, 13)


def test_whoever_records_while_a_month_is_closed_is_in_it_or_refused(own_database: str) -> None:
    """Calls of the last month are recorded while finance closes it."""

    def log(number: int) -> None:
        with acting("seller") as actor:
            given = {"kind": "call", "subject": f"补录 {number}", "done_on": RUNNING - DAY}
            activities.log(actor, Given(given))

    def brought(number: int) -> None:
        bring_in(row(f"AT-{number}", "won", IN_LAST, IN_LAST))

    acts: list[Any] = [saying(partial(log, n)) for n in range(8)]
    acts += [saying(partial(brought, n)) for n in range(3)]
    acts.insert(4, saying(lambda: close(LAST)))
    results = all_at_once(acts)
    assert set(results) <= {"done", "ledger.month_closed", "pipeline.dated_in_closed_month"}
    assert results[4] == "done"
    with system():
        recorded = Entry.objects.filter(
            credited_on=RUNNING - DAY, measure="activities", person__sign_in="seller"
        )
        assert recorded.filter(command_id__isnull=False).count() >= results[:4].count("done")
        assert deviations_of_closed() == 0
    before = kept()
    assert set(all_at_once([saying(partial(log, n)) for n in range(3)])) == {"ledger.month_closed"}
    assert kept() == before
    assert is_sound()
    assert reopen(LAST) == 0
    bring_in(row("AT-9", "won", IN_LAST, IN_LAST))
    assert is_sound()
