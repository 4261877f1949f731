"""Deals by the hundred thousand: the set-based sister of winning and losing, with the same rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradewind.domains.catalog import queries as catalog
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline.measures import FLOWS
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.values import DealRow
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch
from tradewind.platform.surface.exchange.staging import Report, Staging

COLUMNS = {
    "product_id": "bigint",
    "customer_id": "bigint",
    "owner_id": "bigint",
    "unit_id": "bigint",
    "stage": "text",
    "opened_on": "date",
    "closed_on": "date",
    "value": "numeric",
    "line": "integer",
}


@dataclass(frozen=True, slots=True)
class ImportedDeals:
    """What an import of deals did, and the ids it touched, for whatever follows."""

    report: Report
    ids: tuple[int, ...]
    without_opening: tuple[str, ...]


@batch("pipeline.opportunity.import")
def import_opportunities(actor: Actor, given: Sequence[DealRow]) -> ImportedDeals:
    """Bring in deals by number; the deal credits its seller, in the unit of each day.

    A deal without an opening day opens today, once: a later import keeps the day it got. See
    exchange.staging for what a repeated import changes.
    """
    staged = Staging(OPPORTUNITIES, COLUMNS)
    staged.fill(_rows(given))
    staged.compare()
    ledger.hold()
    staged.run(
        """UPDATE {staged} s SET verdict = 'conflict', object_id = o.id FROM {table} o
           WHERE s.verdict = 'new' AND o.number = s.key"""
    )
    undated = staged.run("SELECT key FROM {staged} WHERE verdict = 'new' AND opened_on IS NULL ORDER BY key")
    _write(staged)
    touched = staged.run(
        "SELECT object_id FROM {staged} WHERE verdict IN ('new', 'update') ORDER BY object_id"
    )
    ids = tuple(object_id for (object_id,) in touched)
    ledger.sync(FLOWS, ids)
    staged.remember()
    return ImportedDeals(staged.report(), ids, tuple(key for (key,) in undated))


def _rows(given: Sequence[DealRow]) -> list[tuple[object, ...]]:
    sellers = organization.ids_by_sign_in({row.seller for row in given})
    units = organization.units_today(sellers.values())
    products, buyers = catalog.ids_by_code(), customers.ids_by_import_name()
    return [
        (
            row.number,
            row.source,
            products[row.product],
            buyers[row.customer] if row.customer else None,
            sellers[row.seller],
            units[sellers[row.seller]],
            row.stage,
            row.opened_on,
            row.closed_on,
            row.value,
            line,
        )
        for line, row in enumerate(given)
    ]


def _write(staged: Staging) -> None:
    """Insert and update with the unit of today; the ledger finds the unit of each day by itself."""
    today = organization.clock().today()
    staged.run(
        """UPDATE {table} o SET product_id = s.product_id, customer_id = s.customer_id,
               owner_id = s.owner_id, opener_id = s.owner_id, unit_id = s.unit_id, stage = s.stage,
               opened_on = COALESCE(s.opened_on, o.opened_on), closed_on = s.closed_on, value = s.value,
               version = o.version + 1
           FROM {staged} s WHERE s.verdict = 'update' AND o.id = s.object_id"""
    )
    staged.run(
        """WITH made AS (
               INSERT INTO {table} (public_id, version, number, product_id, customer_id, owner_id, opener_id,
                                    unit_id, stage, opened_on, closed_on, value, reason)
               SELECT gen_random_uuid(), 1, key, product_id, customer_id, owner_id, owner_id,
                      unit_id, stage, COALESCE(opened_on, %(today)s), closed_on, value, ''
               FROM {staged} WHERE verdict = 'new' ORDER BY line RETURNING id, number)
           UPDATE {staged} s SET object_id = made.id FROM made
           WHERE s.verdict = 'new' AND s.key = made.number""",
        today=today,
    )
