"""Words of the customer file that other domains may use."""

from dataclasses import dataclass
from decimal import Decimal

from tradewind.kernel.errors import declare, phrase


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


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One imported person at a customer, which is named as it is known here; `part` as in `choices.Part`."""

    customer: str
    name: str
    title: str = ""
    part: str = ""
    attitude: str = ""
    mobile: str = ""


declare(
    {
        "customers.bad_credit_code": phrase(
            "This is not a unified social credit code: the check character does not fit."
        ),
        "customers.owner_out_of_reach": phrase("You may hand customers only to people within your reach."),
        "customers.parent_loop": phrase("A customer cannot belong to itself."),
    }
)
