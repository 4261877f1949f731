"""Takes pictures of every kind of page, from a demo of its own that lives on a fixed day.

    .venv/bin/python docs/screenshots.py            # the sheets, and some pages alone
    .venv/bin/python docs/screenshots.py FOLDER     # also every page in full, to look at one by one

A sheet shows all pages in one look: wide or narrow, light or dark, Chinese or English.
"""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import CHROMIUM, QUIET, sign_in  # noqa: E402
from tests.browser.running import site  # noqa: E402
from tradewind.demo.cast import PASSWORD  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
TODAY = "2026-03-18"
LARGEST = 300_000  # bytes a picture; the README loads on slow lines too
HOLDER = re.compile(r"\{([^}]*)\}")
DEAL = "{opportunities?state=open&owner=me&sort=-amount}"
IMPORTED = (
    "名称,客户等级,行业,负责人,城市",
    "苏州恒远精密机械有限公司,A,制造业,陈小雨,苏州",
    "宁波东方冷链物流有限公司,Z,,没有此人,宁波",
)
SHEET_WIDTH, GAP = 2400, 12
# What tells the time of this machine or a number drawn by chance, so that the pictures stay the same.
STAND_STILL = """
() => {
    for (const time of document.querySelectorAll("time")) {
        if (time.dateTime > "2026-03-19") time.textContent = "2026-03-18 09:00";
    }
    for (const drawn of document.querySelectorAll(".trouble-id code")) drawn.textContent = "4d3c2b1a0f9e";
}
"""
TO_WEBP = """
async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.7);
}
"""


@dataclass(frozen=True)
class Variant:
    """How the pages are looked at."""

    name: str
    language: str
    size: tuple[int, int]
    is_dark: bool
    columns: int


WIDE, NARROW = (1440, 900), (390, 844)
VARIANTS = (
    Variant("wide-zh", "zh-CN", WIDE, is_dark=False, columns=6),
    Variant("wide-dark-en", "en-US", WIDE, is_dark=True, columns=6),
    Variant("phone-zh", "zh-CN", NARROW, is_dark=False, columns=12),
    Variant("phone-dark-zh", "zh-CN", NARROW, is_dark=True, columns=12),
)


@dataclass(frozen=True)
class Shot:
    """One page: what it is called, who looks at it, where it is, what is done on it first."""

    name: str
    who: str
    address: str
    then: Callable[[Page], None] | None = None


# -- What is done on a page before its picture is taken --------------------------------------------


def winning(page: Page) -> None:
    page.locator("summary.button-primary").first.click()


def display(page: Page) -> None:
    page.locator("[data-flyout=display] > summary").click()


def search(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("机械")
    page.locator("[role=option]").first.wait_for()


def checked_import(page: Page) -> None:
    """Bring in a file with a right row and a wrong one, as far as the verdict."""
    buffer = "\n".join(IMPORTED).encode()
    page.set_input_files("input[type=file]", {"name": "客户.csv", "mimeType": "text/csv", "buffer": buffer})
    page.locator("form:has(input[type=file]) [type=submit]").first.click()
    page.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}"))


# `{orders?state=draft}` in an address is the id of the first order that the API gives for it.
SHOTS = (
    Shot("sign-in", "", "/sign-in/"),
    Shot("today-director", "director", "/"),
    Shot("today-manager", "manager", "/"),
    Shot("today-seller", "seller", "/"),
    Shot("today-field", "field", "/"),
    Shot("today-finance", "finance", "/"),
    Shot("today-hr", "hr", "/"),
    Shot("overview", "director", "/overview"),
    Shot("overview-unit", "manager", "/overview?period=2026"),
    Shot("months", "finance", "/settings/periods"),
    Shot("months-close", "finance", "/settings/periods?close=2026-02"),
    Shot("list-customers", "director", "/customers?sort=name"),
    Shot("list-deals", "director", "/opportunities?state=open&sort=-amount"),
    Shot("list-orders", "director", "/orders"),
    Shot("list-activities", "seller", "/activities"),
    Shot("list-display", "director", "/customers?sort=name", display),
    Shot("list-empty", "director", "/customers?q=没有这样的客户"),
    Shot("customer", "seller", "/customers/{customers?owner=me&sort=name}"),
    Shot("customer-new", "seller", "/customers/new"),
    Shot("board", "manager", "/opportunities/board"),
    Shot("funnel", "director", "/opportunities/funnel"),
    Shot("deal", "seller", f"/opportunities/{DEAL}"),
    Shot("deal-winning", "seller", f"/opportunities/{DEAL}", winning),
    Shot("calendar", "seller", "/activities/calendar"),
    Shot("activity-new", "seller", "/activities/new"),
    Shot("order", "director", "/orders/{orders?state=confirmed&sort=-amount}"),
    Shot("order-edit", "seller", "/orders/{orders?state=draft&owner=me}/edit"),
    Shot("targets", "director", "/targets"),
    Shot("plan", "director", "/targets/{plans}"),
    Shot("plan-new", "director", "/targets/new"),
    Shot("tracking", "director", "/tracking"),
    Shot("tracking-empty", "director", "/tracking?period=2031-02"),
    Shot("figures", "director", "/figures?measure=bookings&by=month"),
    Shot("figures-people", "director", "/figures?measure=won_value&by=person"),
    Shot("explain", "director", "/figures/explain?measure=win_rate&by=person&key=seller"),
    Shot("organization", "hr", "/organization"),
    Shot("unit", "hr", "/units/{units?code=sh1}"),
    Shot("people", "hr", "/people"),
    Shot("person", "hr", "/people/{people?q=陈小雨}"),
    Shot("person-move", "hr", "/people/{people?q=陈小雨}/move"),
    Shot("workdays", "admin", "/workdays"),
    Shot("import", "admin", "/customers/import"),
    Shot("import-checked", "director", "/customers/import", checked_import),
    Shot("notifications", "seller", "/notifications"),
    Shot("search", "director", "/", search),
    Shot("missing", "seller", "/opportunities/nowhere"),
    Shot("refused", "director", "/figures?measure=won_deals&from=2026-02-01&to=2026-01-01"),
)
ALONE = (  # pages that README and tour show by themselves
    ("wide-zh", "overview"),
    ("wide-zh", "board"),
    ("wide-zh", "explain"),
    ("wide-dark-en", "overview"),
    ("phone-zh", "overview"),
)

