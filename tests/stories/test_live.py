"""Live news from a command's commit to an open page: who may listen, and what they hear."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from unittest.mock import ANY

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from tests.conftest import acting, sign_in, system
from tradewind.domains.pipeline import commands
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import Malformed
from tradewind.platform.operation import postgres
from tradewind.platform.operation.instance import Instance
from tradewind.platform.services.live.application import Live
from tradewind.platform.services.live.hub import EVERYTHING
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Ref
from tradewind.platform.spine.models import User

PAGES = "http://127.0.0.1:8000"
SOON_S = 10.0
MOMENT_S = 0.5
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'tw_login'"


def login(database: str) -> dict[str, Any]:
    return {**postgres.address("login").parameters(), "dbname": database}


def close_deal(verb: str, reason: str = "x") -> None:
    """Lose or win a deal as the director, over a connection of its own."""
    try:
        with system():
            deal = Opportunity.objects.filter(state="open", customer__isnull=False).order_by("id")[0]
        with acting("director") as actor:
            ref: Ref[Opportunity] = Ref(deal.public_id, deal.version)
            if verb == "win":
                commands.win(actor, ref, commands.Win(Decimal(5), reason))
            else:
                commands.lose(actor, ref, commands.Loss(reason))
    finally:
        connections.close_all()


def test_a_commit_tells_each_resource_once_and_a_refusal_tells_nothing(own_database: str) -> None:
    with psycopg.connect(**login(own_database), autocommit=True) as listening:
        listening.execute("LISTEN tradewind")
        with pytest.raises(Malformed):
            close_deal("lose", reason="")
        close_deal("win")
        heard = [told.payload for told in listening.notifies(timeout=MOMENT_S)]
    assert sorted(heard) == ["ledger.entry", "orders.order", "pipeline.opportunity"]


@dataclass
class Tab:
    """One connection of a browser to `/live`, as an ASGI server hands it over."""

    live: Live
    cookie: str = ""
    origin: str | None = PAGES
    path: str = "/live"
    method: str = "GET"
    query: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.told: asyncio.Queue[str] = asyncio.Queue()
        self._left = asyncio.Event()
        self._began = asyncio.Event()

    async def __aenter__(self) -> "Tab":
        named = {"host": "127.0.0.1:8001", "cookie": self.cookie, **self.more}
        if self.origin is not None:
            named["origin"] = self.origin
        asked = {
            "type": "http",
            "path": self.path,
            "method": self.method,
            "query_string": self.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }
        self.running = asyncio.create_task(self.live(asked, self._receive, self._send))
        async with asyncio.timeout(SOON_S):
            await self._began.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left.set()
        async with asyncio.timeout(SOON_S):
            await self.running

    async def news(self) -> str:
        async with asyncio.timeout(SOON_S):
            return await self.told.get()

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self._began.set()
        for line in message.get("body", b"").decode().splitlines():
            if line.startswith("data: "):
                self.told.put_nowait(line.removeprefix("data: "))


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIVE_ORIGINS", [PAGES])


def with_live(database: str, story: Callable[[Live], Awaitable[None]]) -> None:
    """The application from its first moment to its last, as the server runs it."""

    async def run() -> None:
        live = Live(login(database))
        said: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        done: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        said.put_nowait({"type": "lifespan.startup"})
        living = asyncio.create_task(live({"type": "lifespan"}, said.get, done.put))
        await done.get()
        await asyncio.sleep(MOMENT_S)  # until it listens
        try:
            await story(live)
        finally:
            said.put_nowait({"type": "lifespan.shutdown"})
            await living

    asyncio.run(run())


def cookie_of(name: str) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={sign_in(name).cookies[settings.SESSION_COOKIE_NAME].value}"


@pytest.mark.usefixtures("at_home")
def test_an_open_page_hears_that_deals_and_figures_changed_and_no_more(own_database: str) -> None:
    director, guest = cookie_of("director"), cookie_of("hr")

    async def story(live: Live) -> None:
        async with Tab(live, director) as page, Tab(live, guest) as other:
            assert (page.status, page.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
            assert page.headers["access-control-allow-origin"] == PAGES
            await asyncio.to_thread(close_deal, "lose")
            assert await page.news() == "ledger.entry pipeline.opportunity"
            assert other.told.empty(), "somebody without a role hears of nothing"

    with_live(own_database, story)


@pytest.mark.usefixtures("at_home")
def test_a_page_that_comes_back_hears_what_it_missed(own_database: str) -> None:
    director = cookie_of("director")

    async def story(live: Live) -> None:
        since = int(time.time() * 1000)
        async with Tab(live, director):
            pass
        await asyncio.to_thread(close_deal, "lose")
        await asyncio.sleep(MOMENT_S)
        async with Tab(live, director, query=f"since={since}") as again:
            assert await again.news() == "ledger.entry pipeline.opportunity"
        async with Tab(live, director, query=f"since={int(time.time() * 1000)}") as fresh:
            await asyncio.sleep(MOMENT_S)
            assert fresh.told.empty()
        for nonsense in ("since=x", "since=-1", "since=" + "9" * 40, "%ff"):
            async with Tab(live, director, query=nonsense) as strange:
                assert strange.status == 200

    with_live(own_database, story)


@pytest.mark.usefixtures("at_home")
def test_only_signed_in_people_on_our_own_pages_may_listen(own_database: str) -> None:
    director = cookie_of("director")
    refusals: list[tuple[dict[str, Any], int]] = [
        ({"cookie": ""}, 401),
        ({"cookie": "sessionid=stolen"}, 401),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:3000"}, 403),
        ({"origin": None, "more": {"sec-fetch-site": "same-site"}}, 403),
        ({"more": {"host": "evil.example"}}, 403),
        ({"method": "POST"}, 405),
        ({"path": "/"}, 404),
    ]

    async def story(live: Live) -> None:
        for given, status in refusals:
            async with Tab(live, **{"cookie": director, **given}) as tab:
                assert tab.status == status, given
                foreign = given.get("origin", PAGES) != PAGES
                assert tab.headers.get("access-control-allow-origin") == (None if foreign else ANY)
        async with Tab(live, director, origin=None, more={"sec-fetch-site": "same-origin"}) as proxied:
            assert proxied.status == 200

    with_live(own_database, story)


@pytest.mark.usefixtures("at_home")
def test_whoever_lost_their_account_hears_nothing_more(own_database: str) -> None:
    seller = cookie_of("seller")
    with scope(Actor.system("test")):
        User.objects.filter(username="seller").update(is_active=False)
    connections.close_all()

    async def story(live: Live) -> None:
        async with Tab(live, seller) as tab:
            assert tab.status == 401

    with_live(own_database, story)


@pytest.mark.usefixtures("at_home")
def test_a_lost_database_is_found_again_and_everything_may_have_changed(own_database: str) -> None:
    director = cookie_of("director")

    def cut() -> None:
        """What a restart of the database does to its connections."""
        with postgres.own_cluster(Instance.load()).connect("postgres") as server:
            server.execute(CUT, [own_database])

    async def story(live: Live) -> None:
        async with Tab(live, director) as page:
            await asyncio.to_thread(cut)
            assert await page.news() == EVERYTHING
            await asyncio.to_thread(close_deal, "lose")
            assert await page.news() == "ledger.entry pipeline.opportunity"

    with_live(own_database, story)
