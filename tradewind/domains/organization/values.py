"""Words that other domains may use: typed ids, and what an import of teams brings."""

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


declare(
    {
        "organization.unknown_parent": phrase("Unit %(unit)s names a parent that is not there: %(parent)s"),
    }
)
