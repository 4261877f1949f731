"""One row of everybody, and every door it could show through: who reaches its owner sees it, nobody else.

Owners are oneself, one's team, another unit, one's own outside sales unit and another one, and nobody (the
pool). Who sees whose rows is written down here, not asked of the code.
"""

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.conftest import IS_LONG, sign_in, system
from tests.permissions.test_canary import CANARY
from tradewind.domains.activities import commands as activities
from tradewind.domains.customers import commands as customers
from tradewind.domains.orders import commands as orders
from tradewind.domains.orders import queries as order_queries
from tradewind.domains.orders.values import LineGiven
from tradewind.domains.organization.queries import actor_named
from tradewind.domains.pipeline import commands as pipeline
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Given

pytestmark = pytest.mark.django_db
OWNERS = {
    "seller": "a seller of Shanghai",
    "wu.qiang": "another one of the same team",
    "chu.ning": "a seller of another unit",
    "partner": "the head of an outside sales unit",
    "luo.ying": "their colleague",
    "nie.feng": "another outside sales unit",
    "": "nobody: the pool",
}
EVERYBODY = set(OWNERS)
SEES: dict[str, set[str]] = {
    "admin": EVERYBODY,
    "director": EVERYBODY,
    "finance": EVERYBODY,
    "manager": {"seller", "wu.qiang", ""},
    "seller": {"seller", ""},
    "field": {""},
    "hr": set(),
    "partner": {"partner", "luo.ying"},
    "luo.ying": {"partner", "luo.ying"},
    "nie.feng": {"nie.feng"},
}
# Every pair in `./tw test --long`; those that differ most always.
CHANGING = sorted(SEES) if IS_LONG else ["manager", "seller", "finance", "partner"]
EXPORTS = {"admin", "director", "finance", "manager"}
CHANGES = set(SEES) - {"finance", "hr"}
AMOUNT = 7_654_321


def plant(owner: str) -> dict[str, str]:
    """A customer with contact, deal, order and something to do; of the pool only customer and contact."""
    if not owner:
        with system() as actor:
            customer = customers.create_customer(
                actor, Given({"name": CANARY, "city": CANARY, "owner_id": None})
            )
            contact = customers.create_contact(actor, Given({"customer_id": customer.pk, "name": CANARY}))
        return {"customers": str(customer.public_id), "contacts": str(contact.public_id)}
    with scope(actor_named(owner)) as actor:
        facts = {"name": CANARY, "city": CANARY, "note": CANARY, "owner_id": actor.person_id}
        customer = customers.create_customer(actor, Given(facts))
        contact = customers.create_contact(actor, Given({"customer_id": customer.pk, "name": CANARY}))
        given = {"title": CANARY, "customer_id": customer.pk, "amount": Decimal(AMOUNT)}
        deal = pipeline.create_opportunity(actor, Given(given))
        touch = activities.plan(actor, Given({"subject": CANARY, "customer_id": customer.pk, "kind": "task"}))
        line = LineGiven("ZN-CARE", Decimal(1), Decimal(AMOUNT))
        order = orders.create(actor, orders.Content(CANARY, (line,)))
        return {
            "customers": str(customer.public_id),
            "contacts": str(contact.public_id),
            "opportunities": str(deal.public_id),
            "activities": str(touch.public_id),
            "orders": str(order_queries.public_id_of(order)),
        }


NOT_SEARCHED = ("activities",)
RESOURCES = {"customers": "customers.customer", "opportunities": "pipeline.opportunity"}


def addresses(planted: dict[str, str]) -> Iterator[str]:
    """Every address that names one of the rows."""
    for at, key in planted.items():
        yield f"/{at}/{key}"
        yield f"/api/v1/{at}/{key}"
        if at in RESOURCES:
            yield f"/access/{RESOURCES[at]}/{key}"


