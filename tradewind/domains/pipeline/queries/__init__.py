"""Questions about deals: one by one, on the board, in the funnel."""

from tradewind.domains.pipeline.queries.attention import OwnersDeals, by_owner, closing_within, own_open
from tradewind.domains.pipeline.queries.board import Board, Card, Column, board, more_cards
from tradewind.domains.pipeline.queries.deals import (
    DealPage,
    closed_deals,
    deal,
    described,
    deviations_from_moves,
    every_deal,
    moves_of,
    page_of_deals,
    visible_deals,
    won_deals,
)
from tradewind.domains.pipeline.queries.filters import STATES, Asked, asked
from tradewind.domains.pipeline.queries.funnel import Funnel, as_of, cohort
from tradewind.domains.pipeline.queries.ways import Way, facts_of, limit_of, reasons, way_named, ways

__all__ = [
    "STATES",
    "Asked",
    "Board",
    "Card",
    "Column",
    "DealPage",
    "Funnel",
    "OwnersDeals",
    "Way",
    "as_of",
    "asked",
    "board",
    "by_owner",
    "closed_deals",
    "closing_within",
    "cohort",
    "deal",
    "described",
    "deviations_from_moves",
    "every_deal",
    "facts_of",
    "limit_of",
    "more_cards",
    "moves_of",
    "own_open",
    "page_of_deals",
    "reasons",
    "visible_deals",
    "way_named",
    "ways",
    "won_deals",
]
