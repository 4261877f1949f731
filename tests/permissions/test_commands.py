"""Every command × every role, every job, every use of `widened`: written down, or the test fails."""

import ast
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

import tradewind.config.urls  # noqa: F401 every room is open then
from tests.conftest import acting
from tradewind.platform.operation.instance import ROOT
from tradewind.platform.spine.access.protect import undeclared_tables
from tradewind.platform.spine.command import all_commands

SELLING = {"admin", "director", "manager", "seller"}
PLANNING = {"admin", "director"}
LEADING = {"admin", "director", "manager"}
SELLING = {"admin", "director", "manager", "seller", "partner"}
STAFFING = {"admin", "hr"}
EVERYBODY = SELLING | {"finance", "hr"}
COMMANDS: dict[str, set[str]] = {
    "access.token.create": EVERYBODY,
    "access.token.revoke": EVERYBODY,
    "activities.activity.cancel": SELLING,
    "activities.activity.complete": SELLING,
    "activities.activity.complete_many": SELLING,
    "activities.activity.edit": SELLING,
    "activities.activity.import": set(),
    "activities.activity.log": SELLING,
    "activities.activity.plan": SELLING,
    "activities.activity.postpone": SELLING,
    "activities.activity.reassign": SELLING,
    "activities.activity.remind": set(),
    "activities.activity.reopen": SELLING,
    "approvals.process.arrange": {"admin"},
    "approvals.process.found": {"admin"},
    "approvals.process.publish": {"admin"},
    "approvals.process.switch_off": {"admin"},
    "approvals.request.add_signer": EVERYBODY,
    "approvals.request.approve": EVERYBODY,
    "approvals.request.comment": EVERYBODY,
    "approvals.request.copy": EVERYBODY,
    "approvals.request.delegate": EVERYBODY,
    "approvals.request.escalate": set(),
    "approvals.request.reject": EVERYBODY,
    "approvals.request.remind": EVERYBODY,
    "approvals.request.resubmit": EVERYBODY,
    "approvals.request.send_back": EVERYBODY,
    "approvals.request.submit": EVERYBODY,
    "approvals.request.withdraw": EVERYBODY,
    "catalog.product.create": {"admin"},
    "catalog.product.edit": {"admin"},
    "catalog.product.import": set(),
    "catalog.product.import_file": {"admin"},
    "catalog.product.remove": {"admin"},
    "customers.contact.create": SELLING,
    "customers.contact.create_many": SELLING,
    "customers.contact.edit": SELLING,
    "customers.contact.import_file": LEADING,
    "customers.contact.remove": LEADING,
    "customers.contact.import": set(),
    "customers.customer.create": SELLING,
    "customers.customer.create_many": SELLING,
    "customers.customer.edit": SELLING,
    "customers.customer.import": set(),
    "customers.customer.import_file": LEADING,
    "customers.customer.remove": LEADING,
    "customers.likeness.dismiss": SELLING,
    "customers.likeness.look_for": set(),
    "customers.likeness.reopen": SELLING,
    "customers.customer.share": SELLING,
    "customers.customer.unshare": SELLING,
    "pipeline.opportunity.share": SELLING,
    "pipeline.opportunity.unshare": SELLING,
    "ledger.entry.recredit": STAFFING,
    "ledger.month.close": {"admin", "finance"},
    "ledger.month.reopen": {"admin", "director"},
    "organization.company.set_fiscal_month": {"admin", "finance"},
    "orders.order.cancel": SELLING,
    "orders.order.confirm": SELLING,
    "orders.order.copy": SELLING,
    "orders.order.create": SELLING,
    "orders.order.edit": SELLING,
    "notify.post": set(),
    "notify.read": EVERYBODY,
    "notify.read_all": EVERYBODY,
    "orders.order.follow_deals": SELLING,
    "organization.company.found": set(),
    "organization.person.appoint": set(),
    "organization.person.correct": STAFFING,
    "organization.person.hire": STAFFING,
    "organization.person.end_sessions": {"admin"},
    "organization.person.invite": {"admin"},
    "organization.person.reset_second_factor": {"admin"},
    "organization.person.withdraw_token": {"admin"},
    "organization.special_day.remove": {"admin"},
    "organization.special_day.set": {"admin"},
    "organization.person.leave": STAFFING,
    "organization.person.move": STAFFING,
    "organization.person.withdraw": STAFFING,
    "customers.contact.erase": {"admin"},
    "organization.person.erase": STAFFING,
    "organization.person.see_as": {"admin"},
    "organization.person.set_roles": STAFFING,
    "organization.role.change": {"admin"},
    "organization.role.create": {"admin"},
    "organization.role.retire": {"admin"},
    "organization.role.undo": {"admin"},
    "organization.stand_in.arrange": EVERYBODY - {"partner"},
    "organization.stand_in.end": EVERYBODY - {"partner"},
    "organization.agreement.acknowledge": {"partner"},
    "organization.agreement.keep": {"admin", "director"},
    "organization.company.set_conduct": {"admin", "director"},
    "organization.person.add_post": STAFFING,
    "organization.person.change_post": STAFFING,
    "organization.person.withdraw_post": STAFFING,
    "organization.skill.create": STAFFING,
    "organization.skill.edit": STAFFING,
    "organization.skill.import_file": STAFFING,
    "organization.skill.remove": STAFFING,
    "organization.position.change": STAFFING,
    "organization.position.create": STAFFING,
    "organization.position.remove": STAFFING,
    "organization.staff.import": set(),
    "organization.unit.appoint_head": STAFFING,
    "organization.unit.close": STAFFING,
    **{
        f"organization.unit.{verb}": STAFFING
        for verb in ("set_up", "set_up_many", "update", "import_file", "remove")
    },
    **{
        f"organization.person.{verb}": STAFFING
        for verb in ("take_on", "take_on_many", "update", "restore", "import_file", "remove")
    },
    "organization.unit.create": STAFFING,
    "organization.unit.move": STAFFING,
    "organization.unit.rename": STAFFING,
    "pipeline.opportunity.change": SELLING,
    "pipeline.opportunity.create": SELLING,
    "activities.activity.import_file": set(),
    "pipeline.opportunity.import": set(),
    "pipeline.opportunity.import_file": set(),
    "pipeline.opportunity.lose": SELLING,
    "pipeline.opportunity.move": SELLING,
    "pipeline.opportunity.move_many": SELLING,
    "pipeline.opportunity.plan_next_step": SELLING,
    "pipeline.opportunity.reopen": SELLING,
    "pipeline.opportunity.undo_move": SELLING,
    "pipeline.opportunity.win": SELLING,
    "surface.favourite.drop": EVERYBODY,
    "surface.favourite.keep": EVERYBODY,
    "planning.plan.approve": {"director"},
    "planning.plan.close": {"director"},
    "planning.plan.create": PLANNING,
    "planning.plan.lock": PLANNING,
    "planning.plan.reopen": PLANNING,
    "planning.plan.set_cell": PLANNING,
    "planning.plan.spread": PLANNING,
    "planning.plan.submit": PLANNING,
    "planning.plan.unlock": PLANNING,
    "pipeline.pipeline.arrange": {"admin"},
    "pipeline.reason.arrange": {"admin"},
    "pipeline.stage.measure_pace": set(),
}
JOBS = {
    "activities.remind",
    "approvals.escalate",
    "customers.look_for_alike",
    "exchange.forget",
    "exchange.work",
    "pipeline.measure_pace",
    "spine.deliver",
    "spine.seal",
    "spine.retry_stalled",
}
LIBRARY_JOBS = {f"{prefix}procrastinate.builtin_tasks.remove_old_jobs" for prefix in ("", "builtin:")}
WIDENED = {
    "tradewind/domains/approvals/commands/keeping.py": 1,
    "tradewind/domains/customers/queries.py": 2,
    "tradewind/domains/ledger/closing.py": 2,
    "tradewind/domains/ledger/commands.py": 2,
    "tradewind/domains/ledger/queries/effects.py": 1,
    "tradewind/domains/orders/commands.py": 3,
    "tradewind/domains/orders/following.py": 1,
    "tradewind/domains/organization/commands.py": 1,
    "tradewind/domains/organization/queries.py": 1,
    "tradewind/platform/spine/pouring.py": 1,
    "tradewind/platform/spine/removal.py": 1,
    "tradewind/platform/surface/account/tokens.py": 2,
    "tradewind/platform/spine/sharing.py": 2,
    "tradewind/platform/spine/erasing.py": 2,
    "tradewind/domains/organization/personal.py": 2,
    "tradewind/domains/organization/seeing.py": 1,
    "tradewind/domains/pipeline/commands/writing.py": 1,
}


