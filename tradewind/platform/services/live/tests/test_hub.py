"""Who is told what, and what somebody missed. Without a database."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tradewind.platform.services.live import hub as module
from tradewind.platform.services.live.hub import EVERYTHING, Hub, Listener, TooManyListeners, now_ms

SOON_S = 1.0
NEVER_S = 0.05


def listener(*resources: str, person: int = 1) -> Listener:
    return Listener(person, lambda resource: resource in resources)


def told(story: Callable[[], Awaitable[list[str]]]) -> list[str]:
    return asyncio.run(story())  # type: ignore[arg-type]


def test_each_hears_only_of_what_they_may_see() -> None:
    async def story() -> list[str]:
        hub, one = Hub(), listener("deal")
        hub.join(one, now_ms())
        hub.hear("payroll")
        assert await one.news(NEVER_S) == []
        hub.hear("deal")
        return await one.news(SOON_S)

    assert told(story) == ["deal"]


def test_what_is_for_one_person_is_told_to_nobody_else() -> None:
    async def story() -> list[str]:
        hub, one, other = Hub(), listener("notice", person=7), listener("notice", person=70)
        hub.join(one, now_ms())
        hub.join(other, now_ms())
        hub.hear("notice@7")
        assert await other.news(NEVER_S) == []
        return await one.news(SOON_S)

    assert told(story) == ["notice"]


def test_what_comes_together_is_told_together_and_once() -> None:
    async def story() -> list[str]:
        hub, one = Hub(), listener("deal", "order")
        hub.join(one, now_ms())
        for resource in ("order", "deal", "order"):
            hub.hear(resource)
        first = await one.news(SOON_S)
        assert await one.news(NEVER_S) == []
        return first

    assert told(story) == ["deal", "order"]


def test_a_page_is_told_what_it_missed_while_it_was_away() -> None:
    async def story() -> list[str]:
        hub, late = Hub(), listener("deal", "order")
        hub.hear("deal")
        await asyncio.sleep(0.01)
        since = now_ms()
        hub.hear("order")
        hub.join(late, since)
        return await late.news(SOON_S)

    assert told(story) == ["order"]


def test_a_page_from_before_our_time_may_have_missed_everything() -> None:
    async def story() -> list[str]:
        hub, old, here = Hub(), listener(), listener()
        hub.join(old, now_ms() - 1000)
        assert await old.news(SOON_S) == [EVERYTHING]
        hub.join(here, now_ms())
        hub.begin_again()
        return await here.news(SOON_S)

    assert told(story) == [EVERYTHING]


def test_one_person_cannot_take_all_the_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PER_PERSON", 2)
    monkeypatch.setattr(module, "AT_MOST", 3)

    async def story() -> list[str]:
        hub = Hub()
        first = listener()
        hub.join(first, now_ms())
        hub.join(listener(), now_ms())
        with pytest.raises(TooManyListeners):
            hub.join(listener(), now_ms())
        hub.join(listener(person=2), now_ms())
        with pytest.raises(TooManyListeners):
            hub.join(listener(person=3), now_ms())
        hub.leave(first)
        hub.leave(first)
        hub.join(listener(), now_ms())
        return []

    assert told(story) == []


def test_somebody_who_leaves_is_not_kept_waiting() -> None:
    async def story() -> list[str]:
        one = listener()
        asyncio.get_running_loop().call_later(NEVER_S, one.wake)
        async with asyncio.timeout(SOON_S):
            return await one.news(60)

    assert told(story) == []
