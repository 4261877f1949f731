"""Which role may do what and how far it sees, before the company changes it. And what names may be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tradewind.domains.organization.values import KINDS, LEVELS, OUTSIDE
from tradewind.kernel.errors import Malformed, Refused


@dataclass(frozen=True, slots=True)
class Role:
    """A role that the product brings: rights of one extent (`authority.Extent`), and some of the company."""

    name: str
    extent: str
    rights: frozenset[str] = field(default_factory=frozenset)
    company: frozenset[str] = frozenset()


DIRECTORY = frozenset(
    f"{resource}.view"
    for resource in (
        "organization.unit",
        "organization.position",
        "organization.position_skill",
        "organization.skill",
        "organization.person",
        "organization.assignment",
        "organization.grant",
        "organization.company",
        "organization.special_day",
        "organization.role",
        "organization.stand_in",
    )
)
# Who is who in the company: names that stand beside a row are read without it.
STAFF_LIST = DIRECTORY - {"organization.company.view", "organization.special_day.view"}
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
# Everybody asks for what they see, and decides what they are asked.
AGREE = frozenset(
    f"approvals.{kind}.view" for kind in ("decision", "edition", "participant", "process", "request")
) | frozenset(
    f"approvals.request.{verb}"
    for verb in (
        "submit",
        "resubmit",
        "approve",
        "reject",
        "send_back",
        "withdraw",
        "add_signer",
        "delegate",
        "comment",
        "copy",
        "remind",
    )
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
        "customers.customer.share",
        "customers.customer.see_numbers",
        "customers.contact.see_numbers",
        "pipeline.opportunity.share",
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
        "organization.skill.export",
    }
)
AWAY = frozenset({"organization.stand_in.arrange", "organization.stand_in.end"})
OWN = (
    AWAY
    | frozenset(
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
    | AGREE
)
LEAD = frozenset(
    {
        "organization.unit.lead",
        "analytics.overview.view",
        "ledger.month.view",
        "organization.agreement.view",
        "organization.stand_in.arrange_for_others",
    }
)
BRING_IN = frozenset({"exchange.run.view", "exchange.line.view"})
IMPORT = BRING_IN | frozenset(
    {
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
        "organization.person.withdraw_token",
        "audit.act.view",
        "audit.act.export",
        "customers.contact.erase",
        *(f"organization.role.{verb}" for verb in ("create", "change", "retire")),
        "organization.person.see_as",
        "pipeline.pipeline.arrange",
        "pipeline.reason.arrange",
        "organization.special_day.set",
        "organization.special_day.remove",
        "approvals.process.arrange",
        "approvals.process.publish",
        "approvals.process.switch_off",
        "catalog.product.create",
        "catalog.product.edit",
        "catalog.product.import",
        "catalog.product.remove",
    }
)
# Who closes months is not who reopens them, but for the administrator of a small company.
CLOSE = frozenset({"ledger.month.close"})
REOPEN = frozenset({"ledger.month.reopen"})
CALENDAR = frozenset({"organization.company.set_fiscal_month"})
BOOKS = CLOSE | REOPEN | CALENDAR
# Who drafts plans, who puts them in force, and who carries a target in them.
PLAN = frozenset(
    f"planning.plan.{verb}" for verb in ("create", "spread", "set_cell", "lock", "unlock", "submit", "reopen")
)
APPROVE = frozenset({"planning.plan.approve", "planning.plan.close"})
CARRY = frozenset({"planning.target.carry"})
# Contracts with outside sales units, and their word that they keep the code of conduct.
ENGAGE = frozenset({"organization.agreement.keep", "organization.company.set_conduct"})
ACKNOWLEDGE = frozenset({"organization.agreement.view", "organization.agreement.acknowledge"})
STAFF = frozenset(
    {
        *(f"organization.person.{verb}" for verb in ("hire", "move", "correct", "withdraw", "leave")),
        *(f"organization.person.{verb}_post" for verb in ("add", "change", "withdraw")),
        *(f"organization.skill.{verb}" for verb in ("create", "edit", "import", "remove")),
        "organization.person.set_roles",
        "organization.person.disclose",
        "organization.person.erase",
        "organization.stand_in.arrange_for_others",
        *(f"organization.unit.{verb}" for verb in ("create", "rename", "move", "close", "appoint_head")),
        *(f"organization.position.{verb}" for verb in ("create", "change", "remove")),
        *(f"organization.{kind}.{verb}" for kind in ("unit", "person") for verb in ("import", "remove")),
        "ledger.entry.recredit",
    }
)

BUILT_IN: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role(
            "admin",
            "company",
            SEE | OWN | SELL | EXPORT | IMPORT | LEAD | ADMINISTER | PLAN | STAFF | BOOKS | ENGAGE,
        ),
        Role(
            "director",
            "company",
            SEE | OWN | SELL | EXPORT | IMPORT | LEAD | PLAN | APPROVE | REOPEN | ENGAGE,
        ),
        Role("manager", "branch", SEE | OWN | SELL | EXPORT | IMPORT | LEAD),
        Role("seller", "own", SEE | OWN | SELL | CARRY),
        # Outside the company: what their own unit has, no customer of the pool, and nobody's directory.
        Role(
            "partner",
            "team",
            (SEE | OWN | SELL | CARRY | ACKNOWLEDGE) - {"customers.customer.pool"} - STAFF_LIST - AWAY,
        ),
        Role(
            "finance",
            "company",
            SEE
            | OWN
            | EXPORT
            | CLOSE
            | CALENDAR
            | {"analytics.overview.view", "ledger.month.view", "organization.agreement.view"},
        ),
        # Keeps the directory and sees no customer and no figure, nor does the database show it any.
        Role("hr", "own", DIRECTORY | OWN | BRING_IN | STAFF, company=STAFF),
    )
}


HELD_IN_PERSON = ADMINISTER | STAFF | BOOKS | {"organization.agreement.acknowledge"}
"""Rights that nobody hands over with their work while they are away."""

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


def check_below(kind: str, above: str, field: str) -> None:
    """A unit of a kind below one of another: below a sales unit everything is outside. Raises `Refused`."""
    if above == OUTSIDE and kind != OUTSIDE:
        raise Refused("organization.inside_outside", field=field)


def check_level(level: int) -> int:
    """How well a position asks for a skill, 1 to 4. Raises `Malformed`."""
    if level not in LEVELS:
        raise Malformed("organization.bad_level", field="skills")
    return level


def check_headcount(count: int) -> int:
    """For how many people a position is meant. Raises `Malformed`."""
    if not 0 <= count <= MOST_PEOPLE:
        raise Malformed("organization.bad_headcount", field="headcount")
    return count
