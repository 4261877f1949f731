"""The border of the company: people of outside sales units see their own unit and nobody's directory."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from tradewind.domains.organization.models import Assignment, Grant, Person, StandIn
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.roles import roles
from tradewind.domains.organization.values import OUTSIDE
from tradewind.kernel.errors import Refused

DIRECTORY = "organization.person.view"


def check_roles(keys: Iterable[str], field: str = "role") -> None:
    """Roles that somebody of an outside sales unit may hold. Raises `Refused` for one of the company."""
    known = roles().by_key
    if any(DIRECTORY in known[key].rights for key in keys if key in known):
        raise Refused("organization.role_outside", field=field)


def is_outside(person: Person) -> bool:
    """Does somebody work in an outside sales unit, today or later?"""
    return bool(outside_units([person.pk]))


def outside_units(people: Iterable[int]) -> dict[int, set[int]]:
    """The outside sales units in which people (by id) work, today or later."""
    held = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=clock().today()))
    made: dict[int, set[int]] = defaultdict(set)
    rows = held.filter(person__in=set(people), unit__kind=OUTSIDE)
    for who, unit in rows.values_list("person_id", "unit_id"):
        made[who].add(unit)
    return made


def standing_with(people: Iterable[int]) -> dict[int, set[int]]:
    """Who stands in for people (by id), or is stood in for by them, today or later."""
    asked, made = set(people), dict[int, set[int]]()
    rows = StandIn.objects.filter(Q(person__in=asked) | Q(stand_in__in=asked), ends_on__gt=clock().today())
    for one, other in rows.values_list("person_id", "stand_in_id"):
        made.setdefault(one, set()).add(other)
        made.setdefault(other, set()).add(one)
    return {who: made.get(who, set()) for who in asked}


def check_border(person: Person, field: str = "unit") -> None:
    """Does what somebody holds from today on stay on one side of the border?

    Whoever works in an outside sales unit has no role of the company, no additional post, and stands in for
    nobody elsewhere: each would let them see the company, or their unit see what somebody of the company
    works on. Raises `Refused`.
    """
    others = standing_with([person.pk])[person.pk]
    units = outside_units({person.pk, *others})
    if any(units[other] != units[person.pk] for other in others):
        raise Refused("organization.stand_in_outside", field=field)
    if not units[person.pk]:
        return
    held = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=clock().today()), person=person)
    if held.exclude(share=None).exists():
        raise Refused("organization.post_outside", field=field)
    check_roles(Grant.objects.filter(person=person).values_list("role", flat=True), field)


def check_stand_in(person: Person, stand_in: Person) -> None:
    """Work is handed over on one side of the border, and within one sales unit. Raises `Refused`."""
    units = outside_units((person.pk, stand_in.pk))
    if units[person.pk] != units[stand_in.pk]:
        raise Refused("organization.stand_in_outside", field="stand_in")