def test_every_command_is_written_down() -> None:
    assert {declared.name for declared in all_commands()} == set(COMMANDS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(SELLING | STAFFING | {"finance"}))
def test_each_role_may_do_exactly_its_commands(role: str) -> None:
    with acting(role) as actor:
        allowed = {declared.name for declared in all_commands() if actor.can(declared.right)}
    assert allowed == {name for name, roles in COMMANDS.items() if role in roles}


def test_every_job_is_written_down() -> None:
    assert set(app.tasks) - LIBRARY_JOBS == JOBS


def test_every_widening_is_written_down() -> None:
    found: dict[str, int] = {}
    for file in sorted((ROOT / "tradewind").rglob("*.py")):
        uses = sum(_is_widening(node) for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        if uses:
            found[file.relative_to(ROOT).as_posix()] = uses
    assert found == WIDENED


def _is_widening(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    named = node.func
    return "widened" in (getattr(named, "id", ""), getattr(named, "attr", ""))


def test_every_table_has_a_policy_or_a_stated_grant() -> None:
    assert undeclared_tables() == []


def test_no_query_takes_names_or_text_from_users() -> None:
    banned = ("filter(**request", ".extra(", ".raw(", "eval(", "pickle")
    for file in sorted((ROOT / "tradewind").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        assert not [word for word in banned if word in text and Path(file).name != "checks.py"], file
