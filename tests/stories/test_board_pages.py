"""The doors that show board and funnel: pages, API, budgets, bad questions."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import SignedIn
from tests.stories.wandering import (
    imported,
)
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.pipeline.values import DealRow, Plan

pytestmark = pytest.mark.django_db


FRAME = 2  # who acts, and what they are called


def statements(client: Client, address: str) -> list[str]:
    """The SQL of a page about its own matter: not of session, rights, savepoints and the frame."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [q["sql"] for q in captured if re.search(r'FROM "?(pipeline|organization)_', q["sql"] or "")]


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
def test_any_question_is_answered_or_refused(signed_in: SignedIn, query: str, status: int) -> None:
    answer = signed_in("manager").get(f"/opportunities/narrowed?{query}")
    assert answer.status_code == status
    assert ('class="panel trouble"' in answer.content.decode()) == (status == 422)


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
