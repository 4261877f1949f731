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
    )
)
SELL = frozenset(
    {
        *(
            f"pipeline.opportunity.{verb}"
            for verb in ("create", "change", "move", "undo_move", "win", "lose", "reopen", "plan_next_step")
        ),
        "orders.order.follow_deals",
    }
)
ADMINISTER = frozenset({"organization.person.invite", "pipeline.pipeline.arrange", "pipeline.reason.arrange"})

ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("admin", Extent.COMPANY, SEE | SELL | ADMINISTER),
        Role("director", Extent.COMPANY, SEE | SELL),
        Role("manager", Extent.BRANCH, SEE | SELL),
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
