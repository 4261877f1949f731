"""A key customer changes hands, or stops being one, by approval where the company has a process for it.

Both are one subject: were the grade free, whoever lowers it first could reassign without asking.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tradewind.domains.approvals import gates, panels
from tradewind.domains.approvals.subjects import Fact, Subject, Values, register
from tradewind.domains.approvals.values import FactKind, FactValue
from tradewind.domains.customers.commands import edit_customer, remove_customers
from tradewind.domains.customers.resource import CUSTOMER
from tradewind.domains.organization.queries import units_today
from tradewind.domains.organization.standing import standing
from tradewind.kernel.errors import phrase
from tradewind.platform.spine.command import gate

KEY_GRADE = "A"


def _facts(customer: Any, values: Values) -> Mapping[str, FactValue]:
    owner = values["owner_id"]
    unit = units_today([owner]).get(owner) if owner else None
    paths = standing().path_of
    return {
        "stays_key": values["grade"] == KEY_GRADE,
        "grade": customer.grade or None,
        "from_unit": paths.get(customer.unit_id),
        "to_unit": paths.get(unit) if unit else None,
        "crosses_unit": customer.unit_id != unit,
    }


def _grades() -> Sequence[tuple[str, str]]:
    return CUSTOMER.columns["grade"].choices()


def is_key(customer: Any) -> bool:
    """Grade A and somebody's own; one of the pool is taken, not handed over."""
    return bool(customer.grade == KEY_GRADE and customer.owner_id)


REASSIGNMENT = Subject(
    key="customers.customer.owner",
    resource=CUSTOMER,
    name=phrase("Reassignment or regrading of a key customer"),
    action=phrase("Request another owner or grade"),
    fields=("owner", "grade"),
    facts=(
        Fact("crosses_unit", FactKind.BOOL, phrase("Goes to another unit")),
        Fact("from_unit", FactKind.UNIT, phrase("From unit")),
        Fact("to_unit", FactKind.UNIT, phrase("To unit")),
        Fact("stays_key", FactKind.BOOL, phrase("Stays a key customer"), is_shown=False),
        Fact("grade", FactKind.CHOICE, phrase("Grade"), _grades, is_shown=False),
    ),
    measure=_facts,
    apply=edit_customer,
    concerns=is_key,
)

register(REASSIGNMENT)
gate(edit_customer, gates.frozen(CUSTOMER))
gate(edit_customer, gates.asked_first(REASSIGNMENT))
gate(remove_customers, gates.frozen_many(CUSTOMER))
panels.on_record(REASSIGNMENT)
