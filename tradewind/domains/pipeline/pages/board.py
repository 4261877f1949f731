"""The board: one column per stage, moved by mouse, finger or keyboard."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.vary import vary_on_headers

from tradewind.domains.pipeline import queries
from tradewind.domains.pipeline.pages.common import address, given, looks, options
from tradewind.domains.pipeline.queries import Board, Card, Column
from tradewind.domains.pipeline.rules import Category, State
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.numbers import brief, shown

HEADS_ONLY = "0"


@vary_on_headers("HX-Request")
def board_page(request: HttpRequest) -> HttpResponse:
    """The deals of a pipeline by stage; the next cards of one column, or the heads alone, for scripts."""
    actor, asked = actor_of_request(request), given(request)
    is_part, after = bool(request.headers.get("HX-Request")), request.GET.get("after", "")
    if is_part and after:
        column = queries.more_cards(actor, queries.asked(asked), after)
        return render(request, "pipeline/_cards.html", {"column": _column(column, asked)})
    heads_only = is_part and request.GET.get("cards") == HEADS_ONLY
    question = queries.asked(asked)
    board = queries.board(actor, question, 0) if heads_only else queries.board(actor, question)
    context = _board(board, asked)
    if is_part:
        return render(request, "pipeline/_board.html", context)
    context |= {
        "options": options(actor, board.among, asked),
        "query": question.words,
        "looks": looks("deal_board", asked),
        "can_move": actor.can("pipeline.opportunity.move"),
    }
    return render(request, "pipeline/board.html", context)


def _board(board: Board, asked: Mapping[str, str]) -> dict[str, object]:
    return {
        "columns": [_column(column, asked) for column in board.columns],
        "count": board.count,
        "amount": brief(board.amount),
        "amount_exact": shown(board.amount, "money"),
        "weighted": brief(board.weighted),
        "weighted_exact": shown(board.weighted, "money"),
        "is_narrowed": any(name != "pipeline" for name in asked),
    }


def _column(column: Column, asked: Mapping[str, str]) -> dict[str, object]:
    stage = column.stage
    more = {**asked, "stage": stage.key, "after": column.next}
    is_open = stage.kind == State.OPEN
    return {
        "stage": stage,
        "is_open": is_open,
        "count": column.count,
        "amount": brief(column.amount),
        "amount_exact": shown(column.amount, "money"),
        "weighted": brief(column.weighted) if is_open else "",
        "weighted_exact": shown(column.weighted, "money"),
        "cards": [_card(card) for card in column.cards],
        "more_url": address("deal_board", more) if column.next else "",
        "list_url": address("deals", {**asked, "stage": stage.key}),
    }


def _card(card: Card) -> dict[str, object]:
    deal = card.deal
    amount = deal.value if deal.state == State.WON else deal.amount
    return {
        "card": card,
        "deal": deal,
        "url": reverse("deal", args=[deal.public_id]),
        "customer": deal.customer.name if deal.customer else "",
        "amount": shown(amount, "money") if amount is not None else "",
        "is_open": deal.state == State.OPEN,
        "category": deal.get_category_display() if deal.category != Category.PIPELINE else "",
    }
