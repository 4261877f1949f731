"""Months of the books for integrators: which are closed, closing, reopening."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tradewind.domains.ledger import closing, queries, rules
from tradewind.domains.ledger.values import MonthState
from tradewind.platform.spine.access.middleware import actor_of_request

router = Router(tags=["months"])


class MonthOut(Schema):
    """A month; `by`, `at` and `reason` are of its last closing or reopening."""

    month: str
    is_closed: bool
    is_running: bool
    by: str
    at: str | None
    reason: str


class MonthsOut(Schema):
    """The running month and the 23 before it, the newest first; nothing is dated before `open_from`."""

    open_from: str | None
    months: list[MonthOut]


class CloseIn(Schema):
    """`with_earlier` closes every open month before this one, too."""

    with_earlier: bool = False


class MonthReopenIn(Schema):
    """Why the month is reopened; it stays in the record."""

    reason: str = Field("", max_length=2000)


@router.get("", response=MonthsOut)
def get_months(request: HttpRequest) -> dict[str, Any]:
    """Which months are closed."""
    return _as_json(request)


@router.post("/{month}/close", response=MonthsOut)
def post_close(request: HttpRequest, month: str, given: CloseIn) -> dict[str, Any]:
    """Close a month that is over, the earliest open one first."""
    asked = closing.Closing(rules.month_asked(month), given.with_earlier)
    closing.close_month(actor_of_request(request), asked)
    return _as_json(request)


@router.post("/{month}/reopen", response=MonthsOut)
def post_reopen(request: HttpRequest, month: str, given: MonthReopenIn) -> dict[str, Any]:
    """Reopen the last closed month."""
    closing.reopen_month(actor_of_request(request), closing.Reopening(rules.month_asked(month), given.reason))
    return _as_json(request)


def _as_json(request: HttpRequest) -> dict[str, Any]:
    months = queries.month_states(actor_of_request(request))
    since = queries.open_from() if any(one.is_closed for one in months) else None
    return {"open_from": since.isoformat() if since else None, "months": [_month(one) for one in months]}


def _month(one: MonthState) -> dict[str, Any]:
    return {
        "month": one.key,
        "is_closed": one.is_closed,
        "is_running": one.is_running,
        "by": one.by,
        "at": one.at.isoformat() if one.at else None,
        "reason": one.reason,
    }
