"""A list price changes by approval, where the company has a process for it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tradewind.domains.approvals import gates, panels
from tradewind.domains.approvals.subjects import Fact, Subject, Values, register
from tradewind.domains.approvals.values import FactKind, FactValue
from tradewind.domains.catalog.commands import edit_product, remove_products
from tradewind.domains.catalog.queries import series
from tradewind.domains.catalog.resource import PRODUCT
from tradewind.kernel.errors import phrase
from tradewind.kernel.rounding import half_up
from tradewind.platform.spine.command import gate

BOUNDLESS = Decimal(999)
"""The change of a price that was 0: more than any limit."""


def change_rate(old: Decimal, new: Decimal) -> Decimal:
    """By what fraction a price changes: 0.1 is 10 % more, four decimals, half up."""
    if old == 0:
        return Decimal(0) if new == 0 else BOUNDLESS
    return half_up((new - old) / old, 4)


def _facts(product: Any, values: Values) -> Mapping[str, FactValue]:
    old, new = product.list_price, values["list_price"]
    rate = change_rate(old, new)
    return {
        "old_price": old,
        "new_price": new,
        "change_rate": rate,
        "change_size": abs(rate),
        "series": product.series or None,
    }


def _series() -> Sequence[tuple[str, str]]:
    return [(name, name) for name in series()]


PRICE = Subject(
    key="catalog.product.price",
    resource=PRODUCT,
    name=phrase("Price change"),
    action=phrase("Request a price change"),
    fields=("list_price",),
    facts=(
        Fact("change_size", FactKind.RATE, phrase("Size of the change"), is_shown=False),
        Fact("change_rate", FactKind.RATE, phrase("Rise or fall")),
        Fact("old_price", FactKind.MONEY, phrase("Old price"), is_shown=False),
        Fact("new_price", FactKind.MONEY, phrase("New price"), is_shown=False),
        Fact("series", FactKind.CHOICE, phrase("Series"), _series),
    ),
    measure=_facts,
    apply=edit_product,
)

register(PRICE)
gate(edit_product, gates.frozen(PRODUCT))
gate(edit_product, gates.asked_first(PRICE))
gate(remove_products, gates.frozen_many(PRODUCT))
panels.on_record(PRICE)
