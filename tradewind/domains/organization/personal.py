"""What the system knows of a person, told on request; and erased on request, once they have left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, Field, ForeignKey, Model, Q

from tradewind.domains.organization.agreements import forget_contact
from tradewind.domains.organization.commands import TURN
from tradewind.domains.organization.models import Assignment, Grant, Person, StandIn
from tradewind.domains.organization.policy import PEOPLE
from tradewind.domains.organization.queries import clock
from tradewind.kernel.errors import NotAllowed, Refused
from tradewind.platform.services.notify.commands import forget_person
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import ERASED
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.auditing import witness
from tradewind.platform.spine.command import Given, command
from tradewind.platform.spine.erasing import erase_row, register
from tradewind.platform.spine.models import Command

DISCLOSE = "organization.person.disclose"


@dataclass(frozen=True, slots=True)
class Known:
    """Everything kept of a person: facts by section, and how many rows name them, by table and column."""

    facts: Mapping[str, list[Mapping[str, Any]]]
    rows: Mapping[str, int]
    acts: int


def check_disclosing(actor: Actor, person: Person) -> None:
    """One's own, or with the right to tell others of it. Raises `NotAllowed`."""
    if person.pk != actor.person_id and not actor.can(DISCLOSE):
        raise NotAllowed("not_allowed")


def known_of(actor: Actor, person: Person) -> Known:
    """What the system keeps of somebody; that it was told is recorded."""
    check_disclosing(actor, person)
    witness(actor, DISCLOSE, PEOPLE.resource, person.pk)
    user = person.user
    facts: dict[str, list[Mapping[str, Any]]] = {
        "person": [{"name": person.name, "sign_in": person.sign_in}],
        "sign_in": [{"last": user.last_login, "is_active": user.is_active}] if user else [],
        "roles": list(Grant.objects.filter(person=person).order_by("role").values("role")),
        "assignments": list(
            Assignment.objects.filter(person=person)
            .order_by("starts_on")
            .values("unit__name", "position__title", "is_head", "share", "starts_on", "ends_on")
        ),
        "absences": list(
            StandIn.objects.filter(Q(person=person) | Q(stand_in=person))
            .order_by("starts_on")
            .values("person__name", "stand_in__name", "starts_on", "ends_on", "note")
        ),
    }
    with widened("rows that name the person are counted, wherever they lie"):
        rows = dict(sorted(_naming(person)))
        acts = Command.objects.filter(person_id=person.pk).count()
    return Known(facts, rows, acts)


def naming_columns() -> Iterator[tuple[type[Model], "Field[Any, Any]"]]:
    """Every column of every table that says whom a row is about or from; the record of acts stands apart."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            is_key = isinstance(field, ForeignKey) and field.related_model is Person
            is_id = isinstance(field, BigIntegerField) and field.name.endswith("person_id")
            if is_key or (is_id and model is not Command):
                yield model, field


def _naming(person: Person) -> Iterator[tuple[str, int]]:
    """Each of those columns that names the person, with how many rows do."""
    for model, field in naming_columns():
        count = model._default_manager.filter(**{field.attname: person.pk}).count()
        if count:
            yield f"{model._meta.db_table}.{field.column}", count


@command("organization.person.erase", on=PEOPLE, turn=TURN)
def erase_person(actor: Actor, person: Person, given: Given) -> int:
    """Forget who somebody was who has left: name, sign-in, and their place as a sales unit's contact.

    Figures, documents and seals stay. Returns how many rows of history were blanked.
    """
    today = clock().today()
    here = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), person=person)
    if here.exists():
        raise Refused("organization.still_here", name=person.name)
    if person.name == ERASED:
        raise Refused("organization.erased_already")
    name, user = person.name, person.user
    blanked = erase_row(PEOPLE, person, sign_in=f"erased-{person.pk}")
    with widened("nobody's page may change a sign-in"):
        if user is not None:
            user.username, user.is_active = f"erased-{person.pk}", False
            user.set_unusable_password()
            user.save(update_fields=["username", "is_active", "password"])
        Grant.objects.filter(person=person).delete()
        forget_person(person.pk, name)
        blanked += forget_contact(actor, person, name)
    return blanked


register(PEOPLE, erase_person)
