"""The customer file through its API: groups without loops, reasons that are kept, changes that change."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.conftest import SignedIn, system
from tradewind.domains.customers.models import Customer
from tradewind.platform.spine.models import Command

pytestmark = pytest.mark.django_db


def own_customers(count: int) -> list[Customer]:
    with system():
        return list(Customer.objects.filter(owner__sign_in="seller", parent=None).order_by("id")[:count])


def patch(client: Client, customer: Customer, **values: object) -> Any:
    with system():
        customer.refresh_from_db()
    headers = {"If-Match": f'"{customer.version}"'}
    address = f"/api/v1/customers/{customer.public_id}"
    return client.patch(address, json.dumps(values), "application/json", headers=headers)


def test_a_group_of_customers_has_no_loop_however_long(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    first, second, third = own_customers(3)
    assert patch(client, second, parent=str(first.public_id)).status_code == 200
    assert patch(client, third, parent=str(second.public_id)).status_code == 200
    for above in (first, second, third):
        answer = patch(client, first, parent=str(above.public_id))
        assert (answer.status_code, answer.json()["field"]) == (422, "parent")
    assert patch(client, second, parent=None).status_code == 200
    assert patch(client, first, parent=str(second.public_id)).status_code == 200


def test_why_something_was_changed_is_kept(signed_in: SignedIn) -> None:
    (customer,) = own_customers(1)
    assert patch(signed_in("seller"), customer, grade="A", reason="年度评级").status_code == 200
    with system():
        done = Command.objects.filter(name="customers.customer.edit", object_id=customer.pk).latest("id")
        assert done.why == "年度评级"
    for wrong in ("x" * 2001, "a\u0000", 7):
        answer = patch(signed_in("seller"), customer, grade="B", reason=wrong)
        assert (answer.status_code, answer.json()["field"]) == (422, "reason")


def test_a_change_of_nothing_leaves_everything_as_it_is(signed_in: SignedIn) -> None:
    (customer,) = own_customers(1)
    before = customer.version
    assert patch(signed_in("seller"), customer).json()["version"] == before
    with system():
        assert not Command.objects.filter(name="customers.customer.edit", object_id=customer.pk).exists()
    headers = {"If-Match": f'"{before + 7}"'}
    address = f"/api/v1/customers/{customer.public_id}"
    assert signed_in("seller").patch(address, "{}", "application/json", headers=headers).status_code == 412


@pytest.mark.parametrize(
    ("field", "value"),
    [("employees", -1), ("employees", 10**8), ("founded_year", 999), ("founded_year", 2201)],
)
def test_a_number_that_cannot_be_is_refused_at_its_field(signed_in: SignedIn, field: str, value: int) -> None:
    (customer,) = own_customers(1)
    answer = patch(signed_in("seller"), customer, **{field: value})
    assert (answer.status_code, answer.json()["field"]) == (422, field)
