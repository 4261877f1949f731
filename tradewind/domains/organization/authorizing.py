"""Changes of what roles may do, and of who holds them. Somebody who may change roles always remains."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from tradewind.domains.organization import rules
from tradewind.domains.organization.authority import Authority, Extent, begun_as, changes_of
from tradewind.domains.organization.commands import TURN, writing
from tradewind.domains.organization.models import Assignment, Grant, Person, Role
from tradewind.domains.organization.outside import check_roles, is_outside
from tradewind.domains.organization.policy import PEOPLE, ROLES
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.roles import check_given, read, roles
from tradewind.domains.organization.values import PersonId
from tradewind.domains.organization.wording import YES_OR_NO, offered
from tradewind.kernel.errors import Malformed, Refused, StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import memory
from tradewind.platform.spine.command import batch, command
from tradewind.platform.spine.history import history_of

CHANGE = "organization.role.change"


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role of the company's own; it begins with all that the role it is based on may do."""

    name: str
    based_on: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What a role may do from now on: these rights with their extents, others as before.

    `version` 0 is a role as built in.
    """

    key: str
    version: int
    rights: Mapping[str, str]
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Undoing:
    """Take back the last change of a role, which left it at this version."""

    key: str
    version: int


@dataclass(frozen=True, slots=True)
class Retirement:
    """A role that nobody is to hold any more; `held`: how many do, as whoever retires it was told."""

    key: str
    reason: str = ""
    held: int = 0


@dataclass(frozen=True, slots=True)
class Roles:
    """All roles that a person holds from now on, by key."""

    keys: tuple[str, ...] = field(default=())
    reason: str = ""


@batch("organization.role.create", turn=TURN)
def create_role(actor: Actor, given: NewRole) -> str:
    """A role of the company's own; returns its key."""
    name = rules.check_name(given.name)[:80]
    begun = roles().by_key.get(given.based_on)
    if begun is None or begun.is_retired:
        raise Malformed("organization.unknown_role", field="based_on")
    _check_unnamed(name)
    with writing():
        made = Role.objects.create(name=name, based_on=begun.based_on, changes=dict(begun.changes))
        made.change(key=f"role{made.pk}")
    _forget()
    return made.key


def planned(given: RoleChange) -> dict[str, Extent]:
    """Each right as a change would leave it, before it is made. Raises as the change does."""
    role = _changeable(given.key)
    row = Role.objects.filter(key=given.key).first()
    if (row.version if row else 0) != given.version:
        raise StaleVersion("stale")
    return {**role.rights, **{right: _extent(role, right, extent) for right, extent in given.rights.items()}}


@batch(CHANGE, turn=TURN)
def change_role(actor: Actor, given: RoleChange) -> int:
    """Let a role do more or less; whoever holds it feels it with their next request. Returns its version."""
    role = _changeable(given.key)
    changes = changes_of(role.based_on, planned(given))
    name = rules.check_name(given.name)[:80] if given.name.strip() else ""
    if name and name != role.name:
        _check_unnamed(name)
    with writing():
        row = Role.objects.select_for_update().filter(key=given.key).first()
        row = row or Role.objects.create(key=given.key, version=0)
        row.change(changes=changes, **({"name": name} if name and given.key not in rules.BUILT_IN else {}))
    _forget()
    _check_keeper()
    return row.version


@batch("organization.role.undo", right=CHANGE, turn=TURN)
def undo_change(actor: Actor, given: Undoing) -> str:
    """Let a role do again what it did before its last change, unless it was changed since."""
    _changeable(given.key)
    with writing():
        row = Role.objects.select_for_update().filter(key=given.key).first()
        last = history_of(ROLES, row.pk)[:1] if row else []
        if row is None or row.version != given.version or not last or last[0].command != CHANGE:
            raise StaleVersion("stale")
        former = last[0].old
        row.change(changes=former.get("changes", row.changes), name=former.get("name", row.name))
    _forget()
    _check_keeper()
    return given.key


@batch("organization.role.retire", turn=TURN)
def retire_role(actor: Actor, given: Retirement) -> str:
    """A role of the company's own is offered no more, and taken from those who hold it. Built-in ones stay.

    Only those of whom the actor was told lose it: where they are others by now, it is refused.
    """
    with writing():
        row = Role.objects.select_for_update().filter(key=given.key, is_retired=False).first()
        if row is None or given.key in rules.BUILT_IN:
            raise Malformed("organization.unknown_role", field="key")
        holding = Grant.objects.filter(role=given.key)
        if (count := holding.count()) != given.held:
            raise Refused("organization.role_held", count=count)
        holding.delete()
        row.change(is_retired=True)
    _forget()
    _check_keeper()
    return given.key


@command("organization.person.set_roles", on=PEOPLE, turn=TURN)
def set_roles(actor: Actor, person: Person, given: Roles) -> PersonId:
    """What somebody is from now on. Nobody changes their own roles."""
    if person.pk == actor.person_id:
        raise Refused("organization.own_roles")
    held = set(Grant.objects.filter(person=person).values_list("role", flat=True))
    wanted = set(given.keys)
    for key in (wanted ^ held) & (wanted | roles().by_key.keys()):
        check_given(actor, key)
    if is_outside(person):
        check_roles(wanted - held)
    with writing():
        Grant.objects.filter(person=person, role__in=held - wanted).delete()
        Grant.objects.bulk_create(Grant(person=person, role=key) for key in sorted(wanted - held))
        person.change()
    _check_keeper()
    return PersonId(person.pk)


def _changeable(key: str) -> Authority:
    role = roles().by_key.get(key)
    if role is None or role.is_retired:
        raise Malformed("organization.unknown_role", field="key")
    return role


def _extent(role: Authority, right: str, extent: str) -> Extent:
    """What is allowed without an extent stays as far as it was, or as it is built in."""
    if right not in offered() or extent not in offered()[right]:
        raise Malformed("organization.unknown_right", field=right, right=right[:80])
    if offered()[right] != YES_OR_NO or extent == Extent.NONE:
        return Extent(extent)
    return role.rights.get(right) or begun_as(role).get(right) or Extent(extent)


def _check_unnamed(name: str) -> None:
    if any(one.name == name for one in roles().by_key.values()):
        raise Malformed("organization.role_taken", field="name")


def _forget() -> None:
    memory().pop("organization.roles", None)
    read()


def _check_keeper() -> None:
    """Else nobody could ever set the roles right again."""
    today = clock().today()
    here = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), starts_on__lte=today)
    keeping = Grant.objects.filter(role__in=roles().granting(CHANGE), person__in=here.values("person"))
    if not keeping.filter(person__user__is_active=True).exists():
        raise Refused("organization.no_keeper_left")
