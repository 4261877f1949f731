"""The pages of the demo in the browser: without an error, by keyboard alone, in both languages, on phones."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, address_of_deal, open_deal, settle
from tests.browser.watching import Watch
from tradewind.demo.cast import PASSWORD

pytestmark = pytest.mark.browser

PLACES = (
    "/",
    "/figures",
    "/figures?measure=won_deals",
    "/figures?measure=win_rate&by=person",
    "/figures?measure=bookings&by=customer",
    "/figures?measure=won_value&by=unit&level=1",
    "/figures?measure=won_value&by=month&from=2001-01-01&to=2001-02-01",
    "/figures/explain?measure=won_deals",
    "/figures/explain?measure=win_rate",
    "/opportunities",
    "/opportunities?state=open",
    "/opportunities?q=nothing-like-this",
    "/organization",
    "/organization?on=2026-01-01",
    "/targets",
    "/workdays",
    "/tracking",
    "/tracking?period=2026",
    "/tracking?period=2031-02",
    "/people",
)
MOST_STEPS = 80


@pytest.mark.parametrize("role", ["seller", "manager", "director"])
def test_no_page_makes_the_browser_complain(visitor: Visitor, watch: Watch, role: str) -> None:
    page = visitor(role)
    for place in PLACES:
        page.goto(place)
        expect(page.locator("h1")).to_be_visible()
        settle(page)
    open_deal(page, "state=open")
    with watch.expecting(404):
        page.goto("/opportunities/nowhere")
        expect(page.locator(".trouble h1")).to_have_text("没有找到此页面")
    with watch.expecting(422):
        page.goto("/figures?measure=won_deals&from=2026-02-01&to=2026-01-01")
        expect(page.locator(".notice-error")).to_be_visible()
    assert watch.troubles == []


def test_an_old_form_leads_on_instead_of_to_a_bare_page(visitor: Visitor, watch: Watch) -> None:
    page = visitor("")
    page.goto("/sign-in/")
    page.context.clear_cookies()
    with watch.expecting(403):
        page.fill("[name=login]", "seller")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        expect(page.locator("h1")).to_have_text("您没有权限执行此操作")
    page.click(".trouble .button")
    expect(page.locator("h1")).to_have_text("登录")
    assert watch.troubles == []


def test_a_seller_wins_a_deal_with_the_keyboard_alone(visitor: Visitor, watch: Watch) -> None:
    page = visitor("")
    page.goto("/sign-in/")
    page.keyboard.type("seller")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"//[^/]+/$"))

    walk_to(page, "a[href='/figures']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/figures")
    walk_to(page, "[name=measure]")
    page.keyboard.press("Home")
    for _ in range(page.locator("[name=measure] option").count()):
        if page.locator("[name=measure]").input_value() == "won_deals":
            break
        page.keyboard.press("ArrowDown")
    page.wait_for_url("**measure=won_deals**")
    expect(page.locator("#answer h1")).to_contain_text("赢单数")
    walk_to(page, "a.tile")
    page.keyboard.press("Enter")
    page.wait_for_url("**/figures/explain**")

    walk_to(page, "a[href='/opportunities']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/opportunities")
    walk_to(page, ".list-views a[href$='view=open']")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=open")
    walk_to(page, "[tabulator-field=title]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/opportunities/[0-9a-f-]{36}$"))

    win_by_keyboard(page)
    expect(page.locator(".badge-won")).to_be_visible()
    expect(page.locator("#order + dd")).to_contain_text("SO")
    assert watch.troubles == []


def win_by_keyboard(page: Page) -> None:
    walk_to(page, "summary.button-primary")
    page.keyboard.press("Enter")
    expect(page.locator("#win_value")).to_be_focused()
    page.keyboard.type("8600")
    if page.locator("#win_customer").count():
        page.keyboard.press("Tab")
        page.keyboard.type(page.locator("#win_customer_list option").first.get_attribute("value") or "")
    page.keyboard.press("Tab")
    expect(page.locator("#win_reason_code")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("交期最短")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def walk_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"the Tab key does not lead to {selector}")


def test_a_seller_takes_an_order_with_the_keyboard_alone(visitor: Visitor, watch: Watch) -> None:
    page = visitor("seller")
    page.goto("/orders/new")
    walk_to(page, "[name=customer]")
    page.keyboard.type(page.locator("#id_customer_list option").first.get_attribute("value") or "")
    walk_to(page, "[name=line-0-product]")
    page.keyboard.type("ZN-ERP")
    page.keyboard.press("Tab")
    expect(page.locator("[name=line-0-unit_price]")).to_have_value("69800.00")
    page.keyboard.type("三年授权")
    page.keyboard.press("Tab")
    page.keyboard.type("3")  # what stands there is selected, so that it is replaced
    walk_to(page, "[name=line-0-discount]")
    page.keyboard.type("7.5")
    page.keyboard.press("Enter")
    expect(page.locator("[name=line-1-product]")).to_be_focused()
    page.keyboard.type("ZN-SCAN")
    walk_to(page, "[name=line-1-quantity]")
    page.keyboard.type("2.5")
    page.keyboard.press("Tab")
    page.keyboard.type("19.99")
    expect(page.locator("[data-total=gross]")).to_have_text("¥218,931.83")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=line-0-unit_price]")).to_be_focused()
    walk_to(page, "button[name=save]")
    page.keyboard.press("Enter")
    expect(page.locator(".facts")).to_contain_text("¥218,931.83")
    walk_to(page, "summary.button-primary")
    page.keyboard.press("Enter")
    walk_to(page, "button[value=confirm]")
    page.keyboard.press("Enter")
    expect(page.locator(".path-won")).to_be_visible()
    expect(page.locator(".record-kind")).to_contain_text("SO")
    assert watch.troubles == []


def test_lines_come_and_go_and_totals_follow(visitor: Visitor, watch: Watch) -> None:
    page = visitor("seller")
    page.goto("/orders/new")
    rows = page.locator("[data-line]")
    expect(rows).to_have_count(1)
    for code in ("ZN-ERP", "ZN-MES"):
        page.locator("[data-add-line]").click()
        page.keyboard.type(code)
        page.keyboard.press("Tab")
    expect(page.locator("[data-total=net]")).to_have_text("¥197,800.00")
    page.locator("[data-remove-line]").nth(1).click()
    expect(page.locator("[data-total=net]")).to_have_text("¥128,000.00")
    expect(rows).to_have_count(2)
    page.fill("[name=line-1-quantity]", "1.2345")
    expect(page.locator("[data-total=net]")).to_have_text("—")
    with watch.expecting(422):
        page.click("button[name=save]")
        expect(page.locator("#id_line-1-quantity_error")).to_be_visible()
    assert watch.troubles == []


def test_the_organization_folds_and_unfolds_by_keyboard(visitor: Visitor, watch: Watch) -> None:
    page = visitor("hr")
    page.goto("/organization")
    walk_to(page, "#tree [data-fold]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("link", name="上海销售部")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="上海销售部")).to_be_visible()
    page.click("[data-unfold=close]")
    expect(page.get_by_role("link", name="华东大区")).to_be_hidden()
    assert watch.troubles == []


def test_changing_the_language_keeps_the_page(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.goto("/figures?measure=won_deals&by=unit&level=1&from=2025-01-01")
    asked = page.url
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_contain_text("Won deals")
    assert page.url == asked
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert page.url == asked
    assert watch.troubles == []


def test_changing_the_language_after_a_refusal_leads_back_to_the_deal(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    open_deal(page, "state=open")
    deal = page.url
    page.click("summary.button-danger")
    page.evaluate("document.querySelector('details[open] form').noValidate = true")
    with watch.expecting(422):
        page.click("button[value=lose]")
        expect(page.locator("#lose_reason_error")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url == deal
    assert watch.troubles == []


def test_the_level_is_asked_only_for_units(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.goto("/figures")
    expect(page.locator("[name=level]")).to_be_hidden()
    page.select_option("[name=by]", "unit")
    expect(page.locator("[name=level]")).to_be_visible()
    page.select_option("[name=level]", "1")
    expect(page.locator("#answer tbody th").first).to_contain_text("大区")
    page.select_option("[name=by]", "")
    expect(page.locator("#answer table")).to_have_count(0)
    expect(page.locator(".tile-value")).to_contain_text("¥")
    assert watch.troubles == []


def test_nothing_runs_over_the_edge_of_a_small_phone(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director", width=360)
    won, still_open = (address_of_deal(page, f"state={state}") for state in ("won", "open"))
    order = first_order(page, won)
    for place in (*PLACES, won, still_open, order, "/orders/new", *places_of_people(page)):
        page.goto(place)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, place
    page.goto(still_open)
    page.click("summary.button-primary")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, "the form of winning"
    visitor("", width=360).goto("/sign-in/")
    assert watch.troubles == []


def first_order(page: Page, deal: str) -> str:
    """The order of a won deal."""
    page.goto(deal)
    return page.locator("#order + dd a").get_attribute("href") or ""


def places_of_people(page: Page) -> tuple[str, str]:
    """A unit and a person, from the chart."""
    page.goto("/organization")
    unit, head = (page.locator(f"#tree ul ul {part} a").first for part in (".tree-unit", ".tree-head"))
    return unit.get_attribute("href") or "", head.get_attribute("href") or ""
