"""Changes of the catalog."""

from collections.abc import Sequence

from tradewind.domains.catalog.models import Product
from tradewind.domains.catalog.policy import PRODUCTS
from tradewind.domains.catalog.values import ProductRow
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, batch, command, creation
from tradewind.platform.spine.removal import removals
from tradewind.platform.surface.exchange.staging import Report, Staging


@creation("catalog.product.create", on=PRODUCTS)
def create_product(actor: Actor, given: Given) -> Product:
    """A new product under its own number."""
    return Product.objects.create(**given.values)


@command("catalog.product.edit", on=PRODUCTS)
def edit_product(actor: Actor, product: Product, given: Given) -> Product:
    """New facts about a product; orders keep the prices they were made with."""
    return product.change(**given.values)


remove_products = removals("catalog.product.remove", on=PRODUCTS)


@batch("catalog.product.import", right="catalog.product.synchronize")
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
