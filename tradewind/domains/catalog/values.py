"""Words of the catalog that other domains may use."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One imported product; `source` is the row as the outside system wrote it, as JSON text."""

    code: str
    name: str
    series: str
    list_price: Decimal
    source: str
