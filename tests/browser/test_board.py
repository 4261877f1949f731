"""The board in the browser: by mouse, by keyboard, by finger; refused and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser


def board(visitor: Visitor, who: str = "director", **look: object) -> Page:
    page = visitor(who, **look)
    page.goto("/opportunities/board")
    expect(page.locator("[data-step]:not([hidden])").first).to_have_attribute("aria-label", "移至 需求分析")
    return page


def column(page: Page, key: str) -> Locator:
    return page.locator(f'[data-column="{key}"]')


def count(page: Page, key: str) -> int:
    return int(column(page, key).locator("[data-count]").inner_text())


def first_card(page: Page, key: str) -> tuple[Locator, str]:
    name = column(page, key).locator("[data-card]").first.get_attribute("data-card") or ""
    return page.locator(f'[data-card="{name}"]'), name


def stands_in(page: Page, name: str, key: str) -> None:
    """On the screen, and on the server."""
    expect(column(page, key).locator(f'[data-card="{name}"]')).to_have_count(1)
    expect(page.locator(f'[data-card="{name}"][aria-busy]')).to_have_count(0)
    found = page.request.get("/api/v1/opportunities/board").json()["columns"]
    assert [c["stage"]["key"] for c in found if name in {one["id"] for one in c["items"]}] == [key]


def drag(page: Page, card: Locator, target: Locator) -> None:
    start, end = card.locator(".card-facts").bounding_box(), target.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 12, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 20, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + 40, steps=12)
    page.wait_for_timeout(150)
    page.mouse.move(end["x"] + 64, end["y"] + 44, steps=4)  # a hand comes to rest, it does not stop dead
    page.wait_for_timeout(150)
    page.mouse.up()


def test_a_card_is_dragged_and_taken_back(visitor: Visitor, watch: Watch) -> None:
    page = board(visitor)
    before = (count(page, "prospecting"), count(page, "proposal"))
    card, name = first_card(page, "prospecting")
    days = card.locator("[data-days]").inner_text()
    drag(page, card, column(page, "proposal").locator("[data-cards]"))
    expect(page.locator("#messages")).to_contain_text("已移至 方案报价")
    stands_in(page, name, "proposal")
    expect(card.locator("[data-days]")).to_have_text("今天进入")
    expect(column(page, "proposal").locator("[data-count]")).to_have_text(str(before[1] + 1))
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("#messages")).to_contain_text("已撤销")
    stands_in(page, name, "prospecting")
    expect(card.locator("[data-days]")).to_have_text(days)
    expect(column(page, "prospecting").locator("[data-count]")).to_have_text(str(before[0]))
    assert watch.troubles == []


def test_a_card_moves_by_keyboard_alone_and_keeps_the_focus(visitor: Visitor, watch: Watch) -> None:
    page = board(visitor)
    card, name = first_card(page, "engaging")
    card.locator('[data-step="1"]').focus()
    page.keyboard.press("Enter")
    stands_in(page, name, "proposal")
    expect(card.locator('[data-step="1"]')).to_be_focused()
    page.keyboard.press("Enter")
    stands_in(page, name, "negotiation")
    card.locator("[data-menu]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem").nth(1)).to_have_text("需求分析")
    page.keyboard.press("Enter")
    stands_in(page, name, "engaging")
    expect(card.locator("[data-menu]")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(card.locator("[data-menu]")).to_be_focused()
    assert watch.troubles == []


def test_a_move_that_the_server_refuses_goes_back_and_says_why(visitor: Visitor, watch: Watch) -> None:
    page = board(visitor)
    card, name = first_card(page, "proposal")
    other = board(visitor)
    other.locator(f'[data-card="{name}"] [data-step="-1"]').click()
    stands_in(other, name, "engaging")
    with watch.expecting(412):
        card.locator('[data-step="1"]').click()
        expect(page.locator(".toast-error")).to_be_visible()
    expect(column(page, "proposal").locator(f'[data-card="{name}"]')).to_have_count(1)
    page.reload()
    stands_in(page, name, "engaging")
    assert watch.troubles == []


def test_a_card_dropped_on_lost_asks_why_and_only_then_closes(visitor: Visitor, watch: Watch) -> None:
    page = board(visitor)
    card, name = first_card(page, "negotiation")
    drag(page, card, column(page, "lost").locator("[data-cards]"))
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("[name=reason_code]")).to_be_focused()
    dialog.get_by_role("button", name="取消").click()
    stands_in(page, name, "negotiation")
    drag(page, card, column(page, "lost").locator("[data-cards]"))
    with watch.expecting(422):
        dialog.locator("button.button-danger").click()
        expect(dialog.locator("#lose_reason_error")).to_be_visible()
    dialog.locator("[name=reason_code]").select_option("competitor")
    dialog.locator("button.button-danger").click()
    expect(dialog).to_have_count(0)
    stands_in(page, name, "lost")
    assert watch.troubles == []


def test_on_a_phone_one_column_is_in_sight_and_the_menu_moves(visitor: Visitor, watch: Watch) -> None:
    page = board(visitor, width=360)
    tab = page.locator('[data-tab="negotiation"]')
    tab.click()
    expect(tab).to_have_attribute("aria-current", "true")
    expect(column(page, "negotiation")).to_be_in_viewport()
    expect(column(page, "proposal")).not_to_be_in_viewport()
    card, name = first_card(page, "negotiation")
    card.locator("[data-menu]").click()
    page.get_by_role("menuitem", name="需求分析").click()
    stands_in(page, name, "engaging")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert watch.troubles == []


def test_a_filter_narrows_the_board_and_stays_in_the_address(visitor: Visitor, watch: Watch) -> None:
    page = board(visitor, "manager")
    page.select_option("[name=owner]", "wu.qiang")
    page.wait_for_url("**owner=wu.qiang**")
    names = page.locator("[data-card] .card-facts")
    expect(names.first).to_contain_text("吴强")
    assert all("吴强" in text for text in names.all_inner_texts())
    assert watch.troubles == []
