"""Questions of the organization's own pages: the chart of units, one unit, one person."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from tradewind.domains.organization.models import (
    MAIN,
    Assignment,
    Grant,
    Person,
    Position,
    PositionSkill,
    Skill,
    Unit,
    UnitPlace,
)
from tradewind.domains.organization.policy import ASSIGNMENTS, PEOPLE, POSITIONS, UNITS
from tradewind.domains.organization.values import LEVELS, PersonId
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as a page names them."""

    public_id: str
    name: str
    sign_in: str
    position: str = ""
    is_head: bool = False
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A skill that a position asks for, and the level in words."""

    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A position with those who hold it on the day."""

    public_id: str
    version: int
    title: str
    duties: str
    headcount: int
    filled: int
    skills: tuple[Wanted, ...] = ()

    @property
    def vacancies(self) -> int:
        """How many more people it is meant for; 0 where it is full or over-full."""
        return max(self.headcount - self.filled, 0)


@dataclass(slots=True)
class Node:
    """A unit in the chart of a day: its head, its own people, and sums over all units below it too.

    Who works there beside their main unit is counted in that one, and here in `beside`.
    """

    public_id: str
    code: str
    name: str
    kind: str
    head: Somebody | None = None
    people: int = 0
    beside: int = 0
    people_in_all: int = 0
    vacancies: int = 0
    vacancies_in_all: int = 0
    headless_in_all: int = 0
    units: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Held:
    """One assignment on a person's page."""

    public_id: str
    unit: Unit
    position: str
    duties: str
    is_head: bool
    starts_on: date
    ends_on: date | None
    share: int | None = None
    skills: tuple[Wanted, ...] = ()

    @property
    def last_on(self) -> date | None:
        """The last day of it; None until further notice."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    def phase(self, today: date) -> str:
        """Past, present or future."""
        if self.starts_on > today:
            return "future"
        return "past" if self.ends_on and self.ends_on <= today else "present"


def on_day(day: date) -> Q:
    """The filter of assignments that hold on a day."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))


def open_units(actor: Actor, day: date) -> QuerySet[Unit]:
    """Units that are not closed on a day, parents before children."""
    rows = Unit.objects.filter(UNITS.visible(actor)).filter(Q(closed_on=None) | Q(closed_on__gt=day))
    return rows.order_by("path")


def chart(actor: Actor, day: date) -> Node | None:
    """Today's tree with the heads, people and vacancies of a day: four statements, however large it is."""
    units = list(open_units(actor, day))
    nodes = {u.pk: Node(str(u.public_id), u.code, u.name, u.kind) for u in units}
    held = Assignment.objects.filter(ASSIGNMENTS.visible(actor)).filter(on_day(day), unit__in=nodes)
    counts = {"main": Count("id", filter=MAIN), "beside": Count("id", filter=~MAIN)}
    for unit_id, main, beside in held.order_by().values_list("unit_id").annotate(**counts):
        nodes[unit_id].people, nodes[unit_id].beside = main, beside
    for head in held.filter(is_head=True).select_related("person"):
        person = head.person
        nodes[head.unit_id].head = Somebody(str(person.public_id), person.name, person.sign_in)
    for unit_id, opening in openings_of(actor, day, nodes):
        nodes[unit_id].vacancies += opening.vacancies
    for unit in reversed(units):  # from the leaves up, so that each sum is there when it is needed
        _add_up(nodes[unit.pk])
        if unit.parent_id in nodes:
            nodes[unit.parent_id].units.insert(0, nodes[unit.pk])
    return nodes[units[0].pk] if units else None


def first_day(actor: Actor) -> date | None:
    """The first day on which anybody works here, as far as it is recorded."""
    rows = Assignment.objects.filter(ASSIGNMENTS.visible(actor)).order_by("starts_on")
    return rows.values_list("starts_on", flat=True).first()


def _add_up(node: Node) -> None:
    node.people_in_all = node.people + sum(unit.people_in_all for unit in node.units)
    node.vacancies_in_all = node.vacancies + sum(unit.vacancies_in_all for unit in node.units)
    node.headless_in_all = (node.head is None) + sum(unit.headless_in_all for unit in node.units)


def openings_of(actor: Actor, day: date, unit_ids: Iterable[int]) -> list[tuple[int, Opening]]:
    """The positions of these units, by title, with their unit."""
    rows = Position.objects.filter(POSITIONS.visible(actor), unit__in=unit_ids).order_by("unit", "title")
    held = Assignment.objects.filter(on_day(day), position__in=rows.order_by().values("pk"))
    filled = dict(held.order_by().values_list("position_id").annotate(Count("id")))
    return [
        (
            row.unit_id,
            Opening(
                str(row.public_id),
                row.version,
                row.title,
                row.duties,
                row.headcount,
                filled.get(row.pk, 0),
            ),
        )
        for row in rows
    ]


def skills_of(positions: Any) -> dict[int, tuple[Wanted, ...]]:
    """What these positions ask for, by position id: hardest first."""
    made: dict[int, tuple[Wanted, ...]] = {}
    rows = PositionSkill.objects.filter(position__in=positions).order_by("-level", "skill__name__pinyin")
    for position, name, level in rows.values_list("position_id", "skill__name", "level"):
        made[position] = (*made.get(position, ()), Wanted(name, gettext(LEVELS[level])))
    return made


