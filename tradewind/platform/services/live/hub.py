"""Who listens, and which resource changed when: all in one event loop, nothing stored."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg

from tradewind.platform.spine.access.sessions import ENDED
from tradewind.platform.spine.news import CHANNEL

EVERYTHING = "*"
"""Told when nobody knows what changed: after the database or this process was away."""
PER_PERSON = 12  # pages of one browser share a connection where they can; these are devices and old browsers
AT_MOST = 2000
GATHER_S = 0.2  # a command, its follow-ups and its neighbours are told together
ASK_AGAIN_S = 0.5
REMEMBERED_MS = 60_000
CHECK_S = 60.0  # a listening connection that died without a word is noticed

log = logging.getLogger(__name__)


class TooManyListeners(Exception):
    """This person, or everybody together, listens through enough connections already."""


class Listener:
    """One connection: what its person may hear of, and what changed since it was told last.

    session: the mark of the session it was opened with. It hears nothing more once that has ended.
    """

    def __init__(self, person_id: int | None, may_hear: Callable[[str], bool], session: str = "") -> None:
        self.person_id, self._may_hear, self.session = person_id, may_hear, session
        self.has_ended = False
        self.is_doubtful = False
        self._changed: set[str] = set()
        self._bell = asyncio.Event()

    def tell(self, resource: str) -> None:
        """Remember a change, if it is any of their business; `resource@7` is told to person 7 alone."""
        resource, _, person = resource.partition("@")
        if person and person != str(self.person_id):
            return
        if resource == EVERYTHING or self._may_hear(resource):
            self._changed.add(resource)
            self._bell.set()

    def end(self) -> None:
        """The session is over: no more news."""
        self.has_ended = True
        self._changed.clear()
        self._bell.set()

    def wake(self) -> None:
        """Let whoever waits look up, without news."""
        self._bell.set()

    async def news(self, within_s: float) -> list[str]:
        """Resources that changed, each once; empty when nothing did in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._bell.wait()
            if self._changed:
                await asyncio.sleep(GATHER_S)
        self._bell.clear()
        told, self._changed = sorted(self._changed), set()
        return told


class Hub:
    """All listeners of this process. Times are milliseconds since 1970, as pages and browsers count."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self._changed_at: dict[str, int] = {}
        self._knows_since = now_ms()
        self._ended: dict[str, int] = {}
        self._is_listening = False

    def join(self, listener: Listener, since_ms: int) -> None:
        """Take a listener in and tell it what it missed since then; raises `TooManyListeners`."""
        persons = Counter(one.person_id for one in self.listeners)
        if len(self.listeners) >= AT_MOST or persons[listener.person_id] >= PER_PERSON:
            raise TooManyListeners
        self.listeners.add(listener)
        if listener.session in self._ended:
            listener.end()
        if since_ms < self._knows_since:
            listener.tell(EVERYTHING)
        for resource, at in self._changed_at.items():
            if at >= since_ms:
                listener.tell(resource)

    def leave(self, listener: Listener) -> None:
        """Forget a listener; harmless when it has left already."""
        self.listeners.discard(listener)

    def hear(self, resource: str) -> None:
        """Something of this resource changed, or somebody's session ended."""
        if resource.startswith(ENDED):
            self._end(resource.removeprefix(ENDED))
            return
        self._changed_at[resource] = now_ms()
        for listener in self.listeners:
            listener.tell(resource)

    def _end(self, session: str) -> None:
        """Remembered for a minute, for whoever was asked who they are just before and joins just after."""
        now = now_ms()
        self._ended = {mark: at for mark, at in self._ended.items() if at > now - REMEMBERED_MS}
        self._ended[session] = now
        for listener in self.listeners:
            if listener.session == session:
                listener.end()

    def begin_again(self) -> None:
        """The database is back: whatever changed meanwhile was not heard, nor which sessions ended.

        So each connection asks again whether its session is still one.
        """
        self._knows_since = now_ms()
        for listener in self.listeners:
            listener.tell(EVERYTHING)
            listener.is_doubtful = True

    async def follow(self, parameters: dict[str, Any]) -> None:
        """Listen to the database until cancelled, through as many connections as it takes."""
        while True:
            try:
                await self._listen(parameters)
            except psycopg.Error:
                if self._is_listening:  # said once, however often it is tried
                    log.warning("live news lost the database; connecting again")
                self._is_listening = False
                await asyncio.sleep(ASK_AGAIN_S)

    async def _listen(self, parameters: dict[str, Any]) -> None:
        connecting = psycopg.AsyncConnection.connect(**parameters, autocommit=True, connect_timeout=5)
        async with await connecting as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._is_listening = True
            self.begin_again()
            while True:
                async for told in connection.notifies(timeout=CHECK_S):
                    self.hear(told.payload)
                await connection.execute("SELECT 1")


def now_ms() -> int:
    """This moment."""
    return time.time_ns() // 1_000_000
