"""Questions about the organization: who acts, who worked where, what a unit is called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, DateField, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When

from tradewind.domains.organization import workdays
from tradewind.domains.organization.entry import actor_of as actor_of
from tradewind.domains.organization.entry import clock as clock
from tradewind.domains.organization.models import (
    MAIN,
    Assignment,
    Company,
    Grant,
    Person,
    SpecialDay,
    Unit,
    UnitPlace,
)
from tradewind.domains.organization.policy import PEOPLE, SPECIAL_DAYS, UNITS
from tradewind.domains.organization.roles import roles as current_roles
from tradewind.domains.organization.timelines import Beside, Post, Stint, Timeline
from tradewind.domains.organization.values import Member, PersonRow, UnitNode, WorkCalendar
from tradewind.kernel.errors import Malformed, NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import memory, widened
from tradewind.platform.spine.command import Ref

PROPOSED = 1000


@dataclass(frozen=True, slots=True)
class Named:
    """What a figure calls a row: the stable key and the words shown."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One line of the directory."""

    id: int
    public_id: str
    name: str
    sign_in: str
    unit: str
    roles: tuple[str, ...]
    has_signed_in: bool


def actor_named(sign_in: str) -> Actor:
    """The actor of a person by sign-in name, for the command line and tests."""
    return _actor_behind(Q(sign_in=sign_in))


def actor_again(person_id: int) -> Actor:
    """The actor that a person is now, for what they asked to be done later."""
    return _actor_behind(Q(pk=person_id))


def _actor_behind(who: Q) -> Actor:
    with widened("the caller names the actor"):
        person = Person.objects.select_related("user").filter(who).first()
    if person is None or person.user is None:
        return Actor.nobody()
    return actor_of(person.user)


def postings() -> QuerySet[Assignment, tuple[Any, ...]]:
    """Who mainly worked where from which day on: person, first day, unit; for crediting by date."""
    return Assignment.objects.filter(MAIN).values_list("person_id", "starts_on", "unit_id")


def places() -> QuerySet[UnitPlace, tuple[Any, ...]]:
    """Where units stood from which day on: unit, first day, path; for crediting by date."""
    return UnitPlace.objects.values_list("unit_id", "starts_on", "path")


def timeline_of(person_id: int) -> Timeline:
    """Where somebody mainly worked, works and will work, in order."""
    rows = Assignment.objects.filter(MAIN, person_id=person_id).order_by("starts_on")
    return tuple(
        Stint(Post(row.unit_id, row.position_id, row.is_head), row.starts_on, row.ends_on, row.pk)
        for row in rows
    )


def beside(person_id: int) -> tuple[Beside, ...]:
    """The additional posts somebody had, has and will have, in order."""
    rows = Assignment.objects.exclude(MAIN).filter(person_id=person_id).order_by("starts_on", "id")
    return tuple(
        Beside(
            Post(row.unit_id, row.position_id, row.is_head),
            row.share or 0,
            row.starts_on,
            row.ends_on,
            row.pk,
        )
        for row in rows
    )


def units_today(person_ids: Iterable[int]) -> Mapping[int, int]:
    """The unit each person mainly works in today, or worked in last, or will work in first, by person id."""
    begun = Q(starts_on__lte=clock().today())
    dated = Assignment.objects.filter(MAIN, person__in=set(person_ids)).annotate(has_begun=begun)
    nearest = Case(When(has_begun=True, then=F("starts_on"))).desc(nulls_last=True)
    rows = dated.order_by("person_id", nearest, "starts_on").distinct("person_id")
    return dict(rows.values_list("person_id", "unit_id"))


def units_named(ids: Iterable[int]) -> Mapping[int, Named]:
    """Code and name of units, by id."""
    return {u.id: Named(u.code, u.name) for u in Unit.objects.filter(id__in=set(ids))}


def people_named(ids: Iterable[int]) -> Mapping[int, Named]:
    """Sign-in name and name of people, by id."""
    return {p.id: Named(p.sign_in, p.name) for p in Person.objects.filter(id__in=set(ids))}


def unit_called(actor: Actor, code: str) -> str:
    """The name of the unit with this code; the code itself where the actor knows none."""
    rows = Unit.objects.filter(code=code)
    rows = rows if actor.can("organization.unit.view") else rows.filter(pk__in=actor.units)
    return code and (rows.values_list("name", flat=True).first() or code)


def person_called(actor: Actor, sign_in: str) -> str:
    """The name of the person with this sign-in name; the sign-in name itself where the actor knows none."""
    rows = Person.objects.filter(colleagues(actor), sign_in=sign_in)
    return sign_in and (rows.values_list("name", flat=True).first() or sign_in)


def colleagues(actor: Actor) -> Q:
    """The filter of people whom the actor knows: everybody, or to outside sales units those of their own."""
    if actor.can("organization.person.view"):
        return Q()
    here = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=clock().today()), unit__in=actor.units)
    return Q(pk__in=here.values("person"))


