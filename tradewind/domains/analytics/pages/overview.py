"""The director's page: the finding first, then the numbers, then where to look."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from tradewind.domains.analytics import queries
from tradewind.domains.analytics.pages.common import (
    KINDS,
    THIS,
    address,
    deal_line,
    kind_of,
    owner_lines,
    tile,
)
from tradewind.domains.analytics.queries import Overview
from tradewind.domains.analytics.rules import change
from tradewind.domains.analytics.values import MonthBeside, Standing
from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline.queries import Column
from tradewind.domains.planning.queries import TrackedRow
from tradewind.kernel.period import beside, month_key
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.numbers import NONE, brief, shown

NAMES = {"month": gettext_lazy("Month"), "quarter": gettext_lazy("Quarter"), "year": gettext_lazy("Year")}
CLOSINGS = {"month", "quarter"}  # what the list of deals can be narrowed to by expected close


def overview_page(request: HttpRequest) -> HttpResponse:
    """How a month, quarter or year goes: attainment, trend, funnel, people, and what needs somebody."""
    asked = {name: request.GET.get(name, "") for name in ("period", "unit")}
    made = queries.overview(actor_of_request(request), **asked)
    return render(request, "analytics/overview.html", _head(made, asked) | _body(made))


def _head(made: Overview, asked: dict[str, str]) -> dict[str, object]:
    period, total = made.tracking.period, made.tracking.total
    today = organization.clock().today()
    is_now = period.first <= today <= period.last
    day = today if is_now else period.first
    lagging = made.lagging
    return {
        "period": period,
        "period_name": THIS[kind_of(period.key)] if is_now else period.key,
        "unit": made.unit,
        "total": total,
        "needed": brief(total.needed) if total.needed is not None else "",
        "gap": brief(abs(total.gap)),
        "is_over": period.last < today,
        "lagging": lagging.line.label if lagging else "",
        "days": made.tracking.days,
        "tabs": [
            {
                "name": NAMES[kind],
                "url": address("overview", period=key_of(day), unit=asked["unit"]),
                "is_current": kind == kind_of(period.key),
            }
            for kind, key_of in KINDS.items()
        ],
        "back_url": address("overview", period=beside(period.key, -1), unit=asked["unit"]),
        "on_url": address("overview", period=beside(period.key, 1), unit=asked["unit"]),
        "all_url": address("overview", period=period.key) if asked["unit"] else "",
    }


def _body(made: Overview) -> dict[str, object]:
    period, code = made.tracking.period, made.code
    figures = [tile(found, code) for found in made.figures.values()]
    board, closing = made.funnel, made.closing
    closes = kind_of(period.key) if kind_of(period.key) in CLOSINGS else ""
    is_now = period.first <= organization.clock().today() <= period.last
    return {
        "bookings": figures[0],
        "tiles": figures[1:],
        "target": _money(made.tracking.total.target),
        "forecast": _money(made.tracking.total.forecast),
        "tracking_url": address("tracking", period=period.key, unit=code),
        "has_plan": made.tracking.has_plan,
        "units": [_unit(row, made) for row in made.units],
        "months": [_month(one, code) for one in made.months],
        "chart": _chart(made),
        "stages": [_stage(column, code) for column in board.columns if column.stage.kind == "open"],
        "open_deals": {
            "count": board.count,
            "amount": _money(board.amount),
            "weighted": _money(board.weighted),
        },
        "board_url": address("deal_board", unit=code),
        "funnel_url": address("deal_funnel", unit=code),
        "best": [_standing(one, made) for one in made.ranking.best],
        "last": [_standing(one, made) for one in made.ranking.last],
        "people": made.ranking.people,
        "of_teams": any(not one.sign_in for one in made.ranking.best),
        "owners": owner_lines(made.owners, code),
        "closing": [deal_line(card) for card in closing.largest],
        "closing_count": closing.count,
        "closing_amount": _money(closing.amount),
        "closing_url": address("deals", state="open", closing=closes, unit=code) if is_now and closes else "",
    }


def _money(value: Decimal | None) -> dict[str, str]:
    return {"text": NONE if value is None else brief(value), "exact": shown(value, "money")}


def _unit(row: TrackedRow, made: Overview) -> dict[str, object]:
    found = row.progress
    return {
        "name": row.line.label,
        "level": max(1, row.line.depth),
        "progress": found,
        "actual": _money(found.actual),
        "target": _money(found.target),
        "needed": _money(found.needed),
        "url": address("tracking", period=made.tracking.period.key, unit=row.line.key.unit),
        "explain_url": _explain(made, unit=row.line.key.unit),
    }


def _standing(one: Standing, made: Overview) -> dict[str, object]:
    return {
        "who": one,
        "actual": _money(one.progress.actual),
        "url": address("tracking", period=made.tracking.period.key, unit=one.unit),
        "explain_url": _explain(made, by="unit", key=one.unit, person=one.sign_in),
    }


def _explain(made: Overview, **whose: str) -> str:
    """The entries behind the bookings of a unit with those below, or of a person in exactly one unit."""
    period = made.tracking.period
    return address("explain", measure=queries.BOOKINGS, from_=period.first, to=period.last, **whose)


def _month(one: MonthBeside, unit: str) -> dict[str, object]:
    key, former = month_key(one.month), month_key(one.month.replace(year=one.month.year - 1))
    by_month = {"measure": queries.BOOKINGS, "by": "month", "unit": unit}
    return {
        "key": key,
        "value": shown(one.value, "money"),
        "before": shown(one.before, "money"),
        "change": None if one.is_running else change(one.value, one.before),
        "is_running": one.is_running,
        "url": address("explain", **by_month, key=key) if one.value is not None else "",
        "before_url": address("explain", **by_month, key=former),
    }


def _chart(made: Overview) -> dict[str, object]:
    year = made.tracking.period.first.year
    return {
        "kind": "line",
        "unit": "money",
        "name": str(year),
        "labels": [month_key(one.month) for one in made.months],
        "values": [None if one.value is None else f"{one.value:f}" for one in made.months],
        "before": {"name": str(year - 1), "values": [f"{one.before:f}" for one in made.months]},
    }


def _stage(column: Column, unit: str) -> dict[str, object]:
    stage = column.stage
    return {
        "name": stage.label,
        "rate": stage.probability_rate,
        "count": column.count,
        "amount": _money(column.amount),
        "weighted": _money(column.weighted),
        "url": address("deals", stage=stage.key, unit=unit),
    }
