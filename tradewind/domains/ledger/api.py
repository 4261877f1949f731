"""Figures for integrators; values are strings, so that no decimal is lost on the way."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from tradewind.domains.ledger import rules
from tradewind.domains.ledger.queries import explain, figure
from tradewind.domains.ledger.values import PARTS, Answer, Explanation, Part, Question
from tradewind.platform.spine.access.middleware import actor_of_request

router = Router(tags=["figures"])


class Asked(Schema):
    """A measure, broken down or not, over a period whose days are both included.

    `unit` (code) narrows it to that unit and those below, as it was; `person` (sign-in name) to one person.
    """

    measure: str
    by: str = ""
    level: str = ""
    from_: str = Field("", alias="from")
    to: str = ""
    unit: str = ""
    person: str = ""


class AskedWhy(Asked):
    """A figure, or one of its rows by key; a part of a ratio, a page behind a cursor."""

    key: str | None = None
    part: str = ""
    after: str = ""


class RowOut(Schema):
    key: str
    label: str
    value: str | None


class FigureOut(Schema):
    measure: str
    unit: str
    from_: str | None = Field(None, alias="from")
    to: str | None
    by: str | None
    level: int | None
    total: str | None
    rows: list[RowOut]


class ItemOut(Schema):
    """An entry; `corrects` is the day it belongs to, where that month was closed when it was posted."""

    entry: int
    on: str
    corrects: str | None
    measure: str
    value: str
    person: str
    customer: str
    about: str
    url: str


class PartOut(Schema):
    measures: list[str]
    total: str
    items: list[ItemOut]
    next: str | None


class ExplanationOut(Schema):
    figure: str
    total: str | None
    items: list[ItemOut]
    next: str | None
    numerator: PartOut | None = None
    denominator: PartOut | None = None


@router.get("", response=FigureOut, by_alias=True)
def get_figure(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """One figure over everything the signed-in person sees."""
    return answer_as_json(figure(actor_of_request(request), _question(asked)))


@router.get("/explain", response=ExplanationOut)
def get_explanation(request: HttpRequest, asked: Query[AskedWhy]) -> dict[str, Any]:
    """The entries that add up to a figure, a page at a time."""
    made = explain(actor_of_request(request), _question(asked), asked.key, asked.part, asked.after)
    return explanation_as_json(made)


def _question(asked: Asked) -> Question:
    within = (asked.unit, asked.person)
    return rules.question(asked.measure, asked.by, asked.level, (asked.from_, asked.to), within)


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """A figure as the API and `./tw figure --json` write it."""
    asked = answer.question
    return {
        "measure": answer.measure.key,
        "unit": answer.measure.unit.value,
        "from": asked.period.start.isoformat() if asked.period.start else None,
        "to": asked.period.last.isoformat() if asked.period.last else None,
        "by": asked.by.value if asked.by else None,
        "level": asked.level,
        "total": rules.written(answer.total),
        "rows": [{"key": r.key, "label": r.label, "value": rules.written(r.value)} for r in answer.rows],
    }


def explanation_as_json(made: Explanation) -> dict[str, Any]:
    """What a figure is made of, as the API and `./tw figure --explain --json` write it."""
    parts = [_part(part) for part in made.parts]
    is_one = len(parts) == 1
    return {
        "figure": made.measure.key,
        "total": parts[0]["total"] if is_one else rules.written(made.total),
        "items": parts[0]["items"] if is_one else [],
        "next": parts[0]["next"] if is_one else None,
        **({} if is_one else dict(zip(PARTS, parts, strict=True))),
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "measures": list(part.measures),
        "total": rules.written(part.total),
        "next": part.next,
        "items": [
            {
                "entry": item.entry,
                "on": item.on.isoformat(),
                "corrects": item.corrects.isoformat() if item.corrects else None,
                "measure": item.measure,
                "value": rules.written(item.value),
                "person": item.person,
                "customer": item.customer,
                "about": item.about.label,
                "url": item.about.url,
            }
            for item in part.items
        ],
    }
