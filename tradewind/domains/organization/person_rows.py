"""People as files bring them in: new ones with their first assignment; other names, roles and posts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Q

from tradewind.domains.organization import staffing, structure
from tradewind.domains.organization.authorizing import Roles, set_roles
from tradewind.domains.organization.commands import TURN, writing
from tradewind.domains.organization.models import Assignment, Grant, Person, Position, Unit
from tradewind.domains.organization.person_judging import Values, judge_people
from tradewind.domains.organization.policy import PEOPLE, POSITIONS
from tradewind.domains.organization.queries import timeline_of
from tradewind.domains.organization.staffing import Correction, Headship, Transfer, Withdrawal
from tradewind.domains.organization.structure import PositionFacts
from tradewind.domains.organization.timelines import Post, held_on
from tradewind.domains.organization.values import PersonId
from tradewind.kernel.errors import DomainError, Refused, accepted
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import (
    Given,
    Ref,
    batch,
    command,
    creation,
    creations,
    take_turn,
)
from tradewind.platform.spine.models import Command, User
from tradewind.platform.spine.removal import referred_to, removed

REMOVE = "organization.person.remove"
FROM_FILES = tuple(f"organization.person.{act}" for act in ("take_on", "take_on_many", "update"))
"""The acts that make the positions a file names and its units lack."""
Pair = tuple[Person, Values]


@creation("organization.person.take_on", on=PEOPLE, right="organization.person.hire")
def take_on_person(actor: Actor, given: Given) -> Person:
    """Somebody new out of a file."""
    (person,) = _taken_on(actor, [given])
    return person


@creations("organization.person.take_on_many", of=take_on_person, on=PEOPLE)
def take_on_people(actor: Actor, given: Sequence[Given]) -> Sequence[Person]:
    """Many new people out of a file."""
    return _taken_on(actor, given)


def _taken_on(actor: Actor, given: Sequence[Given]) -> list[Person]:
    """What hiring each would write, set-based but for new positions and for heads who follow another."""
    take_turn(TURN)
    said = [{name: value for name, value in one.values.items() if name != "id"} for one in given]
    rows = [accepted(cast(Values | DomainError, one)) for one in judge_people(actor, said)]
    positions = _positions(actor, rows, given[0].reason)
    with writing():
        users = User.objects.bulk_create(
            User(username=row["sign_in"], password="!")  # noqa: S106 no password works
            for row in rows
        )
        people = Person.objects.bulk_create(
            Person(**_drawn(one), sign_in=row["sign_in"], name=row["name"], user=user)
            for one, row, user in zip(given, rows, users, strict=True)
        )
        pairs = list(zip(people, rows, strict=True))
        Grant.objects.bulk_create(
            Grant(person=person, role=row["role"]) for person, row in pairs if row["role"]
        )
        followers = _place(pairs, positions)
    for person, row in followers:
        unit = Unit.objects.get(pk=row["unit_id"])
        headship = Headship(person.sign_in, row["starts_on"], given[0].reason)
        staffing.appoint_head(actor, Ref(unit.public_id, unit.version), headship)
    return people


def _drawn(given: Given) -> dict[str, Any]:
    return {name: given.values[name] for name in ("id", "public_id")}


def _place(pairs: Sequence[Pair], positions: Mapping[tuple[int, str], int]) -> list[Pair]:
    """Their first assignments. Returns the heads of units that have one: they still wait for theirs."""
    heading = {row["unit_id"]: row["starts_on"] for _, row in pairs if row["is_head"]}
    headed = Assignment.objects.filter(is_head=True, unit__in=heading).values_list("unit_id", "ends_on")
    taken = {unit for unit, ends_on in headed if ends_on is None or ends_on > heading[unit]}
    Assignment.objects.bulk_create(
        Assignment(
            person=person,
            unit_id=row["unit_id"],
            position_id=positions.get((row["unit_id"], row["position"])),
            starts_on=row["starts_on"],
            is_head=row["is_head"] and row["unit_id"] not in taken,
        )
        for person, row in pairs
    )
    return [(person, row) for person, row in pairs if row["is_head"] and row["unit_id"] in taken]


def _positions(actor: Actor, rows: Sequence[Values], reason: str) -> dict[tuple[int, str], int]:
    """The positions these rows name, by unit and title; those that are missing are made."""
    wanted = {(row["unit_id"], row["position"]): row.get("headcount", 1) for row in rows if row["position"]}
    rows_of = Position.objects.filter(unit__in={unit for unit, _ in wanted})
    known = {(unit, title): pk for pk, unit, title in rows_of.values_list("id", "unit", "title")}
    missing = {key: count for key, count in wanted.items() if key not in known}
    units = Unit.objects.in_bulk({unit for unit, _ in missing})
    for (unit_id, title), headcount in missing.items():
        unit = units[unit_id]
        facts = PositionFacts(title, headcount=headcount, reason=reason)
        known[unit_id, title] = structure.create_position(actor, Ref(unit.public_id, unit.version), facts)
    return known


@command("organization.person.update", on=PEOPLE, turn=TURN, right="organization.person.import")
def update_person(actor: Actor, person: Person, given: Given) -> PersonId:
    """Another name, role or post from a day on: by the commands of the pages."""
    values = given.values
    _rename(person, values)
    if values.get("role"):
        set_roles(actor, _now(person), Roles((str(values["role"]),), given.reason))
    if "unit_id" in values:
        _move(actor, person, values, given.reason)
    return PersonId(person.pk)


def _rename(person: Person, values: Values) -> None:
    if "name" in values:
        with writing():
            person.change(name=values["name"])


def _move(actor: Actor, person: Person, values: Values, reason: str) -> None:
    """An earlier row of the file may have done it: somebody else became head of the unit."""
    positions = _positions(actor, [values], reason)
    key = (values["unit_id"], values["position"])
    post = Post(values["unit_id"], positions.get(key), values["is_head"])
    held = held_on(timeline_of(person.pk), values["starts_on"])
    if held is not None and held.post == post:
        return
    code = Unit.objects.values_list("code", flat=True).get(pk=values["unit_id"])
    transfer = Transfer(code, values["starts_on"], values["is_head"], values["position"], reason)
    staffing.move(actor, _now(person), transfer)


def _now(person: Person) -> Ref[Person]:
    person.refresh_from_db(fields=["version"])
    return Ref(person.public_id, person.version)


@command("organization.person.restore", on=PEOPLE, turn=TURN, right="organization.person.import")
def restore_person(actor: Actor, person: Person, given: Given) -> PersonId:
    """Take back what a file changed: the former name and role, and the move is withdrawn.

    Raises `Refused` where the move cannot be told from what was planned besides.
    """
    values = given.values
    _rename(person, values)
    if "role" in values:
        set_roles(actor, _now(person), Roles((str(values["role"]),) if values["role"] else (), given.reason))
    if "unit_id" in values:
        left = _positions_of([person.pk])
        _move_back(actor, person, values, given.reason)
        _remove_positions_from_files(actor, left)
    return PersonId(person.pk)


def _move_back(actor: Actor, person: Person, values: Values, reason: str) -> None:
    """What began inside a stint is withdrawn; what replaced a stint on its first day is put right."""
    timeline = timeline_of(person.pk)
    begun = next((one for one in timeline if one.starts_on == values["starts_on"]), None)
    if begun is None:
        raise Refused("organization.cannot_restore")
    position = Position.objects.filter(unit=values["unit_id"], title=values["position"]).first()
    former = Post(values["unit_id"], position.pk if position else None, values["is_head"])
    is_replaced = begun.post != former
    made = begun if is_replaced else held_on(timeline, begun.ends_on or date.max)
    if (
        made is None
        or (made is begun and not is_replaced)
        or made.ends_on != values["ends_on"]
        or not made.id
    ):
        raise Refused("organization.cannot_restore")
    public_id = str(Assignment.objects.values_list("public_id", flat=True).get(pk=made.id))
    if not is_replaced:
        staffing.withdraw(actor, _now(person), Withdrawal(public_id, reason))
        return
    truth = Correction(
        assignment=public_id,
        unit=Unit.objects.values_list("code", flat=True).get(pk=former.unit_id),
        starts_on=begun.starts_on,
        last_on=begun.ends_on - timedelta(days=1) if begun.ends_on else None,
        is_head=former.is_head,
        position=values["position"],
        reason=reason,
    )
    staffing.correct(actor, _now(person), truth)


@batch(REMOVE, turn=TURN)
def remove_people(actor: Actor, given: Sequence[int]) -> list[int]:
    """Delete people who never signed in and whom nothing names, with their assignments, roles and sign-ins.

    Returns the ids of those who stay.
    """
    strangers = Person.objects.filter(Q(user=None) | Q(user__last_login=None), pk__in=given)
    users = dict(strangers.values_list("pk", "user_id"))
    parts = ((Assignment, "person"), (Grant, "person"))
    positions = _positions_of(users)
    left = removed(actor, REMOVE, PEOPLE, list(users), parts)
    gone = [user for pk, user in users.items() if user is not None and pk not in left]
    with writing():
        free = set(gone) - referred_to(User, gone)
        User.objects.filter(pk__in=free).delete()
    _remove_positions_from_files(actor, positions)
    return [pk for pk in given if pk not in users or pk in left]


def _positions_of(people: Collection[int]) -> list[int]:
    rows = Assignment.objects.filter(person__in=people, position__isnull=False).order_by("position")
    return [pk for pk in rows.values_list("position_id", flat=True).distinct() if pk is not None]


def _remove_positions_from_files(actor: Actor, ids: Sequence[int]) -> None:
    """Those of these positions that came with somebody out of a file, while nobody holds or changed them."""
    with writing():
        made = Command.objects.filter(resource=POSITIONS.resource, object_id__in=ids)
        made = made.filter(name=structure.CREATE_POSITION)
        brought = Command.objects.filter(name__in=FROM_FILES).values("pk")
        creating = Command.objects.filter(pk__in=made.values("parent_id"), parent_id__in=brought).values("pk")
        found = [pk for (pk,) in made.filter(parent_id__in=creating).values_list("object_id") if pk]
    same = Position.objects.filter(pk__in=found, version=1).values_list("pk", flat=True)
    if actor.can(structure.REMOVE_POSITION):
        structure.remove_positions(actor, list(same))
