"""Plans on the pages and through the API."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.conftest import SignedIn, acting, system
from tests.stories.plans import MILLION, SHANGHAI, WU_QIANG, XIAOYU, draft, fresh, rows
from tradewind.config.verification import verify
from tradewind.domains.planning import queries
from tradewind.domains.planning.models import Plan
from tradewind.domains.planning.values import Kind

pytestmark = pytest.mark.django_db


NEW = {
    "year": "2026",
    "measure": "bookings",
    "unit": "company",
    "amount": "12000000",
    "by": "equal",
    "over": "workdays",
    "units": "10000",
    "people": "1000",
    "months": "100",
}


@pytest.mark.usefixtures("no_plans")
def test_a_director_drafts_on_the_pages_and_puts_in_force(signed_in: SignedIn) -> None:
    client = signed_in("director")
    assert "还没有计划" in client.get("/targets").content.decode()
    refused = client.post("/targets/new", NEW | {"amount": "-1"})
    assert (refused.status_code, "必须大于 0" in refused.content.decode()) == (422, True)
    address = client.post("/targets/new", NEW).headers["Location"]
    page = client.get(address).content.decode()
    assert 'role="treegrid"' in page
    assert "data-editable" in page
    with system():
        plan = Plan.objects.get()
    step(signed_in("admin"), plan, "submit")
    step(client, plan, "approve")
    page = client.get(address).content.decode()
    assert "已生效" in page
    assert "data-editable" not in page
    late = client.post(f"{address}/step", {"do": "reopen", "version": fresh(plan).version})
    assert (late.status_code, "此计划已生效并锁定" in late.content.decode()) == (409, True)


@pytest.mark.usefixtures("no_plans")
def test_a_row_is_spread_by_own_weights_on_its_page(signed_in: SignedIn) -> None:
    client, plan = signed_in("director"), draft()
    address, found = f"/targets/{plan.public_id}", rows(plan)
    row = found[SHANGHAI].line.id
    for query in (f"row={row}", f"unit=sh1&row={row}"):
        assert "分解：上海销售部" in client.get(f"{address}?{query}").content.decode()
    given = {"row": row, "version": plan.version, "amount": "4000000", "by": "weights", "over": "equal"}
    given |= {"units": "1", "people": "1", "months": "1"}
    given |= {f"weight_{found[XIAOYU].line.id}": "3", f"weight_{found[WU_QIANG].line.id}": "1"}
    refused = client.post(f"{address}/spread", given | {"amount": "0"})
    assert (refused.status_code, "必须大于 0" in refused.content.decode()) == (422, True)
    assert client.post(f"{address}/spread", given).status_code == 302
    assert rows(plan)[XIAOYU].total == 3 * MILLION
    assert client.post(f"{address}/spread", given).status_code == 409, "the version is an old one by now"


def step(client: Client, plan: Plan, verb: str) -> None:
    answer = client.post(f"/targets/{plan.public_id}/step", {"do": verb, "version": fresh(plan).version})
    assert answer.status_code == 302


def post(client: Client, path: str, body: object, version: str = "") -> Any:
    headers = {"If-Match": version} if version else {}
    return client.post(f"/api/v1/plans{path}", body, "application/json", headers=headers)


@pytest.mark.usefixtures("no_plans")
def test_the_api_drafts_and_changes_with_the_version_it_saw(signed_in: SignedIn) -> None:
    client = signed_in("director")
    made = post(client, "", {"year": 2026, "unit": "sh1", "amount": "1200000.50", "over": "equal"})
    body, tag = made.json(), made.headers["ETag"]
    assert (made.status_code, body["total"], body["state"], body["alike"]) == (200, "1200000.50", "draft", [])
    assert sum(Decimal(r["total"]) for r in body["rows"] if r["kind"] != "unit") == Decimal("1200000.50")
    here, row = f"/{body['id']}", {"kind": "person", "unit": "sh1", "person": "seller"}
    changed = post(client, f"{here}/cells", {"row": row, "month": 1, "value": "40000"}, tag)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    months = {r["person"] or r["kind"]: r["months"][0] for r in changed.json()["rows"]}
    assert months["seller"] == "40000.00"
    assert Decimal(months["unit"]) == sum(Decimal(value) for key, value in months.items() if key != "unit")
    stale = post(client, f"{here}/cells", {"row": row, "month": 1, "value": "1"}, tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    wrong = post(client, f"{here}/cells", {"row": row, "month": 1, "value": "99999999"}, '"2"')
    assert (wrong.status_code, wrong.json()["code"]) == (409, "planning.reserve_too_small")
    assert wrong.json()["field"] == "value"
    locked = post(client, f"{here}/lock", {"row": row, "month": 1}, '"2"').json()["rows"]
    assert [one["person"] for one in locked if one["locked"][0]] == ["seller"]
    assert post(client, f"{here}/unlock", {"row": row}, '"3"').status_code == 200
    again = post(
        client, f"{here}/spread", {"row": {"kind": "unit", "unit": "sh1"}, "amount": "600000"}, '"4"'
    )
    assert (again.status_code, again.json()["total"]) == (200, "600000.00")


@pytest.mark.usefixtures("no_plans")
def test_the_api_moves_a_plan_along(signed_in: SignedIn) -> None:
    client, admin, plan = signed_in("director"), signed_in("admin"), draft()
    for by, verb, state in (
        (client, "submit", "submitted"),
        (client, "reopen", "draft"),
        (admin, "submit", "submitted"),
        (client, "approve", "approved"),
    ):
        tag = fresh_tag(client, str(plan.public_id))
        done = by.post(f"/api/v1/plans/{plan.public_id}/{verb}", headers={"If-Match": tag})
        assert (done.status_code, done.json()["state"]) == (200, state)
    tag = fresh_tag(client, str(plan.public_id))
    late = client.post(f"/api/v1/plans/{plan.public_id}/close", headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (409, "planning.year_running")
    assert [one["id"] for one in client.get("/api/v1/plans").json()] == [str(plan.public_id)]


def fresh_tag(client: Client, public_id: str) -> str:
    return client.get(f"/api/v1/plans/{public_id}").headers["ETag"]


def test_an_administrator_declares_a_day_and_takes_it_back(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    assert "248 个工作日，其中周末调休上班 6 天" in client.get("/workdays?year=2026").content.decode()
    given = {"falls_on": "2026-06-01", "kind": "free", "name": "公司周年庆"}
    assert client.post("/workdays?year=2026", given | {"name": " "}).status_code == 422
    assert client.post("/workdays?year=2026", given).status_code == 302
    page = client.get("/workdays?year=2026").content.decode()
    assert ("247 个工作日" in page, "公司周年庆" in page) == (True, True)
    assert "移除" not in signed_in("seller").get("/workdays?year=2026").content.decode()
    removed = client.post("/workdays?year=2026", {"do": "remove", "falls_on": "2026-06-01"})
    assert removed.status_code == 302
    assert "248 个工作日" in client.get("/workdays?year=2026").content.decode()
    for odd in ("0", "999999", "x", "²026"):
        assert client.get(f"/workdays?year={odd}").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/tracking?period=x", 422),
        ("/tracking?period=2026-13", 422),
        ("/tracking?unit=nowhere", 404),
        ("/tracking?measure=win_rate", 422),
        ("/tracking?measure=nothing", 404),
        ("/api/v1/tracking?period=2026-Q9", 422),
        ("/api/v1/tracking?unit=nowhere", 404),
        ("/targets/nothing", 404),
        ("/targets/nothing?row=u1", 404),
        ("/api/v1/plans/nothing", 404),
    ],
)
def test_an_address_that_makes_no_sense_is_answered_politely(
    signed_in: SignedIn, address: str, status: int
) -> None:
    assert signed_in("director").get(address).status_code == status


def test_the_books_still_agree(november: Plan) -> None:
    assert all(finding.is_right for finding in verify())


def test_the_demo_company_has_a_plan_in_force() -> None:
    with acting("director") as actor:
        (card,) = queries.plans(actor)
        made = queries.tracking(actor, "2026")
    assert (card.plan.year, card.plan.measure, card.plan.state) == (2026, "bookings", "approved")
    assert card.total == made.total.target > 0
    people = [row.progress.index for row in made.rows if row.line.key.kind is Kind.PERSON]
    assert any(index is not None and index >= 1 for index in people), "some are over"
    assert any(index is not None and index < 1 for index in people), "some are under"
