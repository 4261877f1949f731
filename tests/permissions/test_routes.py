"""Every route × every role has an expected answer; a route without an entry fails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.conftest import acting, sign_in, system
from tradewind.domains.activities.models import Activity
from tradewind.domains.customers.commands import create_contact
from tradewind.domains.customers.models import Customer
from tradewind.domains.orders.models import Order
from tradewind.domains.organization.models import Assignment, Person, Position, Unit
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.planning.models import Plan
from tradewind.platform.spine.command import Given
from tradewind.platform.surface.resource import all_resources

pytestmark = pytest.mark.django_db

ROLES = ("admin", "director", "manager", "seller", "finance", "hr", "partner", "nobody")
SELLING = "admin director manager seller partner"
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


def by_role(status: int, **others: int) -> tuple[int, ...]:
    """The same answer for everybody, but for those named."""
    return tuple(others.get(role, status) for role in ROLES)


def page(get: int = 200, post: int = 200, address: str = "") -> Expected:
    return Expected(by_role(get, nobody=DOOR), by_role(post, nobody=DOOR), address)


def api(get: int, post: int, address: str = "") -> Expected:
    return Expected(by_role(get, nobody=401), by_role(post, nobody=401), address)


def staffing(get: int = 200, post: int = 422) -> Expected:
    """For those who keep the directory; the others may not."""
    return Expected(
        by_role(403, admin=get, hr=get, nobody=DOOR), by_role(403, admin=post, hr=post, nobody=DOOR)
    )


def bringing(
    at: str, seen: tuple[int, ...], refused: tuple[int, ...], nobodys: tuple[int, ...]
) -> dict[str, Expected]:
    """The wizard that brings spreadsheets in."""
    made = {
        f"{at}/import": Expected(seen, refused),
        f"{at}/import/template.xlsx": Expected(seen, seen),
    }
    for route in ("", "/progress", "/result.xlsx"):
        address = f"{at}/import/{NOBODYS}{route}"
        made[f"{at}/import/<uuid:public_id>{route}"] = Expected(nobodys, nobodys, address)
    return made


def declared(
    at: str, create: str = "", edit: str = "", bring_in: str = "", hidden: str = "hr"
) -> dict[str, Expected]:
    """The routes of a declared object; `create`, `edit`, `bring_in` name who may, `hidden` who sees none."""

    def by(roles: str, yes: int, no: int = 403, nobody: int = DOOR) -> tuple[int, ...]:
        named = dict.fromkeys(roles.split(), yes)
        return by_role(no, nobody=nobody, **named)

    def of_one(roles: str, yes: int) -> tuple[int, ...]:
        unseen = dict.fromkeys(hidden.split(), 404)
        return by_role(403, nobody=DOOR, **{**dict.fromkeys(roles.split(), yes), **unseen})

    def told(roles: str) -> Expected:
        return Expected(by_role(405, nobody=401), by(roles, 422, nobody=401))

    unseen = dict.fromkeys(hidden.split(), 404)
    seen = by_role(200, nobody=DOOR, **unseen)
    one, api_at = f"{at}/<uuid:public_id>", f"api/v1/{at}"
    may_export = by("admin director manager finance", 200)
    made = {
        at: page(),
        f"{at}.<str:kind>": Expected(may_export, may_export, f"{at}.csv"),
        one: Expected(seen, seen),
        api_at: API_READ,
        f"{api_at}/summary": API_READ,
        f"{api_at}/<uuidstr:public_id>": Expected(by_role(200, nobody=401, **unseen), API_READ.post),
    }
    if create:
        made[f"{at}/new"] = Expected(by(create, 200), by(create, 422))
        made[api_at] = Expected(API_READ.get, told(create).post)
    if edit:
        made[f"{one}/edit"] = Expected(of_one(edit, 200), of_one(edit, 422))
        named = {"opportunities": "title", "activities": "subject"}.get(at, "name")
        field = f"{at}/<uuid:public_id>/field/{named}"
        made[f"{one}/field/<str:name>"] = Expected(of_one(edit, 200), of_one(edit, 422), field)
        made[f"{api_at}/bulk"] = told(edit)
    return made | (bringing(at, by(bring_in, 200), by(bring_in, 422), by(bring_in, 404)) if bring_in else {})


OPEN = Expected(by_role(200), by_role(200))
API_READ = api(200, 405)
API_CHANGE = api(405, 422)
PLAN_VERBS = ("spread", "cells", "lock", "unlock", "submit", "reopen", "approve", "close")
FROM_ABOVE = by_role(403, admin=200, director=200, manager=200, finance=200, nobody=DOOR)
# The deal asked for is the seller's: to hr and the partner it looks like a missing one.
UNSEEN = {"hr": 404, "partner": 404}
# What a role answers on a deal depends on whose it is: tests below, per row.
MATRIX: dict[str, Expected] = {
    "": page(),
    "overview": Expected(FROM_ABOVE, FROM_ABOVE),
    "figures": page(),
    "figures.csv": page(),
    "figures/explain": page(address="figures/explain?measure=won_deals"),
    "opportunities": page(),
    **declared("activities", create=SELLING, edit=SELLING, bring_in="no_one", hidden="hr partner"),
    "activities/calendar": page(),
    "activities/compose": Expected(by_role(302), by_role(404, finance=403, hr=403, nobody=DOOR)),
    "activities/<uuid:public_id>/complete": Expected(
        by_role(200, finance=403, nobody=DOOR, **UNSEEN), by_role(422, finance=403, nobody=DOOR, **UNSEEN)
    ),
    **{
        f"activities/<uuid:public_id>/{act}": Expected(
            by_role(302, nobody=DOOR, **UNSEEN), by_role(409, finance=403, nobody=DOOR, **UNSEEN)
        )
        for act in ("cancel", "reopen")
    },
    "notifications": page(),
    "notifications/bell": page(),
    "notifications/read": page(302, 302),
    "notifications/<uuid:public_id>": page(302, 404),
    **{f"api/v1/activities/{act}": api(405, 422) for act in ("complete", "postpone", "log")},
    **{
        f"api/v1/activities/<uuidstr:public_id>/{act}": api(405, 422)
        for act in ("complete", "cancel", "reopen", "reassign")
    },
    **declared("customers", create=SELLING, edit=SELLING, bring_in="admin director manager"),
    **declared("contacts", create=SELLING, edit=SELLING, bring_in="admin director manager"),
    **declared("products", create="admin", edit="admin", bring_in="admin"),
    **declared("opportunities", create=SELLING, edit=SELLING, bring_in="no_one", hidden="hr partner"),
    **declared("orders", hidden="hr partner"),
    **declared("units", hidden=""),
    **declared("people", hidden=""),
    "opportunities/narrowed": page(),
    "opportunities/board": Expected(by_role(200, hr=403, nobody=DOOR), by_role(200, hr=403, nobody=DOOR)),
    "opportunities/funnel": page(),
    "targets": page(),
    "targets/new": Expected(
        by_role(403, admin=200, director=200, nobody=DOOR), by_role(403, admin=422, director=422, nobody=DOOR)
    ),
    "targets/<uuid:public_id>": Expected(
        by_role(200, hr=404, nobody=DOOR), by_role(200, hr=404, nobody=DOOR)
    ),
    "targets/<uuid:public_id>/spread": Expected(by_role(302), by_role(422, hr=404, nobody=DOOR)),
    "targets/<uuid:public_id>/step": Expected(by_role(302), by_role(422, hr=404, nobody=DOOR)),
    "tracking": page(),
    "tracking.csv": page(),
    "workdays": Expected(by_role(200, nobody=DOOR), by_role(403, admin=422, nobody=DOOR)),
    "favourites/keep": page(405, 422),
    "favourites/drop": page(405, 200),
    "opportunities/<uuid:public_id>": Expected(
        by_role(200, nobody=DOOR, **UNSEEN), by_role(200, nobody=DOOR, **UNSEEN)
    ),
    "opportunities/<uuid:public_id>/win": Expected(by_role(302), by_role(422, nobody=DOOR, **UNSEEN)),
    "opportunities/<uuid:public_id>/lose": Expected(by_role(302), by_role(422, nobody=DOOR, **UNSEEN)),
    **{
        f"opportunities/<uuid:public_id>/{verb}": Expected(by_role(302), by_role(422, nobody=DOOR, **UNSEEN))
        for verb in ("reopen", "move", "next-step")
    },
    "opportunities/<uuid:public_id>/closing": Expected(
        by_role(302, nobody=DOOR, **UNSEEN), by_role(302, nobody=DOOR, **UNSEEN)
    ),
    "orders/new": Expected(
        by_role(200, finance=403, hr=403, nobody=DOOR), by_role(422, finance=403, hr=403, nobody=DOOR)
    ),
    "orders/<uuid:public_id>": Expected(
        by_role(200, nobody=DOOR, **UNSEEN), by_role(200, nobody=DOOR, **UNSEEN)
    ),
    "orders/<uuid:public_id>/edit": Expected(
        by_role(200, finance=403, hr=403, partner=404, nobody=DOOR),
        by_role(422, finance=403, hr=403, partner=404, nobody=DOOR),
    ),
    "orders/<uuid:public_id>/confirm": Expected(by_role(302), by_role(422, nobody=DOOR, **UNSEEN)),
    "orders/<uuid:public_id>/cancel": Expected(by_role(302), by_role(422, nobody=DOOR, **UNSEEN)),
    "orders/<uuid:public_id>/copy": Expected(by_role(302), by_role(302, finance=403, nobody=DOOR, **UNSEEN)),
    "people": page(),
    "people/new": staffing(),
    "people/<uuid:public_id>": page(),
    "people/<uuid:public_id>/link": Expected(by_role(302), by_role(403, admin=200, nobody=DOOR)),
    "people/<uuid:public_id>/move": staffing(),
    "people/<uuid:public_id>/leave": staffing(),
    "people/<uuid:public_id>/assignments/<str:assignment>/correct": staffing(),
    "people/<uuid:public_id>/assignments/<str:assignment>/withdraw": staffing(post=409),
    "organization": page(),
    "units/new": staffing(),
    "units/<uuid:public_id>": page(),
    "units/<uuid:public_id>/rename": staffing(),
    "units/<uuid:public_id>/move": staffing(),
    "units/<uuid:public_id>/close": staffing(post=409),
    "units/<uuid:public_id>/head": staffing(),
    "units/<uuid:public_id>/positions": staffing(),
    "positions/<uuid:public_id>": staffing(),
    "language": Expected(by_role(302), by_role(302)),
    "sign-in/": Expected(by_role(302, nobody=200), by_role(302, nobody=200)),
    "sign-out/": Expected(by_role(200, nobody=302), by_role(302)),
    "^welcome/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Expected(
        by_role(200), by_role(200), "welcome/1-set-password/"
    ),
    "welcome/done/": Expected(by_role(200), by_role(405)),
    "healthz": OPEN,
    "readyz": OPEN,
    "metrics": OPEN,
    "api/v1/": api(404, 404),
    "api/v1/openapi.json": OPEN,
    "api/v1/figures": api(200, 405, "api/v1/figures?measure=won_deals"),
    "api/v1/figures/explain": api(200, 405, "api/v1/figures/explain?measure=win_rate"),
    "api/v1/plans": Expected(API_READ.get, by_role(422, nobody=401)),
    "api/v1/plans/<public_id>": Expected(by_role(200, hr=404, nobody=401), API_READ.post),
    **{f"api/v1/plans/<public_id>/{verb}": API_CHANGE for verb in PLAN_VERBS},
    "api/v1/tracking": API_READ,
    "api/v1/overview": Expected(
        by_role(403, admin=200, director=200, manager=200, finance=200, nobody=401), API_READ.post
    ),
    "api/v1/search": api(200, 405, "api/v1/search?q=OP"),
    "api/v1/opportunities/move": api(405, 422),
    "api/v1/opportunities/board": Expected(by_role(200, hr=403, nobody=401), API_READ.post),
    "api/v1/opportunities/funnel": API_READ,
    **{
        f"api/v1/opportunities/<uuidstr:public_id>/{verb}": api(405, 422)
        for verb in ("win", "lose", "reopen", "move", "move/undo")
    },
    "api/v1/orders/drafts": api(405, 422),
    "api/v1/orders/<public_id>": Expected(by_role(200, nobody=401, **UNSEEN), by_role(405, nobody=401)),
    "api/v1/orders/<public_id>/confirm": api(405, 422),
    "api/v1/orders/<public_id>/cancel": api(405, 422),
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
    with system():
        assignment = Assignment.objects.get(person__sign_in="hr")
    return "/" + HOLDER.sub(row_of(template), template).replace("<str:assignment>", str(assignment.public_id))


def row_of(template: str) -> str:
    at = template.removeprefix("api/v1/").partition("/")[0]
    with system() as actor:
        if at == "activities":
            planned = Activity.objects.filter(owner__sign_in="seller", state="planned").order_by("id")
            return str(planned[0].public_id)
        if at == "notifications":
            return str(uuid4())
        if at == "opportunities":
            deal = Opportunity.objects.filter(owner__sign_in="seller", state="open").order_by("id")[0]
            return str(deal.public_id)
        if at == "people":
            return str(Person.objects.get(sign_in="hr").public_id)
        if at in ("targets", "plans"):
            return str(Plan.objects.get(state="approved").public_id)
        found = {
            "units": Unit.objects.filter(code="sh1"),
            "positions": Position.objects.order_by("id"),
            "orders": Order.objects.filter(state="draft", owner__sign_in="seller").order_by("id"),
        }.get(at)
        if found is not None:
            return str(found[0].public_id)
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
        acts = Activity.objects.order_by("id").values_list("id", "version", "state", "owner_id")
        return [*deals, *plans, *acts]


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
