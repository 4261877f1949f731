"""Who looks with somebody else's eyes sends nothing: every route of pages and API refuses it."""

import pytest
from django.test import Client

from tests.conftest import sign_in, system
from tests.permissions.expected import MATRIX
from tests.permissions.test_routes import address
from tradewind.domains.organization.models import Person
from tradewind.platform.spine.models import Command

pytestmark = pytest.mark.django_db

OPEN = {"see-as/end", "language", "sign-out/"}
BARE = {"healthz", "readyz", "metrics"}
"""Answered without anybody signed in, and without a table."""


def looking(whom: str) -> Client:
    client = sign_in("admin")
    with system():
        person = Person.objects.get(sign_in=whom)
    assert client.post(f"/people/{person.public_id}/see-as").status_code == 302
    return client


def test_no_route_takes_anything_from_whoever_only_looks() -> None:
    client, sent = looking("director"), 0
    with system():
        before = Command.objects.count()
    for route in sorted(set(MATRIX) - OPEN - BARE):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = client.generic(method, address(route), b"{}", content_type="application/json")
            assert answer.status_code == 403, (method, route)
            sent += 1
    assert sent > 400
    with system():
        made = Command.objects.exclude(name="customers.contact.create").count()
    assert made <= before
    assert client.get("/").status_code == 200
    assert "仅供查看" in client.get("/").content.decode()


def test_a_form_opened_directly_says_that_this_is_for_looking_only() -> None:
    client = looking("seller")
    page = client.get("/customers/new")
    assert page.status_code == 403
    for words in ("仅供查看", "以陈小雨的视角查看期间", "返回自己的视角"):
        assert words in page.content.decode()
    assert client.get("/account/password").status_code == 403
    answer = client.post("/api/v1/customers", {}, content_type="application/json")
    assert answer.json()["code"] == "only_looking"
    assert client.post("/see-as/end").status_code == 302
    assert client.get("/customers/new").status_code == 200
