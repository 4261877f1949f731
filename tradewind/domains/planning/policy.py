"""Everybody signed in may know that a plan exists; a target is seen by whom it binds and their managers."""

from tradewind.domains.planning.models import Plan, Target
from tradewind.platform.spine.access.scopes import Scope, register

PLANS = Scope("planning.plan", Plan, everyone=True)
TARGETS = Scope("planning.target", Target, person="person_id", unit="unit_id")

register(PLANS, TARGETS)
