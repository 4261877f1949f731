"""Questions about the catalog."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from django.db.models import Q, QuerySet

from tradewind.domains.catalog.models import Product
from tradewind.domains.catalog.policy import PRODUCTS
from tradewind.platform.spine.access.actor import Actor


def visible_products(actor: Actor) -> QuerySet[Product]:
    """The products an actor may see, by number."""
    return Product.objects.filter(PRODUCTS.visible(actor)).order_by("code")


def products_named(ids: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    """Code and name of products, by id."""
    rows = Product.objects.filter(id__in=set(ids)).values_list("id", "code", "name")
    return {product_id: (code, name) for product_id, code, name in rows}


def product_ids(actor: Actor, code: str) -> QuerySet[Product, int]:
    """The id of the product with this code, as a subquery."""
    return Product.objects.filter(PRODUCTS.visible(actor), code=code).values_list("id", flat=True)


def ids_named(actor: Actor, words: Collection[str]) -> Mapping[str, int]:
    """Product ids by the words that name them: a code, else an exact name that only one product has."""
    rows = Product.objects.filter(PRODUCTS.visible(actor)).filter(Q(code__in=words) | Q(name__in=words))
    named = list(rows.values_list("id", "code", "name"))
    names = Counter(name for _, _, name in named)
    by_name = {name: product_id for product_id, _, name in named if names[name] == 1}
    return {**by_name, **{code: product_id for product_id, code, _ in named}}


def offers(actor: Actor, limit: int) -> list[tuple[str, str, Decimal]]:
    """Code, name and list price of the first products by code, to propose while somebody types."""
    rows = Product.objects.filter(PRODUCTS.visible(actor)).order_by("code")
    return list(rows.values_list("code", "name", "list_price")[:limit])


def ids_by_code() -> Mapping[str, int]:
    """Product ids by code, for imports that name products."""
    return dict(Product.objects.values_list("code", "id"))


def series() -> list[str]:
    """The series that products are of, by name."""
    return list(
        Product.objects.exclude(series="").order_by("series").values_list("series", flat=True).distinct()
    )
