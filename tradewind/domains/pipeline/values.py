"""Words of the pipeline that other domains may use."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NewType

from tradewind.kernel.errors import declare, phrase

OpportunityId = NewType("OpportunityId", int)


@dataclass(frozen=True, slots=True)
class DealRow:
    """One imported deal. People, products and customers are named as they are known here.

    `opened_on` is None where the source does not say; the deal then opens on the day of its first import.
    `value` in company currency without tax; None while open. `source` is the row there, as JSON text.
    """

    number: str
    seller: str
    product: str
    customer: str
    stage: str
    opened_on: date | None
    closed_on: date | None
    value: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class ClosedDeal:
    """A deal as orders see it: won (with its day and value), or no longer won."""

    id: int
    is_won: bool
    closed_on: date | None
    value: Decimal | None
    customer_id: int | None
    product_id: int
    owner_id: int
    unit_id: int


declare(
    {
        "pipeline.unknown_state": phrase("A deal is open, won or lost."),
        "pipeline.closed": phrase("This deal is closed: won and lost are final."),
        "pipeline.value_not_positive": phrase("The value of a won deal is more than 0."),
        "pipeline.value_too_large": phrase("This value is larger than the system keeps."),
        "pipeline.value_decimals": phrase("Money has at most two decimals."),
        "pipeline.customer_missing": phrase("Name the customer: a deal without one cannot be won."),
        "pipeline.customer_unknown": phrase("There is no customer with this name or code."),
        "pipeline.customer_set": phrase("This deal has a customer already."),
        "pipeline.reason_missing": phrase("Say why, so that others can learn from it."),
        "pipeline.closed_before_opened": phrase("A deal closes on or after the day it opened."),
    }
)
