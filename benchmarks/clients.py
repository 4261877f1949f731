"""Clients that ask again and again: one connection each, kept alive, over HTTP or in SQL."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg

from benchmarks.floors import Unit

PATIENCE_S = 300


@dataclass(frozen=True)
class Ask:
    """One request. With `stages` the deal at `path` is moved from one of them to the other, turn by turn."""

    path: str
    method: str = "GET"
    body: str = ""
    stages: Sequence[str] = ()


@dataclass(frozen=True)
class Door:
    """Where the pages are, and who asks: the cookies of somebody signed in."""

    host: str
    port: int
    headers: dict[str, str] = field(default_factory=dict)


class Client(Protocol):
    """Whatever can be asked the next question and put away."""

    def once(self) -> None:
        """Ask and wait for the whole answer. Raises `Refusal` when it is none."""

    def close(self) -> None:
        """Hang up."""


@dataclass(frozen=True)
class HttpTask:
    """Requests that the clients go through in turn; where there are enough, each takes its own."""

    door: Door
    asks: Sequence[Ask]

    def client(self, number: int, of: int) -> Client:
        """One of so many clients."""
        return Browser(self.door, _share(self.asks, number, of))


@dataclass(frozen=True)
class SqlTask:
    """The same answers as prepared statements on connections like this one."""

    parameters: dict[str, Any]
    units: Sequence[Unit]

    def client(self, number: int, of: int) -> Client:
        """One of so many clients."""
        return Reader(self.parameters, _share(self.units, number, of))


Task = HttpTask | SqlTask


class Refusal(Exception):
    """The answer was an error."""


def _share(all_of: Sequence[Any], number: int, of: int) -> Sequence[Any]:
    return all_of[number::of] if len(all_of) >= of else all_of


class Browser:
    """An HTTP client with one connection."""

    def __init__(self, door: Door, asks: Sequence[Ask]) -> None:
        self.door, self.asks, self.turn = door, asks, 0
        self.connection = http.client.HTTPConnection(door.host, door.port, timeout=PATIENCE_S)
        self._moves = {ask.path: self._move(ask) for ask in asks if ask.stages}

    def once(self) -> None:
        ask = self.asks[self.turn % len(self.asks)]
        self.turn += 1
        if ask.stages:
            self._moves[ask.path]()
        else:
            self.fetch(ask)

    def fetch(self, ask: Ask, **more: str) -> tuple[dict[str, str], bytes]:
        """The headers (lower case) and the body of the answer."""
        sent = {**self.door.headers, **more} | ({"Content-Type": "application/json"} if ask.body else {})
        self.connection.request(ask.method, ask.path, ask.body.encode() or None, sent)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status >= 300:
            raise Refusal(f"{answer.status} {ask.method} {ask.path}: {body[:200]!r}")
        return {name.lower(): value for name, value in answer.getheaders()}, body

    def close(self) -> None:
        self.connection.close()

    def _move(self, ask: Ask) -> Callable[[], None]:
        """Knows the version and the stage of its deal, like the page that shows it."""
        headers, body = self.fetch(Ask(ask.path), **{"Accept-Encoding": "identity"})
        version, stage = headers["etag"], json.loads(body)["stage_key"]

        def move() -> None:
            nonlocal version, stage
            stage = next(other for other in ask.stages if other != stage)
            given = Ask(f"{ask.path}/move", "POST", json.dumps({"stage": stage}))
            version = self.fetch(given, **{"If-Match": version})[0]["etag"]

        return move


class Reader:
    """A database client: every statement is prepared on the server at its first use."""

    def __init__(self, parameters: dict[str, Any], units: Sequence[Unit]) -> None:
        self.units, self.turn = units, 0
        self.connection = psycopg.connect(**parameters, autocommit=True, prepare_threshold=0)
        self.connection.prepared_max = 1000

    def once(self) -> None:
        self.answer()

    def answer(self) -> list[list[tuple[Any, ...]]]:
        """The rows of each statement of the next unit."""
        unit = self.units[self.turn % len(self.units)]
        self.turn += 1
        return [self.connection.execute(text, given, prepare=True).fetchall() for text, given in unit]

    def close(self) -> None:
        self.connection.close()
