"""Changes of the customer file."""

from collections.abc import Sequence

from tradewind.domains.customers.policy import CUSTOMERS
from tradewind.domains.customers.values import CustomerRow
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch
from tradewind.platform.surface.exchange.staging import Report, Staging

COLUMNS = {
    "name": "text",
    "industry": "text",
    "country": "text",
    "founded_year": "integer",
    "revenue_millions": "numeric",
    "employees": "integer",
    "parent": "text",
}


@batch("customers.customer.import")
def import_customers(actor: Actor, given: Sequence[CustomerRow]) -> Report:
    """Bring in customers by name, set-based and without owner; codes are drawn in the file's order."""
    staged = Staging(CUSTOMERS, {"line": "integer", **COLUMNS})
    staged.fill(
        (
            row.name,
            row.source,
            line,
            row.name,
            row.industry,
            row.country,
            row.founded_year,
            row.revenue_millions,
            row.employees,
            row.parent,
        )
        for line, row in enumerate(given)
    )
    staged.compare()
    staged.run(
        """UPDATE {staged} s SET verdict = 'conflict', object_id = c.id FROM {table} c
           WHERE s.verdict = 'new' AND c.name = s.name"""
    )
    _update(staged)
    _insert(staged)
    staged.run(
        """UPDATE {table} c SET parent_id = p.object_id FROM {staged} s JOIN {staged} p ON p.key = s.parent
           WHERE c.id = s.object_id AND s.verdict IN ('new', 'update') AND p.object_id <> c.id
             AND c.parent_id IS DISTINCT FROM p.object_id"""
    )
    staged.remember()
    return staged.report()


def _update(staged: Staging) -> None:
    staged.run(
        """UPDATE {table} c SET name = s.name, industry = s.industry, country = s.country,
               founded_year = s.founded_year, revenue_millions = s.revenue_millions,
               employees = s.employees, version = c.version + 1,
               parent_id = CASE WHEN s.parent = '' THEN NULL ELSE c.parent_id END
           FROM {staged} s WHERE s.verdict = 'update' AND c.id = s.object_id"""
    )


def _insert(staged: Staging) -> None:
    staged.run(
        """WITH numbered AS (
               SELECT key, nextval('customers_code') AS n FROM
               (SELECT key FROM {staged} WHERE verdict = 'new' ORDER BY line) ordered
           ), made AS (
               INSERT INTO {table} (public_id, version, code, name, industry, country, founded_year,
                                    revenue_millions, employees)
               SELECT gen_random_uuid(), 1, 'C' || lpad(n::text, 6, '0'), s.name, s.industry, s.country,
                      s.founded_year, s.revenue_millions, s.employees
               FROM numbered JOIN {staged} s USING (key) RETURNING id, name)
           UPDATE {staged} s SET object_id = made.id FROM made
           WHERE s.verdict = 'new' AND s.name = made.name"""
    )
