"""Phone numbers are for whoever needs them: without the right they show at no door, nor through any order."""

import json

import pytest

from tests.conftest import SignedIn, acting, sign_in, system
from tests.stories.access import change_role
from tradewind.domains.customers import commands as customers
from tradewind.domains.customers.models import Contact, Customer
from tradewind.platform.spine.command import Given, Ref

pytestmark = pytest.mark.django_db
CANARY = "13912345678"
LANDLINE = "021-65431987"


@pytest.fixture
def customer() -> Customer:
    """A customer of the seller with numbers of its own, one of them changed once."""
    with acting("seller") as actor:
        made = customers.create_customer(actor, Given({"name": "金丝雀仪表", "phone": "021-11112222"}))
        made = customers.edit_customer(actor, Ref(made.public_id, 1), Given({"phone": LANDLINE}))
        given = {"customer_id": made.pk, "name": "金丝雀", "mobile": CANARY, "email": "canary@example.com"}
        customers.create_contact(actor, Given(given))
    return made


def doors(customer: Customer) -> list[str]:
    with system():
        contact = Contact.objects.get(customer=customer)
    return [
        f"/customers/{customer.public_id}",
        f"/contacts/{contact.public_id}",
        f"/api/v1/customers/{customer.public_id}",
        f"/api/v1/contacts/{contact.public_id}",
        f"/api/v1/customers?q={customer.code}",
        "/api/v1/contacts?q=金丝雀",
        "/api/v1/search?q=金丝雀",
        "/customers.csv?q=金丝雀",
        "/contacts.csv?q=金丝雀&columns=name,mobile,phone,email",
        "/contacts?q=金丝雀",
        f"/access/customers.customer/{customer.public_id}",
        "/customers/alike",
    ]


def test_without_the_right_a_number_shows_at_no_door(customer: Customer, signed_in: SignedIn) -> None:
    client = signed_in("finance")
    for door in doors(customer):
        answer = client.get(door)
        text = answer.content.decode("utf-8-sig")
        assert answer.status_code == 200, door
        for secret in (CANARY, LANDLINE, "canary@example.com", "021-11112222"):
            assert secret not in text, door
    with_it = sign_in("seller").get(f"/api/v1/customers/{customer.public_id}").json()
    assert with_it["phone"] == LANDLINE


@pytest.mark.parametrize("words", [CANARY, CANARY[:6], LANDLINE, "65431987"])
def test_nor_is_it_found_by_its_digits(customer: Customer, signed_in: SignedIn, words: str) -> None:
    for name, is_found in (("seller", True), ("finance", False)):
        client = signed_in(name)
        where = "customers" if words in LANDLINE else "contacts"
        found = client.get(f"/api/v1/{where}?q={words}").json()["items"]
        assert bool(found) == is_found, name
        hits = client.get(f"/api/v1/search?q={words}").json()["groups"]
        assert any(hit["items"] for hit in hits) == is_found, name
        assert (client.get(f"/api/v1/{where}/summary?q={words}").json()["count"] > 0) == is_found


@pytest.mark.parametrize(
    "asked", ["sort=phone", "phone=021", "phone.empty=true", "fields=phone", "sort=-mobile"]
)
def test_nor_does_it_order_or_narrow_a_list(customer: Customer, signed_in: SignedIn, asked: str) -> None:
    where = "contacts" if "mobile" in asked else "customers"
    assert signed_in("finance").get(f"/api/v1/{where}?{asked}").status_code == 422
    assert signed_in("seller").get(f"/api/v1/{where}?{asked}").status_code == 200


def test_nor_can_it_be_written(customer: Customer) -> None:
    change_role("seller", customers__customer__see_numbers="none")
    client = sign_in("seller")
    headers = {"If-Match": f'"{customer.version}"'}
    address = f"/api/v1/customers/{customer.public_id}"
    answer = client.patch(address, json.dumps({"phone": "1"}), "application/json", headers=headers)
    assert answer.status_code == 422
    assert "phone" in json.dumps(answer.json())
    assert 'name="phone"' not in client.get(f"/customers/{customer.public_id}/edit").content.decode()
    form = {"version": customer.version, "name": customer.name, "phone": "1", "life_stage": "prospect"}
    client.post(f"/customers/{customer.public_id}/edit", form)
    assert client.post(f"/customers/{customer.public_id}/field/phone", form).status_code == 404
    with system():
        assert Customer.objects.get(pk=customer.pk).phone == LANDLINE
