"""Changes of the catalog."""

from collections.abc import Sequence

from tradewind.domains.catalog.policy import PRODUCTS
from tradewind.domains.catalog.values import ProductRow
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch
from tradewind.platform.surface.exchange.staging import Report, Staging


@batch("catalog.product.import")
def import_products(actor: Actor, given: Sequence[ProductRow]) -> Report:
    """Bring in products by code, set-based; see exchange.staging for what a repeated import changes."""
    staged = Staging(PRODUCTS, {"code": "text", "name": "text", "series": "text", "list_price": "numeric"})
    staged.fill((row.code, row.source, row.code, row.name, row.series, row.list_price) for row in given)
    staged.compare()
    staged.run(
        """UPDATE {staged} s SET verdict = 'conflict', object_id = p.id FROM {table} p
           WHERE s.verdict = 'new' AND p.code = s.code"""
    )
    staged.run(
        """UPDATE {table} p SET name = s.name, series = s.series, list_price = s.list_price,
               version = p.version + 1
           FROM {staged} s WHERE s.verdict = 'update' AND p.id = s.object_id"""
    )
    staged.run(
        """WITH made AS (
               INSERT INTO {table} (public_id, version, code, name, series, list_price)
               SELECT gen_random_uuid(), 1, code, name, series, list_price FROM {staged}
               WHERE verdict = 'new' ORDER BY code RETURNING id, code)
           UPDATE {staged} s SET object_id = made.id FROM made
           WHERE s.verdict = 'new' AND s.code = made.code"""
    )
    staged.remember()
    return staged.report()
