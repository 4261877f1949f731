"""A plan in the browser: cells by keyboard, sums that follow at once, locks, refusals at the cell."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor, draft_plan
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser

PERSON = "tr[data-person=seller]"
RESERVE = "tr[data-kind=reserve][data-unit=sh1]"
UNIT = "tr[data-kind=unit][data-unit=sh1]"
COMPANY = "tr[data-kind=unit][data-unit=company]"


def cell(page: Page, row: str, month: int) -> Locator:
    return page.locator(f"{row} td[data-month='{month}']")


def year(page: Page, row: str) -> Locator:
    return page.locator(f"{row} td.plan-year")


def test_a_cell_is_edited_by_keyboard_and_every_sum_follows(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    draft_plan(page)
    expect(year(page, COMPANY)).to_have_text("1,800,000")
    cell(page, PERSON, 1).click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(cell(page, PERSON, 3)).to_be_focused()
    with page.expect_response("**/cells") as answer:
        page.keyboard.type("2500.5")
        page.keyboard.press("Enter")
    assert answer.value.ok
    expect(cell(page, PERSON, 3)).to_have_text("2,500.50")
    expect(cell(page, RESERVE, 3)).to_have_text("9,999.50")
    expect(cell(page, UNIT, 3)).to_have_text("25,000")
    expect(year(page, COMPANY)).to_have_text("1,800,000")
    page.reload()
    expect(cell(page, PERSON, 3)).to_have_text("2,500.50")
    expect(cell(page, RESERVE, 3)).to_have_text("9,999.50")
    assert watch.troubles == []


def test_a_larger_reserve_makes_the_company_larger_and_nonsense_is_refused_at_the_cell(
    visitor: Visitor, watch: Watch
) -> None:
    page = visitor("director")
    draft_plan(page)
    cell(page, RESERVE, 12).click()
    with page.expect_response("**/cells"):
        page.keyboard.press("Enter")
        page.keyboard.type("1.2万")
        page.keyboard.press("Enter")
    expect(cell(page, RESERVE, 12)).to_have_text("12,000")
    expect(year(page, COMPANY)).to_have_text("1,812,000")
    expect(page.locator("[data-total]")).to_have_text("¥1,812,000.00")
    for nonsense in ("abc", "-5", "99999999"):
        cell(page, PERSON, 2).focus()
        page.keyboard.press("Enter")
        page.locator(".plan-input").fill(nonsense)
        expect(page.locator(".plan-input")).to_have_attribute("aria-invalid", "true")
        page.keyboard.press("Escape")
        expect(cell(page, PERSON, 2)).to_have_text("12,500")
    assert watch.troubles == []


def test_a_locked_cell_stays_when_the_row_is_spread(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    draft_plan(page)
    cell(page, PERSON, 1).click()
    with page.expect_response("**/lock"):
        page.keyboard.press("l")
    expect(cell(page, PERSON, 1)).to_have_class("plan-month plan-locked")
    page.locator(f"{UNIT} .plan-spread-link").click()
    page.fill("#spread_amount", "600000")
    page.locator("#spread button[type=submit]").click()
    expect(year(page, UNIT)).to_have_text("600,000")
    expect(cell(page, PERSON, 1)).to_have_text("12,500")
    assert watch.troubles == []


def test_a_change_by_somebody_else_is_said_and_nothing_is_lost(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    draft_plan(page)
    other = visitor("admin")
    other.goto(page.url)
    other.locator("[data-ready]").wait_for()
    cell(other, RESERVE, 1).click()
    with other.expect_response("**/cells"):
        other.keyboard.type("70")
        other.keyboard.press("Enter")
    with watch.expecting(412), page.expect_response("**/cells"):
        cell(page, RESERVE, 2).click()
        page.keyboard.type("80")
        page.keyboard.press("Enter")
        expect(page.locator(".toast-error")).to_contain_text("其间有人修改了此计划")
    page.reload()
    expect(cell(page, RESERVE, 1)).to_have_text("70")
    expect(cell(page, RESERVE, 2)).to_have_text("0")
    assert watch.troubles == []


def test_rows_open_and_close_and_a_phone_edits_by_touch(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director", width=390)
    draft_plan(page)
    page.locator(f"{UNIT} [data-toggle]").click()
    expect(page.locator(PERSON)).to_be_hidden()
    page.locator(f"{UNIT} [data-toggle]").click()
    cell(page, PERSON, 2).click()
    chosen = page.locator("[data-chosen]")
    expect(chosen).to_be_in_viewport()
    expect(chosen.locator("strong")).to_contain_text("陈小雨")
    chosen.locator("[data-edit]").click()
    with page.expect_response("**/cells"):
        page.locator(".plan-input").fill("5")
        page.keyboard.press("Enter")
    expect(cell(page, PERSON, 2)).to_have_text("5")
    assert watch.troubles == []


def test_the_tracking_table_opens_to_its_entries(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.goto("/tracking?period=2026")
    # What others won and lost before decides whether it is on track; it says something either way.
    expect(page.locator("h1")).to_contain_text(re.compile("应达|每个工作日需完成"))
    row = page.locator(".tracking-person").first
    actual = row.locator("td.number a").inner_text()
    row.locator("td.number a").click()
    expect(page.locator("p.tile-value")).to_have_text(actual)
    assert watch.troubles == []
