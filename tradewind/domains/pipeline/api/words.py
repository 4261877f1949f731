"""What the API of deals speaks of: a deal as it shows one, and which deals somebody asks for."""

from collections.abc import Mapping
from typing import Any

from ninja import Schema

from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.queries.board import Card
from tradewind.domains.pipeline.resource import OPPORTUNITY
from tradewind.platform.surface.resource.api import router as router_of

router = router_of(OPPORTUNITY)


class DealCardOut(Schema):
    """A card of the board. `stage` is the key of a stage, `state` open, won or lost; money without tax.

    `days_in_stage` are calendar days; `is_stuck` when they are more than 80 % of the finished visits took.
    """

    id: str
    number: str
    title: str
    product: str | None
    customer: str | None
    customer_name: str | None
    owner: str
    owner_name: str
    unit: str
    pipeline: str
    stage: str
    stage_name: str
    state: str
    days_in_stage: int
    is_stuck: bool
    amount: str | None
    close_on: str | None
    category: str
    next_step: str
    next_step_on: str | None
    opened_on: str
    closed_on: str | None
    value: str | None
    reason_code: str | None
    reason: str
    version: int


class Narrowing(Schema):
    """Which deals: see the list's page; stages and reached stages are keys, days ISO dates."""

    q: str = ""
    state: str = ""
    pipeline: str = ""
    stage: str = ""
    owner: str = ""
    unit: str = ""
    closing: str = ""
    reached: str = ""
    reason: str = ""
    flag: str = ""
    on: str = ""
    opened_from: str = ""
    opened_to: str = ""
    closed_from: str = ""
    closed_to: str = ""


def card_out(card: Card) -> dict[str, Any]:
    """A card as the API shows it."""
    deal = card.deal
    days = {name: getattr(deal, name) for name in ("close_on", "next_step_on", "opened_on", "closed_on")}
    money = {name: getattr(deal, name) for name in ("amount", "value")}
    plain = ("number", "title", "state", "category", "next_step", "reason", "version")
    return {
        "id": str(deal.public_id),
        **{name: getattr(deal, name) for name in plain},
        **{name: day.isoformat() if day else None for name, day in days.items()},
        **{name: None if value is None else f"{value:f}" for name, value in money.items()},
        **_pointed(deal),
        "days_in_stage": card.days,
        "is_stuck": card.is_stuck,
    }


def _pointed(deal: Opportunity) -> Mapping[str, str | None]:
    """What the deal points to, by key and name."""
    return {
        "product": deal.product.code if deal.product else None,
        "customer": deal.customer.code if deal.customer else None,
        "customer_name": deal.customer.name if deal.customer else None,
        "owner": deal.owner.sign_in,
        "owner_name": deal.owner.name,
        "unit": deal.unit.code,
        "pipeline": deal.stage.pipeline.key,
        "stage": deal.stage.key,
        "stage_name": deal.stage.label,
        "reason_code": deal.reason_code.key if deal.reason_code else None,
    }
