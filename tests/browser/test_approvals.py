"""Approvals in the browser: the path while one types, keys, thumbs on the phone, the designer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser


def ask_for(page: Page, product: str, price: str) -> None:
    """On the page of a product, as far as the path that will be taken."""
    page.goto("/products")
    page.get_by_role("link", name=product).first.click()
    page.get_by_role("link", name="申请调价").click()
    page.get_by_label("目录价").fill(price)
    page.get_by_label("原因").fill("成本上升")


def test_who_asks_sees_the_path_and_the_manager_decides_by_keys(visitor: Visitor, watch: Watch) -> None:
    seller = visitor("seller")
    ask_for(seller, "边缘网关 G3", "5,900")
    expect(seller.locator("#way")).to_contain_text("林岚")
    expect(seller.locator("#way")).to_contain_text("¥5,900.00")
    expect(seller.locator("#way")).not_to_contain_text("许远航")
    seller.get_by_role("button", name="提交审批").click()
    expect(seller.locator("h1")).to_contain_text("边缘网关 G3")
    number = seller.locator(".record-kind .number").inner_text()

    manager = visitor("manager")
    manager.goto("/approvals")
    card = manager.locator("[data-approval]", has_text=number)
    place = [text for text in manager.locator("[data-approval]").all_inner_texts() if number in text]
    assert len(place) == 1
    for _ in range(manager.locator("[data-approval]").count()):
        manager.keyboard.press("j")
    expect(card).to_be_focused()
    manager.keyboard.press("r")
    expect(card.locator("[data-note]")).to_be_focused()
    manager.keyboard.type("arkj")  # letters in a field are letters
    expect(card).to_be_visible()
    card.locator("[data-note]").fill("")
    manager.keyboard.press("Enter")  # no reason yet: nothing is decided, least of all a yes
    expect(card).to_be_visible()
    card.focus()
    manager.keyboard.press("a")
    expect(manager.get_by_text("已同意。")).to_be_visible()
    expect(manager.locator("[data-approval]", has_text=number)).to_have_count(0)

    seller.goto("/approvals?tab=mine")
    mine = seller.locator(".approval-card", has_text=number)
    mine.get_by_role("link").first.click()
    expect(seller.locator(".approval-path .is-approved")).to_contain_text("林岚")
    seller.get_by_role("button", name="撤回申请").click()
    expect(seller.locator("h1 + .badge")).to_have_text("已撤回")
    assert watch.troubles == []


def test_what_is_ticked_is_rejected_together_with_one_reason(visitor: Visitor, watch: Watch) -> None:
    seller = visitor("seller")
    numbers = []
    for product, price in (
        ("边缘网关 G3", "6,050"),
        ("年度运维服务", "25,000"),
        ("智能 ERP 标准版", "70,500"),
    ):
        ask_for(seller, product, price)
        seller.get_by_role("button", name="提交审批").click()
        numbers.append(seller.locator(".record-kind .number").inner_text())
    page = visitor("manager")
    page.goto("/approvals")
    cards = [page.locator("[data-approval]", has_text=number) for number in numbers]
    only = cards.pop()
    only.focus()
    page.keyboard.press("r")
    page.keyboard.type("续费价不变")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已驳回。")).to_be_visible()
    expect(only).to_have_count(0)
    for card in cards:
        card.focus()
        page.keyboard.press("x")
        expect(card.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="驳回所选").click()
    expect(page.locator("#bulk-problem")).to_be_visible()
    for card in cards:
        expect(card.get_by_role("checkbox")).to_be_checked()
    page.locator("#bulk-reason").fill("本季度不调价")
    page.keyboard.press("Enter")  # Enter alone decides nothing
    expect(page.locator("#bulk-problem")).to_contain_text("请选择同意还是驳回")
    expect(page.locator("#bulk-reason")).to_have_value("本季度不调价")
    page.get_by_role("button", name="驳回所选").click()
    expect(page.get_by_text("已驳回 2 件。")).to_be_visible()
    for card in cards:
        expect(card).to_have_count(0)
    assert [trouble for trouble in watch.troubles if "422" not in trouble] == []


def test_on_a_phone_what_changes_comes_before_the_thumbs_and_both_are_large(
    visitor: Visitor, watch: Watch
) -> None:
    page = visitor("director", width=360)
    page.goto("/approvals")
    page.locator(".approval-card h2 a").first.click()
    what, decide = page.locator(".approval-what"), page.locator(".approval-decide")
    top = (what.bounding_box() or {"y": 0})["y"], (decide.bounding_box() or {"y": 0})["y"]
    assert top[0] < top[1]
    for name in ("同意", "驳回"):
        box = decide.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 40
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert watch.troubles == []


def test_the_designer_asks_the_server_while_one_arranges(visitor: Visitor, watch: Watch) -> None:
    page = visitor("admin")
    page.goto("/settings/approvals")
    page.get_by_role("link", name=re.compile("^调价")).click()
    page.get_by_label("如果申请人是").select_option(label="陈小雨")
    page.locator("#t-change_size").fill("5")
    page.locator("#t-change_size").press("Tab")
    trial = page.locator(".approval-trial")
    expect(trial).to_contain_text("一般调价")
    page.locator("#t-change_size").fill("50%")
    page.locator("#t-change_size").press("Tab")
    expect(trial).to_contain_text("大幅调价")
    expect(trial).to_contain_text("许远航")
    steps = page.locator(".approval-steps > li")
    before = steps.count()
    page.get_by_role("button", name="添加节点").first.click()
    expect(steps).to_have_count(before + 1)
    page.locator("select[name=r0-s3-who]").select_option("persons:")
    expect(page.locator("select[name=r0-s3-people]")).to_be_visible()
    page.get_by_role("button", name="发布生效").click()
    expect(page.get_by_text("没有指明由谁审批").first).to_be_visible()
    assert [trouble for trouble in watch.troubles if "422" not in trouble] == []
