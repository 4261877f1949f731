"""The pages of deals: list, one deal, board, funnel."""

from tradewind.domains.pipeline.pages.board import board_page
from tradewind.domains.pipeline.pages.funnel import funnel_page
from tradewind.domains.pipeline.pages.listing import listing
from tradewind.domains.pipeline.pages.record import (
    closing_page,
    lose_page,
    move_page,
    panel,
    record,
    reopen_page,
    step_page,
    win_page,
)

__all__ = [
    "board_page",
    "closing_page",
    "funnel_page",
    "listing",
    "lose_page",
    "move_page",
    "panel",
    "record",
    "reopen_page",
    "step_page",
    "win_page",
]
