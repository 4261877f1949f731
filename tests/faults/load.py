"""People who win and lose deals over HTTP without a pause, and remember what they were told."""

from __future__ import annotations

import http.client
import json
import random
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from http.cookiejar import CookieJar
from itertools import count
from typing import Any

PASSWORD = "sails-and-anchors-7"
PAUSE_S = 0.05
NETWORK = (urllib.error.URLError, http.client.HTTPException, OSError, json.JSONDecodeError)


@dataclass
class Told:
    """What was tried and what was acknowledged, by deal number."""

    tried: dict[str, list[Decimal]] = field(default_factory=dict)
    won: dict[str, Decimal] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def acknowledged(self) -> int:
        """How many changes were answered with 200."""
        return len(self.won) + len(self.lost)


class Browser:
    """One signed-in person."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        jar = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def sign_in(self, name: str) -> None:
        """Through the sign-in page."""
        self.send("/sign-in/")
        form = {"login": name, "password": PASSWORD, "csrfmiddlewaretoken": self.token()}
        self.send("/sign-in/", urllib.parse.urlencode(form).encode())
        assert any(cookie.name == "sessionid" for cookie in self.cookies), f"{name} is not let in"

    def token(self) -> str:
        """What a change must carry along."""
        return next(str(cookie.value) for cookie in self.cookies if cookie.name == "csrftoken")

    def send(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """One request; refusals are answers, too."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, body, {"Referer": self.address, **named})  # noqa: S310
        try:
            with self.opener.open(request, timeout=20) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read()

    def deals(self) -> list[dict[str, Any]]:
        """The newest open deals."""
        status, body = self.send("/api/v1/opportunities?state=open")
        return list(json.loads(body)["items"]) if status == 200 else []

    def change(self, deal: dict[str, Any], verb: str, given: dict[str, str]) -> int:
        """Win or lose a deal as last seen."""
        headers = {"Content_Type": "application/json", "X_CSRFToken": self.token()}
        path = f"/api/v1/opportunities/{deal['id']}/{verb}"
        return self.send(path, json.dumps(given).encode(), If_Match=f'"{deal["version"]}"', **headers)[0]


class Seller(threading.Thread):
    """One person, hard at work."""

    values = count(5000)

    def __init__(self, browser: Browser, told: Told, account: str, enough: threading.Event) -> None:
        super().__init__(daemon=True)
        self.browser, self.told, self.account, self.enough = browser, told, account, enough
        self.choice = random.Random(id(self))  # noqa: S311 - a story, not a secret

    def run(self) -> None:
        while not self.enough.wait(PAUSE_S):
            try:
                self.close_one()
            except NETWORK:
                self.told.answers[0] += 1

    def close_one(self) -> None:
        """Win a deal, or lose every fourth."""
        deals = self.browser.deals()
        if not deals:
            return
        deal = self.choice.choice(deals)
        number, value = deal["number"], Decimal(next(self.values))
        if self.choice.random() < 0.25:
            status = self.browser.change(deal, "lose", {"reason": "price"})
            if status == 200:
                self.told.lost.add(number)
        else:
            self.told.tried.setdefault(number, []).append(value)
            given = {
                "value": str(value),
                "reason": "price",
                "customer": "" if deal["customer"] else self.account,
            }
            status = self.browser.change(deal, "win", given)
            if status == 200:
                assert number not in self.told.won
                self.told.won[number] = value
        self.told.answers[status] += 1


@dataclass
class Crowd:
    """All of them."""

    told: Told
    enough: threading.Event
    sellers: list[Seller]

    @classmethod
    def at_work(cls, address: str, names: list[str], account: str) -> Crowd:
        """Sign everybody in and set them to work."""
        told, enough = Told(), threading.Event()
        sellers = []
        for name in names:
            browser = Browser(address)
            browser.sign_in(name)
            sellers.append(Seller(browser, told, account, enough))
        for seller in sellers:
            seller.start()
        return cls(told, enough, sellers)

    def stop(self) -> None:
        """Let them finish the request under way."""
        self.enough.set()
        for seller in self.sellers:
            seller.join(30)
            assert not seller.is_alive()
