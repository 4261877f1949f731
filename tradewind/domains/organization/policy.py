"""The organization is a directory: everybody signed in reads it, commands change it."""

from tradewind.domains.organization.models import (
    Agreement,
    Assignment,
    Company,
    Grant,
    Person,
    Position,
    PositionSkill,
    Role,
    Skill,
    SpecialDay,
    StandIn,
    Unit,
    UnitPlace,
)
from tradewind.platform.spine.access.scopes import ERASED, Scope, register

COMPANIES = Scope("organization.company", Company, everyone=True)
# Commands on these lock the row they are about, which needs a right to change it; what they write, they write
# widened: nobody's page may change the directory by itself.
LOCK = ("UPDATE (version)",)

UNITS = Scope("organization.unit", Unit, everyone=True, writes=LOCK)
UNIT_PLACES = Scope("organization.unit_place", UnitPlace, everyone=True)
POSITIONS = Scope("organization.position", Position, everyone=True, writes=LOCK)
SKILLS = Scope("organization.skill", Skill, everyone=True, writes=("INSERT", "UPDATE"))
POSITION_SKILLS = Scope("organization.position_skill", PositionSkill, everyone=True)
AGREEMENTS = Scope(
    "organization.agreement",
    Agreement,
    unit="unit_id",
    erased={"their_contact": ERASED, "their_phone": ""},
    writes=LOCK,
)
PEOPLE = Scope(
    "organization.person",
    Person,
    everyone=True,
    erased={"name": ERASED},
    writes=LOCK,
)
ASSIGNMENTS = Scope("organization.assignment", Assignment, everyone=True)
GRANTS = Scope("organization.grant", Grant, everyone=True)
SPECIAL_DAYS = Scope("organization.special_day", SpecialDay, everyone=True)
ROLES = Scope("organization.role", Role, everyone=True, writes=LOCK)
STAND_INS = Scope("organization.stand_in", StandIn, everyone=True, writes=LOCK)

register(
    COMPANIES,
    UNITS,
    UNIT_PLACES,
    POSITIONS,
    SKILLS,
    POSITION_SKILLS,
    AGREEMENTS,
    PEOPLE,
    ASSIGNMENTS,
    GRANTS,
    SPECIAL_DAYS,
    ROLES,
    STAND_INS,
)
