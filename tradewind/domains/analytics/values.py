"""Words of analytics: figures beside those of the year before, people in order, what to do first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tradewind.domains.planning.values import Progress


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of some days beside the same days of the year before; None where nothing can be said.

    `change` is a fraction: 0.12 is 12 % more than the year before.
    """

    measure: str
    first: date
    last: date
    value: Decimal | None
    before: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthBeside:
    """A month beside the same month of the year before; `value` is None for a month still to come."""

    month: date
    value: Decimal | None
    before: Decimal
    is_running: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A person in a unit, or with an empty `sign_in` a whole team in the unit above, and how far they are."""

    sign_in: str
    name: str
    unit: str
    unit_name: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best and, apart from them, those who lag most, each the most extreme first; of how many."""

    best: Sequence[Standing]
    last: Sequence[Standing]
    people: int
