"""Words that other domains may use: typed ids, and what an import of teams brings."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NewType

from tradewind.kernel.errors import declare, phrase

PersonId = NewType("PersonId", int)
UnitId = NewType("UnitId", int)
PositionId = NewType("PositionId", int)

OUTSIDE = "sales_unit"
"""The kind of units outside the company: sales units 销售单位."""

KINDS = ("company", "division", "region", "department", "team", OUTSIDE)
"""Kinds of units."""

KIND_NAMES = {
    "company": phrase("Whole company"),
    "division": phrase("Division"),
    "region": phrase("Region"),
    "department": phrase("Department"),
    "team": phrase("Team"),
    OUTSIDE: phrase("Sales unit"),
}
"""What each kind of unit is called."""

ROLE_NAMES = {
    "admin": phrase("Administrator"),
    "director": phrase("Sales director"),
    "manager": phrase("Sales manager"),
    "seller": phrase("Seller"),
    "partner": phrase("Partner"),
    "finance": phrase("Finance"),
    "hr": phrase("Human resources"),
}
"""What each role is called."""


LEVELS = {
    1: phrase("Knows of it"),
    2: phrase("Applies it with help"),
    3: phrase("Masters it"),
    4: phrase("Teaches it"),
}
"""How well a position asks for a skill."""

SALES_UNITS = {
    "distributor": phrase("Distributor"),
    "agent": phrase("Agent"),
    "reseller": phrase("Reseller"),
    "outsourced": phrase("Outsourced team"),
}
"""Kinds of outside sales units 销售单位, by what their contract makes them."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of an imported tree; parents come before their children. `parent` is a unit's code."""

    code: str
    name: str
    kind: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One imported person with the unit they work in from a day on, and there perhaps a position's title."""

    sign_in: str
    name: str
    unit: str
    role: str
    is_head: bool = False
    position: str = ""


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
class NamedRole:
    """A role by its name, in the reader's language. A retired one is held by nobody and given to nobody."""

    name: str
    based_on: str
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands where today, as far as they can sign in: for finding who must agree.

    path_of: of each unit, ids from the root down · head_of, unit_of: only people who can sign in, so that a
    unit without such a head is a vacancy · held: who holds a role · roles: all there are, retired ones too.
    """

    path_of: Mapping[int, tuple[int, ...]]
    kind_of: Mapping[int, str]
    unit_names: Mapping[int, str]
    head_of: Mapping[int, int]
    unit_of: Mapping[int, int]
    held: Mapping[str, frozenset[int]]
    names: Mapping[int, str]
    roles: Mapping[str, NamedRole]


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


@dataclass(frozen=True, slots=True)
class Posting:
    """Days whose credits go to one unit: from `begins` (None: ever since) until `ends` (None: on and on)."""

    unit_id: int
    begins: date | None
    ends: date | None

    def __contains__(self, day: date) -> bool:
        return (self.begins is None or self.begins <= day) and (self.ends is None or day < self.ends)


declare(
    {
        "organization.unknown_skill": phrase("There is no such skill."),
        "organization.bad_level": phrase("A level is one of the four."),
        "organization.not_outside": phrase("Only outside sales units have a contract."),
        "organization.no_conduct": phrase(
            "The code of conduct changed meanwhile, or is not there yet: read it again."
        ),
        "organization.not_yours": phrase("Only people of the sales unit acknowledge it."),
        "organization.bad_fiscal_month": phrase("A fiscal year begins with a month from 1 to 12."),
        "organization.day_unnamed": phrase("Say what kind of day it is."),
        "organization.before_first": phrase(
            "This person begins on %(day)s, not earlier: correct that first."
        ),
        "organization.same_post": phrase("This person works there already on that day."),
        "organization.ends_before_start": phrase("This ends before it begins on %(day)s."),
        "organization.left_already": phrase("This person has left already, on %(day)s."),
        "organization.over_neighbour": phrase("This would cover the whole assignment of %(day)s beside it."),
        "organization.first_stays": phrase("A first assignment can be corrected, but not withdrawn."),
        "organization.other_head": phrase(
            "%(name)s becomes head of this unit on %(day)s: change that first."
        ),
        "organization.own_post": phrase(
            "Nobody changes their own posts: ask somebody else who keeps the directory."
        ),
        "organization.role_outside": phrase(
            "People of an outside sales unit hold no role of the company: give the role Partner first."
        ),
        "organization.post_outside": phrase(
            "Additional posts do not cross the border of an outside sales unit."
        ),
        "organization.stand_in_outside": phrase(
            "Only people of the same outside sales unit stand in for each other."
        ),
        "organization.bad_share": phrase("A share is a whole number from 1 to 99 percent."),
        "organization.share_taken": phrase(
            "On %(day)s at most %(left)s percent are left beside the main assignment."
        ),
        "organization.works_there": phrase("This person works in that unit already, from %(day)s on."),
        "organization.not_in_unit": phrase(
            "%(name)s does not work in this unit on that day: move them there."
        ),
        "organization.unknown_unit": phrase("There is no such unit."),
        "organization.unit_closed": phrase("This unit is closed."),
        "organization.unit_has_people": phrase("%(count)s people work or will work there: move them first."),
        "organization.unit_has_units": phrase("%(count)s units stand below it: move or close them first."),
        "organization.root_stays": phrase("The company itself stays where it is."),
        "organization.below_itself": phrase("A unit cannot stand below itself."),
        "organization.inside_outside": phrase(
            "Only sales units stand below a sales unit: what is below it is outside, too."
        ),
        "organization.same_parent": phrase("The unit stands there already."),
        "organization.unit_code_taken": phrase("There is a unit with this code already."),
        "organization.unknown_position": phrase("This unit has no such position."),
        "organization.position_taken": phrase("This unit has a position of this title already."),
        "organization.position_held": phrase(
            "Somebody holds it or held it: keep it, with a headcount of 0, so that their past stays readable."
        ),
        "organization.unknown_person": phrase("There is nobody of this name or sign-in name."),
        "organization.several_people": phrase("Several people are called so: take the sign-in name."),
        "organization.sign_in_taken": phrase("Somebody has this sign-in name already."),
        "organization.bad_sign_in": phrase("A sign-in name has no spaces and at most 150 characters."),
        "organization.role_above": phrase("Only an administrator gives this role."),
        "organization.unknown_role": phrase("There is no such role."),
        "organization.role_taken": phrase("There is a role of this name already."),
        "organization.role_held": phrase(
            "%(count)s people hold this role by now. Look at the page again, and confirm for all of them."
        ),
        "organization.own_roles": phrase("Nobody changes their own roles: ask another administrator."),
        "organization.no_keeper_left": phrase(
            "Nobody who works here could change roles any more: leave that right to somebody."
        ),
        "organization.unknown_right": phrase("There is no right “%(right)s” of this extent."),
        "organization.stands_in_for_self": phrase("Choose somebody else."),
        "organization.stands_in_by_own_word": phrase(
            "Nobody makes themselves a stand-in: the person away, or somebody else, arranges it."
        ),
        "organization.stand_in_not_here": phrase("They do not work here on all of these days."),
        "organization.stand_in_already": phrase(
            "Somebody stands in already from %(day)s on: end that first."
        ),
        "organization.stand_in_past": phrase("These days are over."),
        "organization.stand_in_too_long": phrase("At most a year at a time."),
        "organization.still_here": phrase("%(name)s works here: only who has left is erased."),
        "organization.erased_already": phrase("There is nothing personal left here."),
        "organization.nobody_to_see_as": phrase("There is nothing to see as this person."),
        "organization.stand_in_over": phrase("This is over already."),
        "organization.name_missing": phrase("Give it a name."),
        "organization.bad_code": phrase("A code is made of letters, digits, points and dashes."),
        "organization.unknown_kind": phrase("There is no such kind of unit."),
        "organization.bad_headcount": phrase("A headcount is a whole number from 0 to 10,000."),
        "organization.unknown_parent": phrase("Unit %(unit)s names a parent that is not there: %(parent)s"),
    }
)
