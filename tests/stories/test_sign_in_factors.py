"""The second factor: set up, asked for, counted, replaced by recovery codes, required by role, taken away."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django.fixtures import Settings

from tests.conftest import SignedIn, acting, system
from tests.stories.entering import (
    browser,
    code_of,
    has_factor,
    is_in,
    person,
    set_up_app,
    sign_in_page,
    wait_for_room_in_period,
)
from tradewind.platform.spine.models import Command
from tradewind.platform.surface.account.factors import proving

pytestmark = pytest.mark.django_db


def answer_code(client: Client, code: str) -> bool:
    client.post("/sign-in/code", {"code": code})
    return is_in(client)


def test_with_an_app_the_password_alone_lets_nobody_in() -> None:
    wait_for_room_in_period()
    secret, codes = set_up_app(sign_in_page("seller"))
    assert len(codes) == 10
    client = sign_in_page("seller")
    assert not is_in(client)
    assert client.get("/figures").headers["Location"].startswith("/sign-in/")
    assert not answer_code(client, "000000")
    assert answer_code(client, code_of(secret, later=1))


def test_a_code_lets_in_once_whoever_looks_over_the_shoulder() -> None:
    wait_for_room_in_period()
    secret, _ = set_up_app(sign_in_page("seller"))
    code = code_of(secret)
    assert answer_code(sign_in_page("seller"), code)
    assert not answer_code(sign_in_page("seller"), code)


def test_a_recovery_code_lets_in_once_and_new_ones_end_the_former() -> None:
    client = sign_in_page("seller")
    _, codes = set_up_app(client)
    assert answer_code(sign_in_page("seller"), codes[0])
    assert not answer_code(sign_in_page("seller"), codes[0])
    page = client.get("/account/second-factor/codes").content.decode()
    assert not any(code in page for code in codes), "they were shown once"
    assert "9" in client.get("/account/second-factor").content.decode()
    client.post("/account/second-factor/codes/new")
    assert not answer_code(sign_in_page("seller"), codes[1])


def test_neither_seed_nor_codes_can_be_read_in_the_database() -> None:
    secret, codes = set_up_app(sign_in_page("seller"))
    with system():
        kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert len(codes) == 10
    assert not [word for word in (secret, *codes) if word in kept]


def test_ten_wrong_codes_close_the_account_for_a_while_also_for_the_right_one() -> None:
    secret, codes = set_up_app(sign_in_page("seller"))
    for number in range(10):
        client = sign_in_page("seller", at=browser(f"198.51.100.{number}"))
        assert not answer_code(client, "00000000")
    late = sign_in_page("seller", at=browser("198.51.100.99"))
    assert not answer_code(late, codes[0])
    assert not answer_code(late, code_of(secret))
    assert "稍后" in late.post("/sign-in/code", {"code": codes[1]}).content.decode() or not is_in(late)


def test_one_right_code_does_not_forgive_the_wrong_tries_of_its_address(settings: Settings) -> None:
    """The library would forget all wrong tries of an address as soon as one right code came from there."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "100/m/ip"}
    wait_for_room_in_period(15)
    secret, _ = set_up_app(sign_in_page("seller"))
    for number in range(49):
        sign_in_page(f"nobody.{number}", "wrong")
    assert answer_code(sign_in_page("seller"), code_of(secret))
    sign_in_page("manager", "wrong")
    assert not is_in(sign_in_page("manager"))
    assert is_in(sign_in_page("manager", at=browser("192.0.2.1")))


def test_a_role_that_needs_one_gets_no_further_without(settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = ("finance",)
    client = sign_in_page("finance")
    assert client.get("/figures").headers["Location"] == "/account/second-factor"
    answer = client.get("/api/v1/customers")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_missing")
    assert "您的角色需要第二验证" in client.get("/account/second-factor").content.decode()
    set_up_app(client)
    assert is_in(client)
    assert is_in(sign_in_page("seller")), "others are not asked"


def test_the_last_one_stays_where_the_role_needs_it(settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = ("finance",)
    client = sign_in_page("finance")
    set_up_app(client)
    page = client.post("/account/second-factor/app/remove").content.decode()
    assert "请先设置另一个" in page
    assert has_factor("finance")


def test_whoever_needs_none_may_remove_it_and_the_codes_go_with_it() -> None:
    client = sign_in_page("seller")
    set_up_app(client)
    assert client.post("/account/second-factor/app/remove").status_code == 302
    assert not has_factor("seller")
    assert is_in(sign_in_page("seller"))


def test_after_a_while_somebody_must_prove_again_who_they_are(settings: Settings) -> None:
    client = sign_in_page("seller")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    answer = client.get("/account/second-factor/app")
    assert answer.headers["Location"].startswith("/account/confirm?")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
    page = client.post("/account/confirm?next=/account/second-factor/app", {"password": "wrong"})
    assert "密码不对" in page.content.decode()


def test_an_administrator_takes_away_a_lost_factor_and_it_is_written_down(signed_in: SignedIn) -> None:
    client = sign_in_page("seller")
    set_up_app(client)
    one = person("seller")
    admin = signed_in("admin")
    assert "身份验证器应用" in admin.get(f"/people/{one.public_id}/sign-in").content.decode()
    admin.post(f"/people/{one.public_id}/sign-in/reset", {"reason": "手机丢了"})
    assert not has_factor("seller")
    assert not is_in(client), "signed out everywhere"
    assert is_in(sign_in_page("seller"))
    with system():
        act = Command.objects.get(name="organization.person.reset_second_factor")
    assert (act.person_id, act.object_id, act.why) == (person("admin").pk, one.pk, "手机丢了")


def test_nobody_takes_away_their_own_or_without_the_right(signed_in: SignedIn) -> None:
    one = person("admin")
    client = sign_in_page("admin")
    set_up_app(client)
    client.post(f"/people/{one.public_id}/sign-in/reset")
    assert has_factor("admin")
    assert signed_in("hr").post(f"/people/{one.public_id}/sign-in/reset").status_code == 403
    assert has_factor("admin")


def test_the_database_itself_shows_nobody_the_factors_of_others() -> None:
    set_up_app(sign_in_page("seller"))
    with acting("manager"):
        assert not Authenticator.objects.exists()
        proving(person("seller").user_id or 0)
        assert Authenticator.objects.count() == 2
