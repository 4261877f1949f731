"""Own passwords: changed with the present one, refused where they are easy to guess, and told why."""

import pytest
from django.test import Client

from tests.conftest import SignedIn
from tests.stories.entering import OWN, is_in, sign_in_page
from tradewind.demo.cast import PASSWORD
from tradewind.platform.surface.account.passwords import (
    ABOUT_YOU,
    DATE,
    KEYBOARD,
    LEAKED,
    NEARLY_LEAKED,
    REPEATED,
    SEQUENCE,
    WORD,
    weakness,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("1qaz2wsx3edc", LEAKED),
        ("woaini1314", LEAKED),
        ("password2026", NEARLY_LEAKED),
        ("Woaini13140", NEARLY_LEAKED),
        ("chen.xiaoyu", ABOUT_YOU),
        ("Chenxiaoyu88", ABOUT_YOU),
        ("abcdefghijkl", SEQUENCE),
        ("xkxkxkxkxkxk", REPEATED),
        ("vbnm,./;lkj", KEYBOARD),
        ("1987-03-14", DATE),
        ("relationship", WORD),
        (OWN, ""),
        ("tower orange kettle swim", ""),
        ("aZ9$kLmP2q", ""),
        ("x7" * 200, REPEATED),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_for_what_it_is(password: str, reason: str) -> None:
    assert weakness(password, ["chen.xiaoyu", "chenxiaoyu", "chen", "xiaoyu"]) == reason


def change(client: Client, present: str, new: str) -> tuple[int, str]:
    given = {"oldpassword": present, "password1": new, "password2": new}
    answer = client.post("/account/password", given)
    return answer.status_code, answer.content.decode()


def test_whoever_knows_the_present_password_chooses_another() -> None:
    client, elsewhere = sign_in_page("seller"), sign_in_page("seller")
    assert change(client, PASSWORD, OWN)[0] == 302
    assert is_in(client)
    assert not is_in(elsewhere), "all other devices are signed out"
    assert not is_in(sign_in_page("seller", PASSWORD))
    assert is_in(sign_in_page("seller", OWN))


def test_what_is_wrong_is_said_at_the_field(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    status, page = change(client, "not this one", OWN)
    assert (status, "当前密码不对" in page) == (422, True)
    status, page = change(client, PASSWORD, "1qaz2wsx3edc")
    assert (status, "已泄露的密码名单" in page) == (422, True)
    status, page = change(client, PASSWORD, "kurz!9aB")
    assert (status, "10" in page) == (422, True)
    assert is_in(sign_in_page("seller", PASSWORD))


def test_guessing_the_present_password_ends_soon(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    said = [change(client, f"guess {number}", OWN)[0] for number in range(12)]
    assert said == [422] * 10 + [429] * 2
