"""Which role may do what and how far it sees: data, until roles can be edited. And what names may be."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from tradewind.domains.organization.values import KINDS
from tradewind.kernel.errors import Malformed


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


DIRECTORY = frozenset(
    f"{resource}.view"
    for resource in (
        "organization.unit",
        "organization.position",
        "organization.person",
        "organization.assignment",
        "organization.grant",
        "organization.company",
        "organization.special_day",
    )
)
SEE = (
    DIRECTORY
    | frozenset(
        f"{resource}.view"
        for resource in (
            "customers.customer",
            "customers.contact",
            "customers.likeness",
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
            "orders.line",
            "activities.activity",
        )
    )
    | {"notify.notification.read"}
)
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
        "customers.customer.pool",
        "customers.contact.create",
        "customers.contact.edit",
        "customers.likeness.dismiss",
        "customers.likeness.reopen",
        *(
            f"pipeline.opportunity.{verb}"
            for verb in ("create", "change", "move", "undo_move", "win", "lose", "reopen", "plan_next_step")
        ),
        "orders.order.follow_deals",
        *(f"orders.order.{verb}" for verb in ("create", "edit", "copy", "confirm", "cancel")),
    }
)
EXPORT = frozenset(
    {
        "activities.activity.export",
        "customers.customer.export",
        "customers.contact.export",
        "catalog.product.export",
        "pipeline.opportunity.export",
        "orders.order.export",
        "organization.unit.export",
        "organization.person.export",
    }
)
OWN = frozenset(
    {
        "surface.favourite.view",
        "surface.favourite.keep",
        "notify.notification.view",
        "notify.notification.read",
        "access.token.view",
        "access.token.create",
        "access.token.revoke",
    }
)
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
        "organization.person.end_sessions",
        "organization.person.reset_second_factor",
        "access.token.withdraw",
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
STAFF = frozenset(
    {
        *(f"organization.person.{verb}" for verb in ("hire", "move", "correct", "withdraw", "leave")),
        *(f"organization.unit.{verb}" for verb in ("create", "rename", "move", "close", "appoint_head")),
        *(f"organization.position.{verb}" for verb in ("create", "change")),
        "ledger.entry.recredit",
    }
)

ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("admin", Extent.COMPANY, SEE | OWN | SELL | EXPORT | IMPORT | LEAD | ADMINISTER | PLAN | STAFF),
        Role("director", Extent.COMPANY, SEE | OWN | SELL | EXPORT | IMPORT | LEAD | PLAN | APPROVE),
        Role("manager", Extent.BRANCH, SEE | OWN | SELL | EXPORT | IMPORT | LEAD),
        Role("seller", Extent.OWN, SEE | OWN | SELL | CARRY),
        # Outside the company: no customer of the pool, only what is their own.
        Role("partner", Extent.OWN, (SEE | OWN | SELL | CARRY) - {"customers.customer.pool"}),
        Role("finance", Extent.COMPANY, SEE | OWN | EXPORT | {"analytics.overview.view"}),
        # Keeps the directory and sees no customer and no figure, nor does the database show it any.
        Role("hr", Extent.OWN, DIRECTORY | OWN | STAFF),
    )
}


def roles_with(right: str) -> tuple[str, ...]:
    """The names of the roles that grant a right."""
    return tuple(name for name, role in ROLES.items() if right in role.rights)


_WIDER = (Extent.OWN, Extent.TEAM, Extent.BRANCH, Extent.COMPANY)


def roles_of(extent: Extent) -> list[str]:
    """The roles that reach exactly so far."""
    return [role.name for role in ROLES.values() if role.extent is extent]


@cache
def rights_of(roles: tuple[str, ...]) -> frozenset[str]:
    """All rights of these roles together; a role that no longer exists grants nothing."""
    return frozenset().union(*(ROLES[name].rights for name in roles if name in ROLES))


def widest(roles: Iterable[str]) -> Extent:
    """The widest extent among these roles; `own` without any."""
    extents = [ROLES[name].extent for name in roles if name in ROLES]
    return max(extents, key=_WIDER.index, default=Extent.OWN)


LONGEST_NAME = {"name": 200, "title": 80}
MOST_PEOPLE = 10_000
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def check_name(name: str, field: str = "name") -> str:
    """A name without surrounding space. Raises `Malformed` when empty or longer than the table keeps."""
    if not name.strip() or len(name.strip()) > LONGEST_NAME[field]:
        raise Malformed("organization.name_missing", field=field)
    return name.strip()


def check_sign_in(name: str) -> str:
    """A name at the door: 1 to 150 characters, none of them a space. Raises `Malformed`."""
    if not name.strip() or len(name.strip()) > 150 or re.search(r"\s", name.strip()):
        raise Malformed("organization.bad_sign_in", field="sign_in")
    return name.strip()


def check_code(code: str) -> str:
    """A unit's code, as figures and imports name it. Raises `Malformed`."""
    if not CODE.fullmatch(code.strip()):
        raise Malformed("organization.bad_code", field="code")
    return code.strip()


def check_kind(kind: str) -> str:
    """What a unit below the company may be. Raises `Malformed`."""
    if kind not in KINDS[1:]:
        raise Malformed("organization.unknown_kind", field="kind")
    return kind


def check_headcount(count: int) -> int:
    """For how many people a position is meant. Raises `Malformed`."""
    if not 0 <= count <= MOST_PEOPLE:
        raise Malformed("organization.bad_headcount", field="headcount")
    return count
