"""One transaction for all four files: everything arrives, or nothing does."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tradewind.domains.catalog.commands import import_products
from tradewind.domains.customers.commands import import_customers
from tradewind.domains.organization.commands import import_staff
from tradewind.domains.organization.queries import elsewhere
from tradewind.domains.pipeline.imports import import_opportunities
from tradewind.integrations.crm_opportunities.files import Fault
from tradewind.integrations.crm_opportunities.translation import read
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.exchange.staging import Report, one_import_at_a_time

SOURCE = "crm-opportunities"

NAMED = 5  # rows that a remark names one by one


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the import did, or the faults for which it did nothing."""

    faults: tuple[Fault, ...]
    reports: dict[str, Report]
    remarks: tuple[str, ...] = ()


def import_folder(actor: Actor, folder: Path, tell: Callable[[str], None] = lambda _: None) -> Outcome:
    """Bring in a folder with accounts, products, sales_pipeline and sales_teams as CSV files.

    `tell` hears what is being done, for whoever waits.
    """
    tell(f"reading {folder}")
    brought = read(folder)
    if brought.faults:
        return Outcome(tuple(brought.faults), {})
    one_import_at_a_time(SOURCE)
    tell(
        f"{len(brought.people)} people, {len(brought.products)} products, {len(brought.customers)} customers"
    )
    units, people = import_staff(actor, brought.staff())
    products = import_products(actor, brought.products)
    customers = import_customers(actor, brought.customers)
    tell(f"{len(brought.deals)} opportunities, their orders and credits")
    deals = import_opportunities(actor, brought.deals)
    remarks = list(brought.remarks)
    remarks += [
        f"sales_teams.csv: {row.name} works in another team here than there, and was not moved"
        for row in elsewhere(brought.people)
    ]
    if deals.without_opening:
        listed = ", ".join(deals.without_opening[:NAMED])
        if len(deals.without_opening) > NAMED:
            listed += ", …"
        remarks.append(
            f"sales_pipeline.csv: {len(deals.without_opening)} deals without engage_date open today: {listed}"
        )
    reports = {
        "units": Report(created=units, unchanged=len(brought.units) - units),
        "people": Report(created=people, unchanged=len(brought.people) - people),
        "products": products,
        "customers": customers,
        "opportunities": deals.report,
    }
    return Outcome((), reports, tuple(remarks))
