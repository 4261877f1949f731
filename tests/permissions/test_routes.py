"""Every route × every role has an expected answer; a route without an entry fails."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.conftest import acting, sign_in, system
from tradewind.domains.organization.models import Person
from tradewind.domains.pipeline.models import Opportunity

pytestmark = pytest.mark.django_db

ROLES = ("admin", "director", "manager", "seller", "nobody")
ROWS = ("own", "team", "other unit")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DOOR, SAME = 302, None


@dataclass(frozen=True)
class Expected:
    """Status by role in the order of ROLES; `nobody` is sent to the door (pages) or told so (API)."""

    get: tuple[int, ...]
    post: tuple[int, ...]
    address: str = ""


def page(get: int = 200, post: int = 200) -> Expected:
    return Expected((get,) * 4 + (DOOR,), (post,) * 4 + (DOOR,))


OPEN = Expected((200,) * 5, (200,) * 5)
API_READ = Expected((200,) * 4 + (401,), (405,) * 4 + (401,))
API_CHANGE = Expected((405,) * 4 + (401,), (422,) * 4 + (401,))
# What a role answers on a deal depends on whose it is: tests below, per row.
MATRIX: dict[str, Expected] = {
    "": page(302, 302),
    "figures": page(),
    "figures.csv": page(),
    "figures/explain": Expected(
        (200,) * 4 + (DOOR,), (200,) * 4 + (DOOR,), "figures/explain?measure=won_deals"
    ),
    "opportunities": page(),
    "opportunities/board": page(),
    "opportunities/funnel": page(),
    "opportunities/<str:public_id>": page(),
    "opportunities/<str:public_id>/win": page(302, 422),
    "opportunities/<str:public_id>/lose": page(302, 422),
    "opportunities/<str:public_id>/reopen": page(302, 422),
    "opportunities/<str:public_id>/move": page(302, 422),
    "opportunities/<str:public_id>/next-step": page(302, 422),
    "opportunities/<str:public_id>/closing": page(302, 302),
    "people": page(),
    "people/<str:public_id>/link": Expected((302,) * 4 + (DOOR,), (200, 403, 403, 403, DOOR)),
    "language": Expected((302,) * 5, (302,) * 5),
    "sign-in/": Expected((302,) * 4 + (200,), (302,) * 4 + (200,)),
    "sign-out/": Expected((200,) * 4 + (302,), (302,) * 5),
    "^welcome/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Expected(
        (200,) * 5, (200,) * 5, "welcome/1-set-password/"
    ),
    "welcome/done/": Expected((200,) * 5, (405,) * 5),
    "healthz": OPEN,
    "readyz": OPEN,
    "metrics": OPEN,
    "api/v1/": Expected((404,) * 4 + (401,), (404,) * 4 + (401,)),
    "api/v1/openapi.json": OPEN,
    "api/v1/figures": Expected(API_READ.get, API_READ.post, "api/v1/figures?measure=won_deals"),
    "api/v1/figures/explain": Expected(
        API_READ.get, API_READ.post, "api/v1/figures/explain?measure=win_rate"
    ),
    "api/v1/opportunities": API_READ,
    "api/v1/opportunities/board": API_READ,
    "api/v1/opportunities/funnel": API_READ,
    "api/v1/opportunities/move": API_CHANGE,
    "api/v1/opportunities/<uuidstr:public_id>": API_READ,
    "api/v1/opportunities/<uuidstr:public_id>/win": API_CHANGE,
    "api/v1/opportunities/<uuidstr:public_id>/lose": API_CHANGE,
    "api/v1/opportunities/<uuidstr:public_id>/reopen": API_CHANGE,
    "api/v1/opportunities/<uuidstr:public_id>/move": API_CHANGE,
    "api/v1/opportunities/<uuidstr:public_id>/move/undo": API_CHANGE,
}


def routes() -> Iterator[str]:
    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, before + str(pattern.pattern))
            else:
                yield before + str(pattern.pattern)

    return walk(get_resolver().url_patterns, "")


def client_of(role: str) -> Client:
    return Client() if role == "nobody" else sign_in(role)


def address(route: str) -> str:
    """A real address for a route: an own deal of the seller, the seller's own person."""
    expected = MATRIX[route]
    if expected.address:
        return "/" + expected.address
    with system():
        deal = Opportunity.objects.filter(owner__sign_in="seller", state="open").order_by("id")[0]
        person = Person.objects.get(sign_in="hr")
    public_id = person.public_id if route.startswith("people") else deal.public_id
    return "/" + route.replace("<str:public_id>", str(public_id)).replace(
        "<uuidstr:public_id>", str(public_id)
    )


def test_every_route_has_an_entry_and_every_entry_a_route() -> None:
    assert set(routes()) == set(MATRIX)


@pytest.mark.parametrize("route", MATRIX)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_the_expected_answer(route: str, role: str) -> None:
    at = ROLES.index(role)
    client, url = client_of(role), address(route)
    assert client.get(url).status_code == MATRIX[route].get[at]
    kind = "application/json" if route.startswith("api/") else "application/x-www-form-urlencoded"
    assert client.post(url, content_type=kind).status_code == MATRIX[route].post[at]


@pytest.mark.parametrize("route", MATRIX)
def test_no_route_changes_anything_by_other_methods(route: str) -> None:
    client, url = client_of("seller"), address(route)
    for method in ("PUT", "PATCH", "DELETE"):
        before = state()
        client.generic(method, url, content_type="application/json")
        assert state() == before, (method, route)


def state() -> list[tuple[object, ...]]:
    with system():
        return list(Opportunity.objects.order_by("id").values_list("id", "version", "stage_id", "owner_id"))


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
            422 if seen else 404
        )
    for verb in ("win", "lose", "reopen", "move", "move/undo"):
        body = {"value": "5", "reason": "x", "customer": "no such customer", "stage": "proposal"}
        answer = client.post(
            f"/api/v1/opportunities/{deal.public_id}/{verb}",
            body,
            "application/json",
            headers={"If-Match": '"99"'},
        )
        assert answer.status_code == (412 if seen else 404)
    closing = f"/opportunities/{deal.public_id}/closing?as=lost"
    assert client.get(closing, headers={"HX-Request": "true"}).status_code == (200 if seen else 404)
    for place in ("/opportunities", "/opportunities/board", "/api/v1/opportunities/board"):
        listed = client.get(f"{place}?q={deal.number}").content.decode()
        assert (str(deal.public_id) in listed) == seen, place
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
