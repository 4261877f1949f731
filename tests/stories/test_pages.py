"""Pages and API over figures: the same answer everywhere, few statements, errors that say what to do."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import SignedIn, acting
from tradewind.config.cli import build_parser
from tradewind.config.commands.figure import answer
from tradewind.demo.deals import ALL_DEALS
from tradewind.domains.ledger.queries import figure, question
from tradewind.domains.pipeline.models import Opportunity

pytestmark = pytest.mark.django_db


def statements(client: Client, address: str) -> int:
    """How many SQL statements a page takes, session and rights included."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


BUDGETS = {
    "/figures?measure=bookings&by=month": 16,
    "/figures?measure=win_rate&by=unit&level=2": 17,
    "/figures?measure=won_value&by=customer": 17,
    "/figures/explain?measure=won_deals": 20,
    "/figures/explain?measure=win_rate&by=unit&level=1&key=east": 27,
    "/opportunities": 18,
    "/people": 17,
    "/workdays?year=2026": 17,
    "/settings/periods": 22,
    "/targets": 17,
    "/tracking?period=2026": 20,
    "/tracking.csv?period=2026": 19,
    "/api/v1/tracking?period=2026": 18,
    "/api/v1/plans": 15,
    "/api/v1/figures?measure=bookings&by=month": 14,
    "/api/v1/opportunities": 14,
    "/api/v1/search?q=OP0001": 21,
}


@pytest.mark.parametrize(("address", "budget"), BUDGETS.items())
def test_a_page_keeps_its_budget_of_statements(signed_in: SignedIn, address: str, budget: int) -> None:
    assert statements(signed_in("manager"), address) <= budget


def test_a_list_takes_no_more_statements_for_more_rows(signed_in: SignedIn) -> None:
    few = statements(signed_in("seller"), "/opportunities?q=OP0001")
    assert statements(signed_in("director"), "/opportunities") <= few


def test_the_api_answers_in_the_agreed_shape(signed_in: SignedIn) -> None:
    address = "/api/v1/figures?measure=won_value&by=quarter&from=2025-01-01&to=2026-03-31"
    body = signed_in("director").get(address).json()
    assert set(body) == {"measure", "unit", "from", "to", "by", "level", "total", "rows"}
    assert (body["measure"], body["unit"], body["by"]) == ("won_value", "money", "quarter")
    assert (body["from"], body["to"]) == ("2025-01-01", "2026-03-31")
    assert all(set(row) == {"key", "label", "value"} for row in body["rows"])
    assert all(isinstance(row["value"], str) for row in body["rows"])


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("measure=nothing", 404, "measure"),
        ("by=unit", 422, "measure"),
        ("measure=won_deals&by=colour", 422, "by"),
        ("measure=won_deals&by=unit&level=-1", 422, "level"),
        ("measure=won_deals&level=1", 422, "level"),
        ("measure=won_deals&by=unit&level=" + "1" * 5000, 422, "level"),
        ("measure=won_deals&from=tomorrow", 422, "from"),
        ("measure=won_deals&from=2026-02-01&to=2026-01-01", 422, "from"),
        ("measure=won_deals&to=99999-01-01", 422, "to"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_at_its_field(
    signed_in: SignedIn, query: str, status: int, field: str
) -> None:
    client = signed_in("director")
    answer = client.get(f"/api/v1/figures?{query}")
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    if field not in ("measure", "level"):
        page = client.get(f"/figures?{query}")
        assert page.status_code == status
        assert "<form" in page.content.decode(), "the question stands there to be corrected"


@pytest.mark.parametrize(
    "query",
    [
        "measure=won_deals&after=x",
        "measure=won_deals&after=2026-01-01~x",
        "measure=won_deals&after=2026-01-01~99999999999999999999",
        "measure=won_deals&part=numerator",
        "measure=win_rate&part=both",
        "measure=won_deals&key=x",
    ],
)
def test_an_explanation_that_cannot_be_is_refused(signed_in: SignedIn, query: str) -> None:
    assert signed_in("director").get(f"/api/v1/figures/explain?{query}").status_code == 422
    assert signed_in("director").get(f"/figures/explain?{query}").status_code == 422


@pytest.mark.parametrize("key", ["no-such", "12", "2026-13", "?", "", "'; DROP TABLE x", "🐍"])
def test_a_key_that_is_nowhere_opens_to_nothing(signed_in: SignedIn, key: str) -> None:
    for by in ("unit", "person", "customer", "product", "month"):
        answer = signed_in("director").get(
            "/api/v1/figures/explain", {"measure": "won_value", "by": by, "key": key}
        )
        assert answer.status_code == 200
        assert (answer.json()["total"], answer.json()["items"]) == ("0.00", [])


def test_page_api_and_export_say_the_same(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    with acting("manager") as actor:
        truth = [(r.key, str(r.value)) for r in figure(actor, question("bookings", "person")).rows]
    api = client.get("/api/v1/figures?measure=bookings&by=person").json()["rows"]
    assert [(row["key"], row["value"]) for row in api] == truth
    exported = client.get("/figures.csv?measure=bookings&by=person").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(exported)))[1:]
    assert [(line[0], line[2]) for line in lines] == truth
    page = client.get("/figures?measure=bookings&by=person").content.decode()
    assert all(f"{int(float(value)):,}" in page for _, value in truth)


