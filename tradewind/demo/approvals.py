"""Both processes in force, and a few living requests: waiting at each level, decided, sent back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tradewind.domains.approvals import commands, queries
from tradewind.domains.approvals.commands import Note, Sending
from tradewind.domains.approvals.commands.processes import drafted, found_processes
from tradewind.domains.catalog.queries import visible_products
from tradewind.domains.customers.queries import owned_by
from tradewind.domains.organization.queries import actor_named, ids_by_sign_in
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Given, Ref

PRICE, OWNER = "catalog.product.price", "customers.customer.owner"
HEAD: Mapping[str, Any] = {"who": "head", "level": 1, "remind_after_h": 24, "escalate_after_h": 72}
FINANCE: Mapping[str, Any] = {"who": "role", "role": "finance", "is_company_wide": True, "remind_after_h": 24}
TOP: Mapping[str, Any] = {"who": "kind", "kind": "company", "remind_after_h": 48}


def arrange_approvals(actor: Actor) -> None:
    """Prices: the head, then finance; from 10 % on the director too. Key customers: the head; across units,
    or to be none any more, the director too."""
    found_processes(actor, None)
    (second,) = ids_by_sign_in(["admin"]).values()
    large = {"fact": "change_size", "op": ">=", "value": "0.1"}
    across = {"fact": "crosses_unit", "op": "=", "value": "true"}
    lowered = {"fact": "stays_key", "op": "=", "value": "false"}
    routes: dict[str, list[dict[str, Any]]] = {
        PRICE: [
            {
                "name": "大幅调价",
                "conditions": [large],
                "steps": [HEAD, FINANCE, {**TOP, "copies": [second]}],
            },
            {"name": "一般调价", "steps": [HEAD, FINANCE]},
        ],
        OWNER: [
            {"name": "不再是重点客户", "conditions": [lowered], "steps": [HEAD, TOP]},
            {"name": "跨部门移交", "conditions": [across], "steps": [HEAD, TOP]},
            {"name": "部门内移交", "steps": [HEAD]},
        ],
    }
    for process in queries.processes(actor):
        content = {"fallback": second, "routes": routes[process.subject]}
        commands.publish(actor, Ref(process.public_id, process.version), drafted(content))


def ask_around() -> None:
    """What the cast asks for; the manager, finance and the director each find something to decide."""
    _price("seller", "ZN-SCAN", 2480, "客户批量采购，扫码枪需与友商 2,480 元的报价持平")
    _price("manager", "ZN-MES", 148000, "新版增加排产模块，实施成本上升，同类产品报价 15 万元以上")
    wms = _price("zheng.yi", "ZN-WMS", 89800, "接口模块并入标准版，随版本调价")
    _as("director", commands.approve, wms, Note("同意，注意老客户续费仍按原价"))
    erp = _price("seller", "ZN-ERP", 69800, "标准版增加移动端，价格小幅上调")
    _as("manager", commands.approve, erp, Note("同意"))
    _as("finance", commands.approve, erp, Note("毛利测算无误"))
    gate = _price("field", "ZN-GATE", 5100, "杭州客户压价")
    _as("zheng.yi", commands.reject, gate, Note("单个客户的折扣走报价审批，不调整目录价"))
    care = _price("wu.qiang", "ZN-CARE", 22800, "续费竞争激烈")
    _as("manager", commands.send_back, care, Sending("请补充近两个季度的续费率数据"))
    _hand_over("wu.qiang", "seller", "客户要求由陈小雨继续跟进二期项目")
    across = _hand_over("field", "chu.ning", "客户总部迁往广州，采购决策转到当地")
    _as("zheng.yi", commands.approve, across, Note("同意移交，商机一并交接"))


def _price(who: str, code: str, price: int, reason: str) -> Any:
    with scope(actor_named(who)) as actor:
        row = visible_products(actor).get(code=code)
        return _ask(actor, PRICE, row, {"list_price": Decimal(price)}, reason)


def _hand_over(who: str, to: str, reason: str) -> Any:
    """Their first customer of grade A."""
    with scope(actor_named(who)) as actor:
        (owner,) = ids_by_sign_in([to]).values()
        row = owned_by(actor).filter(grade="A").order_by("id").first()
        return _ask(actor, OWNER, row, {"owner_id": owner}, reason)


def _ask(actor: Actor, subject: str, row: Any, values: Mapping[str, object], reason: str) -> Any:
    given = {"subject": subject, "object": row.public_id, "object_version": row.version, "values": values}
    return commands.submit(actor, Given(given, reason)).public_id


def _as(who: str, command: Any, public_id: Any, said: object) -> None:
    with scope(actor_named(who)) as actor:
        command(actor, Ref(public_id, queries.request(actor, public_id).version), said)
