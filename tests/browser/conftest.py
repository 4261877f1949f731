"""Debian's chromium on real processes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.running import Site, site
from tests.browser.watching import Watch
from tradewind.demo.cast import PASSWORD

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 10_000
Visitor = Callable[..., Page]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for the folder; skipped where there is none, unless somebody insists."""
    if not CHROMIUM.exists():
        if os.environ.get("TRADEWIND_REQUIRE_BROWSER") == "1":
            pytest.fail(f"there is no browser at {CHROMIUM}")
        pytest.skip(f"there is no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demo(chromium: Browser) -> Iterator[Site]:
    """The demo company, as `./tw demo` runs it."""
    with site() as made:
        made.start("demo", "--port", str(made.port), "--today", "2026-03-18")
        made.wait_until_ready()
        yield made


@pytest.fixture
def watch() -> Watch:
    """What goes wrong in the pages of this test; looked at in its end."""
    return Watch()


@pytest.fixture
def contexts(chromium: Browser, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Browser profiles of different people, in one language and colour scheme each."""
    opened: list[BrowserContext] = []

    def context(at: Site, language: str = "zh-CN", width: int = 1280, dark: bool = False) -> BrowserContext:
        made = chromium.new_context(
            base_url=at.address,
            locale=language,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
        )
        made.set_default_timeout(PATIENCE_MS)
        watch.over(made)
        opened.append(made)
        return made

    yield context
    for one in opened:
        one.close()


@pytest.fixture
def visitor(contexts: Callable[..., BrowserContext], demo: Site) -> Visitor:
    """Open the demo as somebody of the cast, or with an empty name as nobody: visitor("seller")."""

    def visit(name: str, **look: object) -> Page:
        page = contexts(demo, **look).new_page()
        if name:
            sign_in(page, name, PASSWORD)
        return page

    return visit


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/sign-in/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile(r"//[^/]+/$"))


def choose_password(page: Page, link: str, password: str) -> None:
    """Open a one-time link and choose a password with it."""
    page.goto(link)
    page.fill("[name=password1]", password)
    page.fill("[name=password2]", password)
    page.press("[name=password2]", "Enter")
    page.wait_for_url("**/welcome/done/")


def open_deal(page: Page, question: str) -> None:
    """From the list to the first deal that answers this question."""
    page.goto(f"/opportunities?{question}")
    page.locator("a.cell-title, a.card-title").first.click()
    expect(page.locator(".path")).to_be_visible()


def address_of_deal(page: Page, question: str) -> str:
    """The page of the first deal that the API lists for this question."""
    items = page.request.get(f"/api/v1/opportunities?{question}&limit=1").json()["items"]
    return str(items[0]["url"])


def page_of_person(page: Page, sign_in_name: str) -> str:
    """The page of a person."""
    items = page.request.get(f"/api/v1/people?q={sign_in_name}").json()["items"]
    return str(next(item["url"] for item in items if item["sign_in"] == sign_in_name))


def draft_plan(page: Page) -> None:
    """Draft a plan for 2027 with 1,800,000 for the company, shared equally."""
    page.goto("/targets/new")
    page.fill("[name=year]", "2027")
    page.fill("[name=amount]", "1800000")
    page.select_option("[name=over]", "equal")
    page.locator(".plan-form button[type=submit]").click()
    page.locator("[role=treegrid][data-ready]").wait_for()


def settle(page: Page) -> None:
    """Wait for what comes after the page itself: the charts."""
    expect(page.locator("[data-chart-box]:not(:has(svg))")).to_have_count(0)