def listed(client: Client, planted: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """Every address that could list one of the rows, and whether it does."""
    for at, key in planted.items():
        url = f"/{at}?q={CANARY}"
        yield url, key in client.get(url).content.decode()
        url = f"/api/v1/{at}?q=啾啾&limit=200"
        yield url, key in [item["id"] for item in client.get(url).json()["items"]]
        url = f"/api/v1/{at}/summary?q={CANARY}"
        yield url, client.get(url).json()["count"] == 1
        groups = client.get(f"/api/v1/search?q={CANARY}").json()["groups"]
        found = [hit["url"] for group in groups for hit in group["items"]]
        if at not in NOT_SEARCHED:
            yield f"search for {at}", any(key in url for url in found)


def test_every_role_of_the_cast_is_asked() -> None:
    assert {"admin", "director", "manager", "seller", "field", "finance", "hr", "partner"} <= set(SEES)


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("role", SEES)
def test_a_row_shows_at_every_door_or_at_none(role: str, owner: str) -> None:
    planted, client, seen = plant(owner), sign_in(role), owner in SEES[role]
    for url in addresses(planted):
        assert client.get(url).status_code == (200 if seen else 404), url
    for door, is_listed in listed(client, planted):
        assert is_listed == seen, door


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("role", sorted(EXPORTS | {"seller", "partner"}))
def test_files_hold_what_their_reader_sees(role: str, owner: str) -> None:
    planted, client, seen = plant(owner), sign_in(role), owner in SEES[role]
    for at in planted:
        text = client.get(f"/{at}.csv?q={CANARY}")
        book = client.get(f"/{at}.xlsx?q={CANARY}")
        if role not in EXPORTS:
            assert text.status_code == book.status_code == 403
            continue
        assert (CANARY in text.content.decode("utf-8-sig")) == seen, at
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
        assert any(CANARY in str(cell) for row in sheet.to_python() for cell in row) == seen


@pytest.mark.parametrize("owner", [one for one in OWNERS if one])
@pytest.mark.parametrize("role", CHANGING)
def test_figures_open_to_rows_within_reach_only(role: str, owner: str) -> None:
    client = sign_in(role)
    before = figures(client)
    plant(owner)
    after, seen = figures(client), owner in SEES[role]
    assert (before != after) == seen
    explained = client.get("/api/v1/figures/explain?measure=new_opportunities&by=customer&limit=200")
    assert (CANARY in json.dumps(explained.json(), ensure_ascii=False)) <= seen


def figures(client: Client) -> list[Any]:
    """Counts and sums that one deal more would move."""
    asked = (
        "/api/v1/figures?measure=new_opportunities&by=person",
        "/api/v1/figures?measure=new_opportunities&by=unit",
        "/api/v1/figures?measure=new_opportunities",
        "/api/v1/opportunities/funnel",
        "/api/v1/opportunities/summary",
        "/api/v1/orders/summary",
    )
    return [client.get(url).json() for url in asked]


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("role", CHANGING)
def test_no_door_changes_what_is_not_seen(role: str, owner: str) -> None:
    planted, client, seen = plant(owner), sign_in(role), owner in SEES[role]
    named = {"opportunities": "title", "activities": "subject"}
    for at, key in planted.items():
        if at == "orders":
            continue  # their own pages: tests/stories/test_orders.py
        name = named.get(at, "name")
        may = seen and role in CHANGES
        refused = 403 if seen else 404
        if not seen and role in ("finance", "hr"):
            refused = 404 if role == "finance" else 403
        for url in (f"/{at}/{key}/edit", f"/{at}/{key}/field/{name}"):
            status = client.get(url).status_code
            assert status == 200 if may else status in (403, 404), (url, status)
            assert seen or status != 200
            assert client.post(url, {"version": 1}).status_code in ((422, 409) if may else (403, 404)), url
        body = json.dumps({name: "改"})
        headers = {"If-Match": '"1"'}
        kind = "application/json"
        patched = client.patch(f"/api/v1/{at}/{key}", body, content_type=kind, headers=headers)
        assert patched.status_code == 200 if may else patched.status_code in (403, 404), (
            at,
            patched.status_code,
        )
        assert seen or patched.status_code == refused or patched.status_code in (403, 404)
        bulk = json.dumps({"changes": [{"id": key, "version": 1, "values": {name: "改"}}]})
        answer = client.post(f"/api/v1/{at}/bulk", bulk, content_type=kind)
        assert CANARY not in answer.content.decode()
        if not may:
            now = sign_in("admin").get(f"/api/v1/{at}/{key}").json()
            assert (now[name], now["version"]) == (CANARY, 1), at
