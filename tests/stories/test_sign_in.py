"""Coming in: by the link an administrator hands over, with an own password, and not otherwise."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from tests.conftest import SignedIn, system
from tradewind.config.links import one_time_path
from tradewind.demo.cast import PASSWORD
from tradewind.domains.organization.models import Person
from tradewind.platform.spine.models import Command, User

pytestmark = pytest.mark.django_db
OWN = "海风-2026-安全"


def sign_in_page(name: str, password: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": name, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/figures").status_code == 200


def choose_password(path: str, password: str) -> Client:
    """Open a one-time link and choose a password, as a browser does."""
    client = Client()
    form = client.get(path, follow=True)
    for address, _ in form.redirect_chain:  # a link that no longer works leads nowhere
        client.post(address, {"password1": password, "password2": password})
    return client


def test_the_cast_signs_in_with_the_printed_password_and_nobody_with_another() -> None:
    assert is_in(sign_in_page("seller", PASSWORD))
    assert not is_in(sign_in_page("seller", PASSWORD + "x"))
    assert not is_in(sign_in_page("wu.qiang", PASSWORD))
    assert not is_in(sign_in_page("nobody.known", PASSWORD))


def test_without_signing_in_every_page_leads_to_the_door_and_back() -> None:
    answer = Client().get("/opportunities?q=x")
    assert answer.headers["Location"] == "/sign-in/?next=/opportunities%3Fq%3Dx"
    assert Client().get("/api/v1/figures?measure=won_deals").json()["code"] == "not_signed_in"


def test_an_administrator_hands_out_a_link_that_works_once(signed_in: SignedIn) -> None:
    with system():
        person = Person.objects.get(sign_in="wu.qiang")
    page = signed_in("admin").post(f"/people/{person.public_id}/link").content.decode()
    found = re.search(r"http://testserver(/welcome/[^\"]+)\"", page)
    assert found is not None
    choose_password(found[1], OWN)
    assert is_in(sign_in_page("wu.qiang", OWN))
    choose_password(found[1], OWN + "2")
    assert not is_in(sign_in_page("wu.qiang", OWN + "2"))
    with system():
        act = Command.objects.get(name="organization.person.invite")
        assert (act.person_id, act.object_id) == (Person.objects.get(sign_in="admin").pk, person.pk)


def test_a_new_link_ends_the_former_one_and_the_former_password() -> None:
    first = one_time_path("seller")
    second = one_time_path("seller")
    assert not is_in(sign_in_page("seller", PASSWORD))
    choose_password(first, OWN)
    assert not is_in(sign_in_page("seller", OWN))
    choose_password(second, OWN)
    assert is_in(sign_in_page("seller", OWN))


@pytest.mark.parametrize("password", ["short", "12345678901", "password123"])
def test_a_weak_password_is_refused(password: str) -> None:
    choose_password(one_time_path("seller"), password)
    assert not is_in(sign_in_page("seller", password))


def test_somebody_who_left_is_out_at_once(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    assert is_in(client)
    with system():
        User.objects.filter(username="seller").update(is_active=False)
    assert not is_in(client)


def test_signing_out_ends_the_session(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    client.post("/sign-out/")
    assert not is_in(client)


def test_nobody_can_sign_up() -> None:
    for path in ("/sign-up/", "/accounts/signup/", "/signup/", "/admin/"):
        assert Client().get(path).status_code in (302, 404)
        assert Client().post(path, {"username": "eve", "password1": OWN}).status_code in (302, 404)
    assert not is_in(sign_in_page("eve", OWN))


def test_a_person_without_a_role_sees_no_figure(signed_in: SignedIn) -> None:
    client = signed_in("hr")
    answer = client.get("/api/v1/figures?measure=won_value&by=person").json()
    assert answer["rows"] == []
    assert Decimal(answer["total"]) == 0
