"""Changes of the organization: founding the company, importing its people, letting somebody in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.tokens import default_token_generator
from django.db.models import Q

from tradewind.domains.organization import rules
from tradewind.domains.organization.models import (
    Assignment,
    Company,
    Grant,
    Person,
    Position,
    SpecialDay,
    Unit,
    UnitPlace,
)
from tradewind.domains.organization.policy import PEOPLE
from tradewind.domains.organization.values import PersonId, PersonRow, Staff, UnitRow
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import memory, widened
from tradewind.platform.spine.command import batch, command, take_turn
from tradewind.platform.spine.models import User

TURN = "organization"
"""Changes of the tree and of who works where happen one after the other."""

EVER = date.min
"""A new unit stands where it stands since the first day there is, for credits dated before it was entered."""


@dataclass(frozen=True, slots=True)
class Founding:
    """The company of a new instance."""

    name: str
    currency: str
    timezone: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Invitation:
    """Asks for a one-time link; nothing else needs to be said."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The link's token and whom it lets in: it works once, and for 30 minutes."""

    user_id: int
    token: str


@dataclass(frozen=True, slots=True)
class DeclaredDay:
    """A day that the company declares worked or free, whatever the public calendar says."""

    falls_on: date
    is_workday: bool
    name: str


@contextmanager
def writing() -> Iterator[None]:
    """Open the directory for a command that was allowed to change it; no role's pages may write it."""
    with widened("the directory is written by commands only, whoever keeps it"):
        yield


@batch("organization.company.found")
def found_company(actor: Actor, given: Founding) -> int:
    """Set up the company and the root of its unit tree; repeating it changes nothing."""
    company, _ = Company.objects.get_or_create(
        id=1, defaults={"name": given.name, "currency": given.currency, "timezone": given.timezone}
    )
    if not Unit.objects.filter(parent=None).exists():
        root = Unit.objects.create(code="company", name=given.name, kind="company")
        root.change(path=[root.pk])
        UnitPlace.objects.create(unit=root, starts_on=EVER, path=root.path)
    return company.pk


@batch("organization.staff.import")
def import_staff(actor: Actor, given: Staff) -> tuple[int, int]:
    """Bring in a unit tree below the root and its people; returns how many units and people are new.

    What exists under the same code or sign-in name stays as it is here: a later import never moves anybody,
    and displaces no head.
    """
    return _import_units(given.units), _import_people(given.people, given.starts_on)


def _import_units(rows: tuple[UnitRow, ...]) -> int:
    """Level by level: a unit's path needs its parent's id."""
    known = _units_by_code()
    if any(row.code not in known for row in rows):
        take_turn(TURN)
        known = _units_by_code()
    root = next(unit for unit in known.values() if unit.parent_id is None)
    waiting = [row for row in rows if row.code not in known]
    created = len(waiting)
    while waiting:
        level = [row for row in waiting if not row.parent or row.parent in known]
        if not level:
            raise Malformed("organization.unknown_parent", unit=waiting[0].code, parent=waiting[0].parent)
        waiting = [row for row in waiting if row not in level]
        parents = [known[row.parent] if row.parent else root for row in level]
        for row, parent in zip(level, parents, strict=True):
            rules.check_below(row.kind, parent.kind, field="kind")
        units = Unit.objects.bulk_create(
            Unit(code=row.code, name=row.name, kind=row.kind, parent=parent)
            for row, parent in zip(level, parents, strict=True)
        )
        for unit, parent in zip(units, parents, strict=True):
            unit.path = [*parent.path, unit.pk]
        Unit.objects.bulk_update(units, ["path"])
        UnitPlace.objects.bulk_create(UnitPlace(unit=u, starts_on=EVER, path=u.path) for u in units)
        known.update({unit.code: unit for unit in units})
    return created


def _units_by_code() -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.all()}


def _import_people(rows: tuple[PersonRow, ...], starts_on: date) -> int:
    """Set-based but for the unit tree: people come by the thousand, units by the dozen."""
    known = set(Person.objects.values_list("sign_in", flat=True))
    fresh = [row for row in rows if row.sign_in not in known]
    users = [User(username=row.sign_in, password="!") for row in fresh]  # noqa: S106 no password works
    User.objects.bulk_create(users, ignore_conflicts=True)
    user_ids = dict(
        User.objects.filter(username__in=[r.sign_in for r in fresh]).values_list("username", "id")
    )
    people = Person.objects.bulk_create(
        Person(sign_in=row.sign_in, name=row.name, user_id=user_ids[row.sign_in]) for row in fresh
    )
    pairs = list(zip(people, fresh, strict=True))
    _import_assignments(pairs, starts_on)
    Grant.objects.bulk_create(Grant(person=person, role=row.role) for person, row in pairs if row.role)
    return len(fresh)


def _import_assignments(pairs: Sequence[tuple[Person, PersonRow]], starts_on: date) -> None:
    units = dict(Unit.objects.values_list("code", "id"))
    positions = {(unit, title): pk for pk, unit, title in Position.objects.values_list("id", "unit", "title")}
    later = Q(ends_on=None) | Q(ends_on__gt=starts_on)
    headed = set(Assignment.objects.filter(later, is_head=True).values_list("unit_id", flat=True))
    made = []
    for person, row in pairs:
        unit = units[row.unit]
        is_head = row.is_head and unit not in headed
        headed |= {unit} if is_head else set()
        position = positions.get((unit, row.position))
        made.append(
            Assignment(
                person=person, unit_id=unit, position_id=position, starts_on=starts_on, is_head=is_head
            )
        )
    Assignment.objects.bulk_create(made)


@batch("organization.person.appoint")
def appoint(actor: Actor, given: PersonRow) -> PersonId:
    """Add one person with an assignment from the earliest date on, for the first administrator."""
    _import_people((given,), date.min.replace(year=1970))
    return PersonId(Person.objects.get(sign_in=given.sign_in).pk)


@command("organization.person.invite", on=PEOPLE)
def invite(actor: Actor, person: Person, given: Invitation) -> Invited:
    """Make a one-time link with which a person chooses a password; every earlier link stops working."""
    user = person.user or User.objects.create_user(person.sign_in)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    person.change(user=user)
    return Invited(user.pk, default_token_generator.make_token(user))


@batch("organization.special_day.set")
def set_special_day(actor: Actor, given: DeclaredDay) -> int:
    """Declare a day worked or free; declaring it again replaces what was said before."""
    if not given.name.strip():
        raise Malformed("organization.day_unnamed", field="name")
    day = SpecialDay.objects.select_for_update(no_key=True).filter(falls_on=given.falls_on).first()
    said = {"is_workday": given.is_workday, "name": given.name.strip()}
    day = day.change(**said) if day else SpecialDay.objects.create(falls_on=given.falls_on, **said)
    memory().clear()
    return day.pk


@batch("organization.company.set_fiscal_month")
def set_fiscal_month(actor: Actor, given: int) -> int:
    """Say with which month (1 to 12) the fiscal year begins: figures by quarter and year follow at once."""
    if given not in range(1, 13):
        raise Malformed("organization.bad_fiscal_month", field="fiscal_month")
    with writing():
        changed = Company.objects.exclude(fiscal_month=given).update(fiscal_month=given)
    memory().clear()
    return changed


@batch("organization.special_day.remove")
def remove_special_day(actor: Actor, given: date) -> int:
    """Leave a day to the public calendar again; returns how many were declared, 0 or 1."""
    removed, _ = SpecialDay.objects.filter(falls_on=given).delete()
    memory().clear()
    return removed
