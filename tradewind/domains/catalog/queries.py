"""Questions about the catalog."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from tradewind.domains.catalog.models import Product
from tradewind.domains.catalog.policy import PRODUCTS
from tradewind.platform.spine.access.actor import Actor


def products_named(ids: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    """Code and name of products, by id."""
    rows = Product.objects.filter(id__in=set(ids)).values_list("id", "code", "name")
    return {product_id: (code, name) for product_id, code, name in rows}


def product_ids(actor: Actor, code: str) -> QuerySet[Product, int]:
    """The id of the product with this code, as a subquery."""
    return Product.objects.filter(PRODUCTS.visible(actor), code=code).values_list("id", flat=True)


def ids_by_code() -> Mapping[str, int]:
    """Product ids by code, for imports that name products."""
    return dict(Product.objects.values_list("code", "id"))
