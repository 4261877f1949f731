"""The demo company's units, positions and people, and what changed among them since."""

from datetime import date, timedelta

from tradewind.demo.cast import AGREED, ASKED, CAST, CONDUCT, OTHERS, POSITIONS, SKILLS, UNITS
from tradewind.domains.organization import agreements, beside, staffing, structure
from tradewind.domains.organization.agreements import Conduct, Terms, Word
from tradewind.domains.organization.commands import import_staff
from tradewind.domains.organization.queries import actor_named, person_ref, unit_ref
from tradewind.domains.organization.skills import create_skill
from tradewind.domains.organization.staffing import AdditionalPost, Leaving, Transfer
from tradewind.domains.organization.structure import PositionFacts
from tradewind.domains.organization.values import PersonRow, Staff, UnitRow
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Given, Ref

DAYS = 540  # the company's memory: a year and a half


def found_teams(actor: Actor, today: date) -> None:
    """Units, positions, people; one moved half a year ago, one has left, one is to move. Once only."""
    starts_on = today - timedelta(days=DAYS + 30)
    units = tuple(UnitRow(code, name, kind, parent) for code, name, kind, parent in UNITS)
    made, _ = import_staff(actor, Staff(units, (), starts_on))
    if not made:
        return
    for area, skills in SKILLS.items():
        for name in skills:
            create_skill(actor, Given({"name": name, "area": area}))
    for code, title, headcount, duties in POSITIONS:
        facts = PositionFacts(title, duties, headcount, skills=ASKED.get(title, ()))
        structure.create_position(actor, unit_ref(actor, code), facts)
    people = tuple(PersonRow(m.sign_in, m.name, m.unit, m.role, m.is_head, m.position) for m in CAST + OTHERS)
    import_staff(actor, Staff((), people, starts_on))
    came, left = today - timedelta(days=200), today - timedelta(days=90)
    comes = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    staffing.move(actor, person_ref(actor, "wei.ran"), Transfer("gz1", came, position="销售"))
    staffing.leave(actor, person_ref(actor, "yang.liu"), Leaving(left))
    staffing.move(actor, person_ref(actor, "shen.bo"), Transfer("gz1", comes))
    beside.add_post(actor, person_ref(actor, "qin.chuan"), AdditionalPost("hz1", 30, came))
    _agree(actor, today)


def _agree(actor: Actor, today: date) -> None:
    """One sales unit has a year to go and has given its word; the contract of the other ends soon."""
    agreements.set_conduct(actor, Conduct(CONDUCT, edition=0))
    for code, kind, number, contact, there, phone, left in AGREED:
        last_on = today + timedelta(days=left)
        terms = Terms(kind, last_on - timedelta(days=729), contact, last_on, number, there, phone)
        agreements.keep_agreement(actor, unit_ref(actor, code), terms)
    with scope(actor_named("partner")) as partner:
        own = agreements.own_agreement(partner)
        if own is not None:
            word = Word(agreements.conduct().edition)
            agreements.acknowledge(partner, Ref(own.public_id, own.version), word)
