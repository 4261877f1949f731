"""Who acts, what they may do, and how far: frozen values, built by the organization."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from tradewind.kernel.errors import NotAllowed


@dataclass(frozen=True)
class Reach:
    """The rows of one resource that a right is about: all, or those of these people and units (ids)."""

    everything: bool = False
    persons: tuple[int, ...] = ()
    units: tuple[int, ...] = ()

    @cached_property
    def written(self) -> tuple[str, str]:
        """People and units as arrays of the database."""
        return array(self.persons), array(self.units)

    def __or__(self, other: "Reach") -> "Reach":
        """What either of the two reaches."""
        return Reach(
            self.everything or other.everything,
            tuple(dict.fromkeys((*self.persons, *other.persons))),
            tuple(dict.fromkeys((*self.units, *other.units))),
        )


@dataclass(frozen=True, slots=True)
class Shared:
    """Rows of one resource that others shared with an actor (ids), and which of them to be changed, too."""

    ids: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()


NOTHING = Reach()
EVERYTHING = Reach(everything=True)
UNSHARED = Shared()


@dataclass(frozen=True)
class Actor:
    """One acting party for one transaction. `person_id` is None for the system and for nobody.

    grants: each right they have, with its reach · units: where they work today · shared: by resource, what
    others shared with them · stands_in_for: people who are away today and handed their work to this person ·
    is_wide: they see every row there is · looks_as: whose rights these are, where an administrator only
    looks with somebody else's eyes.
    """

    name: str
    person_id: int | None = None
    grants: Mapping[str, Reach] = field(default_factory=dict)
    is_wide: bool = False
    stands_in_for: frozenset[int] = frozenset()
    units: tuple[int, ...] = ()
    shared: Mapping[str, Shared] = field(default_factory=dict)
    looks_as: str = ""

    @classmethod
    def nobody(cls) -> "Actor":
        """A visitor who has not signed in: sees no row, has no right."""
        return cls("nobody")

    @classmethod
    def system(cls, task: str) -> "Actor":
        """The system itself, doing a named task: sees every row, has every right."""
        return cls(f"system:{task}", is_wide=True)

    @property
    def is_nobody(self) -> bool:
        return self.person_id is None and not self.is_wide

    @property
    def is_system(self) -> bool:
        return self.person_id is None and self.is_wide

    @property
    def selves(self) -> tuple[int, ...]:
        """The person, and whoever they stand in for today: whose own rows are theirs."""
        return () if self.person_id is None else (self.person_id, *sorted(self.stands_in_for))

    @property
    def known_as(self) -> str:
        """What the record of acts calls the actor: a person by id alone, so that a name can be erased."""
        return self.name if self.person_id is None else ""

    def can(self, right: str) -> bool:
        """May this actor do this at all, to objects within their reach?"""
        return right in self.grants or self.is_system

    def require(self, right: str) -> None:
        """Raise `NotAllowed` without the right."""
        if not self.can(right):
            raise NotAllowed("not_allowed")

    def reach_of(self, right: str) -> Reach:
        """How far a right reaches; nothing without it."""
        return EVERYTHING if self.is_system else self.grants.get(right, NOTHING)

    def reach(self, resource: str) -> Reach:
        """How far the actor sees in one resource; nothing when nothing was granted."""
        return self.reach_of(f"{resource}.view")

    def narrowed(self, rights: Collection[str]) -> "Actor":
        """The same person with these rights at most: what a token was made for."""
        return replace(self, grants={right: reach for right, reach in self.grants.items() if right in rights})


def array(ids: Collection[int]) -> str:
    """Ids as an array of the database."""
    return f"{{{','.join(map(str, ids))}}}"
