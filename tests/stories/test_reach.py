"""What is seen because it follows something of one's own is read, not changed; what is hidden stays whole."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import SignedIn, acting, system
from tests.stories.test_order_pages import BODY
from tradewind.domains.customers.models import Contact, Customer
from tradewind.domains.orders.models import Order
from tradewind.domains.organization.models import Person
from tradewind.domains.pipeline import commands
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import NotAllowed
from tradewind.platform.spine.command import Given, Ref

pytestmark = pytest.mark.django_db


def a_deal_of_the_director_at(customer: Customer) -> Opportunity:
    with acting("director") as actor:
        made = commands.create_opportunity(actor, Given({"title": "总部项目", "customer_id": customer.pk}))
        return Opportunity.objects.get(pk=made.id)


def test_the_pool_is_not_for_partners_and_claiming_opens_no_deal_for_writing(signed_in: SignedIn) -> None:
    with system():
        free = Customer.objects.filter(owner=None).order_by("id")[0]
        seller = Person.objects.get(sign_in="seller")
    deal = a_deal_of_the_director_at(free)
    assert signed_in("partner").get(f"/customers/{free.public_id}").status_code == 404
    headers = {"If-Match": f'"{free.version}"'}
    address, claim = f"/api/v1/customers/{free.public_id}", json.dumps({"owner": str(seller.public_id)})
    client = signed_in("seller")
    assert client.patch(address, claim, "application/json", headers=headers).status_code == 200
    assert client.get(f"/opportunities/{deal.public_id}").status_code == 200, "whose customer it is reads it"
    ref: Ref[Opportunity] = Ref(deal.public_id, deal.version)
    with acting("seller") as actor, pytest.raises(NotAllowed):
        commands.lose(actor, ref, commands.Loss("price"))
    page = client.get(f"/opportunities/{deal.public_id}").content.decode()
    assert "/edit" not in page
    assert 'value="win"' not in page
    seen = [(str(deal.public_id), deal.version)]
    with acting("seller") as actor:
        moved = commands.move_many(actor, commands.MoveMany(seen, "proposal"))
        assert (moved.ids, moved.refused) == ((), ((str(deal.public_id), "not_allowed"),))
    with system():
        deal.refresh_from_db()
        assert deal.state == "open"


@pytest.mark.parametrize(("reader", "is_open"), [("seller", True), ("partner", False), ("hr", False)])
def test_the_database_itself_opens_the_pool_by_right_alone(reader: str, is_open: bool) -> None:
    with acting(reader):
        pool = Customer.objects.filter(owner=None)
        at_it = Contact.objects.filter(customer__in=Customer.objects.filter(owner=None).values("pk"))
        assert (pool.exists(), at_it.exists()) == (is_open, is_open)
        assert bool(pool.update(note="改过")) == is_open


def test_a_form_leaves_out_what_points_out_of_sight_and_saving_keeps_it(signed_in: SignedIn) -> None:
    """A customer goes to another team; its deal stays with the seller, who edits on."""
    with system():
        deal = Opportunity.objects.filter(owner__sign_in="seller", state="open").exclude(customer=None)[0]
        other = Person.objects.get(sign_in="chu.ning")
        customer = Customer.objects.get(pk=deal.customer_id or 0)
        Customer.objects.filter(pk=customer.pk).update(owner=other, unit=None)
    client, at = signed_in("seller"), f"/opportunities/{deal.public_id}"
    page = client.get(f"{at}/edit")
    assert page.status_code == 200
    assert 'name="customer"' not in page.content.decode()
    assert customer.name not in page.content.decode()
    given = {"title": "改名", "owner": "", "version": deal.version, "category": deal.category}
    with system():
        given["owner"] = str(Person.objects.get(sign_in="seller").public_id)
    assert client.post(f"{at}/edit", given).status_code == 302
    with system():
        deal.refresh_from_db()
        assert (deal.title, deal.customer_id) == ("改名", customer.pk)
    assert client.get(f"{at}/field/customer").status_code == 404


def own_code(sign_in: str) -> str:
    with system():
        return Customer.objects.filter(owner__sign_in=sign_in)[0].code


def test_an_order_asked_for_twice_is_made_once(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    key: dict[str, Any] = {"headers": {"Idempotency-Key": str(uuid4())}}
    with system():
        before = Order.objects.count()
        code = Customer.objects.filter(owner__sign_in="seller")[0].code
    asked = json.dumps({**BODY, "customer": code})
    made = [client.post("/api/v1/orders", asked, "application/json", **key) for _ in range(3)]
    assert len({answer.json()["id"] for answer in made}) == 1
    with system():
        assert Order.objects.count() == before + 1
    hidden = signed_in("field").post(
        "/api/v1/orders", asked.replace(code, own_code("field")), "application/json", **key
    )
    assert hidden.status_code == 422, "a name that somebody else's order has is refused, not shown"


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example"]
)
def test_a_form_leads_back_within_this_site_only(signed_in: SignedIn, target: str) -> None:
    page = signed_in("seller").get("/customers/new", {"next": target}).content.decode()
    assert f'href="{target}' not in page


def test_only_an_administrator_makes_another(signed_in: SignedIn) -> None:
    asked = {"name": "新人", "sign_in": "xin.ren", "role": "admin", "unit": "sh1", "starts_on": "2026-04-01"}
    refused = signed_in("hr").post("/people/new", asked)
    assert refused.status_code == 422
    assert "您无权授予此角色" in refused.content.decode()
    assert signed_in("admin").post("/people/new", asked).status_code == 302
