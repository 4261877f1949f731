"""What the API of plans and tracking takes and gives; amounts are strings, so that no decimal is lost."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import StringConstraints

from tradewind.domains.ledger.queries import written
from tradewind.domains.planning import queries
from tradewind.domains.planning.commands import Spreading
from tradewind.domains.planning.models import Plan
from tradewind.domains.planning.queries import PlanRow, TrackedRow, Tracking
from tradewind.domains.planning.rules.progress import shown_rate
from tradewind.domains.planning.rules.states import State
from tradewind.domains.planning.values import Kind, Method, Progress, Rounding, RowKey

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200)]


class RowIn(Schema):
    """A row: a unit by its code, and in it a person by sign-in name or the unit's reserve."""

    kind: Kind
    unit: Text
    person: Text = ""

    def key(self) -> RowKey:
        return RowKey(self.kind, self.unit, self.person)


class RoundingIn(Schema):
    """1, 100, 1000 or 10000 for each level; where the remainder goes, else to the last open one."""

    units: int = 1
    people: int = 1
    quarters: int = 1
    months: int = 1
    remainder_month: int | None = None
    remainder_row: RowIn | None = None

    def value(self) -> Rounding:
        row = self.remainder_row.key() if self.remainder_row else None
        return Rounding(self.units, self.people, self.quarters, self.months, self.remainder_month, row)


class WeightIn(RowIn):
    weight: Decimal


class PlanIn(Schema):
    """A year's amount, or growth over last year's actual as a fraction."""

    year: int
    measure: Text = queries.BOOKINGS
    unit: Text
    amount: Decimal | None = None
    growth_rate: Decimal | None = None
    by: Method = Method.EQUAL
    over: Method = Method.WORKDAYS
    rounding: RoundingIn = RoundingIn()


class SpreadIn(Schema):
    """Share a row's amount (default: what it has) anew; weights go with the method `weights`."""

    row: RowIn
    amount: Decimal | None = None
    by: Method = Method.PRESENT
    over: Method = Method.PRESENT
    rounding: RoundingIn = RoundingIn()
    weights: list[WeightIn] = Field(default_factory=list)
    month_weights: list[Decimal] = Field(default_factory=list)


class CellIn(Schema):
    """One month (1 to 12) of a person or of a unit's reserve."""

    row: RowIn
    month: int
    value: Decimal


class RangeIn(Schema):
    """A month of a row, or without one its whole year; of a unit, everything below it."""

    row: RowIn
    month: int | None = None


class PlanCardOut(Schema):
    id: str
    year: int
    measure: str
    unit: str
    state: State
    total: str
    version: int


class PlanRowOut(Schema):
    id: str
    parent: str
    kind: Kind
    unit: str
    person: str
    label: str
    months: list[str]
    locked: list[bool]
    quarters: list[str]
    total: str


class PlanOut(PlanCardOut):
    """A plan; `alike` are the rows just spread that had no weights below them, `alike_months` in the year."""

    base: str | None
    growth_rate: str | None
    rows: list[PlanRowOut]
    alike: list[RowIn] = Field(default_factory=list)
    alike_months: list[RowIn] = Field(default_factory=list)


class ChangedOut(Schema):
    """The new version, and the rows that a change may have touched."""

    version: int
    rows: list[PlanRowOut]


class ProgressOut(Schema):
    target: str
    actual: str
    attainment: str | None
    expected: str | None
    gap: str
    needed: str | None
    forecast: str | None
    index: str | None
    state: str


class TrackedRowOut(ProgressOut):
    id: str
    parent: str
    kind: Kind
    unit: str
    person: str
    label: str


class TrackingOut(Schema):
    period: str
    from_: str = Field(alias="from")
    to: str
    measure: str
    workdays: int
    workdays_ended: int
    make_up_days_announced: bool
    total: ProgressOut
    rows: list[TrackedRowOut]


class TrackingIn(Schema):
    """A month, quarter or year (default: this month), a unit (default: all that is seen), a measure.

    Without people each unit is one row; so by itself of more than 400 people.
    """

    period: Text = ""
    unit: Text = ""
    measure: Text = queries.BOOKINGS
    people: bool | None = None


def tracking_out(made: Tracking) -> dict[str, Any]:
    """A tracking table as the API writes it."""
    return {
        "period": made.period.key,
        "from": made.period.first.isoformat(),
        "to": made.period.last.isoformat(),
        "measure": made.flow.key,
        "workdays": made.days.workdays,
        "workdays_ended": made.days.ended,
        "make_up_days_announced": made.is_announced,
        "total": progress_out(made.total),
        "rows": [tracked_out(row) for row in made.rows],
    }


def card(plan: Plan, total: Decimal) -> dict[str, Any]:
    return {
        "id": str(plan.public_id),
        "year": plan.year,
        "measure": plan.measure,
        "unit": plan.root.code,
        "state": State(plan.state),
        "total": written(total),
        "version": plan.version,
    }


def alike_out(made: Spreading) -> dict[str, Any]:
    """Where an amount was shared alike for want of weights."""

    def rows(keys: Sequence[RowKey]) -> list[dict[str, str]]:
        return [{"kind": key.kind, "unit": key.unit, "person": key.person} for key in keys]

    return {"alike": rows(made.alike), "alike_months": rows(made.alike_months)}


def row_out(row: PlanRow) -> dict[str, Any]:
    line = row.line
    return {
        "id": line.id,
        "parent": line.parent,
        "kind": line.key.kind,
        "unit": line.key.unit,
        "person": line.key.person,
        "label": line.label,
        "months": _written([cell.value for cell in row.months]),
        "locked": [cell.is_locked for cell in row.months],
        "quarters": _written(row.quarters),
        "total": written(row.total),
    }


def _written(values: Sequence[Decimal]) -> list[str | None]:
    return [written(value) for value in values]


def tracked_out(row: TrackedRow) -> dict[str, Any]:
    line = row.line
    return progress_out(row.progress) | {
        "id": line.id,
        "parent": line.parent,
        "kind": line.key.kind,
        "unit": line.key.unit,
        "person": line.key.person,
        "label": line.label,
    }


def progress_out(found: Progress) -> dict[str, Any]:
    """Amounts exactly; rates with six decimals, cut so that none crosses a threshold."""
    return {
        "target": written(found.target),
        "actual": written(found.actual),
        "attainment": _rate(found.attainment),
        "expected": _rate(found.expected),
        "gap": written(found.gap),
        "needed": written(found.needed),
        "forecast": written(found.forecast),
        "index": _rate(found.index),
        "state": found.pace.value,
    }


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else written(shown_rate(rate, 6))
