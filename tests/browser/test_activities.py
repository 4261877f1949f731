"""Following up in the browser: one line on the record, done with one click, a calendar by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser


def open_customer(page: Page) -> None:
    """The customer of the next planned activity."""
    items = page.request.get("/api/v1/activities?state=planned&sort=due_on").json()["items"]
    page.goto(next(item["customer"]["url"] for item in items if item["customer"]))


def test_one_line_is_logged_planned_and_ticked_off(visitor: Visitor, watch: Watch) -> None:
    page = visitor("seller")
    open_customer(page)
    record = page.url
    words = page.locator("#composer_subject")

    words.fill("电话确认交期")
    words.press("Enter")  # the first button: it is done
    expect(page.locator(".timeline > li", has_text="电话确认交期")).to_be_visible()
    expect(page.locator("#messages")).to_contain_text("已记录")
    assert page.url == record

    page.locator(".kind:has([value=call]) input").focus()
    page.keyboard.press("ArrowLeft")  # around to the last kind
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".kind input[value=message]")).to_be_checked()
    words.fill("微信发送样本")
    page.locator(".due input[value=next_week]").check()
    page.get_by_role("button", name="计划", exact=True).click()
    planned = page.locator(".pinned-line", has_text="微信发送样本")
    expect(planned).to_contain_text("2026-03-23")

    planned.locator(".tick").click()
    expect(page.locator(".timeline > li", has_text="微信发送样本")).to_be_visible()
    expect(planned).to_have_count(0)
    assert watch.troubles == []


def test_a_visit_in_the_past_is_refused_then_planned_and_completed(visitor: Visitor, watch: Watch) -> None:
    page = visitor("seller")
    open_customer(page)
    record = page.url
    words = page.locator("#composer_subject")

    words.fill("上门拜访")
    page.locator(".due:has([value=on])").click()
    page.locator("[name=on]").fill("2026-03-17")
    with watch.expecting(422):
        page.get_by_role("button", name="计划", exact=True).click()
        expect(page.locator("#composer .notice-error")).to_contain_text("不能早于今天")
    expect(words).to_have_value("上门拜访")
    page.locator("[name=on]").fill("2026-03-24")
    page.get_by_role("button", name="计划", exact=True).click()
    page.locator(".pinned-line", has_text="上门拜访").get_by_role("link", name="填写结果").click()

    page.locator("[name=outcome]").fill("总经理同意试用")
    page.locator("[name=result][value=interested]").check()
    page.locator("[name=next_subject]").fill("发送试用协议")
    page.get_by_role("button", name="完成", exact=True).click()
    page.wait_for_url(record)
    expect(page.locator(".timeline > li", has_text="有意向 · 总经理同意试用")).to_be_visible()
    expect(page.locator(".pinned-line", has_text="发送试用协议")).to_contain_text("2026-03-19")
    assert watch.troubles == []


def test_the_calendar_is_walked_with_the_keyboard_alone(visitor: Visitor, watch: Watch) -> None:
    page = visitor("seller")
    page.goto("/activities/calendar")
    day = page.locator("#day-2026-03-18")
    day.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#day-2026-03-25")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#day-2026-03-24")).to_be_focused()
    page.keyboard.press("w")
    page.wait_for_url("**look=week**")
    page.locator("#day-2026-03-18").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**day=2026-03-23**")
    expect(page.locator("#day-2026-03-23")).to_be_focused()
    page.keyboard.press("m")
    page.wait_for_url("**look=month**")
    expect(page.locator("h1")).to_contain_text("2026年3月")
    page.locator("#day-2026-03-23").focus()
    page.keyboard.press("PageDown")
    page.wait_for_url("**day=2026-04-01**")
    expect(page.locator("h1")).to_contain_text("2026年4月")
    page.locator("#day-2026-04-01").focus()
    page.keyboard.press("n")
    page.wait_for_url("**/activities/new?**")
    expect(page.locator("[name=due_on]")).to_have_value("2026-04-01")
    page.locator("[name=subject]").fill("四月第一访")
    page.locator("[name=subject]").press("Enter")
    page.wait_for_url("**/activities/calendar?**")
    expect(page.locator("#day-2026-04-01")).to_contain_text("四月第一访")
    page.locator("#day-2026-04-01").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#day-2026-04-01 .event")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/activities/*-*")
    expect(page.locator("h1")).to_have_text("四月第一访")
    assert watch.troubles == []


def test_without_scripts_one_line_is_still_written(visitor: Visitor, watch: Watch) -> None:
    page = visitor("seller")
    open_customer(page)
    page.evaluate(
        "document.querySelectorAll('[hx-post]').forEach((one) => one.replaceWith(one.cloneNode(true)))"
    )
    page.locator("#composer_subject").fill("没有脚本也能写")
    page.get_by_role("button", name="记为已完成").click()
    expect(page.locator(".timeline > li", has_text="没有脚本也能写")).to_be_visible()
    assert watch.troubles == []


def test_nothing_of_it_runs_over_the_edge_of_a_small_phone(visitor: Visitor, watch: Watch) -> None:
    page = visitor("manager", width=360)
    open_customer(page)
    places = [page.url, "/activities/calendar?who=team", "/activities/calendar?look=week", "/notifications"]
    one = page.locator(".pinned-more").first.get_attribute("href") or ""
    for place in (*places, one):
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, place
    page.goto("/activities/calendar?who=team")
    expect(page.locator("#day-2026-03-18")).to_be_in_viewport()
    assert watch.troubles == []
