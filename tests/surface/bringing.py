"""Bringing rows in, as tests do it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.surface.files import csv_of
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.exchange import runs
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun
from tradewind.platform.surface.exchange.planning import Plan, plan_of
from tradewind.platform.surface.resource import resource_named

CUSTOMER, CONTACT, PRODUCT = "customers.customer", "customers.contact", "catalog.product"
ROWS = (
    ["名称", "等级", "负责人", "行业"],
    ["甲", "A", "陈小雨", "制造业"],
    ["乙", "b", "", ""],
    ["丙", "", "wu.qiang", "卫生"],
)


def begun(actor: Actor, kind: str, *rows: Sequence[object]) -> ImportRun:
    return runs.begin(resource_named(kind), actor, "名单.csv", csv_of(*rows))


def checked(actor: Actor, kind: str, *rows: Sequence[object], **changes: Any) -> ImportRun:
    run = begun(actor, kind, *rows)
    plan = plan_of(run.plan)
    runs.check(run, actor, Plan(**{"fields": plan.fields, "key": plan.key, "empties": False, **changes}))
    return run


def verdicts(run: ImportRun) -> list[str]:
    return list(ImportLine.objects.filter(run=run).order_by("number").values_list("verdict", flat=True))


def problems(run: ImportRun, number: int) -> dict[str, str]:
    line = ImportLine.objects.get(run=run, number=number)
    return {label: text for label, text, _cell in line.problems}


def brought_in(actor: Actor, kind: str, *rows: Sequence[object], **changes: Any) -> ImportRun:
    run = checked(actor, kind, *rows, **changes)
    runs.start(run, actor, is_whole=False)
    return run


def fields_of(row: Any) -> Mapping[str, Any]:
    left_out = ("id", "public_id", "code", "created_at", "_state")
    return {name: value for name, value in vars(row).items() if name not in left_out}
