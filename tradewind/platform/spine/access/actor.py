"""Who acts, what they may do, and how far they see: frozen values, built by the organization."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tradewind.kernel.errors import NotAllowed


@dataclass(frozen=True)
class Reach:
    """The rows of one resource that an actor sees: all, or those of these people and units (ids)."""

    everything: bool = False
    persons: tuple[int, ...] = ()
    units: tuple[int, ...] = ()

    @cached_property
    def written(self) -> tuple[str, str]:
        """People and units as arrays of the database."""
        return f"{{{','.join(map(str, self.persons))}}}", f"{{{','.join(map(str, self.units))}}}"


NOTHING = Reach()


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting party for one transaction. `person_id` is None for the system and for nobody.

    stands_in_for: people who are away today and handed their work to this person.
    """

    name: str
    person_id: int | None = None
    rights: frozenset[str] = frozenset()
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    is_wide: bool = False
    stands_in_for: frozenset[int] = frozenset()

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

    def can(self, right: str) -> bool:
        """May this actor do this at all, to objects within their reach?"""
        return right in self.rights or (self.is_wide and self.person_id is None)

    def require(self, right: str) -> None:
        """Raise `NotAllowed` without the right."""
        if not self.can(right):
            raise NotAllowed("not_allowed")

    def reach(self, resource: str) -> Reach:
        """How far the actor sees in one resource; nothing when nothing was granted."""
        return Reach(everything=True) if self.is_wide else self.reaches.get(resource, NOTHING)
