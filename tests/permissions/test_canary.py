"""A row out of reach shows through no door: no page, list, search, export, order, group, count or sum."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import acting, sign_in
from tests.permissions.expected import MATRIX
from tests.permissions.expecting import ROLES
from tradewind.domains.activities import commands as activities
from tradewind.domains.customers import commands as customers
from tradewind.domains.pipeline import commands as pipeline
from tradewind.platform.spine.command import Given
from tradewind.platform.surface.resource import all_resources

pytestmark = pytest.mark.django_db
CANARY = "金丝雀啾啾"
WORDS = ("q=" + CANARY, "q=啾啾", "sort=-name", "sort=name", "limit=200")


def plant(owner: str = "chu.ning") -> dict[str, str]:
    """A customer with a contact, a deal, an order and something to do, all of another unit's seller."""
    with acting(owner) as actor:
        facts = {"name": CANARY, "city": CANARY, "note": CANARY, "owner_id": actor.person_id}
        customer = customers.create_customer(actor, Given(facts))
        contact = customers.create_contact(actor, Given({"customer_id": customer.pk, "name": CANARY}))
        given = {"title": CANARY, "customer_id": customer.pk, "amount": Decimal(987654321)}
        deal = pipeline.create_opportunity(actor, Given(given))
        touch = activities.plan(actor, Given({"subject": CANARY, "customer_id": customer.pk, "kind": "task"}))
    return {
        "customers": str(customer.public_id),
        "contacts": str(contact.public_id),
        "opportunities": str(deal.public_id),
        "activities": str(touch.public_id),
    }


def doors() -> list[str]:
    """Every address without an id that the role of a seller may open."""
    at = ROLES.index("seller")
    named = [expected.address or route for route, expected in MATRIX.items() if expected.get[at] == 200]
    return [f"/{one}" for one in named if "<" not in one and not one.startswith(("^", "sign-", "welcome"))]


@pytest.mark.parametrize("name", ["seller", "field", "partner", "wei.ran"])
def test_what_lies_beyond_somebodys_reach_shows_at_no_door(name: str) -> None:
    planted, client = plant(), sign_in(name)
    for door in doors():
        for words in ("", *WORDS):
            url = f"{door}{'&' if '?' in door else '?'}{words}" if words else door
            text = client.get(url).content.decode(errors="replace")
            text = text.replace(f'value="{CANARY}"', "")  # what was asked for stands in its own field
            assert CANARY not in said_by_us(text), url
    for address, public_id in planted.items():
        for url in (
            f"/{address}/{public_id}",
            f"/{address}/{public_id}/edit",
            f"/api/v1/{address}/{public_id}",
        ):
            assert client.get(url).status_code == 404, url


def said_by_us(text: str) -> str:
    """Without the places where a page repeats what it was asked: its own address, filters and texts."""
    return text.replace(json.dumps(CANARY)[1:-1], "") if "\\u" in text else text


@pytest.mark.parametrize("name", ["seller", "partner"])
def test_nor_does_it_move_a_count_a_sum_an_order_or_a_group(name: str) -> None:
    before = measured(name)
    plant()
    assert measured(name) == before


def measured(name: str) -> Mapping[str, Any]:
    client, found = sign_in(name), {}
    for resource in all_resources():
        at = f"/api/v1/{resource.address}"
        found[f"{at}/summary"] = client.get(f"{at}/summary").json()
        for column in resource.columns.values():
            if column.is_sortable:
                for order in (column.name, f"-{column.name}"):
                    items = client.get(f"{at}?sort={order}&limit=100").json()["items"]
                    found[f"{at} by {order}"] = [item["id"] for item in items]
    for url in ("/api/v1/figures?measure=new_opportunities&by=unit", "/api/v1/opportunities/funnel"):
        found[url] = client.get(url).json()
    return found
