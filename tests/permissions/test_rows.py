"""A row out of reach looks like a missing one at every door, and shows through no sum."""

import pytest

from tests.conftest import acting, system
from tests.permissions.test_routes import client_of
from tradewind.domains.pipeline.models import Opportunity

pytestmark = pytest.mark.django_db


def a_deal_of(owner: str) -> Opportunity:
    with system():
        return Opportunity.objects.filter(owner__sign_in=owner, state="open")[0]


DEALS = {"own": "seller", "team": "wu.qiang", "other unit": "chu.ning"}
# Who sees a deal of the seller, of the seller's team, of another unit.
SEES = {
    "admin": (True, True, True),
    "director": (True, True, True),
    "manager": (True, True, False),
    "seller": (True, False, False),
    "field": (False, False, False),
    "finance": (True, True, True),
    "hr": (False, False, False),
    "partner": (False, False, False),
}


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("row", DEALS)
def test_a_deal_out_of_reach_looks_like_a_missing_one_at_every_door(role: str, row: str) -> None:
    seen = SEES[role][list(DEALS).index(row)]
    deal = a_deal_of(DEALS[row])
    client = client_of(role)
    for url in (f"/opportunities/{deal.public_id}", f"/api/v1/opportunities/{deal.public_id}"):
        assert client.get(url).status_code == (200 if seen else 404)
    for verb in ("win", "lose", "reopen", "move", "next-step"):
        asked = {"version": deal.version, "value": "", "reason": "", "stage": "", "next_step": "x"}
        assert client.post(f"/opportunities/{deal.public_id}/{verb}", asked).status_code == (
            (403 if role == "finance" else 422) if seen else 404
        )
    for verb in ("win", "lose", "reopen", "move", "move/undo"):
        body = {"value": "5", "reason": "x", "customer": "no such customer", "stage": "proposal"}
        answer = client.post(
            f"/api/v1/opportunities/{deal.public_id}/{verb}",
            body,
            "application/json",
            headers={"If-Match": '"99"'},
        )
        may_win = role not in ("finance", "hr")  # without the right nobody is told whether the deal exists
        assert answer.status_code == ((412 if seen else 404) if may_win else 403)
    listed = client.get(f"/opportunities?q={deal.number}").content.decode()
    assert (f"/opportunities/{deal.public_id}" in listed) == seen
    found = client.get(f"/api/v1/opportunities?q={deal.number}").json()["items"]
    assert [item["number"] for item in found] == ([deal.number] if seen else [])


@pytest.mark.parametrize("role", SEES)
def test_a_hidden_deal_shows_through_no_sum_count_or_group(role: str) -> None:
    with acting(role) as actor:
        own = {str(pk) for pk in Opportunity.objects.values_list("owner__sign_in", flat=True)}
        name = actor.name
    client = client_of(role)
    body = client.get("/api/v1/figures?measure=new_opportunities&by=person").json()
    assert {row["key"] for row in body["rows"]} <= own, name
    total = client.get("/api/v1/figures?measure=new_opportunities").json()["total"]
    per_month = client.get("/api/v1/figures?measure=new_opportunities&by=month").json()["rows"]
    assert (
        int(total)
        == sum(int(row["value"]) for row in per_month)
        == sum(int(r["value"]) for r in body["rows"])
    )
