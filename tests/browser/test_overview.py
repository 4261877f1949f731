"""Today and the overview on a director's phone: nothing runs over the edge, nobody is kept out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, settle
from tests.browser.test_accessible import problems_of
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser
WIDTHS = (360, 390)


@pytest.mark.parametrize("role", ["director", "manager", "seller"])
def test_the_first_page_fits_a_phone(visitor: Visitor, watch: Watch, role: str) -> None:
    for width in WIDTHS:
        page = visitor(role, width=width)
        page.goto("/")
        expect(page.locator(".home-block").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert problems_of(page) == []
    assert watch.troubles == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_director_decides_on_the_phone(visitor: Visitor, watch: Watch, dark: bool) -> None:
    page = visitor("director", width=390, dark=dark)
    page.locator(".thumb", has_text="经营总览").click()
    page.wait_for_url("**/overview")
    settle(page)
    for period in ("?period=2026-Q1", "?period=2026", "?period=2031-02"):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert problems_of(page) == []
        page.goto(f"/overview{period}")
        settle(page)
    page.goto("/overview")
    page.locator(".unit-bars a").first.click()
    page.wait_for_url("**/tracking?**unit=**")
    assert watch.troubles == []
