"""The demo company's units, positions and people, and what changed among them since."""

from datetime import date, timedelta

from tradewind.demo.cast import CAST, OTHERS, POSITIONS, UNITS
from tradewind.domains.organization import staffing, structure
from tradewind.domains.organization.commands import import_staff
from tradewind.domains.organization.queries import person_ref, unit_ref
from tradewind.domains.organization.staffing import Leaving, Transfer
from tradewind.domains.organization.structure import PositionFacts
from tradewind.domains.organization.values import PersonRow, Staff, UnitRow
from tradewind.platform.spine.access.actor import Actor

DAYS = 540  # the company's memory: a year and a half


def found_teams(actor: Actor, today: date) -> None:
    """Units, positions, people; one moved half a year ago, one has left, one is to move. Once only."""
    starts_on = today - timedelta(days=DAYS + 30)
    units = tuple(UnitRow(code, name, kind, parent) for code, name, kind, parent in UNITS)
    made, _ = import_staff(actor, Staff(units, (), starts_on))
    if not made:
        return
    for code, title, headcount, duties in POSITIONS:
        structure.create_position(actor, unit_ref(actor, code), PositionFacts(title, duties, headcount))
    people = tuple(PersonRow(m.sign_in, m.name, m.unit, m.role, m.is_head, m.position) for m in CAST + OTHERS)
    import_staff(actor, Staff((), people, starts_on))
    came, left = today - timedelta(days=200), today - timedelta(days=90)
    comes = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    staffing.move(actor, person_ref(actor, "wei.ran"), Transfer("gz1", came, position="销售"))
    staffing.leave(actor, person_ref(actor, "yang.liu"), Leaving(left))
    staffing.move(actor, person_ref(actor, "shen.bo"), Transfer("gz1", comes))
