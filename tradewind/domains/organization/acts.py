"""What acts on record are called, and the tables and columns they changed: words for whoever reads on."""

from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.translation import gettext as _

from tradewind.domains.organization.wording import RESOURCES, RIGHTS, VERBS, resource_of, verb_of
from tradewind.kernel.errors import phrase
from tradewind.platform.spine.access.scopes import Scope, all_scopes
from tradewind.platform.spine.command import all_commands
from tradewind.platform.surface.columns import Column
from tradewind.platform.surface.resource import all_resources
from tradewind.platform.surface.shell.lists import spoken

OBJECTS = RESOURCES | {
    "access.token": phrase("API tokens"),
    "approvals.decision": phrase("Decisions on approvals"),
    "approvals.edition": phrase("Editions of approval processes"),
    "approvals.participant": phrase("Participants of approvals"),
    "approvals.request": phrase("Approval requests"),
    "exchange.mapping": phrase("Columns of imports"),
    "ledger.month_sum": phrase("Sums of closed months"),
    "notify": phrase("Notifications"),
    "organization.staff": phrase("People"),
    "organization.unit_place": phrase("Places of units"),
    "spine.share": phrase("Shared rows"),
}
ACTS = RIGHTS | {
    "activities.activity.remind": phrase("Remind of it"),
    "approvals.process.found": phrase("Set up the first processes"),
    "approvals.request.approve": phrase("Agree"),
    "approvals.request.copy": phrase("Copy to others"),
    "organization.company.found": phrase("Set up the company"),
    "organization.person.appoint": phrase("Add the first administrator"),
}
"""Acts whose verb says something else elsewhere, or says too little."""
DOINGS = VERBS | {
    "add_signer": phrase("Add a signer"),
    "comment": phrase("Comment"),
    "complete_many": phrase("Complete several"),
    "create_many": phrase("Create several"),
    "delegate": phrase("Hand the decision on"),
    "drop": phrase("Drop"),
    "escalate": phrase("Escalate"),
    "import_file": phrase("Import a file"),
    "look_for": phrase("Look for them"),
    "measure_pace": phrase("Measure the pace"),
    "move_many": phrase("Move several"),
    "post": phrase("Tell people"),
    "postpone": phrase("Postpone"),
    "read_all": phrase("Mark all as read"),
    "reject": phrase("Reject"),
    "remind": phrase("Remind"),
    "restore": phrase("Take an import back"),
    "resubmit": phrase("Submit again"),
    "send_back": phrase("Send back"),
    "set_up": phrase("Create from a file"),
    "set_up_many": phrase("Create several from a file"),
    "take_on": phrase("Hire from a file"),
    "take_on_many": phrase("Hire several from a file"),
    "undo": phrase("Undo a change"),
    "unshare": phrase("Share no longer"),
    "update": phrase("Change from a file"),
}
COLUMNS = {
    "acknowledged_by_id": phrase("Word given by"),
    "acknowledged_on": phrase("Word given on"),
    "amount": phrase("Amount"),
    "approved_by_id": phrase("Approved by"),
    "based_on": phrase("Begins as"),
    "changes": phrase("Changed rights"),
    "closed_on": phrase("Closed on"),
    "conduct": phrase("Code of conduct"),
    "contact_id": phrase("Contact here"),
    "currency": phrase("Currency"),
    "customer_id": phrase("Customer"),
    "description": phrase("Description"),
    "discount_rate": phrase("Discount"),
    "done_by_id": phrase("Done by"),
    "ends_on": phrase("Until (not included)"),
    "for_person_id": phrase("In place of"),
    "id": phrase("Number"),
    "is_active": phrase("Active"),
    "is_closed": phrase("Closed"),
    "is_head": phrase("Head"),
    "is_locked": phrase("Locked"),
    "is_retired": phrase("Retired"),
    "kind": phrase("Kind"),
    "level": phrase("Level"),
    "may_change": phrase("They may"),
    "month": phrase("Month"),
    "name": phrase("Name"),
    "net": phrase("Net"),
    "note": phrase("Note"),
    "number": phrase("Number"),
    "object_id": phrase("Object"),
    "owner_id": phrase("Owner"),
    "person_id": phrase("Person"),
    "by_person_id": phrase("Published by"),
    "position_id": phrase("Position"),
    "product_id": phrase("Product"),
    "quantity": phrase("Quantity"),
    "reason": phrase("Reason"),
    "requester_id": phrase("Requested by"),
    "role": phrase("Role"),
    "share": phrase("Share of the working time (%)"),
    "stage_id": phrase("Stage"),
    "stand_in_id": phrase("Stand-in"),
    "starts_on": phrase("From day"),
    "state": phrase("State"),
    "submitted_by_id": phrase("Submitted by"),
    "tax": phrase("Tax"),
    "tax_rate": phrase("Tax rate"),
    "their_contact": phrase("Contact there"),
    "their_phone": phrase("Phone there"),
    "title": phrase("Title"),
    "unit_id": phrase("Unit"),
    "unit_price": phrase("Unit price"),
    "value": phrase("Value"),
}
"""Columns of tables that no page declares; what is only for the system itself keeps its own name."""
WITNESSED = (
    "audit.act.export",
    "ledger.entry.export",
    "organization.agreement.erase",
    "organization.person.disclose",
    "planning.target.export",
)
"""What is no command, but put on record all the same; beside it the export of every declared object."""


