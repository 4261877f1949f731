"""Words of orders that other domains may use."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NewType

from tradewind.kernel.errors import declare, phrase

OrderId = NewType("OrderId", int)


@dataclass(frozen=True, slots=True)
class LineGiven:
    """One line as it is asked for: product by code or exact name, price without tax, rates as fractions."""

    product: str
    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)
    description: str = ""


declare(
    {
        "orders.confirmed": phrase("This order is confirmed: it can be cancelled, not changed."),
        "orders.cancelled": phrase("This order is cancelled: copy it to go on."),
        "orders.no_lines": phrase("An order without a line cannot be confirmed."),
        "orders.too_many_lines": phrase("An order has at most %(most)s lines."),
        "orders.customer_unknown": phrase("There is no customer with this name or code."),
        "orders.product_unknown": phrase("There is no product with this name or code."),
        "orders.quantity": phrase("A quantity is more than 0 and has at most 3 decimals."),
        "orders.unit_price": phrase("A unit price is not negative and has at most 4 decimals."),
        "orders.discount_rate": phrase(
            "A discount lies between 0 and 100 percent and has at most 2 decimals."
        ),
        "orders.tax_rate": phrase("A tax rate lies between 0 and 100 percent and has at most 2 decimals."),
        "orders.too_large": phrase("This value is larger than the system keeps."),
        "orders.total_differs": phrase(
            "The lines come to %(total)s, not to %(seen)s as your page said. Check them and save again."
        ),
        "orders.reason_missing": phrase("Say why the order is cancelled."),
        "orders.no_author": phrase("An order belongs to the person who makes it."),
    }
)
