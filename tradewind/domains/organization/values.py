"""Words that other domains may use: typed ids, and what an import of teams brings."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from typing import NewType

from tradewind.kernel.errors import declare, phrase

PersonId = NewType("PersonId", int)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of an imported tree; parents come before their children. `parent` is a unit's code."""

    code: str
    name: str
    kind: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One imported person with the unit they work in from a day on."""

    sign_in: str
    name: str
    unit: str
    role: str
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """A whole imported organization: its units, its people, and the day their assignments begin."""

    units: tuple[UnitRow, ...]
    people: tuple[PersonRow, ...]
    starts_on: date


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit of today's tree; `path` holds the ids from the root down to the unit itself."""

    id: int
    code: str
    name: str
    path: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A person in the unit they work in on a day."""

    person_id: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The workdays of some whole years, ascending.

    `unannounced` are the years whose make-up days the State Council has not announced and the company has
    not entered: they count as plain weeks with the holidays that the law names.
    """

    years: tuple[int, ...]
    days: tuple[date, ...]
    unannounced: tuple[int, ...] = ()

    def is_workday(self, day: date) -> bool:
        """Is this day worked? Raises LookupError for a day of another year."""
        return self.count(day, day) == 1

    def count(self, first: date, last: date) -> int:
        """How many workdays lie from the first to the last day, both included; 0 when they are backwards.

        Raises LookupError for days of another year.
        """
        for day in (first, last):
            if day.year not in self.years:
                raise LookupError(f"{day} is not in the calendar of {self.years}")
        return max(0, bisect_right(self.days, last) - bisect_left(self.days, first))


declare(
    {
        "organization.day_unnamed": phrase("Say what kind of day it is."),
        "organization.unknown_parent": phrase("Unit %(unit)s names a parent that is not there: %(parent)s"),
    }
)