def verb_words(name: str) -> str:
    """What was done, in the reader's language: Mark as won. Empty where nobody gave it words."""
    words = ACTS.get(name) or DOINGS.get(verb_of(name))
    return _(words) if words else ""


def object_words(resource: str) -> str:
    """What it was done to, in the reader's language: Opportunities. Empty without words."""
    words = OBJECTS.get(resource)
    return _(words) if words else ""


def act_words(name: str) -> str:
    """An act in one line: Opportunities · Mark as won; as the system calls it where words are missing."""
    said = [object_words(resource_of(name)), verb_words(name)]
    return " · ".join(said) if all(said) else name


@cache
def known_acts() -> tuple[str, ...]:
    """Every act that may stand on record: the commands, and what is only witnessed: exports, disclosing."""
    exported = {f"{resource.key}.export" for resource in all_resources()}
    return tuple(sorted({*WITNESSED, *exported, *(declared.name for declared in all_commands())}))


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The acts to look for, by object; first those that several objects know, each named once."""
    by_object: dict[str, dict[str, str]] = {}
    for name in known_acts():
        by_object.setdefault(object_words(resource_of(name)), {}).setdefault(verb_words(name), name)
    named = [
        (label, _sorted((name, words) for words, name in said.items())) for label, said in by_object.items()
    ]
    common = _sorted((verb, words) for verb, words in _common().items())
    return [(_("Every object"), common), *sorted(named, key=lambda one: spoken(one[0]))]


def _common() -> dict[str, str]:
    """What several objects know, by the first of the verbs that read alike."""
    objects_of: dict[str, set[str]] = {}
    verbs: dict[str, str] = {}
    for name in reversed(known_acts()):
        objects_of.setdefault(verb_words(name), set()).add(object_words(resource_of(name)))
        verbs[verb_words(name)] = min(verb_of(name), verbs.get(verb_words(name), "~"))
    return {verbs[words]: words for words, some in objects_of.items() if len(some) > 1}


def objects() -> list[tuple[str, str]]:
    """The objects whose acts may be looked for, each named once."""
    named = {object_words(resource_of(name)): resource_of(name) for name in reversed(known_acts())}
    return _sorted((resource, words) for words, resource in named.items())


def patterns(act: str, resource: str) -> str:
    """The names of the acts meant by a choice and an object, as the search of the record takes them.

    What reads alike is looked for together, so that no choice stands there twice.
    """
    if not act and not resource:
        return ""
    found = set(known_acts())
    if act:
        words = verb_words(act) if resource_of(act) else _common()[act]
        found = {name for name in found if verb_words(name) == words}
    if act and resource_of(act):
        found = {name for name in found if object_words(resource_of(name)) == object_words(resource_of(act))}
    if resource:
        found = {name for name in found if object_words(resource_of(name)) == object_words(resource)}
    return " ".join(sorted(found)) or "-"


def table_words(table: str) -> str:
    """What the rows of a table are called: Customers; the table's own name where nobody reads of it."""
    scope = _scopes().get(table)
    return (object_words(scope.resource) if scope else "") or table


def column_words(table: str, column: str) -> str:
    """What a column is called where people see it, else its own name."""
    declared = _declared().get((table, column))
    if declared is not None:
        return declared.label
    scope = _scopes().get(table)
    fields = scope.model._meta.concrete_fields if scope else ()
    named = next((str(one.verbose_name) for one in fields if one.column == column), "")
    is_named = named not in (
        "",
        "ID",
        column,
        column.replace("_", " "),
        column.removesuffix("_id").replace("_", " "),
    )
    return named if is_named else _(COLUMNS[column]) if column in COLUMNS else column


@cache
def _scopes() -> Mapping[str, Scope]:
    return {scope.table: scope for scope in all_scopes()}


@cache
def _declared() -> Mapping[tuple[str, str], Column]:
    return {
        (resource.scope.table, column.stored.attname): column
        for resource in all_resources()
        for column in resource.columns.values()
        if column.stored is not None
    }


def _sorted(named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(named, key=lambda one: spoken(one[1]))
