"""The border of the company: people of outside sales units see their own unit and nobody's directory."""

from collections.abc import Iterable

from django.db.models import Q

from tradewind.domains.organization.models import Assignment, Grant, Person
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.roles import roles
from tradewind.kernel.errors import Refused

OUTSIDE = "sales_unit"
DIRECTORY = "organization.person.view"


def check_roles(keys: Iterable[str], field: str = "role") -> None:
    """Roles that somebody of an outside sales unit may hold. Raises `Refused` for one of the company."""
    known = roles().by_key
    if any(DIRECTORY in known[key].rights for key in keys if key in known):
        raise Refused("organization.role_outside", field=field)


def is_outside(person: Person) -> bool:
    """Does somebody work in an outside sales unit, today or later?"""
    held = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=clock().today()), person=person)
    return held.filter(unit__kind=OUTSIDE).exists()


def check_border(person: Person, field: str = "unit") -> None:
    """Does what somebody holds from today on stay on one side of the border?

    Whoever works in an outside sales unit has no role of the company and no additional post: either would
    let them see the company, or their unit see what somebody of the company works on. Raises `Refused`.
    """
    held = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=clock().today()), person=person)
    kinds = list(held.values_list("unit__kind", "share"))
    if OUTSIDE not in {kind for kind, _ in kinds}:
        return
    if any(share is not None for _, share in kinds):
        raise Refused("organization.post_outside", field=field)
    check_roles(Grant.objects.filter(person=person).values_list("role", flat=True), field)


def check_stand_in(person: Person, stand_in: Person) -> None:
    """Work is handed over on one side of the border, and within one sales unit. Raises `Refused`."""
    here = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=clock().today()))
    rows = here.filter(person__in=(person, stand_in), unit__kind=OUTSIDE)
    units: dict[int, set[int]] = {person.pk: set(), stand_in.pk: set()}
    for who, unit in rows.values_list("person_id", "unit_id"):
        units[who].add(unit)
    if units[person.pk] != units[stand_in.pk]:
        raise Refused("organization.stand_in_outside", field="stand_in")
