"""Who sees a row, and why; and looking with somebody else's eyes."""

import random
import re

import pytest
from django.test import Client

from tests.conftest import SignedIn, acting, sign_in, system
from tests.stories.access import (
    a_customer_of,
    a_deal_of,
    arrange,
    change_role,
    give,
    ref,
)
from tradewind.domains.customers import commands as customers
from tradewind.domains.customers.models import Customer
from tradewind.domains.organization.models import Person, Unit
from tradewind.domains.organization.queries import actor_named
from tradewind.domains.organization.sight import who_sees
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import all_scopes, scope_of
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.models import Command
from tradewind.platform.spine.sharing import Sharing

pytestmark = pytest.mark.django_db


def test_who_can_see_a_row_is_told_exactly_as_it_is() -> None:
    """Told from the declarations the other way round: compared with what each person really sees."""
    arrange("manager", "shen.bo")
    give("field", "seller", "finance")
    change_role("partner", customers__customer__view="team")
    mine = a_customer_of("seller")
    with system() as actor:
        unit = Unit.objects.get(code="gz1")
    with acting("seller") as actor:
        customers.sharing.share(actor, ref(mine), Sharing(unit_id=unit.pk))
    with system():
        people = list(Person.objects.filter(user__isnull=False).order_by("id"))
        picked = {
            one.resource: _some(one.model, one.resource)
            for one in all_scopes()
            if one.resource != "spine.share"
        }
        picked["customers.customer"].append(mine.pk)
    seen: dict[tuple[str, int], set[int]] = {}
    for person in people:
        with scope(actor_named(person.sign_in)) as actor:
            for resource, ids in picked.items():
                declared = scope_of(resource)
                visible = declared.model._default_manager.filter(declared.visible(actor), pk__in=ids)
                for pk in visible.values_list("pk", flat=True):
                    seen.setdefault((resource, pk), set()).add(person.pk)
    with system():
        for resource, ids in picked.items():
            for row in scope_of(resource).model._default_manager.filter(pk__in=ids):
                told = set(who_sees(scope_of(resource), row).reasons)
                assert told == seen.get((resource, row.pk), set()), (resource, row.pk)


def _some(model: type, resource: str) -> list[int]:
    ids = list(model._default_manager.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]
    return random.Random(resource).sample(ids, min(8, len(ids)))  # noqa: S311


@pytest.mark.parametrize(
    ("kind", "key"), [("opportunities", "pipeline.opportunity"), ("orders", "orders.order")]
)
def test_pages_made_by_hand_lead_there_too(signed_in: SignedIn, kind: str, key: str) -> None:
    client = signed_in("seller")
    one = client.get(f"/api/v1/{kind}?limit=1").json()["items"][0]
    page = client.get(f"/{kind}/{one['id']}").content.decode()
    assert f"/access/{key}/{one['id']}" in page


@pytest.mark.parametrize("kind", ["customers", "opportunities", "orders", "activities", "products", "people"])
def test_every_record_says_who_sees_it(signed_in: SignedIn, kind: str) -> None:
    client = signed_in("seller")
    one = client.get(f"/api/v1/{kind}?limit=1").json()["items"][0]
    names = {
        "customers": "customers.customer",
        "opportunities": "pipeline.opportunity",
        "orders": "orders.order",
    }
    names |= {
        "activities": "activities.activity",
        "products": "catalog.product",
        "people": "organization.person",
    }
    page = client.get(f"/access/{names[kind]}/{one['id']}")
    assert page.status_code == 200
    named = "所有登录人员" if kind in ("products", "people") else "周正"
    assert named in page.content.decode(), "everybody, or the administrator, who sees everything"


def test_an_administrator_looks_with_somebodys_eyes_changes_nothing_and_is_recorded() -> None:
    client, deal = sign_in("admin"), a_deal_of("seller")
    with system():
        seller = Person.objects.get(sign_in="seller")
    assert client.post(f"/people/{seller.public_id}/see-as").status_code == 302
    theirs = sign_in("seller").get("/api/v1/customers?limit=200").json()["items"]
    assert client.get("/api/v1/customers?limit=200").json()["items"] == theirs
    page = client.get(f"/opportunities/{deal.public_id}").content.decode()
    assert "您正以陈小雨的视角查看" in page
    assert client.post(f"/opportunities/{deal.public_id}/win", {"version": deal.version}).status_code == 403
    assert client.get("/customers.csv").status_code == 403
    assert client.get("/settings/roles/seller").status_code == 200
    assert client.post("/settings/roles/seller", {"version": 0}).status_code == 403
    with system():
        act = Command.objects.filter(name="organization.person.see_as").latest("id")
        admin = Person.objects.get(sign_in="admin")
        assert (act.person_id, act.object_id) == (admin.pk, seller.pk)
    assert client.post("/see-as/end").status_code == 302
    assert client.get("/customers.csv").status_code == 200


def test_nobody_else_looks_with_other_eyes(signed_in: SignedIn) -> None:
    with system():
        seller = Person.objects.get(sign_in="seller")
    client = signed_in("manager")
    assert client.post(f"/people/{seller.public_id}/see-as").status_code == 403
    with scope(Actor.nobody()):
        session = client.session
        session["see_as"] = seller.pk
        session.save()
    with acting("manager") as actor:
        expected = Customer.objects.filter(scope_of("customers.customer").visible(actor)).count()
    assert client.get("/api/v1/customers/summary").json()["count"] == expected


ALWAYS = ("/see-as/end", "/language", "/sign-out/")
"""What may be sent at any time: back to oneself, the language, leaving."""
CLOSED = ("/approvals/decide", "/approvals/<id>/act")
"""Shown by who is asked, not by rights; the script of the page makes them inert (tests/browser)."""


@pytest.mark.parametrize("whom", ["seller", "manager", "hr"])
def test_who_looks_with_other_eyes_is_offered_no_act_on_any_page_that_leads_on(whom: str) -> None:
    client, pages = looking(whom), 0
    offered, refused = set[str](), set[str]()
    waiting = {"/": "/"}
    known = set(waiting)
    while waiting and pages < 120:
        address, came_from = waiting.popitem()
        response = client.get(address)
        if response.status_code != 200:
            refused |= (
                {f"{kind_of(came_from)} → {kind_of(address)}"} if response.status_code == 403 else set()
            )
            continue
        pages += 1
        page = response.content.decode() if "html" in response["Content-Type"] else ""
        for form in re.findall(r"<form[^>]*method=\"post\"[^>]*>", page):
            action = re.search(r'action="([^"]*)"', form)
            offered.add(kind_of(action[1] if action else address))
        for link in re.findall(r'<a [^>]*href="(/[^"#]*)"', page):
            if kind_of(link) not in known:
                known.add(kind_of(link))
                waiting[link.partition("?")[0]] = address
    assert pages > 10
    assert {to for to in offered if not to.startswith((*ALWAYS, *CLOSED))} == set()
    assert refused == set()


def kind_of(address: str) -> str:
    return re.sub(r"[0-9a-f-]{36}", "<id>", address.partition("?")[0])


def looking(whom: str) -> Client:
    client = sign_in("admin")
    with system():
        person = Person.objects.get(sign_in=whom)
    assert client.post(f"/people/{person.public_id}/see-as").status_code == 302
    return client
