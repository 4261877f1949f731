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
        "customers.customer",
        "customers.contact",
        "catalog.product",
        "ledger.entry",
        "ledger.rollup",
        "pipeline.opportunity",
        "orders.order",
        "activities.activity",
        "notify.notification",
    )
) | {"notify.notification.read"}
SELL = frozenset(
    {
        "activities.activity.plan",
        "activities.activity.log",
        "activities.activity.edit",
        "activities.activity.complete",
        "activities.activity.cancel",
        "activities.activity.reopen",
        "activities.activity.reassign",
        "customers.customer.create",
        "customers.customer.edit",
        "customers.contact.create",
        "customers.contact.edit",
        "pipeline.opportunity.win",
        "pipeline.opportunity.lose",
        "orders.order.follow_deals",
    }
)
EXPORT = frozenset(
    {
        "activities.activity.export",
        "customers.customer.export",
        "customers.contact.export",
        "catalog.product.export",
        "organization.unit.export",
        "organization.person.export",
    }
)
ADMINISTER = frozenset({"organization.person.invite", "catalog.product.create", "catalog.product.edit"})

ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("admin", Extent.COMPANY, SEE | SELL | EXPORT | ADMINISTER),
        Role("director", Extent.COMPANY, SEE | SELL | EXPORT),
        Role("manager", Extent.BRANCH, SEE | SELL | EXPORT),
        Role("seller", Extent.OWN, SEE | SELL),
    )
}

_WIDER = (Extent.OWN, Extent.TEAM, Extent.BRANCH, Extent.COMPANY)


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """All rights of these roles together; a role that no longer exists grants nothing."""
    return frozenset().union(*(ROLES[name].rights for name in roles if name in ROLES))


def widest(roles: Iterable[str]) -> Extent:
    """The widest extent among these roles; `own` without any."""
    extents = [ROLES[name].extent for name in roles if name in ROLES]
    return max(extents, key=_WIDER.index, default=Extent.OWN)
