"""What stories of signing in share: an own password, the code of an app, another address."""

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from tests.conftest import system
from tradewind.demo.cast import PASSWORD
from tradewind.domains.organization.models import Person
from tradewind.platform.spine.models import User

OWN = "海风-2026-安全"
ADDRESS = "203.0.113.7"


def browser(address: str = ADDRESS) -> Client:
    """A browser at some address."""
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140.0")


def sign_in_page(name: str, password: str = PASSWORD, at: Client | None = None) -> Client:
    client = at or browser()
    client.post("/sign-in/", {"login": name, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/figures").status_code == 200


def account(name: str) -> User:
    with system():
        return User.objects.get(username=name)


def person(name: str) -> Person:
    with system():
        return Person.objects.get(sign_in=name)


def code_of(secret: str, later: int = 0) -> str:
    """What the app shows now, or so many periods later."""
    middle = list(yield_hotp_counters_from_time())[1]
    return str(format_hotp_value(hotp_value(secret, middle + later)))


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """Set up an authenticator app; its secret and the recovery codes that were shown."""
    page = client.get("/account/second-factor/app").content.decode()
    found = re.search(r"data-secret>([A-Z2-7]+)<", page)
    assert found is not None
    answer: Any = client.post("/account/second-factor/app", {"code": code_of(found[1])}, follow=True)
    codes = re.findall(r"<li><code>(\d{8})</code></li>", answer.content.decode())
    return found[1], codes


def has_factor(name: str) -> bool:
    with system():
        return bool(Authenticator.objects.filter(user__username=name).exists())


def wait_for_room_in_period(seconds: float = 3.0) -> None:
    """Not at the very end of a period of thirty seconds, so that a code stays what it was."""
    left = 30 - time.time() % 30
    if left < seconds:
        time.sleep(left + 0.1)
