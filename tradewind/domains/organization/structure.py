"""Changes of the unit tree and its positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from tradewind.domains.organization import rules
from tradewind.domains.organization.commands import EVER, TURN, writing
from tradewind.domains.organization.models import Assignment, Position, PositionSkill, Skill, Unit, UnitPlace
from tradewind.domains.organization.policy import POSITIONS, UNITS
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.values import PositionId, UnitId
from tradewind.kernel.errors import Malformed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch, command, record_each
from tradewind.platform.spine.removal import removed

CREATE_POSITION = "organization.position.create"
REMOVE_POSITION = "organization.position.remove"


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit below another; `parent` is that one's code."""

    code: str
    name: str
    kind: str
    parent: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewName:
    """What a unit is called from now on."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewParent:
    """Below which unit (by code) it stands from today on."""

    parent: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """Why a unit ends today."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class PositionFacts:
    """A position: its title, its duties 岗位职责, for how many people it is meant, which skills it asks for.

    `skills` pairs a skill's name with a level (1 to 4); None leaves them as they are.
    """

    title: str
    duties: str = ""
    headcount: int = 1
    reason: str = ""
    skills: tuple[tuple[str, int], ...] | None = None


@batch("organization.unit.create", turn=TURN)
def create_unit(actor: Actor, given: NewUnit) -> UnitId:
    """Add a unit below an open one."""
    code, name = rules.check_code(given.code), rules.check_name(given.name)
    kind = rules.check_kind(given.kind)
    parent = _open_unit(given.parent)
    if Unit.objects.filter(code=code).exists():
        raise Malformed("organization.unit_code_taken", field="code")
    rules.check_below(kind, parent.kind, field="kind")
    with writing():
        unit = Unit.objects.create(code=code, name=name, kind=kind, parent=parent)
        unit.change(path=[*parent.path, unit.pk])
        UnitPlace.objects.create(unit=unit, starts_on=EVER, path=unit.path)
    return UnitId(unit.pk)


@command("organization.unit.rename", on=UNITS, turn=TURN)
def rename_unit(actor: Actor, unit: Unit, given: NewName) -> UnitId:
    """Call a unit otherwise; its code stays."""
    name = rules.check_name(given.name)
    with writing():
        unit.change(name=name)
    return UnitId(unit.pk)


@command("organization.unit.move", on=UNITS, turn=TURN)
def move_unit(actor: Actor, unit: Unit, given: NewParent) -> UnitId:
    """Put a unit with all that is below it under another, from today on.

    Who reaches it changes at once; credits keep the tree of their day.
    """
    if unit.parent_id is None:
        raise Refused("organization.root_stays")
    parent = _open_unit(given.parent)
    if unit.pk in parent.path:
        raise Refused("organization.below_itself", field="parent")
    if parent.pk == unit.parent_id:
        raise Refused("organization.same_parent", field="parent")
    rules.check_below(unit.kind, parent.kind, field="parent")
    with writing():
        unit.change(parent=parent)
        _move_branch(unit, parent, clock().today())
    return UnitId(unit.pk)


