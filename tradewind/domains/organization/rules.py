"""Which role may do what, and how far it sees: data, until roles can be edited on a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Extent(StrEnum):
    """How far a role sees, as named in the access pages."""

    OWN = "own"
    TEAM = "team"
    BRANCH = "branch"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Role:
    """A set of rights and one extent for all resources."""

    name: str
    extent: Extent
    rights: frozenset[str] = field(default_factory=frozenset)


SEE = frozenset(
    f"{resource}.view"
    for resource in (
        "organization.unit",
        "organization.person",
        "organization.assignment",
        "organization.grant",
        "organization.company",
        "organization.special_day",
        "customers.customer",
        "customers.contact",
        "catalog.product",
        "ledger.entry",
        "ledger.rollup",
        "pipeline.opportunity",
        "pipeline.move",
        "pipeline.pipeline",
        "pipeline.stage",
        "pipeline.pace",
        "pipeline.reason",
        "orders.order",
        "planning.plan",
        "planning.target",
    )
)
SELL = frozenset(
    {
        "customers.customer.create",
        "customers.customer.edit",
        "customers.contact.create",
        "customers.contact.edit",
        *(
            f"pipeline.opportunity.{verb}"
            for verb in ("create", "change", "move", "undo_move", "win", "lose", "reopen", "plan_next_step")
        ),
        "orders.order.follow_deals",
    }
)
EXPORT = frozenset(
    {
        "customers.customer.export",
        "customers.contact.export",
        "catalog.product.export",
        "organization.unit.export",
        "organization.person.export",
    }
)
OWN = frozenset({"surface.favourite.view", "surface.favourite.keep"})
LEAD = frozenset({"organization.unit.lead", "analytics.overview.view"})
IMPORT = frozenset(
    {
        "exchange.run.view",
        "exchange.line.view",
        "customers.customer.import",
        "customers.customer.remove",
        "customers.contact.import",
        "customers.contact.remove",
    }
)
ADMINISTER = frozenset(
    {
        "organization.person.invite",
        "pipeline.pipeline.arrange",
        "pipeline.reason.arrange",
        "organization.special_day.set",
        "organization.special_day.remove",
        "catalog.product.create",
        "catalog.product.edit",
        "catalog.product.import",
        "catalog.product.remove",
    }
)
# Who drafts plans, who puts them in force, and who carries a target in them.
PLAN = frozenset(
    f"planning.plan.{verb}" for verb in ("create", "spread", "set_cell", "lock", "unlock", "submit", "reopen")
)
APPROVE = frozenset({"planning.plan.approve", "planning.plan.close"})
CARRY = frozenset({"planning.target.carry"})

ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("admin", Extent.COMPANY, SEE | OWN | SELL | EXPORT | IMPORT | LEAD | ADMINISTER | PLAN),
        Role("director", Extent.COMPANY, SEE | OWN | SELL | EXPORT | IMPORT | LEAD | PLAN | APPROVE),
        Role("manager", Extent.BRANCH, SEE | OWN | SELL | EXPORT | IMPORT | LEAD),
        Role("seller", Extent.OWN, SEE | OWN | SELL | CARRY),
    )
}


def roles_with(right: str) -> tuple[str, ...]:
    """The names of the roles that grant a right."""
    return tuple(name for name, role in ROLES.items() if right in role.rights)


_WIDER = (Extent.OWN, Extent.TEAM, Extent.BRANCH, Extent.COMPANY)


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """All rights of these roles together; a role that no longer exists grants nothing."""
    return frozenset().union(*(ROLES[name].rights for name in roles if name in ROLES))


def widest(roles: Iterable[str]) -> Extent:
    """The widest extent among these roles; `own` without any."""
    extents = [ROLES[name].extent for name in roles if name in ROLES]
    return max(extents, key=_WIDER.index, default=Extent.OWN)
