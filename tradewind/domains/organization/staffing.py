"""Changes of who works where: hiring, moving, correcting, leaving, appointing a head.

Each works out the new timeline first (`PLANS`, also for showing its effect beforehand), then writes the
difference. A move on a past day and a correction change which unit past days belong to: the ledger follows
(flows/move_to_credit.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from tradewind.domains.organization import rules, timelines
from tradewind.domains.organization.commands import TURN, writing
from tradewind.domains.organization.models import Assignment, Grant, Person, Position, Unit
from tradewind.domains.organization.outside import check_border
from tradewind.domains.organization.policy import PEOPLE, UNITS
from tradewind.domains.organization.queries import beside, timeline_of
from tradewind.domains.organization.roles import check_given
from tradewind.domains.organization.timelines import Beside, Post, Stint, Timeline
from tradewind.domains.organization.values import PersonId
from tradewind.kernel.errors import Malformed, NotVisible, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch, command
from tradewind.platform.spine.models import User


@dataclass(frozen=True, slots=True)
class Hiring:
    """A new person with their first assignment; unit by code, position by its title there, role by key."""

    sign_in: str
    name: str
    unit: str
    starts_on: date
    role: str = ""
    is_head: bool = False
    position: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where to, from which day on (past, today or future), and as what."""

    unit: str
    starts_on: date
    is_head: bool = False
    position: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What an assignment (by public id) truly was; `last_on` None: until further notice."""

    assignment: str
    unit: str
    starts_on: date
    last_on: date | None = None
    is_head: bool = False
    position: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An assignment (by public id) that should never have been recorded."""

    assignment: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The last day of work."""

    last_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AdditionalPost:
    """A further post beside the main assignment; `share` in percent of the working time."""

    unit: str
    share: int
    starts_on: date
    last_on: date | None = None
    is_head: bool = False
    position: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Headship:
    """Who of the unit's people (by sign-in name) is its head from a day on."""

    person: str
    starts_on: date
    reason: str = ""


def check_another(actor: Actor, person_id: int) -> None:
    """Posts decide what somebody sees and approves: nobody gives them to themself, but an administrator."""
    if person_id == actor.person_id and not actor.can("organization.role.change"):
        raise Refused("organization.own_post")


@batch("organization.person.hire", turn=TURN)
def hire(actor: Actor, given: Hiring) -> PersonId:
    """Add somebody new: person, sign-in (without a password yet), role and first assignment."""
    sign_in, name = rules.check_sign_in(given.sign_in), rules.check_name(given.name)
    if given.role:
        check_given(actor, given.role)
    first = Stint(post_of(given), given.starts_on)
    with writing():
        if User.objects.filter(username__iexact=sign_in).exists():
            raise Malformed("organization.sign_in_taken", field="sign_in")
        user = User.objects.create(username=sign_in, password="!")  # noqa: S106 no password works
        person = Person.objects.create(sign_in=sign_in, name=name, user=user)
        if given.role:
            Grant.objects.create(person=person, role=given.role)
    return _rewrite(person, (first,))


@command("organization.person.move", on=PEOPLE, turn=TURN)
def move(actor: Actor, person: Person, given: Transfer) -> PersonId:
    """Another unit, position or headship from a day on, until the next change that is already planned."""
    check_another(actor, person.pk)
    return _rewrite(person, _moved(person, given))


@command("organization.person.correct", on=PEOPLE, turn=TURN)
def correct(actor: Actor, person: Person, given: Correction) -> PersonId:
    """Put a wrongly recorded assignment right; assignments that touched it still do."""
    check_another(actor, person.pk)
    return _rewrite(person, _corrected(person, given))


@command("organization.person.withdraw", on=PEOPLE, turn=TURN)
def withdraw(actor: Actor, person: Person, given: Withdrawal) -> PersonId:
    """Take back an assignment, planned or recorded by mistake: the one before goes on instead."""
    check_another(actor, person.pk)
    return _rewrite(person, _withdrawn(person, given))


