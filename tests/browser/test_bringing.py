"""An HR clerk brings units and then people in from two files, sees what is wrong, and takes both back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_accessible import problems_of
from tests.browser.watching import Watch
from tests.surface.files import csv_of, xlsx_of

pytestmark = pytest.mark.browser

UNITS = (
    ["部门编号", "部门名称", "类型", "上级"],
    ["nj1", "南京一组", "团队", "江苏大区"],
    ["js", "江苏大区", "大区", ""],
)
PEOPLE = (
    ["姓名", "登录名", "部门", "岗位", "角色", "负责人", "入职日期"],
    ["何平", "he.ping", "南京一组", "销售", "销售", "是", "2026-03-02"],
    ["马达", "ma.da", "没有的部门", "销售", "", "", ""],
)


def upload(page: Page, name: str, content: bytes) -> None:
    page.locator("[name=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="检查文件").click()


def take_back(page: Page, address: str, count: int) -> None:
    page.goto(address)
    page.get_by_role("button", name="撤销这次导入").click()
    gone = page.locator(".fact", has_text="已删除")
    expect(gone).to_contain_text(str(count))


def test_two_files_bring_a_branch_in_and_both_are_taken_back(visitor: Visitor, watch: Watch) -> None:
    page = visitor("hr")
    page.goto("/organization")
    page.get_by_role("link", name="导入部门").click()
    upload(page, "部门.csv", csv_of(*UNITS, encoding="gb18030"))
    expect(page.locator(".fact", has_text="新建")).to_contain_text("2")
    page.get_by_role("button", name="导入 2 行").click()
    units = page.url
    page.get_by_role("link", name="接着导入人员").click()
    upload(page, "人员.xlsx", xlsx_of(*PEOPLE))
    expect(page.locator("body")).to_contain_text("内容不存在，或您无权查看")
    assert problems_of(page) == []
    page.get_by_role("button", name="导入正确的 1 行").click()
    people = page.url
    page.get_by_role("link", name="查看尚未登录的人员").click()
    expect(page).to_have_url(re.compile(r"/people\?view=waiting"))
    expect(page.locator("body")).to_contain_text("何平")
    take_back(page, people, 1)
    take_back(page, units, 2)
    page.goto("/organization")
    expect(page.locator("#tree")).not_to_contain_text("江苏大区")
    assert watch.troubles == []
