"""What the demo company's people did for their customers in three months, and plan for two weeks."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from tradewind.domains.activities.values import About, ActivityRow, Kind, Result, State
from tradewind.domains.customers.values import ContactRow
from tradewind.domains.pipeline.queries import every_deal

SEED = 20261124
BACK, AHEAD = 90, 14
CARED_FOR = 30
SELLERS = ("seller", "field", "wu.qiang", "wang.fang", "chu.ning", "wei.ran", "shen.bo", "han.xue")
# What is done, how often, with which words; {p} is the product.
WORK = (
    (
        Kind.CALL,
        6,
        ("确认{p}的需求范围", "回访{p}试用情况", "跟进报价反馈", "约下次拜访时间", "了解预算批复进度"),
    ),
    (Kind.VISIT, 4, ("上门演示{p}", "现场勘查与需求调研", "拜访总经理沟通预算", "{p}现场答疑")),
    (Kind.MEETING, 2, ("{p}方案评审会", "商务条款沟通会", "项目实施计划对齐会")),
    (Kind.MESSAGE, 3, ("微信发送{p}案例资料", "微信确认样机到货时间", "微信跟进合同用印")),
    (Kind.MAIL, 2, ("发送{p}报价单", "发送合同草案", "发送技术偏离表")),
    (Kind.TASK, 2, ("准备{p}报价方案", "申请特价审批", "整理会议纪要并发客户")),
)
INSIDE = (
    ("director", Kind.MEETING, "季度经营分析会", 2),
    ("director", Kind.TASK, "审阅华南大区目标差距", 0),
    ("director", Kind.CALL, "与重点客户总经理通话", 5),
    ("manager", Kind.MEETING, "团队周会", 1),
    ("manager", Kind.TASK, "复盘上月丢单", -2),
    ("manager", Kind.VISIT, "陪访重点客户", 4),
)
OUTCOMES = {
    Result.REACHED: (
        "{c}确认需求不变，等内部排期。",
        "{c}反馈试用顺利，建议补充接口说明。",
        "资料已收到，{c}会转给技术部。",
    ),
    Result.APPOINTMENT: ("与{c}约好下周面谈，总经理参加。", "{c}同意安排现场演示，需提前一天报备车牌。"),
    Result.INTERESTED: ("{c}对{p}很认可，关心实施周期。", "{c}希望先上一条产线试点。"),
    Result.QUOTE: ("{c}要求本周内给出正式报价，含三年运维。", "{c}要两档配置的报价对比。"),
    Result.NOT_REACHED: ("{c}在开会，未接通，改天再联系。", "前台转接无人接听。"),
    Result.NOT_INTERESTED: ("{c}表示今年预算已用完，明年再谈。", "客户已选用竞品，暂不考虑。"),
}
LIKELY = (8, 4, 4, 3, 3, 1)
TIMES = (time(9), time(9, 30), time(10, 30), time(14), time(15), time(16, 30))


@dataclass(frozen=True, slots=True)
class Case:
    """A deal that people work on, or a customer they look after: what for, with whom, until when."""

    about: About | None
    seller: str
    customer: str
    product: str
    opened_on: date
    closed_on: date | None


def told(contacts: Iterable[ContactRow], today: date) -> Iterator[ActivityRow]:
    """About four hundred, each with a key of its own, the same for the same day."""
    random = Random(SEED)  # noqa: S311 a story, not a secret
    people: dict[str, list[str]] = defaultdict(list)
    for contact in contacts:
        people[contact.customer].append(contact.name)
    number = 0
    for case in (*_cases(today), *_cared_for(list(people), today)):
        for row in _story(random, case, people[case.customer], today):
            number += 1
            yield replace(row, key=f"AC{number:05d}", source=json.dumps([number]))
    for seller, kind, subject, ahead in INSIDE:
        number += 1
        due_on = today + timedelta(days=ahead)
        facts = (kind, subject, seller, State.PLANNED, due_on)
        yield ActivityRow(f"AC{number:05d}", json.dumps([number]), *facts, due_time=random.choice(TIMES))


def _cases(today: date) -> Iterator[Case]:
    """Deals with a customer that were open within the last three months."""
    deals = every_deal().filter(customer__isnull=False).select_related("customer", "owner", "product")
    for deal in deals.order_by("number"):
        if deal.customer and (deal.closed_on is None or deal.closed_on > today - timedelta(days=BACK)):
            about = About("pipeline.opportunity", deal.pk, deal.number)
            product = deal.product.name if deal.product else deal.title
            names = (deal.owner.sign_in, deal.customer.name, product)
            yield Case(about, *names, deal.opened_on, deal.closed_on)


def _cared_for(customers: list[str], today: date) -> Iterator[Case]:
    """Customers whom somebody looks after without a deal."""
    for n, customer in enumerate(customers[:CARED_FOR]):
        seller = SELLERS[n % len(SELLERS)]
        yield Case(None, seller, customer, "年度运维服务", today - timedelta(days=BACK), None)


def _story(random: Random, case: Case, people: list[str], today: date) -> Iterator[ActivityRow]:
    first = max(case.opened_on, today - timedelta(days=BACK))
    last = case.closed_on or today - timedelta(days=1)
    for _ in range(min(random.randint(2, 4), (last - first).days // 4 + 1)):
        day = _workday(first + timedelta(days=random.randint(0, max(0, (last - first).days))), -1)
        yield _done(random, _drawn(random, case, people, day), case.product)
    if case.closed_on is None:
        for ahead in random.sample(range(1, AHEAD), random.choice((1, 2, 3))):
            is_late = random.random() < 0.2
            day = _workday(
                today + timedelta(days=-(ahead % 6) - 1 if is_late else ahead - 1), -1 if is_late else 1
            )
            row = _drawn(random, case, people, day)
            start = datetime.combine(day, row.due_time or time(9), _zone())
            may_remind = random.random() < 0.4 and not is_late
            yield replace(row, remind_at=start - timedelta(minutes=30) if may_remind else None)


def _drawn(random: Random, case: Case, people: list[str], day: date) -> ActivityRow:
    kind, _, words = random.choices(WORK, [often for _, often, _ in WORK])[0]
    contact = random.choice(people) if kind is not Kind.TASK else ""
    at = random.choice(TIMES) if kind in (Kind.VISIT, Kind.MEETING) or random.random() < 0.3 else None
    facts = (kind, random.choice(words).format(p=case.product), case.seller, State.PLANNED, day, at)
    return ActivityRow("", "", *facts, case.customer, contact, case.about)


def _done(random: Random, row: ActivityRow, product: str) -> ActivityRow:
    start = datetime.combine(row.due_on, row.due_time or random.choice(TIMES), _zone())
    minutes = (
        random.choice((30, 60, 90, 120))
        if row.kind in (Kind.VISIT, Kind.MEETING)
        else random.choice((5, 10, 20))
    )
    done = replace(row, state=State.DONE, done_at=start + timedelta(minutes=minutes), duration_min=minutes)
    if row.kind is Kind.TASK:
        return done
    result = random.choices(tuple(OUTCOMES), LIKELY)[0]
    words = random.choice(OUTCOMES[result]).format(c=row.contact or "客户", p=product)
    return replace(done, result=result.value, outcome=words)


def _workday(day: date, step: int) -> date:
    while day.weekday() > 4:
        day += timedelta(days=step)
    return day


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.COMPANY_TIME_ZONE)
