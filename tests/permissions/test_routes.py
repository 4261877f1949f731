"""Every route × every role has an expected answer; a route without an entry fails."""

import json
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db.models import Count, Sum
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.conftest import sign_in, system
from tests.permissions.expected import MATRIX
from tests.permissions.expecting import ROLES
from tradewind.domains.activities.models import Activity
from tradewind.domains.approvals.models import Process, Request
from tradewind.domains.catalog.models import Product
from tradewind.domains.customers.commands import create_contact
from tradewind.domains.customers.models import Customer
from tradewind.domains.orders.models import Order
from tradewind.domains.organization.models import Assignment, Person, Position, Unit
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.planning.models import Plan
from tradewind.platform.spine.access.scopes import all_scopes
from tradewind.platform.spine.command import Given
from tradewind.platform.surface.resource import all_resources

pytestmark = pytest.mark.django_db

NAMED = {"opportunities": "title", "activities": "subject"}
HOLDER = re.compile(r"<(\w+:)?public_id>")


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
    at = {"access": "opportunities", "erase": "people"}.get(at, at)
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
            "settings": Process.objects.order_by("id"),
            "approvals": Product.objects.filter(code="ZN-GATE")
            if "/ask/" in template
            else Request.objects.order_by("id"),
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
    """PATCH is a change where an object is declared: so it is asked by somebody who may not change it."""
    url = address(route)
    body = json.dumps({NAMED.get(url.split("/")[3], "name") if url.startswith("/api/v1/") else "name": "改"})
    for role, method in (("seller", "PUT"), ("seller", "DELETE"), ("finance", "PATCH")):
        client, before = client_of(role), state()
        client.generic(method, url, body, content_type="application/json", headers={"If-Match": '"1"'})
        assert state() == before, (method, route)


def state() -> dict[str, tuple[int, int]]:
    """How many rows each table of records has, and how often they were changed."""
    with system():
        return {
            scope.table: tuple(scope.model._default_manager.aggregate(Count("pk"), Sum("version")).values())
            for scope in all_scopes()
            if any(field.name == "version" for field in scope.model._meta.fields)
        }
