"""What people would lose by a change of a role: shown and asked before it is made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from tradewind.domains.organization.authority import Extent, combined, is_less
from tradewind.domains.organization.models import Grant
from tradewind.domains.organization.roles import roles
from tradewind.domains.organization.wording import offered
from tradewind.platform.surface.shell.lists import spoken


@dataclass(frozen=True, slots=True)
class Loss:
    """A right that some people would have less far or no longer, and who they are."""

    right: str
    before: Extent
    after: Extent
    people: tuple[str, ...]


def losses(key: str, rights: Mapping[str, Extent]) -> list[Loss]:
    """What those who hold this role would lose if it granted just these rights.

    What another of their roles grants them as far, they keep.
    """
    found: dict[tuple[str, Extent, Extent], list[str]] = {}
    held = _held(key)
    for keys in sorted(set(held.values())):
        names = [name for (_, name), theirs in held.items() if theirs == keys]
        for change in _narrowed(key, rights, keys):
            found.setdefault(change, []).extend(names)
    places = {right: place for place, right in enumerate(offered())}
    return [
        Loss(*change, tuple(sorted(names, key=spoken)))
        for change, names in sorted(found.items(), key=lambda one: places.get(one[0][0], 0))
        if change[0] in places
    ]


def people_losing(found: Iterable[Loss]) -> int:
    """How many people lose anything."""
    return len({name for one in found for name in one.people})


def mark_of(found: Sequence[Loss]) -> str:
    """What was shown, so that only this can be confirmed; empty where nobody loses anything."""
    return sha256(repr(found).encode()).hexdigest() if found else ""


def _held(key: str) -> dict[tuple[int, str], tuple[str, ...]]:
    """All roles of each person who holds this one."""
    holders = Grant.objects.filter(role=key).values("person")
    rows = Grant.objects.filter(person__in=holders).order_by("person_id", "role")
    made: dict[tuple[int, str], tuple[str, ...]] = {}
    for pk, name, sign_in, role in rows.values_list("person", "person__name", "person__sign_in", "role"):
        who = (pk, f"{name} ({sign_in})")
        made[who] = (*made.get(who, ()), role)
    return made


def _narrowed(
    key: str, rights: Mapping[str, Extent], keys: Sequence[str]
) -> list[tuple[str, Extent, Extent]]:
    known = roles().by_key
    theirs = [known[one] for one in keys if one in known]
    before = combined(theirs)
    granted = {right: extent for right, extent in rights.items() if extent is not Extent.NONE}
    after = combined(replace(one, rights=granted) if one.key == key else one for one in theirs)
    changed = [(right, extent, after.get(right, Extent.NONE)) for right, extent in before.items()]
    return [change for change in changed if is_less(change[2], change[1])]
