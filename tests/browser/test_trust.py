"""What keeps trust, as people do it: a month is closed and reopened, a post added, a unit's word given."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser


def test_finance_closes_a_month_and_the_director_reopens_it_with_a_reason(
    visitor: Visitor, watch: Watch
) -> None:
    finance = visitor("finance")
    finance.goto("/settings/periods")
    finance.get_by_role("link", name="2025-12 结账").click()
    asked = finance.locator("#closing")
    expect(asked).to_contain_text("2025-12")
    asked.get_by_role("button", name="结账").click()
    month = finance.get_by_role("row", name="2025-12")
    expect(month).to_contain_text("已结账")
    expect(month).to_contain_text("钱敏")
    expect(finance.get_by_role("link", name="2025-12 反结账")).to_have_count(0)

    director = visitor("director")
    director.goto("/settings/periods")
    director.get_by_role("link", name="2025-12 反结账").click()
    reopening = director.locator("#reopening")
    reopening.get_by_role("button", name="反结账").click()
    expect(reopening.locator("textarea:invalid, input:invalid, [aria-invalid=true]")).to_be_visible()
    reopening.get_by_label("原因").fill("补录一张合同")
    reopening.get_by_role("button", name="反结账").click()
    expect(director.get_by_role("row", name="2025-12")).to_contain_text("补录一张合同")
    assert watch.troubles == []


def test_hr_adds_an_additional_post_and_withdraws_it(visitor: Visitor, watch: Watch) -> None:
    page = visitor("hr")
    page.goto("/people?q=wang.fang")
    page.get_by_role("link", name="王芳").click()
    page.get_by_role("link", name="添加兼任").click()
    page.get_by_role("button", name="新增").click()
    expect(page.locator("[name=unit]:invalid, [name=unit][aria-invalid=true]")).to_be_visible()
    page.get_by_label("部门", exact=True).select_option(label="\u3000\u3000上海销售部")
    page.get_by_label("占工作时间的比例").fill("30")
    page.get_by_role("button", name="新增").click()
    expect(page.locator(".stints")).to_contain_text("兼任 30%")
    page.locator(".stints li", has_text="兼任").get_by_role("link", name="更正").click()
    page.get_by_role("link", name="整段撤销").click()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".stints")).not_to_contain_text("兼任")
    assert watch.troubles == []


def test_a_new_text_asks_the_sales_unit_for_its_word_again(visitor: Visitor, watch: Watch) -> None:
    director, partner = visitor("director"), visitor("partner", width=390)
    partner.goto("/conduct")
    expect(partner.get_by_role("button", name="本单位承诺遵守")).to_have_count(0)
    director.goto("/conduct")
    director.get_by_role("link", name="修改").click()
    text = director.get_by_label("行为准则")
    text.fill(f"{text.input_value()}\n六、不得转包。")
    director.get_by_role("button", name="保存").click()
    expect(director.get_by_text("六、不得转包。")).to_be_visible()
    partner.reload()
    expect(partner.get_by_text("六、不得转包。")).to_be_visible()
    partner.get_by_role("button", name="本单位承诺遵守").click()
    expect(partner.locator(".notice-title")).to_contain_text("李致远于")
    expect(partner.get_by_role("button", name="本单位承诺遵守")).to_have_count(0)
    assert watch.troubles == []


def test_an_administrator_marks_undoes_and_sets_back_a_role_after_seeing_who_loses_what(
    visitor: Visitor, watch: Watch
) -> None:
    page = visitor("admin")
    page.goto("/settings/roles/seller")
    page.get_by_label("客户: 查看", exact=True).select_option("none")
    page.get_by_role("button", name="保存", exact=True).click()
    losses = page.locator("#losses")
    expect(losses).to_contain_text("客户 · 查看")
    expect(losses).to_contain_text("陈小雨 (seller)")
    page.get_by_role("button", name="人将失去权限").click()
    expect(page.locator(".record-title")).to_contain_text("1 项权限与内置不同")
    expect(page.locator(".matrix-was")).to_have_text("内置：本人")
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".matrix-was")).to_have_count(0)
    page.get_by_label("客户: 查看", exact=True).select_option("team")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".matrix-was")).to_have_text("内置：本人")
    page.get_by_role("button", name="恢复内置").click()
    expect(page.locator("#losses")).to_contain_text("客户 · 查看")
    page.get_by_role("button", name="人将失去权限").click()
    expect(page.get_by_role("button", name="恢复内置")).to_have_count(0)
    assert watch.troubles == []


def test_who_looks_as_a_manager_finds_the_forms_of_a_request_closed(visitor: Visitor, watch: Watch) -> None:
    page = visitor("admin")
    page.goto("/people?q=manager")
    page.get_by_role("link", name="林岚").click()
    page.get_by_role("button", name="以此人视角查看").click()
    expect(page.locator(".looks-as")).to_contain_text("仅供查看")
    page.goto("/approvals")
    page.locator("main a[href^='/approvals/']").first.click()
    expect(page.locator(".looks-as")).to_contain_text("仅供查看")
    closed = page.locator("main form[method=post]:not(.looks-as form)")
    assert closed.count() > 0
    assert closed.evaluate_all("forms => forms.every((form) => form.inert)")
    page.locator(".looks-as button").click()
    expect(page.locator(".looks-as")).to_have_count(0)
    assert watch.troubles == []
