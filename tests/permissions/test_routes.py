"""Every route × every role has an expected answer; a route without an entry fails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.conftest import acting, sign_in, system
from tradewind.domains.customers.commands import create_contact
from tradewind.domains.customers.models import Customer
from tradewind.domains.organization.models import Person
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.planning.models import Plan
from tradewind.platform.spine.command import Given
from tradewind.platform.surface.resource import all_resources

pytestmark = pytest.mark.django_db

ROLES = ("admin", "director", "manager", "seller", "nobody")
SELLING = "admin director manager seller"
ROWS = ("own", "team", "other unit")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DOOR = 302
NOBODYS = "7f3a1f64-5a51-4c1e-9d0f-2c5d1f0a9b10"
HOLDER = re.compile(r"<(\w+:)?public_id>")


@dataclass(frozen=True)
class Expected:
    """Status by role in the order of ROLES; `nobody` is sent to the door (pages) or told so (API)."""

    get: tuple[int, ...]
    post: tuple[int, ...]
    address: str = ""


def page(get: int = 200, post: int = 200) -> Expected:
    return Expected((get,) * 4 + (DOOR,), (post,) * 4 + (DOOR,))


def declared(at: str, create: str = "", edit: str = "", bring_in: str = "") -> dict[str, Expected]:
    """The routes of a declared object; `create`, `edit` and `bring_in` name the roles that may."""

    def by(roles: str, yes: int, no: int) -> tuple[int, ...]:
        return (*(yes if role in roles.split() else no for role in ROLES[:-1]), DOOR)

    def told(roles: str, yes: int, no: int = 403) -> Expected:
        return Expected((405,) * 4 + (401,), (*by(roles, yes, no)[:-1], 401))

    one, api = f"{at}/<uuid:public_id>", f"api/v1/{at}"
    may_export = by("admin director manager", 200, 403)
    made = {
        at: page(),
        f"{at}.<str:kind>": Expected(may_export, may_export, f"{at}.csv"),
        one: page(),
        api: API_READ,
        f"{api}/summary": API_READ,
        f"{api}/<uuidstr:public_id>": API_READ,
    }
    if create:
        made[f"{at}/new"] = Expected(by(create, 200, 403), by(create, 422, 403))
        made[api] = Expected(API_READ.get, told(create, 422).post)
    if edit:
        made[f"{one}/edit"] = Expected(by(edit, 200, 403), by(edit, 422, 403))
        address = f"{at}/<uuid:public_id>/field/name"
        made[f"{one}/field/<str:name>"] = Expected(by(edit, 200, 403), by(edit, 422, 403), address)
        made[f"{api}/bulk"] = told(edit, 422)
    if bring_in:
        made[f"{at}/import"] = Expected(by(bring_in, 200, 403), by(bring_in, 422, 403))
        made[f"{at}/import/template.xlsx"] = Expected(by(bring_in, 200, 403), by(bring_in, 200, 403))
        nobodys = Expected(by(bring_in, 404, 403), by(bring_in, 404, 403))
        for route in ("", "/progress", "/result.xlsx"):
            made[f"{at}/import/<uuid:public_id>{route}"] = replace(
                nobodys, address=f"{at}/import/{NOBODYS}{route}"
            )
    return made


OPEN = Expected((200,) * 5, (200,) * 5)
API_READ = Expected((200,) * 4 + (401,), (405,) * 4 + (401,))
API_CHANGE = Expected((405,) * 4 + (401,), (422,) * 4 + (401,))
PLAN_VERBS = ("spread", "cells", "lock", "unlock", "submit", "reopen", "approve", "close")
# What a role answers on a deal depends on whose it is: tests below, per row.
MATRIX: dict[str, Expected] = {
    "": page(),
    "overview": Expected((200, 200, 200, 403, DOOR), (200, 200, 200, 403, DOOR)),
    "figures": page(),
    "figures.csv": page(),
    "figures/explain": Expected(
        (200,) * 4 + (DOOR,), (200,) * 4 + (DOOR,), "figures/explain?measure=won_deals"
    ),
    "opportunities": page(),
    "opportunities/<str:public_id>": page(),
    "opportunities/<str:public_id>/win": page(302, 422),
    "opportunities/<str:public_id>/lose": page(302, 422),
    **declared("customers", create=SELLING, edit=SELLING, bring_in="admin director manager"),
    **declared("contacts", create=SELLING, edit=SELLING, bring_in="admin director manager"),
    **declared("products", create="admin", edit="admin", bring_in="admin"),
    **declared("units"),
    **declared("people"),
    "targets": page(),
    "targets/new": Expected((200, 200, 403, 403, DOOR), (422, 422, 403, 403, DOOR)),
    "targets/<str:public_id>": page(),
    "targets/<str:public_id>/spread": page(302, 422),
    "targets/<str:public_id>/step": page(302, 422),
    "tracking": page(),
    "tracking.csv": page(),
    "workdays": Expected((200,) * 4 + (DOOR,), (422, 403, 403, 403, DOOR)),
    "people": page(),
    "people/<str:public_id>/link": Expected((302,) * 4 + (DOOR,), (200, 403, 403, 403, DOOR)),
    "favourites/keep": page(405, 422),
    "favourites/drop": page(405, 200),
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
    "api/v1/plans": Expected(API_READ.get, (422,) * 4 + (401,)),
    "api/v1/plans/<public_id>": API_READ,
    **{f"api/v1/plans/<public_id>/{verb}": API_CHANGE for verb in PLAN_VERBS},
    "api/v1/tracking": API_READ,
    "api/v1/overview": Expected((200, 200, 200, 403, 401), API_READ.post),
    "api/v1/opportunities": API_READ,
    "api/v1/search": Expected(API_READ.get, API_READ.post, "api/v1/search?q=OP"),
    "api/v1/opportunities/<public_id>": API_READ,
    "api/v1/opportunities/<public_id>/win": Expected((405,) * 4 + (401,), (422,) * 4 + (401,)),
    "api/v1/opportunities/<public_id>/lose": Expected((405,) * 4 + (401,), (422,) * 4 + (401,)),
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
    """A real address for a route: an own deal of the seller, a person, a row that the seller sees."""
    expected = MATRIX[route]
    template = expected.address or route
    if HOLDER.search(template) is None:
        return "/" + template
    return "/" + HOLDER.sub(row_of(template), template)


def row_of(template: str) -> str:
    at = template.removeprefix("api/v1/").partition("/")[0]
    with system() as actor:
        if at == "opportunities":
            deal = Opportunity.objects.filter(owner__sign_in="seller", state="open").order_by("id")[0]
            return str(deal.public_id)
        if at == "people":
            return str(Person.objects.get(sign_in="hr").public_id)
        if at in ("targets", "plans"):
            return str(Plan.objects.get(state="approved").public_id)
        customer = Customer.objects.filter(owner=None).order_by("id")[0]
        if at == "contacts":
            return str(create_contact(actor, Given({"customer_id": customer.pk, "name": "王工"})).public_id)
        if at == "customers":
            return str(customer.public_id)
        resource = next(one for one in all_resources() if one.address == at)
        return str(resource.visible(actor).order_by("id")[0].public_id)


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
        deals = Opportunity.objects.order_by("id").values_list("id", "version", "stage_id", "owner_id")
        plans = Plan.objects.order_by("id").values_list("id", "version", "state", "year")
        return [*deals, *plans]


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
    for verb in ("win", "lose"):
        asked = {"version": deal.version, "value": "", "reason": ""}
        assert client.post(f"/opportunities/{deal.public_id}/{verb}", asked).status_code == (
            422 if seen else 404
        )
        body = {"value": "5", "reason": "x", "customer": "no such customer"}
        answer = client.post(
            f"/api/v1/opportunities/{deal.public_id}/{verb}",
            body,
            "application/json",
            headers={"If-Match": '"99"'},
        )
        assert answer.status_code == (412 if seen else 404)
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
