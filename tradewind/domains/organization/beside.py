"""Additional posts 兼任: somebody works in further units beside their main one, with a share of their time.

They reach those units and are reached from there, lead them where they are head, and fill a position there.
Credits, targets and headcount stay with the main assignment.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from tradewind.domains.organization import timelines
from tradewind.domains.organization.commands import TURN
from tradewind.domains.organization.models import Assignment, Person
from tradewind.domains.organization.policy import PEOPLE
from tradewind.domains.organization.queries import beside, timeline_of
from tradewind.domains.organization.staffing import (
    AdditionalPost,
    Withdrawal,
    check_another,
    post_of,
    rewrite_beside,
)
from tradewind.domains.organization.timelines import Beside
from tradewind.domains.organization.values import PersonId
from tradewind.kernel.errors import NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import command


@dataclass(frozen=True, slots=True)
class ChangedPost:
    """What an additional post (by public id) is or was, its days too."""

    assignment: str
    post: AdditionalPost


@command("organization.person.add_post", on=PEOPLE, turn=TURN)
def add_post(actor: Actor, person: Person, given: AdditionalPost) -> PersonId:
    """A further post from a day on, perhaps until a last one."""
    check_another(actor, person.pk)
    posts = beside(person.pk)
    return rewrite_beside(person, timelines.with_post(timeline_of(person.pk), posts, _beside(given)))


@command("organization.person.change_post", on=PEOPLE, turn=TURN)
def change_post(actor: Actor, person: Person, given: ChangedPost) -> PersonId:
    """Put an additional post right, or say when it ends."""
    check_another(actor, person.pk)
    row, others = _apart(person, given.assignment)
    new = replace(_beside(given.post), id=row)
    return rewrite_beside(person, timelines.with_post(timeline_of(person.pk), others, new))


@command("organization.person.withdraw_post", on=PEOPLE, turn=TURN)
def withdraw_post(actor: Actor, person: Person, given: Withdrawal) -> PersonId:
    """Take back an additional post that should never have been recorded: one it followed on goes on."""
    check_another(actor, person.pk)
    row, others = _apart(person, given.assignment)
    gone = next(one for one in beside(person.pk) if one.id == row)
    return rewrite_beside(person, timelines.without(others, gone))


def _beside(given: AdditionalPost) -> Beside:
    ends_on = given.last_on + timedelta(days=1) if given.last_on else None
    return Beside(post_of(given), given.share, given.starts_on, ends_on)


def _apart(person: Person, public_id: str) -> tuple[int, tuple[Beside, ...]]:
    """The row that a public id names, and the person's other additional posts; raises `NotVisible`."""
    posts = beside(person.pk)
    try:
        row = Assignment.objects.filter(person=person, public_id=public_id).first()
    except ValueError:
        row = None
    if row is None or row.pk not in {one.id for one in posts}:
        raise NotVisible("not_found")
    return row.pk, tuple(one for one in posts if one.id != row.pk)