def test_a_fragment_is_not_mistaken_for_the_page(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    part = client.get("/figures?measure=bookings", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        "/healthzz",
        "/static/none.js",
        "/opportunities/x",
        "/opportunities/" + "0" * 32,
        "/api/v1/x",
    ],
)
def test_what_is_not_there_is_missing_politely(signed_in: SignedIn, address: str) -> None:
    answer = signed_in("seller").get(address)
    assert answer.status_code == 404
    assert answer.headers["X-Request-Id"] in answer.content.decode()


def test_every_answer_carries_the_strict_policy(signed_in: SignedIn) -> None:
    for address in ("/figures", "/sign-in/", "/nowhere", "/api/v1/figures?measure=won_deals"):
        policy = signed_in("seller").get(address).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_pages_speak_chinese_first_and_english_when_asked(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    assert "签约额" in client.get("/figures").content.decode()
    client.post("/language", {"language": "en", "next": "/figures"})
    page = client.get("/figures").content.decode()
    assert "Bookings" in page
    assert "签约额" not in page


def test_the_list_pages_through_everything_once(signed_in: SignedIn) -> None:
    client, seen, after = signed_in("director"), list[str](), ""
    while True:
        body = client.get(f"/api/v1/opportunities?after={after}").json()
        seen += [item["number"] for item in body["items"]]
        after = body["next"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == ALL_DEALS


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "林", "🐍", "x" * 5000])
def test_any_search_words_are_only_words(signed_in: SignedIn, words: str) -> None:
    answer = signed_in("director").get("/opportunities", {"q": words})
    assert answer.status_code == 200


def test_the_command_line_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    def tw(*words: str) -> dict[str, str]:
        assert answer(build_parser().parse_args(["figure", *words, "--json"])) == 0
        said: dict[str, str] = json.loads(capsys.readouterr().out)
        return said

    with acting("director") as actor:
        total = figure(actor, question("won_value")).total
        won = Opportunity.objects.filter(state="won").count()
    assert tw("won_value", "--by", "month")["total"] == f"{total:f}"
    assert tw("won_deals", "--explain")["total"] == str(won)


@pytest.mark.parametrize(
    "address", ["/opportunities?q=%00", "/figures/explain?measure=won_deals&key=a%00b", "/%00"]
)
def test_a_character_that_no_text_may_hold_is_refused(signed_in: SignedIn, address: str) -> None:
    assert signed_in("director").get(address).status_code == 400
    assert signed_in("director").get("/api/v1" + address).status_code == 400


def test_a_reason_with_such_a_character_is_refused_at_its_field(signed_in: SignedIn) -> None:
    client = signed_in("director")
    deal = client.get("/api/v1/opportunities?state=open").json()["items"][0]
    body = {"value": "5", "reason": "a\u0000b"}
    headers = {"If-Match": str(deal["version"])}
    answer = client.post(f"/api/v1/opportunities/{deal['id']}/win", body, "application/json", headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "reason")
