"""Every kind of page under axe, light and dark, in both languages: nothing serious, nothing critical."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, choose_password, draft_plan, open_deal, page_of_person, settle
from tradewind.platform.operation.instance import ROOT

pytestmark = pytest.mark.browser

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# The rows of a table are alike: five of them tell as much as fifty.
ASK = """
axe.run({ include: [["html"]], exclude: [["tbody tr:nth-child(n+6)"]] }, { resultTypes: ["violations"] })
    .then((found) => found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)}`)))
"""
FOR_PEOPLE = (
    "/",
    "/overview",
    "/overview?period=2031-02",
    "/figures",
    "/figures?measure=won_deals",
    "/figures?measure=bookings&by=customer",
    "/figures?measure=won_value&by=unit&level=1",
    "/figures?measure=won_value&by=month&from=2001-01-01&to=2001-02-01",
    "/figures?measure=won_value&from=2026-02-01&to=2026-01-01",
    "/figures/explain?measure=won_deals",
    "/figures/explain?measure=win_rate",
    "/opportunities",
    "/opportunities?q=nothing-like-this",
    "/organization",
    "/orders/new",
    "/people/new",
    "/activities/calendar?who=team",
    "/account",
    "/account/password",
    "/account/second-factor",
    "/account/second-factor/app",
    "/account/passkeys/new",
    "/account/sessions",
    "/account/tokens",
    "/account/tokens/new",
    "/activities/calendar?look=week&who=team",
    "/activities/calendar?day=1999-01-01",
    "/notifications",
    "/approvals",
    "/approvals?tab=copied",
    "/workdays",
    "/targets",
    "/targets/new",
    "/tracking",
    "/tracking?period=2026",
    "/tracking?period=2031-02",
    "/opportunities?reached=proposal&opened_from=2025-06-01&owner=seller",
    "/opportunities/board",
    "/opportunities/funnel",
    "/opportunities/funnel?view=as_of&to=2026-01-31",
    "/sign-out/",
    "/nowhere",
)
LOOKS = [("zh-CN", False), ("en-GB", True)]


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_nobody_is_kept_out_of_a_page(visitor: Visitor, language: str, dark: bool) -> None:
    found: list[str] = []
    for page, name in every_kind_of_page(visitor, language, dark):
        found += [f"{name}: {problem}" for problem in problems_of(page)]
    assert found == []


def problems_of(page: Page) -> list[str]:
    settle(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(ASK)
    return found


def every_kind_of_page(visitor: Visitor, language: str, dark: bool) -> Iterator[tuple[Page, str]]:
    nobody = visitor("", language=language, dark=dark)
    outside: tuple[Callable[[Page], None], ...] = (sign_in_page, refused_sign_in, link_no_longer_valid)
    for step in outside:
        step(nobody)
        yield nobody, step.__name__
    admin = visitor("admin", language=language, dark=dark)
    for place in FOR_PEOPLE:
        admin.goto(place)
        yield admin, place
    inside: tuple[Callable[[Page], None], ...] = (
        won_deal,
        its_order,
        refused_win,
        a_unit,
        a_person,
        effect_of_a_move,
        refused_line,
        plan_in_force,
        plan_draft,
        row_to_spread,
        followed_customer,
        completing,
        won_deal,
        refused_win,
        board_menu,
        board_closing,
        people_with_link,
    )
    for step in (*approvals(), *inside):
        step(admin)
        yield admin, step.__name__
    nobody.goto(admin.locator("#one-time-link").input_value())
    yield nobody, "choosing a password"
    choose_password(nobody, nobody.url, "lighthouse-keeper-5")
    yield nobody, "password saved"
    forbidden(admin)
    yield admin, "forbidden"


def approvals() -> tuple[Callable[[Page], None], ...]:
    return asking_for_a_price, waiting_product, its_request, arranging


def asking_for_a_price(page: Page) -> None:
    page.goto("/products")
    page.locator("a[href^='/products/']", has_text="G3").first.click()
    page.locator("a[href*='/approvals/ask/']").click()
    page.locator("[name=list_price]").fill("9999")
    page.locator("[name=list_price]").press("Tab")
    expect(page.locator("#way .approval-path")).to_be_visible()


def waiting_product(page: Page) -> None:
    page.goto("/products")
    page.locator("a[href^='/products/']", has_text="S2").first.click()
    expect(page.locator(".approval-pending")).to_be_visible()


def its_request(page: Page) -> None:
    page.locator(".approval-pending a").first.click()
    expect(page.locator(".approval-path")).to_be_visible()


def arranging(page: Page) -> None:
    page.goto("/settings/approvals")
    page.locator("main a[href^='/settings/approvals/']").first.click()
    expect(page.locator(".approval-designer")).to_be_visible()


def sign_in_page(page: Page) -> None:
    page.goto("/sign-in/")


def refused_sign_in(page: Page) -> None:
    page.fill("[name=login]", "seller")
    page.fill("[name=password]", "not this one")
    page.press("[name=password]", "Enter")
    expect(page.locator(".notice-error")).to_be_visible()


def link_no_longer_valid(page: Page) -> None:
    page.goto("/welcome/1-abc-def/")


def plan_in_force(page: Page) -> None:
    page.goto("/targets")
    page.locator("tbody tr", has=page.locator(".badge-good")).locator("a").first.click()
    expect(page.locator("[role=treegrid]")).to_be_visible()


def plan_draft(page: Page) -> None:
    draft_plan(page)


def row_to_spread(page: Page) -> None:
    page.locator("tr[data-unit=sh1][data-kind=unit] .plan-spread-link").click()
    page.select_option("#spread_by", "weights")
    expect(page.locator("#spread")).to_be_visible()


def won_deal(page: Page) -> None:
    open_deal(page, "state=won")
    expect(page.locator(".badge-won")).to_be_visible()


def its_order(page: Page) -> None:
    page.locator("#order + dd a").click()
    expect(page.locator(".path-won")).to_be_visible()


def a_unit(page: Page) -> None:
    page.goto("/organization")
    page.locator("#tree ul ul .tree-unit a").first.click()
    expect(page.locator(".openings")).to_be_visible()


def a_person(page: Page) -> None:
    page.goto(page_of_person(page, "wei.ran"))
    expect(page.locator(".stints")).to_be_visible()


def effect_of_a_move(page: Page) -> None:
    page.goto(f"{page.url}/move")
    page.select_option("[name=unit]", "hz1")
    page.fill("[name=position]", "")
    page.fill("[name=starts_on]", "2026-02-01")
    page.locator("form.panel .button-primary").click()
    expect(page.locator("#effect")).to_be_visible()


def refused_line(page: Page) -> None:
    page.goto("/orders/new")
    page.fill("[name=line-0-product]", "ZN-ERP")
    page.press("[name=line-0-product]", "Tab")
    page.fill("[name=line-0-quantity]", "-1")
    page.click("button[name=save]")
    expect(page.locator("#id_line-0-quantity_error")).to_be_visible()


def refused_win(page: Page) -> None:
    open_deal(page, "state=open")
    page.click("summary.button-primary")
    page.fill("#win_value", "")
    page.evaluate("document.querySelector('details[open] form').noValidate = true")
    page.click("button[value=win]")
    expect(page.locator("#win_value_error")).to_be_visible()


def followed_customer(page: Page) -> None:
    page.goto("/activities/calendar?who=team")
    page.locator(".event:not(.is-done)").last.click()
    page.locator(".record-left dd a[href^='/customers/']").click()
    expect(page.locator(".pinned-line").first).to_be_visible()


def completing(page: Page) -> None:
    page.locator(".pinned-more").first.click()
    expect(page.locator("[name=outcome]")).to_be_visible()


def board_menu(page: Page) -> None:
    page.goto("/opportunities/board")
    page.locator("[data-menu]").first.click()
    expect(page.locator("[role=menu]")).to_be_visible()


def board_closing(page: Page) -> None:
    page.locator("[role=menuitem]").last.click()
    expect(page.locator("dialog[open] form")).to_be_visible()


def people_with_link(page: Page) -> None:
    page.goto(page_of_person(page, "jiang.nan"))
    page.locator("form[action$='/link'] button").click()
    expect(page.locator("#one-time-link")).to_be_visible()


def forbidden(page: Page) -> None:
    """A form whose token belongs to another session."""
    page.evaluate(
        "document.querySelector('form[action$=\"/link\"] [name=csrfmiddlewaretoken]').value = 'old'"
    )
    page.locator("form[action$='/link'] button").click()
    expect(page.locator(".trouble")).to_be_visible()
