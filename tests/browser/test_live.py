"""Two people at once: what one does, the other sees without reloading; and the news survive a kill -9."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, address_of_deal
from tests.browser.running import Site
from tests.browser.watching import Watch
from tests.faults import processes
from tests.faults.site import kill_9

pytestmark = pytest.mark.browser

FIGURES = "/figures?measure=lost_deals&by="
PATIENCE_MS = 20_000
CUT = re.compile("ERR_(INCOMPLETE_CHUNKED_ENCODING|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE)")


def count(page: Page) -> int:
    return int(page.locator(".tile-value").inner_text())


def watching(visitor: Visitor) -> Page:
    """A director who looks at the number of lost deals."""
    page = visitor("director")
    with page.expect_response(lambda answer: "/live?" in answer.url):
        page.goto(FIGURES)
    return page


def lose_a_deal(page: Page) -> None:
    unit = page.request.get("/api/v1/units?q=深圳").json()["items"][0]["id"]
    page.goto(address_of_deal(page, f"state=open&unit={unit}"))  # nobody of the cast
    page.click("summary.button-danger")
    page.fill("#lose_reason", "价格")
    page.click("button[value=lose]")
    expect(page.locator(".badge-lost")).to_be_visible()


def expect_count(page: Page, number: int) -> None:
    expect(page.locator(".tile-value")).to_have_text(str(number), timeout=PATIENCE_MS)


def test_a_figure_follows_what_a_colleague_does(visitor: Visitor, watch: Watch) -> None:
    director, colleague = watching(visitor), visitor("admin")
    before = count(director)
    asked = director.evaluate("window.since = performance.timeOrigin")
    lose_a_deal(colleague)
    expect_count(director, before + 1)
    assert director.evaluate("performance.timeOrigin") == asked, "without loading the page again"
    assert watch.troubles == []


def test_nothing_moves_under_the_hands_of_somebody_who_reads_further_down(
    visitor: Visitor, watch: Watch
) -> None:
    director, colleague = watching(visitor), visitor("admin")
    before = count(director)
    director.set_viewport_size({"width": 390, "height": 300})
    director.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    director.evaluate("document.querySelector('#answer').style.paddingBottom = '900px'")
    director.evaluate("window.scrollTo(0, 700)")
    lose_a_deal(colleague)
    hint = director.get_by_role("button", name="有更新，点击查看")
    expect(hint).to_be_visible(timeout=PATIENCE_MS)
    assert count(director) == before
    hint.click()
    expect_count(director, before + 1)
    expect(hint).to_have_count(0)
    assert watch.troubles == []


def test_the_pages_of_one_browser_share_one_stream(visitor: Visitor, watch: Watch) -> None:
    first = watching(visitor)
    second = first.context.new_page()
    asked: list[str] = []
    second.on("request", lambda request: asked.append(request.url))
    second.goto(FIGURES)
    before = count(second)
    lose_a_deal(visitor("admin"))
    second.bring_to_front()
    expect_count(second, before + 1)
    assert not any("/live?" in url for url in asked)
    with second.expect_request(lambda request: "/live?" in request.url):
        first.close()  # the other takes over
    lose_a_deal(visitor("admin"))
    expect_count(second, before + 2)
    assert watch.troubles == []


def test_after_a_kill_9_the_news_come_again_and_nothing_is_missed(
    visitor: Visitor, watch: Watch, demo: Site
) -> None:
    director, colleague = watching(visitor), visitor("admin")
    before = count(director)
    supervisor = demo.processes[0].pid
    live = processes.child_running(supervisor, "_live")
    kill_9(live)
    lose_a_deal(colleague)
    expect_count(director, before + 1)
    lose_a_deal(colleague)
    expect_count(director, before + 2)
    assert processes.child_running(supervisor, "_live") != live
    assert [trouble for trouble in watch.troubles if not CUT.search(trouble)] == []


def test_a_page_without_the_stream_looks_by_itself(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.route(re.compile("/live"), lambda route: route.fulfill(status=404))
    page.clock.install()
    with watch.expecting(404):
        page.goto(FIGURES)
        before = count(page)
        lose_a_deal(visitor("admin"))
        page.clock.run_for(40_000)
        expect_count(page, before + 1)
