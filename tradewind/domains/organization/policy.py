"""The organization is a directory: everybody signed in reads it, commands change it."""

from tradewind.domains.organization.models import Assignment, Company, Grant, Person, SpecialDay, Unit
from tradewind.platform.spine.access.scopes import Scope, register

COMPANIES = Scope("organization.company", Company, everyone=True)
UNITS = Scope("organization.unit", Unit, everyone=True)
PEOPLE = Scope("organization.person", Person, everyone=True)
ASSIGNMENTS = Scope("organization.assignment", Assignment, everyone=True)
GRANTS = Scope("organization.grant", Grant, everyone=True)
SPECIAL_DAYS = Scope("organization.special_day", SpecialDay, everyone=True)

register(COMPANIES, UNITS, PEOPLE, ASSIGNMENTS, GRANTS, SPECIAL_DAYS)
