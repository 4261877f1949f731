"""Words of the customer file that other domains may use."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One imported customer, known to its source by name; `source` is its row there as JSON text.

    `revenue_millions` in company currency; `parent` is the name of another customer, or empty.
    """

    name: str
    industry: str
    country: str
    founded_year: int | None
    revenue_millions: Decimal | None
    employees: int | None
    parent: str
    source: str
