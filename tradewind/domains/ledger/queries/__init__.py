"""Questions to the ledger: a figure, what it is made of, what a document was credited with."""

from tradewind.domains.ledger.measures import flows, measure
from tradewind.domains.ledger.queries.comparing import compared
from tradewind.domains.ledger.queries.effects import effect_of_move
from tradewind.domains.ledger.queries.explanations import explain, items_about
from tradewind.domains.ledger.queries.figures import credited, figure, narrowed_to
from tradewind.domains.ledger.queries.months import (
    first_to_close,
    last_closed,
    month_states,
    open_from,
    who_reopens,
)
from tradewind.domains.ledger.rules import question, written

__all__ = [
    "compared",
    "credited",
    "effect_of_move",
    "explain",
    "figure",
    "first_to_close",
    "flows",
    "items_about",
    "last_closed",
    "measure",
    "month_states",
    "narrowed_to",
    "open_from",
    "question",
    "who_reopens",
    "written",
]
