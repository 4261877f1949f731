"""Looking with somebody else's eyes: for administrators, recorded, and without touching anything."""

from dataclasses import replace

from tradewind.domains.organization.entry import actor_of
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.policy import PEOPLE
from tradewind.kernel.errors import Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import LOOKS_AS
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import Given, all_commands, command

KEY = LOOKS_AS
RIGHT = "organization.person.see_as"
CARRIED_OFF = (".export", ".import")
PRIVATE = ("notify.notification.view", "surface.favourite.view")
"""What is somebody's own stays so."""


@command(RIGHT, on=PEOPLE)
def see_as(actor: Actor, person: Person, given: Given) -> int:
    """Begin to look as this person; the record of acts says who looked as whom."""
    if person.pk == actor.person_id or person.user is None or actor_of(person.user).is_nobody:
        raise Refused("organization.nobody_to_see_as")
    return person.pk


def looking_as(actor: Actor, person_id: object) -> Actor:
    """What that person sees, with nothing they may do; the actor's own self where that may not be."""
    if not actor.can(RIGHT) or not isinstance(person_id, int):
        return actor
    with widened("an administrator looks with this person's eyes"):
        person = Person.objects.select_related("user").filter(pk=person_id).first()
        other = actor_of(person.user) if person and person.user else Actor.nobody()
    if other.is_nobody:
        return actor
    acts = {declared.right for declared in all_commands()} | set(PRIVATE)
    kept = {right for right in other.grants if right not in acts and not right.endswith(CARRIED_OFF)}
    return replace(other.narrowed(kept), looks_as=actor.name)
