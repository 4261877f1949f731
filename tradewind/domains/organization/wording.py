"""What rights are called, and which extents each may have: what the pages of roles offer."""

from collections.abc import Mapping, Sequence
from functools import cache

from tradewind.domains.organization.authority import Extent
from tradewind.domains.organization.rules import BUILT_IN
from tradewind.kernel.errors import phrase
from tradewind.platform.spine.access.scopes import READING, all_scopes

EXTENT_NAMES = {
    Extent.NONE: phrase("—"),
    Extent.OWN: phrase("Own"),
    Extent.TEAM: phrase("Own units"),
    Extent.BRANCH: phrase("Own units and below"),
    Extent.COMPANY: phrase("Company"),
}
RESOURCES = {
    "customers.customer": phrase("Customers"),
    "customers.contact": phrase("Contacts"),
    "customers.likeness": phrase("Possible duplicates"),
    "activities.activity": phrase("Activities"),
    "pipeline.opportunity": phrase("Opportunities"),
    "pipeline.move": phrase("Moves between stages"),
    "pipeline.pipeline": phrase("Pipelines"),
    "pipeline.stage": phrase("Stages"),
    "pipeline.pace": phrase("Pace of stages"),
    "pipeline.reason": phrase("Reasons for losing"),
    "orders.order": phrase("Orders"),
    "orders.line": phrase("Order lines"),
    "catalog.product": phrase("Products"),
    "ledger.entry": phrase("Figures"),
    "ledger.rollup": phrase("Monthly sums"),
    "ledger.month": phrase("Months of the books"),
    "planning.plan": phrase("Plans"),
    "planning.target": phrase("Targets"),
    "analytics.overview": phrase("Overview"),
    "approvals.process": phrase("Approval processes"),
    "organization.company": phrase("Company"),
    "organization.unit": phrase("Units"),
    "organization.position": phrase("Positions"),
    "organization.skill": phrase("Skills"),
    "organization.position_skill": phrase("Skills of positions"),
    "organization.agreement": phrase("Contracts of sales units"),
    "organization.person": phrase("People"),
    "organization.assignment": phrase("Assignments"),
    "organization.grant": phrase("Roles of people"),
    "organization.role": phrase("Roles"),
    "organization.stand_in": phrase("Stand-ins"),
    "organization.special_day": phrase("Workdays"),
    "exchange.run": phrase("Imports"),
    "exchange.line": phrase("Rows of imports"),
    "audit.act": phrase("Record of acts"),
    "notify.notification": phrase("Notifications"),
    "surface.favourite": phrase("Favourites"),
}
USUAL = ("view", "create", "edit")
"""The columns of the matrix; all other verbs stand behind them."""
ALSO = {"view": "", "create": "", "edit": "change"}
"""What some objects call it instead."""
VERBS = {
    "view": phrase("See"),
    "create": phrase("Create"),
    "edit": phrase("Change"),
    "remove": phrase("Delete"),
    "import": phrase("Import"),
    "export": phrase("Export"),
    "approve": phrase("Approve"),
    "acknowledge": phrase("Acknowledge the code of conduct"),
    "add_post": phrase("Add an additional post"),
    "appoint_head": phrase("Appoint a head"),
    "arrange": phrase("Arrange"),
    "arrange_for_others": phrase("Arrange for others"),
    "cancel": phrase("Cancel"),
    "carry": phrase("Carry a target"),
    "change": phrase("Change"),
    "change_post": phrase("Change an additional post"),
    "close": phrase("Close"),
    "complete": phrase("Complete"),
    "confirm": phrase("Confirm"),
    "copy": phrase("Copy"),
    "correct": phrase("Correct"),
    "disclose": phrase("Tell what is known of somebody"),
    "erase": phrase("Erase personal data"),
    "dismiss": phrase("Say they are not the same"),
    "end": phrase("End"),
    "end_sessions": phrase("Sign out everywhere"),
    "follow_deals": phrase("Made from won deals"),
    "hire": phrase("Hire"),
    "invite": phrase("Make one-time links"),
    "keep": phrase("Keep"),
    "lead": phrase("Lead people"),
    "leave": phrase("Let go"),
    "lock": phrase("Lock"),
    "log": phrase("Record what was done"),
    "lose": phrase("Mark as lost"),
    "move": phrase("Move"),
    "plan": phrase("Plan"),
    "plan_next_step": phrase("Plan the next step"),
    "pool": phrase("See what nobody owns"),
    "publish": phrase("Publish"),
    "read": phrase("Mark as read"),
    "reassign": phrase("Hand to somebody else"),
    "recredit": phrase("Bring credits to other units"),
    "rename": phrase("Rename"),
    "reopen": phrase("Reopen"),
    "reset_second_factor": phrase("Take away a second factor"),
    "retire": phrase("Retire"),
    "revoke": phrase("Revoke"),
    "see_as": phrase("See as somebody else"),
    "see_numbers": phrase("See phone numbers and e-mail addresses"),
    "set": phrase("Declare"),
    "set_conduct": phrase("Word the code of conduct"),
    "set_fiscal_month": phrase("Say when the fiscal year begins"),
    "set_cell": phrase("Set single targets"),
    "set_roles": phrase("Give and take roles"),
    "share": phrase("Share rows"),
    "spread": phrase("Spread over people"),
    "submit": phrase("Submit"),
    "switch_off": phrase("Switch off"),
    "undo_move": phrase("Undo a move"),
    "unlock": phrase("Unlock"),
    "win": phrase("Mark as won"),
    "withdraw": phrase("Take back"),
    "withdraw_post": phrase("Take back an additional post"),
    "withdraw_token": phrase("Revoke tokens of others"),
}
RIGHTS = {
    "ledger.month.close": phrase("Close the month"),
    "ledger.month.reopen": phrase("Reopen the month"),
}
"""What says something else of one object than of the others."""
TAKEN_FOR_GRANTED = (
    "surface.favourite",
    "notify.notification",
    "access.token",
    *(f"approvals.{kind}" for kind in ("request", "decision", "participant", "edition")),
)
"""Everybody's own affairs; no role is without them, and nobody wants to read of them."""
WITHOUT_ROWS = ("create", "import", "pool", "carry", "log", "plan", "see_numbers", "follow_deals", "recredit")
"""What is not done to a row that is there: allowed or not, without an extent."""
FAR = ("organization.stand_in.arrange_for_others",)
"""Rights without rows of their own that reach differently far all the same."""
YES_OR_NO = (Extent.NONE, Extent.COMPANY)


@cache
def offered() -> Mapping[str, Sequence[Extent]]:
    """Every right that a built-in role has, with the extents it may have; the rest is the system's own."""
    rights = sorted(set().union(*(role.rights for role in BUILT_IN.values())))
    named = [right for right in rights if resource_of(right) not in TAKEN_FOR_GRANTED]
    return {right: _extents(right) for right in named}


def resource_of(right: str) -> str:
    """The object a right is about: customers.customer of customers.customer.edit."""
    return right.rpartition(".")[0]


def label_of(right: str) -> str:
    """What may be done, as a phrase: Change."""
    return RIGHTS.get(right) or VERBS[verb_of(right)]


def verb_of(right: str) -> str:
    """What may be done: edit of customers.customer.edit."""
    return right.rpartition(".")[2]


def _extents(right: str) -> Sequence[Extent]:
    if verb_of(right) in WITHOUT_ROWS:
        return YES_OR_NO
    scopes = {scope.resource: scope for scope in all_scopes()}
    scope = scopes.get(resource_of(right))
    is_part = scope is not None and bool(scope.wholes) and verb_of(right) not in READING
    if right in FAR or is_part or (scope is not None and scope.has_reach):
        return tuple(Extent)
    return YES_OR_NO
