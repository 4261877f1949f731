"""The catalog is open to everybody signed in."""

from tradewind.domains.catalog.models import Product
from tradewind.platform.spine.access.scopes import Scope, register

PRODUCTS = Scope("catalog.product", Product, everyone=True, writes=("INSERT", "UPDATE"))

register(PRODUCTS)