def unit_ids(actor: Actor, code: str) -> QuerySet[Unit, int]:
    """The id of the unit with this code, as a subquery; for a question of whatever the actor may see."""
    return Unit.objects.filter(code=code).values_list("id", flat=True)


def unit_ids_below(code: str) -> QuerySet[Unit, int]:
    """Ids of the unit with this code and of every unit below it, as a subquery."""
    top = Unit.objects.filter(code=code).values("pk")[:1]
    return Unit.objects.filter(path__contains=Func(Subquery(top), function="ARRAY")).values_list(
        "id", flat=True
    )


def people_within(actor: Actor, resource: str, limit: int = 300) -> list[Named]:
    """People whose rows of a resource the actor sees, by name: to choose from in a filter."""
    reach, rows = actor.reach(resource), Person.objects.order_by("name__pinyin", "id")
    people = rows if reach.everything else rows.filter(id__in=reach.persons)
    return [Named(*pair) for pair in people.values_list("sign_in", "name")[:limit]]


def units_within(actor: Actor, resource: str) -> list[Named]:
    """Units whose rows of a resource the actor sees, the company first and each before those below it."""
    reach, rows = actor.reach(resource), Unit.objects.order_by("path")
    units = rows if reach.everything else rows.filter(id__in=reach.units)
    return [Named(*pair) for pair in units.values_list("code", "name")]


def top_unit(actor: Actor, resource: str) -> Named | None:
    """The highest unit whose rows of a resource the actor sees with all below.

    None for whoever sees everything, and for whoever sees only people's.
    """
    reach = actor.reach(resource)
    if reach.everything or not reach.units:
        return None
    top = Unit.objects.filter(id__in=reach.units).order_by("path__len", "code").first()
    return Named(top.code, top.name) if top else None


def person_ids(actor: Actor, sign_in: str) -> QuerySet[Person, int]:
    """The id of the person with this sign-in name, as a subquery, likewise."""
    return Person.objects.filter(sign_in=sign_in).values_list("id", flat=True)


def person_with(public_id: UUID) -> int | None:
    """The id of the person that forms name so."""
    return Person.objects.filter(public_id=public_id).values_list("id", flat=True).first()


def person_ref(actor: Actor, sign_in: str) -> Ref[Person]:
    """The person with this sign-in name as they are now; raises `NotVisible`."""
    person = Person.objects.filter(PEOPLE.visible(actor), sign_in=sign_in).first()
    if person is None:
        raise NotVisible("not_found")
    return Ref(person.public_id, person.version)


def public_id_of(actor: Actor) -> str:
    """The acting person as forms name people; empty for the system."""
    found = Person.objects.filter(pk=actor.person_id or 0).values_list("public_id", flat=True).first()
    return str(found or "")


def person_meant(words: str, among: Q | None = None) -> Person:
    """The person of this sign-in name, or of this name where only one is called so. Raises `Malformed`.

    `among`: a filter of the people who can be meant.
    """
    rows = list(
        Person.objects.filter(among or Q()).filter(Q(sign_in=words.strip()) | Q(name=words.strip()))[:3]
    )
    named = [row for row in rows if row.sign_in == words.strip()] or rows
    if not named:
        raise Malformed("organization.unknown_person", field="person")
    if len(named) > 1:
        raise Malformed("organization.several_people", field="person")
    return named[0]


def is_founded() -> bool:
    """Does the company stand, with the root of its tree?"""
    return Company.objects.exists() and Unit.objects.filter(parent=None).exists()


def proposed_people(actor: Actor) -> list[tuple[str, str]]:
    """Whom to propose to somebody: colleagues only to outside sales units."""
    rows = Person.objects.filter(colleagues(actor), user__is_active=True).order_by("name__pinyin", "id")
    return list(rows.values_list("sign_in", "name")[:PROPOSED])


def working_people() -> list[tuple[str, str]]:
    """Sign-in names and names of people who can sign in, by name: to be proposed."""
    rows = Person.objects.filter(user__is_active=True).order_by("name__pinyin", "id")
    return list(rows.values_list("sign_in", "name")[:PROPOSED])


def unit_ref(actor: Actor, code: str) -> Ref[Unit]:
    """The unit with this code as it is now; raises `NotVisible`."""
    unit = Unit.objects.filter(UNITS.visible(actor), code=code).first()
    if unit is None:
        raise NotVisible("not_found")
    return Ref(unit.public_id, unit.version)


def ids_by_sign_in(names: Iterable[str]) -> Mapping[str, int]:
    """Person ids by sign-in name, for imports that name people."""
    return dict(Person.objects.filter(sign_in__in=set(names)).values_list("sign_in", "id"))


def elsewhere(rows: Iterable[PersonRow]) -> list[PersonRow]:
    """The people of an import who work in another unit here than there; an import moves nobody."""
    given = {row.sign_in: row for row in rows}
    ids = ids_by_sign_in(given)
    units, codes = units_today(ids.values()), dict(Unit.objects.values_list("id", "code"))
    return [row for name, row in given.items() if codes.get(units.get(ids[name], 0)) != row.unit]


