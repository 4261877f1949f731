"""`/live` as an ASGI application: server-sent events that name resources, nothing else.

An event is `data: pipeline.opportunity ledger.entry` with the server's time as its id. A browser that
comes again says since when it has heard nothing and is told what changed meanwhile.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import parse_qs

from django.db import DatabaseError, InterfaceError, connections

from tradewind.platform.services.live.door import actor_behind, is_from_our_pages, session_behind
from tradewind.platform.services.live.hub import Hub, Listener, TooManyListeners, now_ms

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = TypeVar("Answer")

PATH = "/live"
HEARTBEAT_S = 20.0  # proxies close what is silent for longer; also tells the browser how far it has heard
STAYS_S = (600.0, 900.0)  # then it signs in again: rights are read once per connection


class Live:
    """The application. `parameters` lead to the database it listens to."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._hub = Hub()
        # One short question at a time, over one connection: who is behind a session takes milliseconds.
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="live")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request, or the beginning and the end of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        following = asyncio.create_task(self._hub.follow(self._parameters))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        following.cancel()
        await self._ask(connections.close_all)
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        status = 404 if scope["path"] != PATH else 405 if scope["method"] != "GET" else 0
        if not status and not is_from_our_pages(headers):
            status = 403
        if status:
            return await _refuse(status, headers, send)
        try:
            cookies = headers.get("cookie", "")
            actor = await self._ask(actor_behind, cookies)
        except (DatabaseError, InterfaceError):
            return await _refuse(503, headers, send)
        if actor.is_nobody:
            return await _refuse(401, headers, send)
        session = session_behind(cookies)
        listener = Listener(actor.person_id, lambda resource: actor.can(f"{resource}.view"), session)
        try:
            self._hub.join(listener, _since(scope))
        except TooManyListeners:
            return await _refuse(429, headers, send)
        try:
            await self._stream(listener, headers, receive, send)
        finally:
            self._hub.leave(listener)

    async def _stream(
        self, listener: Listener, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + random.uniform(*STAYS_S)  # noqa: S311 - so that not all come back at once
        leaving = asyncio.create_task(_until_gone(receive))
        leaving.add_done_callback(lambda _: listener.wake())
        try:
            await send(_head(200, headers, b"text/event-stream; charset=utf-8"))
            await send(_event([]))
            while not leaving.done() and loop.time() < ends_at:
                news = await listener.news(HEARTBEAT_S)
                if listener.has_ended or not await self._is_still_in(listener, headers):
                    break
                await send(_event(news))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            leaving.cancel()

    async def _is_still_in(self, listener: Listener, headers: Mapping[str, str]) -> bool:
        """Asked only after the database was away: whose session ended meanwhile was not heard."""
        if not listener.is_doubtful:
            return True
        listener.is_doubtful = False
        try:
            return not (await self._ask(actor_behind, headers.get("cookie", ""))).is_nobody
        except (DatabaseError, InterfaceError):
            return False  # the browser comes again

    async def _ask(self, question: Callable[..., Answer], *facts: str) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._asking, question, *facts)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(resources: list[str]) -> Message:
    """One event; without resources only its id, which browsers remember and scripts do not hear of."""
    told = f"data: {' '.join(resources)}\n" if resources else ""
    body = f"id: {now_ms()}\n{told}\n".encode()
    return {"type": "http.response.body", "body": body, "more_body": True}


def _since(scope: Message) -> int:
    """Since when the page has heard nothing; without a word on it, since now."""
    given = parse_qs(scope["query_string"].decode("latin-1")).get("since", [""])[0]
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else now_ms()


def _head(status: int, headers: Mapping[str, str], kind: bytes) -> Message:
    named = [
        (b"content-type", kind),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-accel-buffering", b"no"),
        (b"vary", b"origin, cookie"),
    ]
    if "origin" in headers and is_from_our_pages(headers):
        named.append((b"access-control-allow-origin", headers["origin"].encode("latin-1")))
        named.append((b"access-control-allow-credentials", b"true"))
    return {"type": "http.response.start", "status": status, "headers": named}


async def _refuse(status: int, headers: Mapping[str, str], send: Send) -> None:
    await send(_head(status, headers, b"text/plain; charset=utf-8"))
    await send({"type": "http.response.body", "body": b"", "more_body": False})
