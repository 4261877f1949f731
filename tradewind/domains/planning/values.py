"""Words of planning that other domains may use: plans, their rows, how amounts are spread, how far we are."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from tradewind.kernel.errors import declare, phrase

PlanId = NewType("PlanId", int)
MONTHS = range(1, 13)
UNITS_OF_ROUNDING = (1, 100, 1000, 10000)
LARGEST = Decimal("9999999999999.99")


class Method(StrEnum):
    """By what an amount is shared: alike, as last year, as planned now, by workdays, by own weights.

    Workdays share only among months.
    """

    EQUAL = "equal"
    HISTORY = "history"
    PRESENT = "present"
    WORKDAYS = "workdays"
    WEIGHTS = "weights"


class Kind(StrEnum):
    """A unit sums up what is below it; people and the unit's own reserve 空岗/机动 hold the months."""

    UNIT = "unit"
    PERSON = "person"
    RESERVE = "reserve"


class Pace(StrEnum):
    """How a scope does against the workdays that have ended; `unknown` where there is nothing to judge."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row of a plan: a unit by its code, and in it a person by sign-in name or the unit's reserve."""

    kind: Kind
    unit: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Rounding:
    """To how many whole yuan (or pieces) each level is rounded: 1, 100, 1000 or 10000.

    `remainder_month` takes what is left within a year, `remainder_row` what is left among rows; without
    them, the last open one does.
    """

    units: int = 1
    people: int = 1
    quarters: int = 1
    months: int = 1
    remainder_month: int | None = None
    remainder_row: RowKey | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """The workdays of a period: all of them, and those that have ended before today."""

    workdays: int
    ended: int

    @property
    def left(self) -> int:
        """Workdays left, today included."""
        return self.workdays - self.ended


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scope is. Rates are fractions, unrounded; None where there is nothing to divide by.

    `gap` is target − actual, also when negative; `needed` per remaining workday has two decimals, like
    `forecast`, the run rate: actual ÷ expected progress.
    """

    target: Decimal
    actual: Decimal
    attainment: Decimal | None
    expected: Decimal | None
    gap: Decimal
    needed: Decimal | None
    forecast: Decimal | None
    index: Decimal | None
    pace: Pace


@dataclass(frozen=True, slots=True)
class TrackedPeriod:
    """A calendar month, quarter or year by its key (2026-11, 2026-Q4, 2026); `last` is included."""

    key: str
    first: date
    last: date


declare(
    {
        "planning.amount_not_positive": phrase(
            "An amount to spread is more than 0; to plan nothing, set the cells to 0."
        ),
        "planning.amount_too_small": phrase(
            "The amount is smaller than the rounding of %(unit)s; choose a smaller rounding."
        ),
        "planning.amount_too_large": phrase("This amount is larger than the system keeps."),
        "planning.amount_decimals": phrase("An amount has at most two decimals."),
        "planning.not_whole": phrase("This measure is counted in whole numbers."),
        "planning.amount_or_growth": phrase("Give either an amount or the growth over last year."),
        "planning.growth_without_base": phrase(
            "Last year has no positive actual to grow from; give an amount instead."
        ),
        "planning.growth_too_low": phrase("Growth has to leave something to plan: it is above −100 percent."),
        "planning.value_negative": phrase("A target is 0 or more."),
        "planning.weight_negative": phrase("A weight is 0 or more."),
        "planning.weights_missing": phrase("Give at least one weight above 0."),
        "planning.bad_method": phrase("Workdays share an amount among months only."),
        "planning.bad_rounding": phrase("Amounts are rounded to 1, 100, 1,000 or 10,000."),
        "planning.bad_month": phrase("A month is a number from 1 to 12."),
        "planning.bad_year": phrase("A plan is for a year from 2000 to 2100."),
        "planning.bad_period": phrase("A period is a month, quarter or year, like 2026-11, 2026-Q4 or 2026."),
        "planning.not_a_flow": phrase("A plan needs a measure that adds up; %(measure)s is a ratio."),
        "planning.unknown_unit": phrase("There is no unit %(unit)s."),
        "planning.unknown_row": phrase("This row is not in the plan."),
        "planning.nothing_open": phrase("Every cell here is locked; unlock one first."),
        "planning.locked_more": phrase("The locked cells already hold %(locked)s, more than %(amount)s."),
        "planning.month_closed": phrase(
            "%(month)s is closed, and its targets with it; %(who)s can reopen it."
        ),
        "planning.cell_locked": phrase("This cell is locked; unlock it first."),
        "planning.not_a_cell": phrase(
            "Only months of people and of the reserve are typed in; units are sums."
        ),
        "planning.reserve_locked": phrase(
            "The reserve of this month is locked and cannot take the difference."
        ),
        "planning.reserve_too_small": phrase(
            "The reserve of this month holds %(reserve)s, too little for this; raise the reserve or lower "
            "another cell first."
        ),
        "planning.is_draft": phrase("This plan is a draft; submit it first."),
        "planning.is_submitted": phrase("This plan waits for approval; take it back to draft first."),
        "planning.in_force": phrase("This plan is in force and locked; nothing in it changes."),
        "planning.empty": phrase("A plan without any target cannot be submitted."),
        "planning.own_request": phrase("You submitted this plan: somebody else approves it."),
        "planning.overlaps": phrase("Another plan for the same measure, year and units is already in force."),
        "planning.year_running": phrase("A plan is closed after its year has ended."),
    }
)
