"""An instance as it is served: the real web process, somebody signed in, the processor time it takes."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import psutil

from benchmarks.clients import Ask, Browser, Door
from tradewind.config.commands.steps import Listening, web
from tradewind.demo.cast import PASSWORD
from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import Server
from tradewind.platform.operation.ports import next_free
from tradewind.platform.operation.supervisor import Keeper

HOST, FIRST_PORT = "127.0.0.1", 8201
STARTS_WITHIN_S = 120
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time: of the web processes, and of the database for them."""

    web: float
    database: float


class Site:
    """The pages of one instance, up."""

    def __init__(self, keeper: Keeper, server: Server, port: int) -> None:
        self._keeper, self._server, self.port = keeper, server, port
        self._doors: dict[str, Door] = {}

    def door(self, who: str) -> Door:
        """Where this person is signed in, through the sign-in page as everybody; once."""
        if who not in self._doors:
            self._doors[who] = sign_in(self.port, who)
        return self._doors[who]

    def fetch(self, who: str, ask: Ask, **headers: str) -> tuple[dict[str, str], bytes]:
        """One answer, on a connection of its own."""
        browser = Browser(self.door(who), [])
        try:
            return browser.fetch(ask, **headers)
        finally:
            browser.close()

    def spent(self) -> Spent:
        """Processor time up to now."""
        return Spent(sum(map(_seconds, self._web())), sum(map(_seconds, self._backends())))

    def _web(self) -> list[psutil.Process]:
        started = self._keeper.process
        return _family(started.pid) if started is not None else []

    def _backends(self) -> list[psutil.Process]:
        """The database's processes that work for the pages, told by the name they are signed in with."""
        pid = self._server.pid
        return [one for one in _family(pid) if "tw_login" in _title(one)] if pid else []


@contextmanager
def serving(instance: Instance, server: Server) -> Iterator[Site]:
    """The web process as `./tw serve` starts it, on a free port."""
    port = next_free(HOST, FIRST_PORT)
    keeper = Keeper(web(instance, Listening(HOST, port, next_free(HOST, port + 1))))
    until = time.monotonic() + STARTS_WITHIN_S
    try:
        while not keeper.is_ready:
            if time.monotonic() > until:
                raise OperationError("the web process does not answer")
            keeper.look_after()
            time.sleep(0.02)
        yield Site(keeper, server, port)
    finally:
        keeper.terminate()
        until = time.monotonic() + keeper.child.ends_within_s
        while not keeper.is_gone() and time.monotonic() < until:
            time.sleep(0.05)
        keeper.clear_away()


def sign_in(port: int, who: str) -> Door:
    """Ask for the sign-in page and send it back filled in. Raises OperationError when nobody comes in."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET", "/sign-in/")
    page = connection.getresponse()
    cookies = _cookies(page)
    token = TOKEN.search(page.read().decode())
    form = {"login": who, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
    sent = {"Cookie": _sent(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in/", urlencode(form), sent)
    answer = connection.getresponse()
    answer.read()
    cookies |= _cookies(answer)
    connection.close()
    if answer.status != http.client.FOUND or "sessionid" not in cookies:
        raise OperationError(f"{who} could not sign in ({answer.status}); is this a demo?")
    headers = {
        "Cookie": _sent(cookies),
        "X-CSRFToken": cookies.get("csrftoken", ""),
        "Accept-Encoding": "gzip, deflate, br",
        "Accept-Language": "zh-CN,zh;q=0.9",
    }
    return Door(HOST, port, headers)


def _cookies(answer: http.client.HTTPResponse) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in answer.headers.get_all("Set-Cookie") or []:
        found |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
    return found


def _sent(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _family(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
