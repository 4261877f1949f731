"""Programs with a token act as its person, with less, for a time, and by name in the record."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.conftest import SignedIn, system
from tests.stories.entering import person, set_up_app, sign_in_page
from tradewind.platform.spine.models import Command, Token
from tradewind.platform.surface.account import bearer
from tradewind.platform.surface.account.bearer import Pace

pytestmark = pytest.mark.django_db
NEW = "/account/tokens/new"


def make(client: Client, *scopes: str, days: int = 30, name: str = "晚报") -> str:
    """A token, as the page shows it once."""
    last = timezone.now().date() + timedelta(days=days)
    answer = client.post(NEW, {"name": name, "expires_on": last, **chosen(*scopes)})
    found = re.search(r'value="(tw_[^"]+)"', answer.content.decode())
    assert found is not None, answer.content.decode()[:2000]
    return found[1]


def chosen(*scopes: str) -> dict[str, str]:
    """As the form sends it."""
    return {f"area_{area}": how for area, _, how in (one.partition(":") for one in scopes)}


def program(key: str) -> Client:
    return Client(HTTP_AUTHORIZATION=f"Bearer {key}", enforce_csrf_checks=True)


def test_a_program_reads_as_its_person_and_no_further(signed_in: SignedIn) -> None:
    seller = sign_in_page("seller")
    key = make(seller, "customers:read")
    items = program(key).get("/api/v1/customers").json()["items"]
    assert items
    assert items == seller.get("/api/v1/customers").json()["items"]
    assert program(key).get("/api/v1/opportunities").json()["items"] == []


def test_reading_does_not_change_and_changing_needs_no_session(signed_in: SignedIn) -> None:
    seller = sign_in_page("seller")
    body = {"name": "海桥机电设备有限公司", "industry": "装备制造", "city": "上海"}
    reading, writing = make(seller, "customers:read"), make(seller, "customers:write", name="同步")
    refused = program(reading).post("/api/v1/customers", body, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    made = program(writing).post("/api/v1/customers", body, "application/json")
    assert made.status_code == 201, made.content
    with system():
        act = Command.objects.filter(name="customers.customer.create").latest("id")
    assert act.person_id == person("seller").pk
    assert act.request.split()[1] == writing[: len("tw_00000000")]


@pytest.mark.parametrize("key", ["", "tw_", "tw_00000000_nonsense", "seller", "x" * 5000])
def test_a_wrong_key_opens_nothing(key: str) -> None:
    answer = program(key).get("/api/v1/customers")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "access.token.wrong"


def test_a_wrong_key_opens_nothing_even_beside_a_session(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    answer = client.get("/api/v1/customers", headers={"Authorization": "Bearer tw_x"})
    assert answer.status_code == 401


def test_a_revoked_key_is_refused_from_that_moment_on() -> None:
    seller = sign_in_page("seller")
    key = make(seller, "customers:read")
    page = seller.get("/account/tokens").content.decode()
    assert key not in page, "it was shown once"
    assert key[:11] in page
    where = re.search(r'action="(/account/tokens/[^"]+/revoke)"', page)
    assert where is not None
    assert sign_in_page("manager").post(where[1]).status_code == 404
    assert program(key).get("/api/v1/customers").status_code == 200
    seller.post(where[1])
    assert program(key).get("/api/v1/customers").status_code == 401


def test_an_expired_key_is_refused() -> None:
    key = make(sign_in_page("seller"), "customers:read")
    with system():
        Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert program(key).get("/api/v1/customers").status_code == 401


@pytest.mark.parametrize("days", [-1, 400, 3_000_000])
def test_a_token_ends_within_a_year(days: int) -> None:
    last = date.max if days > 400 else timezone.now().date() + timedelta(days=days)
    answer = sign_in_page("seller").post(NEW, {"name": "x", "expires_on": last, **chosen("customers:read")})
    assert answer.status_code == 422
    assert "一年之内" in answer.content.decode()


def test_nobody_gives_a_program_more_than_they_have() -> None:
    finance = sign_in_page("finance")
    page = finance.get(NEW).content.decode()
    offered = re.search(r'name="area_customers".*?</select>', page, re.DOTALL)
    assert offered is not None
    assert re.findall(r'<option value="(\w*)"', offered[0]) == ["", "read"]
    given: dict[str, Any] = {"name": "x", "expires_on": timezone.now().date() + timedelta(days=3)}
    for scopes in (["customers:write"], ["everything:read"], ["organization:write"], []):
        assert finance.post(NEW, {**given, **chosen(*scopes)}).status_code == 422
    with system():
        assert not Token.objects.exists()


def test_what_somebody_loses_their_program_loses_too() -> None:
    key = make(sign_in_page("seller"), "customers:write")
    with system():
        person_id = person("seller").pk
        from tradewind.domains.organization.models import Assignment

        Assignment.objects.filter(person_id=person_id).delete()
    assert program(key).get("/api/v1/customers").status_code == 401


@pytest.mark.parametrize("path", ["/figures", "/account", "/account/tokens", "/people", "/"])
def test_pages_take_no_token(path: str) -> None:
    key = make(sign_in_page("seller"), "customers:write")
    assert program(key).get(path).headers["Location"].startswith("/sign-in/")


def test_without_the_second_factor_a_role_needs_its_programs_stop_too(settings: Any) -> None:
    finance = sign_in_page("finance")
    key = make(finance, "customers:read")
    settings.SECOND_FACTOR_ROLES = ("finance",)
    assert program(key).get("/api/v1/customers").json()["code"] == "second_factor_missing"
    set_up_app(finance)
    assert program(key).get("/api/v1/customers").status_code == 200


def test_too_many_requests_of_one_token_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    seller = sign_in_page("seller")
    busy, calm = make(seller, "customers:read"), make(seller, "customers:read", name="other")
    monkeypatch.setattr(bearer, "PACE", Pace(at_once=3))
    said = [program(busy).get("/api/v1/customers").status_code for _ in range(4)]
    assert said == [200, 200, 200, 429]
    assert program(calm).get("/api/v1/customers").status_code == 200


def test_a_pace_is_kept_within_its_minute() -> None:
    pace = Pace(at_once=2, within_s=60)
    assert [pace.admits("a", at) for at in (0.0, 1.0, 2.0, 59.9, 60.0, 60.5, 61.0)] == [
        True,
        True,
        False,
        False,
        True,
        False,
        True,
    ]


def test_neither_the_key_nor_anything_like_it_is_kept() -> None:
    key = make(sign_in_page("seller"), "customers:read")
    with system():
        (one,) = Token.objects.all()
        acts = list(Command.objects.filter(name="access.token.create"))
    kept = f"{vars(one)} {[vars(act) for act in acts]}"
    assert key not in kept
    assert key[len("tw_00000000_") :] not in kept
    assert len(bytes(one.digest)) == 32


def test_nobody_sees_the_tokens_of_others_but_an_administrator_who_may_end_them(signed_in: SignedIn) -> None:
    key = make(sign_in_page("seller"), "customers:read", name="晚报程序")
    director = sign_in_page("director")
    assert "晚报程序" not in director.get("/account/tokens").content.decode()
    one = person("seller")
    assert director.get(f"/people/{one.public_id}/sign-in").status_code == 403
    admin = signed_in("admin")
    page = admin.get(f"/people/{one.public_id}/sign-in").content.decode()
    assert "晚报程序" in page
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    admin.post(f"/people/{one.public_id}/sign-in/withdraw", {"token": token[1]})
    assert program(key).get("/api/v1/customers").status_code == 401


def test_a_program_costs_no_more_statements_than_a_browser() -> None:
    seller = sign_in_page("seller")
    key = make(seller, "customers:read")
    browser = counted(seller)
    assert counted(program(key)) <= browser


def counted(client: Client) -> int:
    client.get("/api/v1/customers")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/api/v1/customers").status_code == 200
    return len(asked)
