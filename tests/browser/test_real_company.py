"""The main story on a real instance: from an empty folder to a deal won by somebody let in by link.

With the files of a real company where they are (beside the repository); elsewhere with a small company of
the same shape, made here. What to expect is counted in the files either way.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import choose_password, open_deal, page_of_person, sign_in
from tests.browser.running import Site, site
from tests.browser.watching import Watch
from tests.conftest import REAL_DATA

pytestmark = pytest.mark.browser

REAL_FILES = REAL_DATA / "crm_maven"
REAL_WON = 4238  # counted by hand in the real files
MANAGER, MANAGER_NAME = "dustin.brinkmann", "Dustin Brinkmann"
PASSWORDS = {"admin": "harbour-lantern-42", MANAGER: "north-star-sailing-7"}


@dataclass(frozen=True)
class Files:
    """A folder to import, and what it says itself."""

    folder: Path
    won: int
    won_by_team: int


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    is_real = REAL_FILES.is_dir()
    folder = REAL_FILES if is_real else small_company(tmp_path_factory.mktemp("files"))
    managers = {row["sales_agent"]: row["manager"] for row in rows_of(folder / "sales_teams.csv")}
    sellers = [
        row["sales_agent"]
        for row in rows_of(folder / "sales_pipeline.csv")
        if row["deal_stage"].strip() == "Won"
    ]
    by_team = sum(managers[seller] == MANAGER_NAME for seller in sellers)
    assert not is_real or len(sellers) == REAL_WON
    return Files(folder, len(sellers), by_team)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def small_company(folder: Path) -> Path:
    """Two managers with a seller each; every seventh deal is open, every third of the rest lost."""
    teams = [("Anna Snelling", MANAGER_NAME, "Central"), ("Boris Faz", "Rocco Neubert", "East")]
    write(folder / "sales_teams.csv", "sales_agent,manager,regional_office", teams)
    write(folder / "products.csv", "product,series,sales_price", [("GTX Basic", "GTX", "550")])
    columns = "account,sector,year_established,revenue,employees,office_location,subsidiary_of"
    write(folder / "accounts.csv", columns, [("Cancity", "retail", "2001", "718.62", "2448", "Chile", "")])
    deals = []
    for number in range(140):
        stage = "Engaging" if number % 7 == 0 else ("Lost" if number % 3 == 0 else "Won")
        closed, value = {
            "Engaging": ("", ""),
            "Lost": ("3/1/2017", "0"),
            "Won": ("3/1/2017", "560"),
        }[stage]
        seller = teams[number % 2][0]
        deals.append((f"D{number:07}", seller, "GTX Basic", "Cancity", stage, "10/20/2016", closed, value))
    columns = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
    write(folder / "sales_pipeline.csv", columns, deals)
    return folder


def write(path: Path, columns: str, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        out = csv.writer(opened)
        out.writerow(columns.split(","))
        out.writerows(rows)


@dataclass(frozen=True)
class Company:
    """A served instance with its data, and the way in for its first administrator."""

    site: Site
    files: Files
    link: str


@pytest.fixture(scope="module")
def company(files: Files) -> Iterator[Company]:
    with site() as made:
        said = made.tw("init", "--company", "Maven 贸易", "--currency", "USD", "--timezone", "UTC")
        link = re.search(r"/welcome/\S+", said)
        assert link is not None
        made.tw("import", str(files.folder), "--as", "crm-opportunities")
        made.start("serve", "--port", str(made.port))
        made.start("worker")
        made.wait_until_ready()
        yield Company(made, files, link[0])


def test_from_the_first_link_to_a_deal_won_by_the_team(
    company: Company, contexts: Callable[..., BrowserContext], watch: Watch
) -> None:
    won = company.files.won
    admin = contexts(company.site).new_page()
    choose_password(admin, company.link, PASSWORDS["admin"])
    sign_in(admin, "admin", PASSWORDS["admin"])
    see_won_deals(admin, won)
    open_a_deal_of_the_figure(admin, won)
    link = hand_out_link(admin, MANAGER)

    manager = contexts(company.site).new_page()
    choose_password(manager, link, PASSWORDS[MANAGER])
    sign_in(manager, MANAGER, PASSWORDS[MANAGER])
    see_won_deals(manager, company.files.won_by_team)
    open_a_deal(manager)
    be_refused(manager, watch)
    win(manager)
    see_won_deals(manager, company.files.won_by_team + 1)

    see_won_deals(admin, won + 1)
    assert asked_by_script(admin)["total"] == str(won + 1)
    assert json.loads(company.site.tw("figure", "won_deals", "--json"))["total"] == str(won + 1)
    assert watch.troubles == []


def see_won_deals(page: Page, count: int) -> None:
    """Choose the measure as people do, and read the number."""
    page.goto("/figures")
    page.select_option("[name=measure]", "won_deals")
    page.wait_for_url("**measure=won_deals**")
    expect(page.locator(".tile-value")).to_have_text(f"{count:,}")


def open_a_deal_of_the_figure(page: Page, count: int) -> None:
    page.click("a.tile")
    expect(page.locator("p.tile-value")).to_have_text(f"{count:,}")
    entry = page.locator("tbody tr td a").first
    number = entry.inner_text()
    entry.click()
    expect(page.locator(".record-kind")).to_contain_text(number)
    expect(page.locator(".badge-won")).to_be_visible()


def hand_out_link(page: Page, name: str) -> str:
    page.goto(page_of_person(page, name))
    page.locator("form[action$='/link'] button").click()
    return page.locator("#one-time-link").input_value()


def open_a_deal(page: Page) -> None:
    open_deal(page, "state=open&customer.empty=false")
    page.click("summary.button-primary")
    expect(page.locator("#win_value")).to_be_focused()


def be_refused(page: Page, watch: Watch) -> None:
    """First by the browser, then, with its own checks switched off, by the server at each field."""
    page.click("button[value=win]")
    assert page.evaluate("document.querySelector('#win_value').validity.valueMissing")
    page.fill("#win_value", "-5")
    page.click("button[value=win]")
    assert page.evaluate("document.querySelector('#win_value').validity.rangeUnderflow")
    for value in ("", "-5", "1200"):
        page.evaluate("document.querySelector('details[open] form').noValidate = true")
        page.fill("#win_value", value)
        with watch.expecting(422):
            page.click("button[value=win]")
            page.wait_for_url("**/win")
            expect(page.locator("#win_reason_error")).to_be_visible()
        expect(page.locator("#win_value")).to_have_value(value)
        expect(page.locator("#win_value_error")).to_have_count(0 if value == "1200" else 1)
    expect(page.locator(".badge-open")).to_be_visible()


def win(page: Page) -> None:
    if page.locator("#win_customer").count():
        known = page.locator("#win_customer_list option").first.get_attribute("value")
        page.fill("#win_customer", known or "")
    page.fill("#win_reason", "Best delivery date 交期最好")
    page.click("button[value=win]")
    expect(page.locator(".badge-won")).to_be_visible()
    expect(page.locator("#order + dd")).to_contain_text("SO")


def asked_by_script(page: Page) -> Mapping[str, str]:
    """What the API tells a script in the page's own session."""
    answer: Mapping[str, str] = page.evaluate(
        "fetch('/api/v1/figures?measure=won_deals').then((answer) => answer.json())"
    )
    return answer
