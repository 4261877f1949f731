"""Rounding, at named points only: half up, as invoices are rounded."""

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal, places: int) -> Decimal:
    """Round to `places` decimals; 0.005 at two places becomes 0.01, −0.005 becomes −0.01."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