@command("organization.person.leave", on=PEOPLE, turn=TURN)
def leave(actor: Actor, person: Person, given: Leaving) -> PersonId:
    """Gone after a last day, on which the sign-in stops working; what was planned later falls away."""
    return _rewrite(person, _left(person, given))


@command("organization.unit.appoint_head", on=UNITS, turn=TURN)
def appoint_head(actor: Actor, unit: Unit, given: Headship) -> PersonId:
    """Make one of the unit's people its head from a day on; the former head steps down that day."""
    person = Person.objects.filter(sign_in=given.person.strip()).first()
    if person is None:
        raise Malformed("organization.unknown_person", field="person")
    check_another(actor, person.pk)
    timeline = timeline_of(person.pk)
    now = timelines.held_on(timeline, given.starts_on)
    if now is not None and now.post.unit_id == unit.pk:
        return _rewrite(person, timelines.moved(timeline, given.starts_on, replace(now.post, is_head=True)))
    posts = beside(person.pk)
    there = [one for one in posts if one.post.unit_id == unit.pk and given.starts_on in one]
    if not there:
        raise Refused("organization.not_in_unit", field="person", name=person.name)
    led = timelines.head_beside(posts, there[0].id, given.starts_on, True)
    if led == posts:
        raise Refused("organization.same_post", field="person")
    return rewrite_beside(person, led)


def _moved(person: Person, given: Transfer) -> Timeline:
    return timelines.moved(timeline_of(person.pk), given.starts_on, post_of(given))


def _corrected(person: Person, given: Correction) -> Timeline:
    timeline, wrong = _named(person, given.assignment)
    ends_on = given.last_on + timedelta(days=1) if given.last_on else None
    return timelines.corrected(timeline, wrong, Stint(post_of(given), given.starts_on, ends_on))


def _withdrawn(person: Person, given: Withdrawal) -> Timeline:
    return timelines.withdrawn(*_named(person, given.assignment))


def _left(person: Person, given: Leaving) -> Timeline:
    return timelines.left(timeline_of(person.pk), given.last_on + timedelta(days=1))


PLANS: Mapping[type, Callable[[Person, Any], Timeline]] = {
    Transfer: _moved,
    Correction: _corrected,
    Withdrawal: _withdrawn,
    Leaving: _left,
}


def planned(person: Person, given: Transfer | Correction | Withdrawal | Leaving) -> Timeline:
    """The timeline that a change would make, without making it. Raises what the change would raise."""
    new = PLANS[type(given)](person, given)
    _check_open(timeline_of(person.pk), new)
    timelines.still_beside(new, beside(person.pk))
    return new


def _named(person: Person, public_id: str) -> tuple[Timeline, Stint]:
    """The person's timeline and the stint that an assignment's public id names; raises `NotVisible`."""
    try:
        row = Assignment.objects.filter(person=person, public_id=public_id).first()
    except ValueError:
        row = None
    timeline = timeline_of(person.pk)
    found = next((stint for stint in timeline if row is not None and stint.id == row.pk), None)
    if found is None:
        raise NotVisible("not_found")
    return timeline, found


def post_of(given: Hiring | Transfer | Correction | AdditionalPost) -> Post:
    """The unit and the position in it that are named. Raises `Malformed`."""
    unit = Unit.objects.filter(code=given.unit.strip()).first()
    if unit is None:
        raise Malformed("organization.unknown_unit", field="unit")
    title = given.position.strip()
    if not title:
        return Post(unit.pk, None, given.is_head)
    position = Position.objects.filter(unit=unit, title=title).first()
    if position is None:
        raise Malformed("organization.unknown_position", field="position")
    return Post(unit.pk, position.pk, given.is_head)


def _check_open(former: Sequence[Stint | Beside], new: Sequence[Stint | Beside]) -> None:
    """Nobody comes into a unit that is closed, or stays in it beyond its end."""
    fresh = set(new) - set(former)
    ends = dict(
        Unit.objects.filter(
            id__in={stint.post.unit_id for stint in fresh}, closed_on__isnull=False
        ).values_list("id", "closed_on")
    )
    for stint in fresh:
        closed_on = ends.get(stint.post.unit_id)
        if closed_on and (stint.ends_on or date.max) > closed_on:
            raise Refused("organization.unit_closed", field="unit")


