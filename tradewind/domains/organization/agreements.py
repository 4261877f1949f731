"""Contracts with outside sales units, and their yearly word that they keep the code of conduct 行为准则."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from tradewind.domains.organization.commands import writing
from tradewind.domains.organization.models import Agreement, Assignment, Company, Person, Unit
from tradewind.domains.organization.policy import AGREEMENTS, UNITS
from tradewind.domains.organization.queries import clock, person_meant
from tradewind.domains.organization.values import OUTSIDE, SALES_UNITS
from tradewind.kernel.errors import Malformed, Refused, StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch, command
from tradewind.platform.spine.erasing import erase_beside
from tradewind.platform.spine.history import history_of

ENDS_SOON = timedelta(days=60)
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed; `contact` (sign-in name) looks after the unit here, `their_contact` there."""

    kind: str
    starts_on: date
    contact: str
    last_on: date | None = None
    number: str = ""
    their_contact: str = ""
    their_phone: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """Which edition of the code of conduct was read."""

    edition: int


@dataclass(frozen=True, slots=True)
class Edition:
    """The code of conduct: its text, since when it reads so, and its number from 1 on."""

    text: str
    begins_on: date | None
    edition: int


@dataclass(frozen=True, slots=True)
class Conduct:
    """The code of conduct as it reads from today on, instead of that edition."""

    text: str
    edition: int
    reason: str = ""


@command("organization.agreement.keep", on=UNITS)
def keep_agreement(actor: Actor, unit: Unit, given: Terms) -> int:
    """Record what was agreed with an outside sales unit, or what changed of it."""
    if unit.kind != OUTSIDE:
        raise Refused("organization.not_outside")
    if given.kind not in SALES_UNITS:
        raise Malformed("organization.unknown_kind", field="kind")
    if given.last_on is not None and given.last_on < given.starts_on:
        raise Malformed("organization.ends_before_start", field="last_on", day=given.starts_on)
    facts = {
        "kind": given.kind,
        "number": given.number.strip(),
        "starts_on": given.starts_on,
        "ends_on": given.last_on + timedelta(days=1) if given.last_on else None,
        "contact_id": _contact(given.contact).pk,
        "their_contact": given.their_contact.strip(),
        "their_phone": given.their_phone.strip(),
    }
    with writing():
        unit.change()
        row = Agreement.objects.select_for_update(no_key=True).filter(unit=unit).first()
        return (row.change(**facts) if row else Agreement.objects.create(unit=unit, **facts)).pk


def _contact(words: str) -> Person:
    try:
        return person_meant(words)
    except Malformed as refusal:
        raise Malformed(refusal.code, field="contact") from None


@command("organization.agreement.acknowledge", on=AGREEMENTS)
def acknowledge(actor: Actor, agreement: Agreement, given: Word) -> int:
    """Give a sales unit's word that it keeps the code of conduct as it reads today; by its own people."""
    if agreement.unit_id not in actor.units or actor.person_id is None:
        raise Refused("organization.not_yours")
    edition = conduct().edition
    if not edition or given.edition != edition:
        raise Refused("organization.no_conduct")
    given_on = {"acknowledged_on": clock().today(), "acknowledged_edition": edition}
    with writing():
        agreement.change(acknowledged_by_id=actor.person_id, **given_on)
    return agreement.pk


@batch("organization.company.set_conduct")
def set_conduct(actor: Actor, given: Conduct) -> int:
    """Word the code of conduct anew: every sales unit is asked for its word again."""
    with writing():
        if Company.objects.select_for_update().get().conduct_edition != given.edition:
            raise StaleVersion("stale")
        return Company.objects.update(
            conduct=given.text.strip(), conduct_on=clock().today(), conduct_edition=F("conduct_edition") + 1
        )


def forget_contact(actor: Actor, person: Person, name: str) -> int:
    """Drop the name and phone of an erased person from the contracts of units they worked in.

    That is where they were the contact there, today or once; number, term and seal stay. Returns how many
    rows of history went blank.
    """
    units = Assignment.objects.filter(person=person).values("unit")
    blanked = 0
    for row in Agreement.objects.filter(unit__in=units).order_by("pk"):
        once = [
            side.get("their_contact") or ""
            for act in history_of(AGREEMENTS, row.pk)
            for side in (act.old, act.new)
        ]
        if name in row.their_contact or any(name in one for one in once):
            blanked += erase_beside(actor, AGREEMENTS, row, is_current=name in row.their_contact)
    return blanked


def agreement_of(actor: Actor, unit: Unit) -> Agreement | None:
    """What was agreed with a unit, for whoever may see it."""
    rows = Agreement.objects.filter(AGREEMENTS.visible(actor), unit=unit)
    return rows.select_related("contact", "acknowledged_by").first()


def own_agreement(actor: Actor) -> Agreement | None:
    """The agreement of the sales unit in which the person acting works."""
    rows = Agreement.objects.filter(AGREEMENTS.visible(actor), unit__in=actor.units)
    return rows.select_related("unit", "contact", "acknowledged_by").order_by("id").first()


def conduct() -> Edition:
    """The code of conduct as it reads today; the edition 0 is none."""
    row = Company.objects.values_list("conduct", "conduct_on", "conduct_edition").first()
    return Edition(*row) if row else Edition("", None, 0)


def term_of(agreement: Agreement, today: date) -> str:
    """Where a contract stands: coming, running, ending (within 60 days) or over."""
    if agreement.starts_on > today:
        return "coming"
    if agreement.ends_on is None or agreement.ends_on - today > ENDS_SOON:
        return "running"
    return "ending" if agreement.ends_on > today else "over"


def owes_word(agreement: Agreement, edition: int, today: date) -> bool:
    """Is the unit's word due: never given, given for an earlier edition, or a year ago?"""
    given_on = agreement.acknowledged_on
    is_current = given_on is not None and agreement.acknowledged_edition == edition
    return edition > 0 and (not is_current or given_on is None or today - given_on >= YEAR)
