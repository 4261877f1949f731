"""Roles: which rights they grant, and how far each reaches. The company changes what is built in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tradewind.domains.organization.rules import BUILT_IN, Role


class Extent(StrEnum):
    """How far a right reaches: nowhere, own rows, the own units, with all below, the company."""

    NONE = "none"
    OWN = "own"
    TEAM = "team"
    BRANCH = "branch"
    COMPANY = "company"


_ORDER = tuple(Extent)


@dataclass(frozen=True, slots=True)
class Authority:
    """One role as it holds today. `rights`: each right with its extent, those never granted left out."""

    key: str
    name: str
    based_on: str
    rights: Mapping[str, Extent]
    changes: Mapping[str, str] = field(default_factory=dict)
    is_retired: bool = False

    @property
    def widest(self) -> Extent:
        """The widest extent of any right; none without rights."""
        return max(self.rights.values(), key=_ORDER.index, default=Extent.NONE)


def built_in(role: Role) -> dict[str, Extent]:
    """Each right of a role that the product brings, with its extent."""
    return {right: Extent.COMPANY if right in role.company else Extent(role.extent) for right in role.rights}


def begun_as(role: Authority) -> dict[str, Extent]:
    """What a role granted before the company changed it."""
    return built_in(BUILT_IN[role.based_on]) if role.based_on in BUILT_IN else {}


def authority(key: str, name: str, based_on: str, changes: Mapping[str, str]) -> Authority:
    """A role: what it is based on, with the company's changes. What no longer exists grants nothing."""
    begun = built_in(BUILT_IN[based_on]) if based_on in BUILT_IN else {}
    rights = begun | {right: Extent(extent) for right, extent in changes.items() if extent in _ORDER}
    granted = {right: extent for right, extent in rights.items() if extent is not Extent.NONE}
    return Authority(key, name, based_on, granted, dict(changes))


def is_less(one: Extent, other: Extent) -> bool:
    """Does the first reach less far than the second? Own is less than the units' own; none is least."""
    return _ORDER.index(one) < _ORDER.index(other)


def combined(roles: Iterable[Authority]) -> dict[str, Extent]:
    """Of each right the widest extent among these roles. A right of one never takes the reach of another."""
    found: dict[str, Extent] = {}
    for role in roles:
        for right, extent in role.rights.items():
            found[right] = max(found.get(right, Extent.NONE), extent, key=_ORDER.index)
    return found


def changes_of(based_on: str, rights: Mapping[str, Extent]) -> dict[str, str]:
    """What to keep so that a role based on another has just these rights."""
    begun = built_in(BUILT_IN[based_on]) if based_on in BUILT_IN else {}
    names = sorted(begun.keys() | rights.keys())
    wanted = {right: rights.get(right, Extent.NONE) for right in names}
    return {right: str(e) for right, e in wanted.items() if e is not begun.get(right, Extent.NONE)}
