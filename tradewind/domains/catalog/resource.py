"""The catalog, declared."""

from tradewind.domains.catalog.commands import create_product, edit_product, remove_products
from tradewind.domains.catalog.policy import PRODUCTS
from tradewind.kernel.errors import phrase
from tradewind.platform.surface.columns import Field, Kind, Written
from tradewind.platform.surface.resource import Resource, View

PRODUCT = Resource(
    scope=PRODUCTS,
    address="products",
    one=phrase("Product"),
    many=phrase("Products"),
    about=phrase("What we sell, with its list price in company currency, without tax."),
    icon="package",
    title="name",
    fields=(
        Field("name", spoken=True),
        Field("code", written=Written.ONCE),
        Field("series", bulk=True),
        Field("unit_name"),
        Field("list_price", kind=Kind.MONEY),
        Field("tax_rate", kind=Kind.PERCENT, bulk=True, help=phrase("As a fraction: 0.13 is 13 %")),
        Field("is_sold", bulk=True),
        Field("description", shown=False),
    ),
    search=("name", "code", "series"),
    keys=("code", "name"),
    facts=("list_price", "series", "is_sold"),
    sort="code",
    views=(View("sold", phrase("On sale"), {"is_sold": ("true",)}),),
    create=create_product,
    edit=edit_product,
    remove_many=remove_products,
)

RESOURCES = (PRODUCT,)