def _move_branch(unit: Unit, parent: Unit, today: date) -> None:
    facts: dict[str, Any] = {"unit": unit.pk, "above": parent.path, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE organization_unit
               SET path = %(above)s::bigint[] || path[array_position(path, %(unit)s::bigint):]
               WHERE path @> ARRAY[%(unit)s::bigint]""",
            facts,
        )
        cursor.execute(
            """INSERT INTO organization_unitplace (unit_id, starts_on, path)
               SELECT id, %(today)s, path FROM organization_unit WHERE path @> ARRAY[%(unit)s::bigint]
               ON CONFLICT (unit_id, starts_on) DO UPDATE SET path = EXCLUDED.path""",
            facts,
        )


@command("organization.unit.close", on=UNITS, turn=TURN)
def close_unit(actor: Actor, unit: Unit, given: Closing) -> UnitId:
    """End a unit today; refused while people work or will work in it, or open units stand below it."""
    today = clock().today()
    if unit.parent_id is None:
        raise Refused("organization.root_stays")
    if unit.closed_on is not None:
        raise Refused("organization.unit_closed")
    staying = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), unit=unit)
    people = staying.values("person").distinct().count()
    if people:
        raise Refused("organization.unit_has_people", count=people)
    below = Unit.objects.filter(parent=unit, closed_on=None).count()
    if below:
        raise Refused("organization.unit_has_units", count=below)
    with writing():
        unit.change(closed_on=today)
    return UnitId(unit.pk)


@command(CREATE_POSITION, on=UNITS)
def create_position(actor: Actor, unit: Unit, given: PositionFacts) -> PositionId:
    """Add a position to a unit. The record names both."""
    if unit.closed_on is not None:
        raise Refused("organization.unit_closed")
    facts = _position_facts(given)
    if Position.objects.filter(unit=unit, title=facts["title"]).exists():
        raise Malformed("organization.position_taken", field="title")
    wanted = _skills(given)
    with writing():
        position = Position.objects.create(unit=unit, **facts)
        _ask_for(position, wanted)
    record_each(actor, CREATE_POSITION, POSITIONS, [position.pk], given.reason)
    return PositionId(position.pk)


@command("organization.position.change", on=POSITIONS)
def change_position(actor: Actor, position: Position, given: PositionFacts) -> PositionId:
    """Change title, duties, skills or headcount; a headcount of 0 keeps the position without filling it."""
    facts = _position_facts(given)
    same = Position.objects.filter(unit_id=position.unit_id, title=facts["title"])
    if same.exclude(pk=position.pk).exists():
        raise Malformed("organization.position_taken", field="title")
    wanted = _skills(given)
    with writing():
        position.change(**facts)
        _ask_for(position, wanted)
    return PositionId(position.pk)


@batch(REMOVE_POSITION, turn=TURN)
def remove_positions(actor: Actor, given: Sequence[int]) -> list[int]:
    """Delete positions that nobody ever held, with what they ask for. Returns the ids of those that stay."""
    return removed(actor, REMOVE_POSITION, POSITIONS, given, ((PositionSkill, "position"),))


def _skills(given: PositionFacts) -> dict[int, int] | None:
    """Level by skill id. Raises `Malformed` at `skills`."""
    if given.skills is None:
        return None
    asked = {name.strip(): rules.check_level(level) for name, level in given.skills}
    known = dict(Skill.objects.filter(name__in=asked).values_list("name", "id"))
    if len(known) < len(asked):
        raise Malformed("organization.unknown_skill", field="skills")
    return {known[name]: level for name, level in asked.items()}


def _ask_for(position: Position, wanted: dict[int, int] | None) -> None:
    if wanted is None:
        return
    rows = {row.skill_id: row for row in PositionSkill.objects.filter(position=position)}
    PositionSkill.objects.filter(
        pk__in=[row.pk for skill, row in rows.items() if skill not in wanted]
    ).delete()
    for skill, level in wanted.items():
        if skill not in rows:
            PositionSkill.objects.create(position=position, skill_id=skill, level=level)
        elif rows[skill].level != level:
            rows[skill].change(level=level)


def _open_unit(code: str) -> Unit:
    """The unit under which another shall stand. Raises `Malformed` or `Refused` at `parent`."""
    unit = Unit.objects.filter(code=code.strip()).first()
    if unit is None:
        raise Malformed("organization.unknown_unit", field="parent")
    if unit.closed_on is not None:
        raise Refused("organization.unit_closed", field="parent")
    return unit


def _position_facts(given: PositionFacts) -> dict[str, Any]:
    return {
        "title": rules.check_name(given.title, field="title"),
        "duties": given.duties.strip(),
        "headcount": rules.check_headcount(given.headcount),
    }
