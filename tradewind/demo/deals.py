"""The deals of the demo company: how they came about, went from stage to stage, and ended."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tradewind.domains.pipeline.values import DealRow, Plan

DEALS = 900
DAYS = 540  # the company's memory: a year and a half
# Strong and weak sellers, so that rankings say something: share of deals won once they are decided.
SKILL = {
    "seller": 0.72,
    "field": 0.58,
    "wu.qiang": 0.41,
    "wang.fang": 0.63,
    "chu.ning": 0.55,
    "wei.ran": 0.36,
    "shen.bo": 0.66,
    "han.xue": 0.49,
}
# More is bought before the year ends and before the spring festival is over, less in the holidays.
SEASON = (0.9, 0.6, 1.2, 1.0, 1.0, 1.3, 0.8, 0.9, 1.2, 0.9, 1.2, 1.5)
STAGES = ("prospecting", "engaging", "proposal", "negotiation")
# How far through its life a deal usually comes to each stage, and how it feels about it then.
COMES_AT = (0.0, 0.18, 0.42, 0.7)
SURE = {"negotiation": "commit", "proposal": "best_case"}
PURPOSES = ("采购", "一期项目", "扩容", "升级改造", "新厂配套", "续约")
SOURCES = ("展会", "官网咨询", "老客户转介绍", "电话开发", "合作伙伴推荐")
STEPS = {
    "prospecting": ("约见设备科负责人", "发送公司介绍和案例", "电话确认需求时间表"),
    "engaging": ("上门做需求调研", "与 IT 和生产一起开需求会", "确认预算和决策流程"),
    "proposal": ("向决策人讲解方案", "跟进报价反馈", "安排样板客户参观"),
    "negotiation": ("与采购谈付款条件", "合同条款送法务", "约总经理终审"),
}
REASONS = {
    "won": ("fit", "fit", "service", "price", "relationship", "references"),
    "lost": (
        "price",
        "price",
        "competitor",
        "competitor",
        "budget",
        "timing",
        "no_need",
        "fit",
        "no_contact",
    ),
}
Product = tuple[str, str, str, int]


# Those of the outside sales units, whose deals are told after the others.
OUTSIDE = {"partner": 0.52, "luo.ying": 0.44, "nie.feng": 0.6}
OUTSIDE_DEALS = 90
ALL_DEALS = DEALS + OUTSIDE_DEALS


def deals(
    random: Random,
    owned: Mapping[str, Sequence[str]],
    products: Sequence[Product],
    today: date,
    numbers: range = range(1, DEALS + 1),
) -> Iterator[DealRow]:
    """Deals with their whole story, the same for the same seed and day, of those who own customers."""
    skill = {name: share for name, share in (SKILL | OUTSIDE).items() if name in owned}
    sellers = list(skill)
    for number in numbers:
        opened = _opening_day(random, today)
        seller = random.choice(sellers)
        code, product, _, price = random.choice(products)
        count = random.choice((1, 1, 1, 2, 3, 5)) * (10 if price < 10000 else 1)
        value = Decimal(round(price * count * random.uniform(0.84, 1.02), -2))
        closed = opened + timedelta(days=int(random.triangular(6, 150, 38)))
        story = Random(number)  # noqa: S311 a story, not a secret
        moves = _moves(story, opened, closed, today)
        random.random()
        stage = moves[-1][0]
        if closed < today:
            stage = "won" if random.random() < skill[seller] else "lost"
            moves = (*(moves if stage == "won" else _lost(story, opened, closed)), (stage, closed))
        is_closed = stage in ("won", "lost")
        is_named = is_closed or random.random() < 0.8
        yield DealRow(
            f"OP{number:05d}",
            seller,
            code,
            random.choice(owned[seller]) if is_named else "",
            stage,
            opened,
            closed if is_closed else None,
            value if stage == "won" else None,
            json.dumps([number]),
            _plan(story, f"{product}{story.choice(PURPOSES)}", stage, value, (closed, today)),
            moves,
        )


def _moves(story: Random, opened: date, closed: date, today: date) -> tuple[tuple[str, date], ...]:
    """The stages passed until today: each a little early or late, now and then one left out."""
    made: list[tuple[str, date]] = []
    for stage, share in zip(STAGES, COMES_AT, strict=True):
        late = (closed - opened) * (share * story.uniform(0.7, 1.25))
        day = min(opened + timedelta(days=late.days), closed)
        is_skipped = 0 < share < 0.5 and story.random() < 0.08
        if stage == STAGES[0] or (day <= today and not is_skipped):
            made.append((stage, max(day, made[-1][1]) if made else opened))
    return tuple(made)


def _lost(story: Random, opened: date, closed: date) -> tuple[tuple[str, date], ...]:
    """The stages before a loss: the longer a deal lived, the further it came."""
    days = (closed - opened).days
    count = min(len(STAGES), 1 + days // 30 + story.choice((0, 0, 1)))
    return tuple(
        (stage, opened + timedelta(days=days * at // count)) for at, stage in enumerate(STAGES[:count])
    )


def _plan(story: Random, title: str, stage: str, value: Decimal, days: tuple[date, date]) -> Plan:
    """What is expected of a deal; of a closed one what was, and why it ended."""
    closes, today = days
    amount = (value * Decimal(story.randint(88, 118)) / 100).quantize(Decimal(100))
    source = story.choice(SOURCES)
    if stage in REASONS:
        return Plan(title, amount, closes, lead_source=source, reason_code=story.choice(REASONS[stage]))
    expected = closes - timedelta(days=story.choice((0, 0, 0, 7, 20)))
    category = SURE.get(stage, "pipeline") if story.random() < 0.7 else "pipeline"
    is_planned = story.random() < 0.8
    return Plan(
        title,
        amount if story.random() < 0.95 else None,
        expected if story.random() < 0.93 else None,
        "omitted" if story.random() < 0.03 else category,
        story.choice(STEPS[stage]) if is_planned else "",
        today + timedelta(days=story.randint(-3, 14)) if is_planned else None,
        source,
    )


def _opening_day(random: Random, today: date) -> date:
    """A day of the last year and a half, more often in a busy month."""
    while True:
        day = today - timedelta(days=random.randrange(DAYS))
        if random.random() < SEASON[day.month - 1] / max(SEASON):
            return day
