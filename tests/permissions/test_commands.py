"""Every command × every role, every job, every use of `widened`: written down, or the test fails."""

import ast
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from tests.conftest import acting
from tradewind.platform.operation.instance import ROOT
from tradewind.platform.spine.access.protect import undeclared_tables
from tradewind.platform.spine.command import all_commands

SELLING = {"admin", "director", "manager", "seller"}
COMMANDS: dict[str, set[str]] = {
    "catalog.product.import": set(),
    "customers.customer.import": set(),
    "orders.order.follow_deals": SELLING,
    "organization.company.found": set(),
    "organization.person.appoint": set(),
    "organization.person.invite": {"admin"},
    "organization.staff.import": set(),
    "pipeline.opportunity.change": SELLING,
    "pipeline.opportunity.create": SELLING,
    "pipeline.opportunity.import": set(),
    "pipeline.opportunity.lose": SELLING,
    "pipeline.opportunity.move": SELLING,
    "pipeline.opportunity.move_many": SELLING,
    "pipeline.opportunity.plan_next_step": SELLING,
    "pipeline.opportunity.reopen": SELLING,
    "pipeline.opportunity.undo_move": SELLING,
    "pipeline.opportunity.win": SELLING,
    "pipeline.pipeline.arrange": {"admin"},
    "pipeline.reason.arrange": {"admin"},
    "pipeline.stage.measure_pace": set(),
}
JOBS = {"pipeline.measure_pace", "spine.deliver", "spine.seal", "spine.retry_stalled"}
LIBRARY_JOBS = {f"{prefix}procrastinate.builtin_tasks.remove_old_jobs" for prefix in ("", "builtin:")}
WIDENED = {
    "tradewind/domains/ledger/commands.py": 1,
    "tradewind/domains/orders/commands.py": 1,
    "tradewind/domains/organization/queries.py": 2,
    "tradewind/domains/pipeline/commands/writing.py": 1,
}


def test_every_command_is_written_down() -> None:
    assert {declared.name for declared in all_commands()} == set(COMMANDS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(SELLING | {"hr"}))
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
