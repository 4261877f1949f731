"""The files of a sales company: the real ones where they lie beside the project, else made ones like them.

Every change has a number, and writes it into products, accounts and deals alike: after any crash all of
them must tell the same number.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "crm_maven"
NAMES = ("accounts.csv", "products.csv", "sales_teams.csv", "sales_pipeline.csv")
MARKED = 60  # won deals, and open ones, that every change touches
ADDED = 40  # deals that every change brings along, all open
PRICE, REVENUE, VALUE = 1000, 2000, 3000  # where the marks begin: PRICE + 7 is the seventh change

Row = dict[str, str]


def sources(folder: Path) -> Path:
    """The folder to import first."""
    if REAL.is_dir():
        return REAL
    make(folder)
    return folder


def make(folder: Path, deals: int = 400) -> None:
    """Four files of the real ones' shape, always the same."""
    random = Random(7)  # noqa: S311 - a story, not a secret
    folder.mkdir(parents=True, exist_ok=True)
    products = [{"product": f"Sail {n}", "series": "Sail", "sales_price": str(100 * n)} for n in range(1, 6)]
    teams = [
        {"sales_agent": f"Agent {n}", "manager": f"Manager {n % 3}", "regional_office": f"Coast {n % 3}"}
        for n in range(9)
    ]
    accounts = [
        {"account": f"Harbour {n}", "sector": "shipping", "year_established": "1999", "revenue": "10.5",
         "employees": "12", "office_location": "China", "subsidiary_of": ""}
        for n in range(20)
    ]  # fmt: skip
    write(folder / "products.csv", products)
    write(folder / "sales_teams.csv", teams)
    write(folder / "accounts.csv", accounts)
    people, goods = [team["sales_agent"] for team in teams], [row["product"] for row in products]
    buyers = [row["account"] for row in accounts]
    write(
        folder / "sales_pipeline.csv",
        [
            made_deal(number, random.choice(people), random.choice(goods), random.choice(buyers))
            for number in range(deals)
        ],
    )


def made_deal(number: int, seller: str, product: str, account: str) -> Row:
    """One deal; the stages take turns."""
    stage = ("Won", "Engaging", "Lost", "Engaging", "Prospecting")[number % 5]
    opened = date(2025, 1, 1) + timedelta(days=number % 300)
    closed = opened + timedelta(days=30)
    return {
        "opportunity_id": f"D{number:06d}",
        "sales_agent": seller,
        "product": product,
        "account": account if number % 4 else "",
        "deal_stage": stage,
        "engage_date": american(opened) if stage != "Prospecting" else "",
        "close_date": american(closed) if stage in ("Won", "Lost") else "",
        "close_value": {"Won": str(50 + number), "Lost": "0"}.get(stage, ""),
    }


def changed(source: Path, target: Path, number: int) -> Path:
    """The same files after the change of this number."""
    target.mkdir()
    for name in NAMES:
        shutil.copyfile(source / name, target / name)
    rewrite(target / "products.csv", lambda row: row.update(sales_price=str(PRICE + number)))
    rewrite(target / "accounts.csv", lambda row: row.update(revenue=str(REVENUE + number)))
    deals = read(target / "sales_pipeline.csv")
    for row in [row for row in deals if row["deal_stage"] == "Won"][:MARKED]:
        row["close_value"] = str(VALUE + number)
    engaged = [row for row in deals if row["deal_stage"] == "Engaging"]
    for row in engaged[:MARKED]:
        row["engage_date"] = american(date(2016, 1, 1) + timedelta(days=number))
    fresh = [{**row, "opportunity_id": f"new-{number}-{n}"} for n, row in enumerate(engaged[:ADDED])]
    write(target / "sales_pipeline.csv", [*deals, *fresh])
    return target


def managers(source: Path) -> list[str]:
    """Who leads a team, by sign-in name."""
    return sorted({row["manager"].lower().replace(" ", ".") for row in read(source / "sales_teams.csv")})


def an_account(source: Path) -> str:
    """A customer for deals that have none."""
    return read(source / "accounts.csv")[0]["account"]


def marked_deals(source: Path) -> list[str]:
    """Numbers of the won deals whose value tells the change."""
    won = [row for row in read(source / "sales_pipeline.csv") if row["deal_stage"] == "Won"]
    return [row["opportunity_id"] for row in won[:MARKED]]


def american(day: date) -> str:
    """As the files write a date."""
    return f"{day.month}/{day.day}/{day.year}"


def read(path: Path) -> list[Row]:
    """Rows by column name."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write rows with the columns of the first."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)


def rewrite(path: Path, change: Callable[[Row], object]) -> None:
    """Change every row of a file."""
    rows = read(path)
    for row in rows:
        change(row)
    write(path, rows)
