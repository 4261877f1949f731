"""Wrong tries are counted per account and per address; unknown names look like wrong passwords."""

import re

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from pytest_django.fixtures import Settings

from tests.conftest import system
from tests.stories.entering import OWN, account, browser, is_in, sign_in_page
from tests.stories.test_sign_in import choose_password
from tradewind.config.links import one_time_path
from tradewind.demo.cast import PASSWORD
from tradewind.platform.spine.models import User

pytestmark = pytest.mark.django_db


def test_ten_wrong_passwords_close_the_account_from_wherever_they_come() -> None:
    for number in range(10):
        sign_in_page("seller", "wrong", at=browser(f"198.51.100.{number}"))
    assert not is_in(sign_in_page("seller", PASSWORD, at=browser("192.0.2.9")))
    assert is_in(sign_in_page("manager", PASSWORD, at=browser("192.0.2.9")))


@pytest.mark.parametrize("spelled", ["SELLER", " seller ", "Seller"])
def test_spelling_the_name_otherwise_is_no_new_account(spelled: str) -> None:
    for _ in range(10):
        sign_in_page(spelled, "wrong")
    assert not is_in(sign_in_page("seller"))


def test_naming_the_host_otherwise_is_no_new_account() -> None:
    for number in range(10):
        client = Client(HTTP_HOST=f"localhost:{9000 + number}", REMOTE_ADDR="198.51.100.1")
        client.post("/sign-in/", {"login": "seller", "password": "wrong"})
    assert not is_in(sign_in_page("seller"))


def test_an_address_that_tries_many_accounts_is_stopped() -> None:
    """Thirty tries a minute; the rest is told to come later."""
    client = browser()
    said = [
        client.post("/sign-in/", {"login": f"guess.{number}", "password": "wrong"}).status_code
        for number in range(32)
    ]
    assert said == [200] * 30 + [429] * 2
    assert is_in(sign_in_page("seller", at=browser("192.0.2.9")))


def test_right_passwords_count_as_no_wrong_tries() -> None:
    for _ in range(12):
        assert is_in(sign_in_page("seller"))


def hashings(monkeypatch: pytest.MonkeyPatch, name: str) -> tuple[list[int], str]:
    """How much hashing a wrong password costs, and what the page says then."""
    rounds: list[int] = []
    encode = PBKDF2PasswordHasher.encode

    def counted(self: PBKDF2PasswordHasher, password: str, salt: str, iterations: int | None = None) -> str:
        rounds.append(iterations or self.iterations)
        return encode(self, password, salt, iterations)

    with monkeypatch.context() as watched:
        watched.setattr(PBKDF2PasswordHasher, "encode", counted)
        page = browser().post("/sign-in/", {"login": name, "password": "wrong"}).content.decode()
    said = re.search(r'role="alert".*?</div>', page, re.DOTALL)
    assert said is not None
    return rounds, said[0]


def test_an_unknown_name_costs_and_says_the_same_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with system():
        User.objects.filter(username="field").update(is_active=False)
        User.objects.filter(username="partner").update(password="!")  # let in by a link, not yet
    known = hashings(monkeypatch, "seller")
    assert len(known[0]) == 1
    for name in ("nobody.known", "field", "partner"):
        assert hashings(monkeypatch, name) == known, name


def test_only_whoever_knows_the_password_learns_that_an_account_is_closed() -> None:
    with system():
        User.objects.filter(username="seller").update(is_active=False)
    right = browser().post("/sign-in/", {"login": "seller", "password": PASSWORD})
    wrong = browser().post("/sign-in/", {"login": "seller", "password": "wrong"})
    assert (right.status_code, wrong.status_code) == (403, 200)
    assert "已关闭" in right.content.decode()
    assert "已关闭" not in wrong.content.decode()


def test_a_session_that_somebody_planted_is_not_the_one_after_signing_in() -> None:
    client = browser()
    client.get("/welcome/1-set-password/")
    client.get("/sign-in/")
    with system():
        session = client.session
        session["planted"] = 1
        session.save()
    planted = session.session_key or ""
    sign_in_page("seller", at=client)
    assert is_in(client)
    assert client.cookies["sessionid"].value != planted
    thief = browser()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)


def test_a_one_time_link_ends_with_its_use_and_after_half_an_hour(settings: Settings) -> None:
    path = one_time_path("seller")
    choose_password(path, OWN)
    choose_password(path, OWN + "2")
    assert not is_in(sign_in_page("seller", OWN + "2"))
    assert is_in(sign_in_page("seller", OWN))
    assert account("seller").check_password(OWN)
    late = one_time_path("seller")
    settings.PASSWORD_RESET_TIMEOUT = -1  # as if half an hour had gone
    choose_password(late, OWN + "3")
    assert not account("seller").check_password(OWN + "3")
