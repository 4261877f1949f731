"""From the words of the files to ours: who is meant, which product, which customer, which stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from tradewind.domains.catalog.values import ProductRow
from tradewind.domains.customers.values import CustomerRow
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.values import PersonRow, Staff, UnitRow
from tradewind.domains.pipeline.values import DealRow
from tradewind.integrations.crm_opportunities.files import STAGES, Fault, Reader


@dataclass(slots=True)
class Brought:
    """Everything in the files, in our words, with what is wrong and what is worth knowing."""

    units: list[UnitRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    products: list[ProductRow] = field(default_factory=list)
    customers: list[CustomerRow] = field(default_factory=list)
    deals: list[DealRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def staff(self) -> Staff:
        """The organization; assignments begin on the earliest day in the files."""
        days = [day for deal in self.deals for day in (deal.opened_on, deal.closed_on) if day]
        return Staff(tuple(self.units), tuple(self.people), min(days, default=date(1970, 1, 1)))


def read(folder: Path) -> Brought:
    """Read and check all four files; nothing is written. Faults are complete, not only the first."""
    brought = Brought()
    _teams(folder, brought)
    _products(folder, brought)
    _accounts(folder, brought)
    _pipeline(folder, brought)
    return brought


def sign_in_of(name: str) -> str:
    """The sign-in name of a person: lower case, dots for spaces."""
    return ".".join(name.lower().split())


def code_of(product: str) -> str:
    """The code of a product: products are the same whatever the case and the spaces."""
    return "".join(product.upper().split())


def _teams(folder: Path, brought: Brought) -> None:
    reader = Reader("sales_teams.csv")
    agents: set[str] = set()
    teams: dict[str, str] = {}
    regions: dict[str, str] = {}
    for _ in reader.rows(folder):
        agent, manager, region = (reader.text(c) for c in ("sales_agent", "manager", "regional_office"))
        team, area = f"team-{sign_in_of(manager)}", f"region-{sign_in_of(region)}"
        agents.add(sign_in_of(agent))
        reader.unique("sales_agent", sign_in_of(agent))
        if team in teams and teams[team] != area:
            reader.fault("regional_office", f"the team of {manager} stands in two regions")
        if area not in regions:
            regions[area] = region
            brought.units.append(UnitRow(area, region, "region"))
        if team not in teams:
            teams[team] = area
            brought.units.append(UnitRow(team, f"Team {manager}", "team", area))
            brought.people.append(PersonRow(sign_in_of(manager), manager, team, "manager", is_head=True))
        brought.people.append(PersonRow(sign_in_of(agent), agent, team, "seller"))
    brought.units.sort(key=lambda unit: unit.kind)
    for head in (person for person in brought.people if person.is_head):
        if head.sign_in in agents:
            reader.fault("manager", f"{head.name} is a manager and a sales agent")
    brought.faults += reader.faults


def _products(folder: Path, brought: Brought) -> None:
    reader = Reader("products.csv")
    for _ in reader.rows(folder):
        name, price = reader.text("product"), reader.amount("sales_price")
        if price is None and reader.cells["sales_price"] == "":
            reader.fault("sales_price", "is empty")
        reader.unique("product", code_of(name))
        series = reader.cells["series"]
        brought.products.append(ProductRow(code_of(name), name, series, price or Decimal(0), reader.source()))
    brought.faults += reader.faults


def _accounts(folder: Path, brought: Brought) -> None:
    reader = Reader("accounts.csv")
    for row in reader.rows(folder):
        reader.unique("account", row["account"])
        brought.customers.append(
            CustomerRow(
                reader.text("account"),
                row["sector"],
                row["office_location"],
                reader.whole("year_established"),
                reader.amount("revenue"),
                reader.whole("employees"),
                row["subsidiary_of"],
                reader.source(),
            )
        )
    names = {customer.name for customer in brought.customers}
    for customer in brought.customers:
        if customer.parent and customer.parent not in names:
            brought.remarks.append(
                f"accounts.csv: {customer.name} belongs to {customer.parent}, which is not listed"
            )
    for column, values in (
        ("sector", {c.industry for c in brought.customers}),
        ("office_location", {c.country for c in brought.customers}),
    ):
        brought.remarks.append(
            f"accounts.csv: {column} kept as written: {', '.join(sorted(filter(None, values)))}"
        )
    brought.faults += reader.faults


def _pipeline(folder: Path, brought: Brought) -> None:
    reader = Reader("sales_pipeline.csv")
    products = {product.code: product.name for product in brought.products}
    sellers = {person.sign_in for person in brought.people}
    accounts = {customer.name for customer in brought.customers}
    respelled: dict[tuple[str, str], int] = {}
    for row in reader.rows(folder):
        deal = _deal(reader, row)
        reader.unique("opportunity_id", deal.number)
        if deal.seller not in sellers:
            reader.fault("sales_agent", f"{row['sales_agent']} is in no team")
        if deal.product not in products:
            reader.fault("product", f"{row['product']} is not a product")
        elif products[deal.product] != row["product"]:
            pair = (row["product"], products[deal.product])
            respelled[pair] = respelled.get(pair, 0) + 1
        if deal.customer and deal.customer not in accounts:
            reader.fault("account", f"{deal.customer} is not an account")
        brought.deals.append(deal)
    brought.remarks += [f"sales_pipeline.csv: {a} read as {b}: {n} rows" for (a, b), n in respelled.items()]
    without = sum(not deal.customer for deal in brought.deals)
    if without:
        brought.remarks.append(
            f"sales_pipeline.csv: {without} deals without account are kept without customer"
        )
    brought.faults += reader.faults


def _deal(reader: Reader, row: Mapping[str, str]) -> DealRow:
    stage = STAGES.get(row["deal_stage"], "")
    opened, closed, value = reader.day("engage_date"), reader.day("close_date"), reader.amount("close_value")
    if not stage:
        reader.fault("deal_stage", f"{row['deal_stage']!r} is none of {', '.join(STAGES)}")
    if stage in ("won", "lost") and not row["close_date"]:
        reader.fault("close_date", "is empty though the deal is closed")
    if stage in ("prospecting", "engaging") and closed:
        reader.fault("close_date", "is given though the deal is open")
    if stage == "won" and not (value or (row["close_value"] and value is None)):
        reader.fault("close_value", "a won deal has a value above 0")
    if closed and closed > clock().today():
        reader.fault("close_date", "lies in the future")
    if opened and closed and closed < opened:
        reader.fault("close_date", "lies before engage_date")
    if closed and not opened and not row["engage_date"]:
        reader.fault("engage_date", "is empty though the deal is closed")
    kept = value if stage == "won" else None
    moves = (("engaging", opened), (stage, closed)) if opened and closed else ()
    moves = (("engaging", opened), (stage, closed)) if opened and closed else ()
    return DealRow(
        reader.text("opportunity_id"),
        sign_in_of(row["sales_agent"]),
        code_of(row["product"]),
        row["account"],
        stage,
        opened,
        closed,
        kept,
        reader.source(),
        moves=moves,
    )
