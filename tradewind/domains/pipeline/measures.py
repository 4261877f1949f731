"""What deals count for: opened, won, lost, their value and days, and the ratios made of them."""

from typing import Any

from django.db.models import F, QuerySet, Value

from tradewind.domains.ledger.values import Flow, Ratio, Source, Tax, Unit
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.queries.deals import described
from tradewind.domains.pipeline.queries.filters import DAYS_OPEN
from tradewind.domains.pipeline.rules import State
from tradewind.kernel.errors import phrase

DEAL = Source("pipeline.opportunity", described)
ONE = Value(1)


def _closed(state: State, value: Any) -> QuerySet[Opportunity, Any]:
    """An entry for each deal closed like this, to its owner on the day it closed."""
    deals = Opportunity.objects.order_by().filter(state=state)
    return deals.values_list(
        "id", Value(0), "closed_on", value, "owner_id", "customer_id", "product_id", F("id")
    )


OPENED = Opportunity.objects.order_by().values_list(
    "id", Value(0), "opened_on", ONE, "opener_id", "customer_id", "product_id", F("id")
)

NEW_OPPORTUNITIES = Flow(
    "new_opportunities",
    phrase("New opportunities"),
    Unit.COUNT,
    Tax.NONE,
    phrase("The day the deal opened, to whoever opened it"),
    DEAL,
    DEAL,
    OPENED,
)
WON_DEALS = Flow(
    "won_deals",
    phrase("Won deals"),
    Unit.COUNT,
    Tax.NONE,
    phrase("The day the deal closed, to its owner on that day"),
    DEAL,
    DEAL,
    _closed(State.WON, ONE),
)
LOST_DEALS = Flow(
    "lost_deals",
    phrase("Lost deals"),
    Unit.COUNT,
    Tax.NONE,
    phrase("The day the deal closed, to its owner on that day"),
    DEAL,
    DEAL,
    _closed(State.LOST, ONE),
)
WON_VALUE = Flow(
    "won_value",
    phrase("Won value"),
    Unit.MONEY,
    Tax.EXCLUDED,
    phrase("The day the deal closed, to its owner on that day"),
    DEAL,
    DEAL,
    _closed(State.WON, F("value")),
)
WON_DAYS = Flow(
    "won_days",
    phrase("Days to win"),
    Unit.DAYS,
    Tax.NONE,
    phrase("Calendar days from opening to closing of won deals, on the day they closed"),
    DEAL,
    DEAL,
    _closed(State.WON, DAYS_OPEN),
)
FLOWS = (NEW_OPPORTUNITIES, WON_DEALS, LOST_DEALS, WON_VALUE, WON_DAYS)

MEASURES = (
    *FLOWS,
    Ratio("win_rate", phrase("Win rate"), Unit.RATIO, ("won_deals",), ("won_deals", "lost_deals")),
    Ratio("sales_cycle_days", phrase("Sales cycle"), Unit.DAYS, ("won_days",), ("won_deals",)),
    Ratio("average_deal", phrase("Average deal"), Unit.MONEY, ("won_value",), ("won_deals",)),
)
