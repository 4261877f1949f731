"""The frame around every page: the search box, keys, the star, the bar under the thumb, no connection."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Visitor
from tests.browser.test_accessible import problems_of
from tests.browser.watching import Watch
from tradewind.platform.surface.shell.places import Entry

pytestmark = pytest.mark.browser


def chosen(page: Page) -> Locator:
    return page.locator(".palette-option[aria-selected=true]")


def test_the_search_box_finds_pages_by_pinyin_and_leads_there(visitor: Visitor, watch: Watch) -> None:
    page = visitor("seller")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    expect(page.locator(".palette-input")).to_be_focused()
    page.keyboard.type("sj")
    expect(chosen(page)).to_have_text("商机")
    page.keyboard.press("Enter")
    page.wait_for_url("**/opportunities")
    assert watch.troubles == []


def test_the_search_box_finds_records_and_remembers_them(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.keyboard.press("/")
    page.keyboard.type("OP00017")
    record = page.locator(".palette-option", has_text="OP00017")
    expect(record).to_be_visible()
    expect(record.locator("mark")).to_have_text("OP00017")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/opportunities/[0-9a-f-]{36}$"))
    page.goto("/figures")
    page.keyboard.press("Control+k")
    expect(page.locator(".palette-heading").first).to_have_text("最近打开")
    expect(chosen(page)).to_contain_text("OP00017")
    assert watch.troubles == []


def test_whoever_types_a_number_and_enter_does_not_wait_for_the_list(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.keyboard.press("Control+k")
    page.keyboard.type("OP00021")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/opportunities/[0-9a-f-]{36}$"))
    assert watch.troubles == []


def test_the_search_box_is_left_as_it_was_entered(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    opener = page.locator(".find")
    opener.click()
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_have_text("退出登录")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".palette-option").nth(1)).to_have_attribute("aria-selected", "true")
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#palette, body') !== null")
    page.locator(".palette-input").focus()
    page.keyboard.type("no such thing")
    expect(page.locator(".palette-empty")).to_contain_text("没有找到“no such thing”")
    page.keyboard.press("Escape")
    expect(page.locator(".palette-input")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(opener).to_be_focused()
    assert watch.troubles == []


def test_pages_are_found_although_the_search_does_not_answer(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.route("**/api/v1/search*", lambda route: route.fulfill(status=503))
    with watch.expecting(503):
        page.keyboard.press("Control+k")
        page.keyboard.type("人员")
        expect(page.locator(".palette-empty")).to_contain_text("搜索暂时没有响应")
    expect(chosen(page)).to_have_text("人员")
    assert watch.troubles == []


def test_an_action_is_done_from_the_search_box(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.keyboard.press("Control+k")
    page.keyboard.type("切换语言")
    expect(chosen(page)).to_have_text("切换语言")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert watch.troubles == []


def put_into(page: Page, place: str, before: str, after: str) -> None:
    """Open a page of which one spot reads differently."""

    def changed(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(before, after))

    page.route(f"**{place}", changed)
    page.goto(place)


def real(watch: Watch) -> list[str]:
    """A page that was put together here comes from no address space, so that no stream may reach it."""
    return [
        trouble for trouble in watch.troubles if "/live?" not in trouble and "net::ERR_FAILED" not in trouble
    ]


def test_c_makes_something_new(visitor: Visitor, watch: Watch) -> None:
    page = visitor("seller")
    create = page.locator(".bar .drop-panel a")
    page.keyboard.press("c")
    expect(create.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(create.first).to_be_hidden()
    page.keyboard.press("c")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/activities/new")
    customer = Entry("客户", "/customers/new", "plus")
    only_one = render_to_string("shell/_create.html", {"to_create": [customer]})
    put_into(page, "/people", '<div class="bar-end">', f'<div class="bar-end">{only_one}')
    page.keyboard.press("c")
    page.wait_for_url("**/customers/new")
    assert real(watch) == []


def test_keys_are_listed_and_single_ones_can_be_switched_off(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("[data-single-keys]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    assert watch.troubles == []


def test_letters_typed_into_a_field_are_only_letters(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.goto("/opportunities")
    page.locator("[name=q]").focus()
    page.keyboard.type("c/?[")
    expect(page.locator("[name=q]")).to_have_value("c/?[")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert watch.troubles == []


def test_the_navigation_narrows_and_stays_so(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.keyboard.press("[")
    expect(page.locator(".nav-link span").first).to_be_hidden()
    page.goto("/people")
    expect(page.locator(".nav-link span").first).to_be_hidden()
    page.keyboard.press("[")
    expect(page.locator(".nav-link span").first).to_be_visible()
    assert watch.troubles == []


def test_a_star_keeps_the_page_as_it_is_asked(visitor: Visitor, watch: Watch) -> None:
    page = visitor("field")
    page.goto("/figures")
    page.select_option("[name=measure]", "won_deals")
    page.wait_for_url("**measure=won_deals**")
    star = page.locator("[data-star]")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#kept a")).to_have_text("赢单数：按月")
    elsewhere = visitor("field")
    elsewhere.goto("/people")
    elsewhere.locator("#kept a").click()
    elsewhere.wait_for_url("**measure=won_deals**")
    expect(elsewhere.locator("[data-star]")).to_have_attribute("aria-pressed", "true")
    elsewhere.locator("[data-star]").click()
    expect(elsewhere.locator("#kept")).to_be_hidden()
    expect(elsewhere.locator("[data-star]")).to_have_attribute("aria-pressed", "false")
    elsewhere.get_by_role("button", name="撤销").click()
    expect(elsewhere.locator("#kept a")).to_have_text("赢单数：按月")
    expect(elsewhere.locator(".toast")).to_have_text(re.compile("已撤销"))
    elsewhere.locator("[data-star]").click()
    expect(elsewhere.locator("#kept")).to_be_hidden()
    assert watch.troubles == []


def test_long_work_tells_how_far_it_is_and_can_be_cancelled(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    states = [
        {"state": "running", "percent": 12.6, "remaining_s": 200},
        {"state": "running", "percent": 60, "remaining_s": 20},
        {"state": "done", "percent": 100, "result_url": "/figures"},
    ]
    page.route(
        "**/exports/7", lambda route: route.fulfill(json=states.pop(0) if len(states) > 1 else states[0])
    )
    page.route("**/exports/7/cancel", lambda route: route.fulfill(status=204))
    made = render_to_string(
        "shell/long_work.html",
        {"title": "导出", "url": "/exports/7", "cancel_url": "/exports/7/cancel", "name": "work"},
    )
    put_into(page, "/people", "<h1>", f"{made}<h1>")
    work = page.locator(".work")
    expect(work).to_contain_text("12%")
    expect(work).to_contain_text("约剩 3 分钟")
    with page.expect_request("**/exports/7/cancel") as asked:
        work.get_by_role("button").click()
    assert asked.value.headers["x-csrftoken"]
    expect(work).to_contain_text("约剩 20 秒")
    expect(work).to_contain_text("100%")
    work.get_by_role("link").click()
    page.wait_for_url("**/figures")
    assert real(watch) == []


def test_on_a_phone_the_days_places_lie_under_the_thumb(visitor: Visitor, watch: Watch) -> None:
    seller, manager = visitor("seller", width=390), visitor("manager", width=390)
    expect(seller.locator(".thumb")).to_have_text(["今天", "客户", "商机", "目标跟踪", "我"])
    expect(manager.locator(".thumb")).to_have_text(["今天", "经营总览", "审批", "商机", "我"])
    seller.locator(".thumb", has_text="商机").click()
    seller.wait_for_url("**/opportunities")
    expect(seller.locator(".thumb[aria-current]")).to_have_text("商机")
    seller.locator(".me > summary").click()
    sheet = seller.locator(".me-sheet")
    expect(sheet).to_contain_text("陈小雨")
    expect(sheet).to_contain_text("上海销售部")
    seller.mouse.click(100, 24)
    expect(sheet).to_be_hidden()
    seller.locator(".me > summary").click()
    sheet.get_by_role("button", name="退出登录").click()
    seller.wait_for_url("**/sign-in/**")
    assert watch.troubles == []


@pytest.mark.parametrize("width", [360, 390])
def test_whatever_is_touched_is_large_enough_and_nothing_runs_over(
    visitor: Visitor, watch: Watch, width: int
) -> None:
    page = visitor("director", width=width)
    page.locator(".me > summary").click()
    small = page.evaluate(
        """[...document.querySelectorAll(".bar *, .thumbs *")]
            .filter((one) => one.matches("a, button, summary") && one.offsetParent)
            .filter((one) => one.offsetHeight < 40 || one.offsetWidth < 40).map((one) => one.outerHTML)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Control+k")
    assert page.evaluate("document.querySelector('#palette').scrollWidth") <= width
    assert watch.troubles == []


@pytest.mark.parametrize(("dark", "width"), [*product((False, True), (390, 1280))])
def test_what_opens_is_open_to_everybody(visitor: Visitor, watch: Watch, dark: bool, width: int) -> None:
    page = visitor("director", dark=dark, width=width, language="en-GB" if dark else "zh-CN")
    found: list[str] = []
    page.locator(".me > summary" if width < 768 else ".person > summary").click()
    found += problems_of(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("OP0002")
    expect(page.locator(".palette-option").first).to_be_visible()
    found += problems_of(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    found += problems_of(page)
    assert found == []
    assert watch.troubles == []


def test_without_a_connection_the_open_page_stays(visitor: Visitor, watch: Watch) -> None:
    page = visitor("seller")
    heading = page.locator("h1").inner_text()
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.locator(".nav .nav-link", has_text="商机").click()
    expect(page.locator(".toast")).to_contain_text("暂时无法打开")
    assert page.locator("h1").inner_text() == heading
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.locator(".nav .nav-link", has_text="商机").click()
    page.wait_for_url("**/opportunities")
    expected = ("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")
    assert [trouble for trouble in watch.troubles if not any(word in trouble for word in expected)] == []