def _rewrite(person: Person, new: Timeline) -> PersonId:
    """Write the difference between a person's timeline and a new one; former heads step down for new ones."""
    former, posts = timeline_of(person.pk), beside(person.pk)
    _check_open(former, new)
    kept = timelines.still_beside(new, posts)
    with writing(), checked_at_the_end():
        for stint in timelines.headships(new) - timelines.headships(former):
            displace(person, stint)
        _write(person.pk, former, new)
        write_beside(person.pk, posts, kept)
        person.change()
        check_border(person)
    return PersonId(person.pk)


def rewrite_beside(person: Person, new: Sequence[Beside]) -> PersonId:
    """Write somebody's additional posts anew; former heads step down for new ones."""
    former = beside(person.pk)
    _check_open(former, new)
    with writing(), checked_at_the_end():
        for one in set(new) - set(former):
            if one.post.is_head:
                displace(person, one)
        write_beside(person.pk, former, new)
        person.change()
        check_border(person)
    return PersonId(person.pk)


def write_beside(person_id: int, former: Sequence[Beside], new: Sequence[Beside]) -> None:
    """Write the difference between the additional posts that somebody had and those they have now."""
    kept = {one.id for one in new}
    Assignment.objects.filter(id__in=[one.id for one in former if one.id not in kept]).delete()
    rows = Assignment.objects.in_bulk([one.id for one in set(new) - set(former) if one.id])
    for one in set(new) - set(former):
        columns = _columns(one) | {"share": one.share}
        if one.id in rows:
            rows[one.id].change(**columns)
        else:
            Assignment.objects.create(person_id=person_id, **columns)


@contextmanager
def checked_at_the_end() -> Iterator[None]:
    """Let rows overlap while a timeline is rewritten, and be checked once it is whole."""
    names = "one_assignment_at_a_time, once_in_a_unit_at_a_time, one_head_at_a_time"
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")
        yield
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")


def displace(person: Person, stint: Stint | Beside) -> None:
    """Whoever is head when the new one begins steps down; one who becomes head later stands in the way."""
    heads = Assignment.objects.filter(unit_id=stint.post.unit_id, is_head=True).exclude(person=person)
    heads = heads.filter(Q(ends_on=None) | Q(ends_on__gt=stint.starts_on))
    if stint.ends_on:
        heads = heads.filter(starts_on__lt=stint.ends_on)
    for head in heads.select_related("person").order_by("starts_on"):
        if head.starts_on > stint.starts_on:
            facts = {"name": head.person.name, "day": head.starts_on}
            raise Refused("organization.other_head", field="is_head", **facts)
        if head.share is not None:
            posts = beside(head.person_id)
            write_beside(head.person_id, posts, timelines.head_beside(posts, head.pk, stint.starts_on, False))
            continue
        theirs = timeline_of(head.person_id)
        stays = timelines.stepped_down(theirs, stint.post.unit_id, stint.starts_on)
        _write(head.person_id, theirs, stays)


def _write(person_id: int, former: Timeline, new: Timeline) -> None:
    difference = timelines.changes(former, new)
    Assignment.objects.filter(id__in=difference.gone).delete()
    rows = Assignment.objects.in_bulk([stint.id for stint in difference.changed if stint.id])
    for stint in difference.changed:
        rows[stint.id or 0].change(**_columns(stint))
    Assignment.objects.bulk_create(
        Assignment(person_id=person_id, **_columns(stint)) for stint in difference.fresh
    )


def _columns(stint: Stint | Beside) -> dict[str, Any]:
    post = stint.post
    return {
        "unit_id": post.unit_id,
        "position_id": post.position_id,
        "is_head": post.is_head,
        "starts_on": stint.starts_on,
        "ends_on": stint.ends_on,
    }
