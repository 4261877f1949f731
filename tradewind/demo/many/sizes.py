"""How large the demo company is: a name, or a number of customers; everything else follows by ratio."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tradewind.demo.cast import CAST, OTHERS

SIZES = {"small": 0, "medium": 100_000, "large": 1_000_000}
SMALLEST, LARGEST = 1_000, 5_000_000
AT_ONCE = 50_000
"""Customers whose rows are made in one transaction."""
FIRST = 100_000
"""Ids up to here are left to the small company and its story."""
PEOPLE_OF_THE_STORY = len(CAST + OTHERS)
DRAFTS = 64
"""One order in so many is a draft."""
REGIONS, BRANCHES = 9, 65
PRIMES = (7919, 7907)
"""Scatter the busy customers over their chunk: one of them divides no chunk's size."""
CONTACTS, TOUCHES = 3, 5
"""For each customer."""
DAYS = 1095
"""The company's memory: three years."""


def customers_of(size: str) -> int:
    """How many customers are added to those of the small company. Raises ValueError for a size unknown."""
    if size in SIZES:
        return SIZES[size]
    if not size.isascii() or not size.isdigit() or not SMALLEST <= int(size) <= LARGEST:
        named = ", ".join(SIZES)
        raise ValueError(f"a size is one of {named}, or a number of customers from {SMALLEST} to {LARGEST}")
    return int(size)


@dataclass(frozen=True, slots=True)
class Chunk:
    """The customers (and as many deals and orders) from `first` to `last` that are made together.

    A customer's place times `step` leads to its rank in the chunk, 0 the busiest; the rank times `inverse`
    leads back.
    """

    number: int
    first: int
    last: int

    @property
    def size(self) -> int:
        """How many customers."""
        return self.last - self.first + 1

    @property
    def step(self) -> int:
        """A number that shares no factor with the size."""
        return next((prime for prime in PRIMES if self.size % prime), 1)

    @property
    def inverse(self) -> int:
        """`step` × `inverse` leaves 1 when divided by the size."""
        return pow(self.step, -1, self.size)


@dataclass(frozen=True, slots=True)
class Extent:
    """What a number of customers brings with it."""

    customers: int
    today: date
    at_once: int = AT_ONCE

    @property
    def people(self) -> int:
        """One of us for a hundred customers, those of the story included."""
        return max(self.customers // 100 - PEOPLE_OF_THE_STORY, 12)

    @property
    def teams(self) -> int:
        """Ten people, one of whom leads or stands above."""
        return max(self.people // 10, 1)

    @property
    def branches(self) -> int:
        """One for about eight teams, until every city has one."""
        return min(BRANCHES, max(1, -(-self.teams // 8)))

    @property
    def regions(self) -> int:
        """Branches are opened region by region in turn."""
        return min(REGIONS, self.branches)

    @property
    def heads(self) -> int:
        """Whoever leads a region, a branch or a team."""
        return self.regions + self.branches + self.teams

    @property
    def began_on(self) -> date:
        """The first day of the company's memory."""
        return self.today - timedelta(days=DAYS)

    def chunks(self) -> Iterator[Chunk]:
        """All customers in order."""
        for number, start in enumerate(range(0, self.customers, self.at_once)):
            yield Chunk(number, start + 1, min(start + self.at_once, self.customers))