# -- Taking them ----------------------------------------------------------------------------------


class Visitor:
    """The cast in front of the demo, in one look; each signs in once."""

    def __init__(self, browser: Browser, address: str, variant: Variant) -> None:
        self._browser, self._address, self._variant = browser, address, variant
        self._pages: dict[str, Page] = {}

    def page_of(self, who: str) -> Page:
        if who not in self._pages:
            width, height = self._variant.size
            context = self._browser.new_context(
                base_url=self._address,
                locale=self._variant.language,
                viewport={"width": width, "height": height},
                color_scheme="dark" if self._variant.is_dark else "light",
                reduced_motion="reduce",
            )
            self._pages[who] = context.new_page()
            if who:
                sign_in(self._pages[who], who, PASSWORD)
        return self._pages[who]

    def show(self, shot: Shot) -> Page:
        """The page as it stands when everything has come."""
        page = self.page_of(shot.who)
        page.goto(HOLDER.sub(lambda found: first_id(page, found[1]), shot.address))
        if shot.then is not None:
            shot.then(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(400)  # charts draw themselves in 150 ms
        page.evaluate(STAND_STILL)
        return page


def first_id(page: Page, question: str) -> str:
    """The id of the first row that the API gives for an address such as `orders?state=draft`."""
    answer = page.request.get(f"/api/v1/{question}").json()
    rows = answer["items"] if isinstance(answer, dict) else answer
    return str(rows[0]["id"])


def sheet(browser: Browser, variant: Variant, taken: dict[str, bytes]) -> bytes:
    """All pages of one look on one picture."""
    width, height = variant.size
    small = SHEET_WIDTH // variant.columns - GAP
    cells = "".join(
        f"<figure><img src='{data_address(picture, 'png')}'><figcaption>{name}</figcaption></figure>"
        for name, picture in taken.items()
    )
    ink, paper = ("#ddd", "#111") if variant.is_dark else ("#333", "#fff")
    style = (
        f"body {{margin: 0; padding: {GAP}px; display: flex; flex-wrap: wrap; gap: {GAP}px;"
        f" font: 13px sans-serif; color: {ink}; background: {paper}}}"
        f"figure {{margin: 0; width: {small}px}} figcaption {{padding: 4px 0}}"
        f"img {{display: block; width: {small}px; height: {small * height // width}px;"
        " outline: 1px solid #8888}"
    )
    page = browser.new_page(viewport={"width": SHEET_WIDTH + GAP, "height": 600})
    page.set_content(f"<style>{style}</style>{cells}")
    picture = page.screenshot(full_page=True)
    page.close()
    return picture


def as_webp(browser: Browser, picture: bytes) -> bytes:
    """The same picture in a tenth of the room."""
    page = browser.new_page()
    text = page.evaluate(TO_WEBP, data_address(picture, "png"))
    page.close()
    return base64.b64decode(text.partition(",")[2])


def data_address(picture: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def take(browser: Browser, address: str, variant: Variant, beside: Path | None) -> None:
    """Every page in one look: a sheet, and what is shown of it alone."""
    visitor, taken = Visitor(browser, address, variant), {}
    for shot in SHOTS:
        page = visitor.show(shot)
        taken[shot.name] = page.screenshot()
        if beside is not None:
            page.screenshot(path=beside / f"{variant.name}-{shot.name}.png", full_page=True)
    store(f"all-{variant.name}", as_webp(browser, sheet(browser, variant, taken)))
    for looked_at, name in ALONE:
        if looked_at == variant.name:
            store(f"{name}-{variant.name}", as_webp(browser, taken[name]))


def store(name: str, picture: bytes) -> None:
    if len(picture) > LARGEST:
        raise SystemExit(f"{name} has {len(picture)} bytes, at most {LARGEST}")
    (FOLDER / f"{name}.webp").write_bytes(picture)
    sys.stdout.write(f"{name}.webp  {len(picture):,} bytes\n")


def main() -> None:
    """Take them all."""
    beside = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    for folder in filter(None, (FOLDER, beside)):
        folder.mkdir(parents=True, exist_ok=True)
    with site() as demo, sync_playwright() as playwright:
        demo.start("demo", "--port", str(demo.port), "--today", TODAY)
        demo.wait_until_ready()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for variant in VARIANTS:
            take(browser, demo.address, variant, beside)
        browser.close()


if __name__ == "__main__":
    main()
