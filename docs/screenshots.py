"""Writes the pictures of the README from a running demo.

    PYTHONPATH=. .venv/bin/python docs/screenshots.py http://127.0.0.1:8000

The demo should live on a fixed day (`./tw demo --today 2026-03-18`), so that the pictures stay the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tradewind.demo.cast import PASSWORD

FOLDER = Path(__file__).resolve().parent / "screenshots"
CHROMIUM = "/usr/bin/chromium"
LARGEST = 200_000  # bytes; the README loads on slow lines too
DESK, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True)
class Picture:
    """One file: what is shown, how large, in which colours."""

    name: str
    show: Callable[[Page], None]
    size: tuple[int, int] = DESK
    is_dark: bool = False


def figures(page: Page) -> None:
    page.goto("/figures?measure=bookings&by=month")
    page.locator("[data-chart-box] svg").wait_for()


def ranking(page: Page) -> None:
    page.goto("/figures?measure=won_value&by=person")
    page.locator("[data-chart-box] svg").wait_for()


def explain(page: Page) -> None:
    page.goto("/figures/explain?measure=win_rate&by=person&key=seller")


def deal(page: Page) -> None:
    page.goto("/opportunities?state=open")
    page.locator("tbody tr", has=page.locator("td:nth-child(2):not(:has(.muted))")).first.locator("a").click()
    page.click("summary.button-primary")


PICTURES = (
    Picture("figures", figures),
    Picture("figures-dark", ranking, is_dark=True),
    Picture("figures-phone", figures, PHONE),
    Picture("explain", explain),
    Picture("deal", deal),
)


def take(browser: Browser, address: str, picture: Picture) -> Path:
    """Sign in as the director, show the page, store it."""
    width, height = picture.size
    context = browser.new_context(
        base_url=address,
        locale="zh-CN",
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.is_dark else "light",
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=login]", "director")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/figures")
    picture.show(page)
    page.wait_for_timeout(500)  # the chart draws itself in 150 ms
    target = FOLDER / f"{picture.name}.png"
    page.screenshot(path=target)
    context.close()
    if target.stat().st_size > LARGEST:
        raise SystemExit(f"{target.name} is larger than {LARGEST} bytes")
    return target


def main() -> None:
    """Take them all."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"]
        )
        for picture in PICTURES:
            sys.stdout.write(f"{take(browser, sys.argv[1], picture)}\n")
        browser.close()


if __name__ == "__main__":
    main()
