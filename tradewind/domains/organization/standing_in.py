"""Who does somebody's work while they are away. What only a person themself may do is not handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from tradewind.domains.organization.commands import TURN, writing
from tradewind.domains.organization.events import StandInArranged
from tradewind.domains.organization.models import Assignment, Person, StandIn
from tradewind.domains.organization.outside import check_stand_in
from tradewind.domains.organization.policy import STAND_INS
from tradewind.domains.organization.queries import clock, person_meant
from tradewind.kernel.errors import Malformed, NotAllowed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch, command
from tradewind.platform.spine.outbox import emit

LONGEST = timedelta(days=366)
FOR_OTHERS = "organization.stand_in.arrange_for_others"


@dataclass(frozen=True, slots=True)
class Absence:
    """Who (by sign-in name or name) is away on which days, and who does their work meanwhile."""

    person: str
    stand_in: str
    starts_on: date
    last_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody is back; nothing else needs to be said."""

    reason: str = ""


@batch("organization.stand_in.arrange", turn=TURN)
def arrange(actor: Actor, given: Absence) -> StandIn:
    """Let somebody stand in: for oneself, or for whoever the actor may arrange it for."""
    person, other = _person(given.person, "person"), _person(given.stand_in, "stand_in")
    check_arranging(actor, person.pk)
    if person.pk == other.pk:
        raise Malformed("organization.stands_in_for_self", field="stand_in")
    if other.pk == actor.person_id:  # else whoever arranges absences could take anybody's rights
        raise Malformed("organization.stands_in_by_own_word", field="stand_in")
    check_stand_in(person, other)
    _check_days(given)
    ends_on = given.last_on + timedelta(days=1)
    if not _works(other, given.starts_on, ends_on):
        raise Malformed("organization.stand_in_not_here", field="stand_in")
    former = StandIn.objects.filter(person=person, starts_on__lt=ends_on, ends_on__gt=given.starts_on).first()
    if former is not None:
        raise Malformed("organization.stand_in_already", field="starts_on", day=former.starts_on)
    with writing():
        made = StandIn.objects.create(
            person=person, stand_in=other, starts_on=given.starts_on, ends_on=ends_on, note=given.note[:200]
        )
    emit(StandInArranged(made.pk, person.pk, other.pk, actor.person_id))
    return made


@command("organization.stand_in.end", on=STAND_INS, turn=TURN)
def end(actor: Actor, absence: StandIn, given: Return) -> bool:
    """Back earlier: today already; what had not begun never was. Returns whether anything is left of it."""
    check_arranging(actor, absence.person_id)
    today = clock().today()
    if absence.ends_on <= today:
        raise Refused("organization.stand_in_over")
    with writing():
        if absence.starts_on >= today:
            absence.delete()
            return False
        absence.change(ends_on=today)
    return True


def check_arranging(actor: Actor, person_id: int) -> None:
    """One's own absence, or that of people within the reach of the right to. Raises `NotAllowed`."""
    reach = actor.reach_of(FOR_OTHERS)
    if person_id != actor.person_id and not reach.everything and person_id not in reach.persons:
        raise NotAllowed("not_allowed")


def _person(sign_in: str, field: str) -> Person:
    try:
        return person_meant(sign_in)
    except Malformed as error:
        raise Malformed(error.code, field=field) from None


def stand_ins_today(people: Iterable[int]) -> set[int]:
    """Who does the work of these people today, where they are away."""
    today = clock().today()
    rows = StandIn.objects.filter(person__in=list(people), starts_on__lte=today, ends_on__gt=today)
    return set(rows.values_list("stand_in_id", flat=True))


def _check_days(given: Absence) -> None:
    if given.last_on < given.starts_on:
        raise Malformed("organization.ends_before_start", field="last_on", day=given.starts_on)
    if given.last_on < clock().today():
        raise Malformed("organization.stand_in_past", field="last_on")
    if given.last_on - given.starts_on > LONGEST:
        raise Malformed("organization.stand_in_too_long", field="last_on")


def _works(person: Person, starts_on: date, ends_on: date) -> bool:
    """Do they have work on the first and on the last day, and a sign-in to do it with?"""
    first, last = starts_on, ends_on - timedelta(days=1)
    rows = Assignment.objects.filter(person=person, person__user__is_active=True)
    return all(
        rows.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day).exists()
        for day in (first, last)
    )
