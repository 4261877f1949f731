"""Words of the pipeline that other domains may use."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NewType
from uuid import UUID

from tradewind.kernel.errors import declare, phrase

OpportunityId = NewType("OpportunityId", int)


@dataclass(frozen=True, slots=True)
class MadeDeal:
    """A deal that was just opened here."""

    id: OpportunityId
    public_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is expected of an imported deal. Amount in company currency without tax, None where unknown."""

    title: str = ""
    amount: Decimal | None = None
    close_on: date | None = None
    category: str = "pipeline"
    next_step: str = ""
    next_step_on: date | None = None
    lead_source: str = ""
    reason_code: str = ""


NO_PLAN = Plan()


@dataclass(frozen=True, slots=True)
class DealRow:
    """One imported deal. People, products and customers are named as they are known here.

    `opened_on` is None where the source does not say; the deal then opens on the day of its first import.
    `value` in company currency without tax; None while open. `source` is the row there, as JSON text.
    `stage` is a key of the default pipeline. `moves` are the stages it came to and when, the first on the
    day it opened and the last being `stage`; without them it came straight to where it is.
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
    plan: Plan = NO_PLAN
    moves: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedDeal:
    """A deal as orders see it: won (with its day and value), or no longer won."""

    id: int
    is_won: bool
    closed_on: date | None
    value: Decimal | None
    customer_id: int | None
    product_id: int | None
    owner_id: int
    unit_id: int


declare(
    {
        "pipeline.dated_in_closed_month": phrase(
            "%(count)s deals open or close in a closed month: %(deals)s. Give days from %(first)s on, or let "
            "%(who)s reopen it."
        ),
        "pipeline.unknown_state": phrase("A deal is open, won or lost."),
        "pipeline.closed": phrase("This deal is closed."),
        "pipeline.won_is_final": phrase("A won deal stays won."),
        "pipeline.not_lost": phrase("This deal is open already."),
        "pipeline.value_not_positive": phrase("The value of a won deal is more than 0."),
        "pipeline.amount_negative": phrase("An expected amount is 0 or more."),
        "pipeline.value_too_large": phrase("This value is larger than the system keeps."),
        "pipeline.value_decimals": phrase("Money has at most two decimals."),
        "pipeline.customer_missing": phrase("Name the customer: a deal without one cannot be won."),
        "pipeline.customer_unknown": phrase("There is no customer with this name or code."),
        "pipeline.customer_set": phrase("This deal has a customer already."),
        "pipeline.reason_missing": phrase("Say why, so that others can learn from it."),
        "pipeline.reason_unknown": phrase("This reason is not in the list."),
        "pipeline.closed_before_opened": phrase("A deal closes on or after the day it opened."),
        "pipeline.close_before_opening": phrase("A deal is expected to close on or after the day it opened."),
        "pipeline.step_half": phrase("A next step says what, and by when."),
        "pipeline.step_past": phrase("A next step lies ahead: take today or a later day."),
        "pipeline.stage_unknown": phrase("There is no such stage."),
        "pipeline.stage_same": phrase("The deal stands in this stage already."),
        "pipeline.stage_closes": phrase("To close a deal, win it or lose it."),
        "pipeline.stage_archived": phrase("This sales process is archived and takes no more deals."),
        "pipeline.nothing_to_undo": phrase("There is no move of yours to take back here."),
        "pipeline.too_many": phrase("At most %(largest)s deals at once."),
        "pipeline.owner_out_of_reach": phrase("Take an owner within your reach."),
        "pipeline.product_unknown": phrase("There is no such product."),
        "pipeline.title_missing": phrase("Give the deal a title."),
        "pipeline.field_unknown": phrase("A deal has no field %(name)s that may be written."),
        "pipeline.field_kind": phrase("%(name)s cannot hold this value."),
        "pipeline.category_unknown": phrase("Take one of the forecast categories."),
        "pipeline.stages_incomplete": phrase("A sales process has open stages, then won, then lost."),
        "pipeline.stage_in_use": phrase("Deals stand or stood in %(stage)s: it cannot be taken away."),
        "pipeline.default_in_use": phrase("The default sales process cannot be archived."),
        "pipeline.unknown_filter": phrase("%(text)s is nothing to filter by."),
    }
)