def skills() -> dict[int, str]:
    """The names of all skills by id, in the order of area and name."""
    return dict(Skill.objects.order_by("area__pinyin", "name__pinyin").values_list("pk", "name"))


def levels_of(position: Position) -> dict[str, str]:
    """The levels that a position asks for, as its form names them."""
    rows = PositionSkill.objects.filter(position=position).values_list("skill_id", "level")
    return {f"skill-{pk}": str(level) for pk, level in rows}


def titles(actor: Actor) -> list[str]:
    """The titles of all positions, to propose while somebody types."""
    rows = Position.objects.filter(POSITIONS.visible(actor)).order_by("title")
    return list(rows.values_list("title", flat=True).distinct())


def unit(actor: Actor, public_id: UUID | str) -> Unit:
    """One unit; raises `NotVisible`."""
    return found(Unit.objects.filter(UNITS.visible(actor)).select_related("parent"), public_id)


def position(actor: Actor, public_id: UUID | str) -> Position:
    """One position; raises `NotVisible`."""
    return found(Position.objects.filter(POSITIONS.visible(actor)).select_related("unit"), public_id)


def was_ever_held(position: Position) -> bool:
    """Did, does or will anybody hold it?"""
    return Assignment.objects.filter(position=position).exists()


def openings(actor: Actor, unit: Unit, day: date) -> list[Opening]:
    """The positions of a unit, by title, how far they are filled on a day, and what they ask for."""
    rows = Position.objects.filter(POSITIONS.visible(actor), unit=unit).values_list("public_id", "pk")
    ids, wanted = {str(public_id): pk for public_id, pk in rows}, skills_of(rows.values("pk"))
    return [
        replace(opening, skills=wanted.get(ids[opening.public_id], ()))
        for _, opening in openings_of(actor, day, [unit.pk])
    ]


def members(actor: Actor, unit: Unit, day: date) -> list[Somebody]:
    """Who works in a unit on a day: its head first, then by name."""
    held = Assignment.objects.filter(ASSIGNMENTS.visible(actor)).filter(on_day(day), unit=unit)
    rows = held.select_related("person", "position").order_by("-is_head", "person__name__pinyin")
    return [
        Somebody(
            str(row.person.public_id),
            row.person.name,
            row.person.sign_in,
            row.position.title if row.position else "",
            row.is_head,
            row.share,
        )
        for row in rows
    ]


def above(actor: Actor, unit: Unit) -> list[Unit]:
    """The units over a unit, from the company down."""
    rows = Unit.objects.filter(UNITS.visible(actor)).in_bulk(unit.path[:-1])
    return [rows[pk] for pk in unit.path[:-1] if pk in rows]


def below(actor: Actor, unit: Unit, day: date) -> list[Unit]:
    """The open units directly under a unit, by name."""
    return list(open_units(actor, day).filter(parent=unit).order_by("name__pinyin"))


def person(actor: Actor, public_id: UUID | str) -> Person:
    """One person; raises `NotVisible`."""
    return found(Person.objects.filter(PEOPLE.visible(actor)), public_id)


def public_id_of(person_id: PersonId) -> str:
    """The address part of somebody's page."""
    return str(Person.objects.values_list("public_id", flat=True).get(pk=person_id))


def held_by(actor: Actor, person: Person) -> list[Held]:
    """The assignments of a person, the latest first."""
    rows = list(_assignments(actor, person).order_by("-starts_on", "share"))
    wanted = skills_of([row.position_id for row in rows])
    return [_held(row, wanted.get(row.position_id or 0, ())) for row in rows]


def assignment(actor: Actor, person: Person, public_id: UUID | str, is_beside: bool = False) -> Held:
    """One main assignment of a person, or one beside it; raises `NotVisible`."""
    rows = _assignments(actor, person).filter(~MAIN if is_beside else MAIN)
    return _held(found(rows, public_id))


def _assignments(actor: Actor, person: Person) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(ASSIGNMENTS.visible(actor), person=person)
    return rows.select_related("unit", "position")


def _held(row: Assignment, wanted: tuple[Wanted, ...] = ()) -> Held:
    return Held(
        str(row.public_id),
        row.unit,
        row.position.title if row.position else "",
        row.position.duties if row.position else "",
        row.is_head,
        row.starts_on,
        row.ends_on,
        row.share,
        wanted,
    )


def roles_of(person: Person) -> list[str]:
    """The roles a person holds."""
    return list(Grant.objects.filter(person=person).order_by("role").values_list("role", flat=True))


def deviations_of_tree() -> int:
    """How many units do not stand directly below their parent, or not where last recorded; 0 is right."""
    rows = Unit.objects.values_list("id", "parent_id", "path")
    paths = {pk: path for pk, _, path in rows}
    places = dict(UnitPlace.objects.order_by("starts_on").values_list("unit_id", "path"))
    return sum(
        path != [*(paths[parent] if parent else []), pk] or path != places.get(pk)
        for pk, parent, path in rows
    )
