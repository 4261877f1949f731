"""The state of business for integrators: the same answer as the director's page, amounts exactly, as text."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from tradewind.domains.analytics import queries
from tradewind.domains.analytics.queries import Overview
from tradewind.domains.analytics.values import Compared, Standing
from tradewind.domains.ledger.queries import written
from tradewind.domains.planning.schemas import ProgressOut, Text, progress_out
from tradewind.kernel.period import month_key
from tradewind.kernel.rounding import half_up
from tradewind.platform.spine.access.middleware import actor_of_request

router = Router(tags=["overview"])


class OverviewIn(Schema):
    """A month, quarter or year (default: this month) and a unit (default: all the reader steers)."""

    period: Text = ""
    unit: Text = ""


class OverviewFigureOut(Schema):
    """A measure up to today beside the same days of the year before; `change` is a fraction."""

    measure: str
    value: str | None
    before: str | None
    change: str | None


class UnitOut(ProgressOut):
    unit: str
    label: str


class PersonOut(ProgressOut):
    person: str
    label: str
    unit: str


class OverviewMonthOut(Schema):
    month: str
    value: str | None
    before: str


class OverviewStageOut(Schema):
    stage: str
    count: int
    amount: str
    weighted: str


class OwnerOut(Schema):
    person: str
    open_deals: int
    late_steps: int
    oldest_on: str | None
    without_step: int
    stuck: int
    slipped: int


class DealOut(Schema):
    id: str
    number: str
    amount: str | None
    close_on: str | None


class OverviewOut(Schema):
    period: str
    unit: str
    total: ProgressOut
    figures: list[OverviewFigureOut]
    units: list[UnitOut]
    months: list[OverviewMonthOut]
    funnel: list[OverviewStageOut]
    best: list[PersonOut]
    last: list[PersonOut]
    owners: list[OwnerOut]
    closing: list[DealOut]
    closing_count: int
    closing_amount: str


@router.get("", response=OverviewOut)
def get_overview(request: HttpRequest, asked: Query[OverviewIn]) -> dict[str, Any]:
    """How a period goes: attainment, trend, funnel, people, what needs somebody. 403 without the right.

    Of more than 1,000 people their teams are ranked, each with an empty person.
    """
    return _out(queries.overview(actor_of_request(request), asked.period, asked.unit))


def _out(made: Overview) -> dict[str, Any]:
    return {
        "period": made.tracking.period.key,
        "unit": made.code,
        "total": progress_out(made.tracking.total),
        "figures": [_figure(found) for found in made.figures.values()],
        "units": [
            progress_out(row.progress) | {"unit": row.line.key.unit, "label": row.line.label}
            for row in made.units
        ],
        "months": [
            {"month": month_key(one.month), "value": written(one.value), "before": written(one.before)}
            for one in made.months
        ],
        "best": [_person(one) for one in made.ranking.best],
        "last": [_person(one) for one in made.ranking.last],
        **_deals(made),
    }


def _deals(made: Overview) -> dict[str, Any]:
    closing = made.closing
    return {
        "funnel": [
            {
                "stage": column.stage.key,
                "count": column.count,
                "amount": written(column.amount),
                "weighted": written(column.weighted),
            }
            for column in made.funnel.columns
            if column.stage.kind == "open"
        ],
        "owners": [
            {
                "person": one.sign_in,
                "open_deals": one.open_deals,
                "late_steps": one.late_steps,
                "oldest_on": one.oldest_on and one.oldest_on.isoformat(),
                "without_step": one.without_step,
                "stuck": one.stuck,
                "slipped": one.slipped,
            }
            for one in made.owners
        ],
        "closing": [
            {
                "id": str(card.deal.public_id),
                "number": card.deal.number,
                "amount": written(card.deal.amount),
                "close_on": card.deal.close_on and card.deal.close_on.isoformat(),
            }
            for card in closing.largest
        ],
        "closing_count": closing.count,
        "closing_amount": written(closing.amount),
    }


def _figure(found: Compared) -> dict[str, Any]:
    return {
        "measure": found.measure,
        "value": written(found.value),
        "before": written(found.before),
        "change": written(_rate(found.change)),
    }


def _person(one: Standing) -> dict[str, Any]:
    return progress_out(one.progress) | {"person": one.sign_in, "label": one.name, "unit": one.unit}


def _rate(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else half_up(rate, 6)