class OnDay(Value):
    """A day of the company's calendar, found when the statement runs: today, or what is made of it."""

    def __init__(self, of: Callable[[date], date]) -> None:
        super().__init__(None, output_field=DateField())
        self.of = of

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s::date", [self.of(clock().today())]


def card_of(actor: Actor) -> PersonCard:
    """The card of the person acting, in one statement."""
    held = Grant.objects.filter(person=OuterRef("pk")).order_by("role").values("role")
    p = _with_unit(Person.objects.annotate(held=ArraySubquery(held))).get(pk=actor.person_id)
    return PersonCard(p.id, str(p.public_id), p.name, p.sign_in, p.unit_name or "", tuple(p.held), True)


def _with_unit(people: QuerySet[Person]) -> QuerySet[Any]:
    """These people, with the name of the unit they mainly work in today."""
    today = clock().today()
    unit = Assignment.objects.filter(MAIN).filter(
        Q(ends_on=None) | Q(ends_on__gt=today), person=OuterRef("pk")
    )
    return people.annotate(unit_name=Subquery(unit.filter(starts_on__lte=today).values("unit__name")[:1]))


def unit_tree() -> list[UnitNode]:
    """Every unit of today's tree, parents before children, siblings by code."""
    rows = Unit.objects.values_list("id", "code", "name", "path")
    nodes = [UnitNode(id_, code, name, tuple(path)) for id_, code, name, path in rows]
    codes = {node.id: node.code for node in nodes}
    return sorted(nodes, key=lambda node: [codes[above] for above in node.path])


def branch_ids(code: str) -> QuerySet[Unit, int]:
    """The ids of the unit with this code and of all units below it, as a subquery."""
    top = list(Unit.objects.filter(code=code).values_list("id", flat=True))
    units = Unit.objects.filter(path__contains=top) if top else Unit.objects.none()
    return units.values_list("id", flat=True)


def people_granted(right: str, limit: int = 3) -> list[str]:
    """The names of people who have a right, by name: whom to ask."""
    held = Grant.objects.filter(role__in=current_roles().granting(right)).values("person_id")
    rows = Person.objects.filter(pk__in=held, user__is_active=True).order_by("name__pinyin", "id")
    return list(rows.values_list("name", flat=True)[:limit])


def fiscal_month() -> int:
    """The month (1 to 12) with which the company's fiscal year begins; asked once in a transaction."""
    known = cast(dict[str, int], memory().setdefault("organization.fiscal_month", {}))
    if not known:
        known["month"] = Company.objects.values_list("fiscal_month", flat=True).first() or 1
    return known["month"]


def carriers(on: date) -> list[Member]:
    """Whoever carries targets on a day, in the unit they mainly work in then, by name."""
    working = Assignment.objects.filter(MAIN).filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)
    roles = current_roles().granting("planning.target.carry")
    carrying = Grant.objects.filter(role__in=roles).values("person_id")
    rows = working.filter(person_id__in=carrying).order_by("person__name__pinyin", "person_id")
    return [Member(person_id, unit_id) for person_id, unit_id in rows.values_list("person_id", "unit_id")]


def people_below(actor: Actor, code: str = "") -> int:
    """How many people work today in the unit with this code and below it; without one, in the company."""
    today = clock().today()
    working = Assignment.objects.filter(MAIN).filter(Q(ends_on=None) | Q(ends_on__gt=today))
    working = working.filter(starts_on__lte=today)
    return (working.filter(unit__in=unit_ids_below(code)) if code else working).count()


def unit_of(actor: Actor) -> int | None:
    """The unit in which the person acting works today; None for the system and for whoever has none."""
    return None if actor.person_id is None else units_today([actor.person_id]).get(actor.person_id)


def calendar(first: date, last: date) -> WorkCalendar:
    """The workdays of all years from the first to the last day: one statement, once in a transaction."""
    known = cast(dict[int, tuple[tuple[date, ...], bool]], memory().setdefault("organization.workdays", {}))
    years = range(first.year, last.year + 1)
    missing = [year for year in years if year not in known]
    if missing:
        rows = SpecialDay.objects.filter(falls_on__year__in=missing).values_list("falls_on", "is_workday")
        own = dict(rows)
        for year in missing:
            special = {day: is_workday for day, is_workday in own.items() if day.year == year}
            known[year] = (workdays.workdays_of(year, special), workdays.is_announced(year, special))
    days = tuple(day for year in years for day in known[year][0])
    return WorkCalendar(tuple(years), days, tuple(year for year in years if not known[year][1]))


def special_days(actor: Actor, year: int) -> list[SpecialDay]:
    """The days of a year that the company itself declared free or worked."""
    rows = SpecialDay.objects.filter(SPECIAL_DAYS.visible(actor), falls_on__year=year)
    return list(rows.order_by("falls_on"))
