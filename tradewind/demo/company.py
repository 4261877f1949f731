"""A small living company, the same for the same seed and day: two regions, four teams, 300 deals."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tradewind.demo import activities
from tradewind.demo.cast import CAST, OTHERS, PASSWORD, UNITS
from tradewind.demo.contacts import contacts_of
from tradewind.domains.activities.imports import import_activities
from tradewind.domains.catalog.commands import import_products
from tradewind.domains.catalog.values import ProductRow
from tradewind.domains.customers.commands import import_contacts, import_customers
from tradewind.domains.customers.values import CustomerRow
from tradewind.domains.organization.commands import import_staff
from tradewind.domains.organization.values import PersonRow, Staff, UnitRow
from tradewind.domains.pipeline.imports import import_opportunities
from tradewind.domains.pipeline.values import DealRow
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.models import User

SEED = 20261122
DEALS = 300
DAYS = 540  # the company's memory: a year and a half

PRODUCTS = (
    ("ZN-ERP", "智能 ERP 标准版", "软件", 68000),
    ("ZN-MES", "制造执行 MES", "软件", 128000),
    ("ZN-WMS", "仓储管理 WMS", "软件", 86000),
    ("ZN-GATE", "边缘网关 G3", "硬件", 5800),
    ("ZN-SCAN", "工业扫码枪 S2", "硬件", 2600),
    ("ZN-CARE", "年度运维服务", "服务", 24000),
)
PLACES = ("上海", "苏州", "无锡", "杭州", "宁波", "广州", "佛山", "东莞", "深圳", "珠海")
WORDS = ("恒信", "远达", "华盛", "博远", "金辉", "瑞丰", "中科", "永泰", "凯越", "天成", "鼎新", "海纳")
TRADES = (
    ("精密制造", "制造业"),
    ("电子科技", "电子信息"),
    ("物流", "交通运输、仓储"),
    ("医疗器械", "卫生"),
    ("商贸", "批发和零售业"),
)
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


def load(size: str, today: date) -> None:
    """Fill an empty demo instance, in one transaction; repeating it changes nothing."""
    if size != "small":
        raise ValueError(f"the demo company comes in the size small, not {size}")
    random = Random(SEED)  # noqa: S311 a story, not a secret
    with scope(Actor.system("demo")) as actor:
        import_staff(actor, _staff(today))
        import_products(actor, [_product(*row) for row in PRODUCTS])
        customers = list(_customers(random))
        import_customers(actor, customers)
        import_opportunities(actor, list(_deals(random, customers, today)))
        contacts = list(contacts_of(row.name for row in customers))
        import_contacts(actor, contacts)
        import_activities(actor, list(activities.told(contacts, today)))
        for member in CAST:
            if member.role:
                _let_in(member.sign_in)


def _let_in(sign_in: str) -> None:
    user = User.objects.get(username=sign_in)
    if not user.has_usable_password():
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])


def _staff(today: date) -> Staff:
    units = tuple(UnitRow(code, name, kind, parent) for code, name, kind, parent in UNITS)
    people = tuple(PersonRow(m.sign_in, m.name, m.unit, m.role, m.is_head) for m in CAST + OTHERS)
    return Staff(units, people, today - timedelta(days=DAYS + 30))


def _product(code: str, name: str, series: str, price: int) -> ProductRow:
    return ProductRow(code, name, series, Decimal(price), json.dumps([code, name, series, price]))


def _customers(random: Random) -> Iterator[CustomerRow]:
    names = [(place, word) for word in WORDS for place in PLACES]
    random.shuffle(names)
    for place, word in names[:80]:
        trade, industry = random.choice(TRADES)
        name = f"{place}{word}{trade}有限公司"
        founded, employees = random.randint(1994, 2021), random.randint(20, 3000)
        revenue = Decimal(random.randint(300, 90000)) / 100
        yield CustomerRow(name, industry, "中国", founded, revenue, employees, "", json.dumps([name]))


def _deals(random: Random, customers: list[CustomerRow], today: date) -> Iterator[DealRow]:
    sellers = list(SKILL)
    for number in range(1, DEALS + 1):
        opened = _opening_day(random, today)
        seller = random.choice(sellers)
        code, _, _, price = random.choice(PRODUCTS)
        count = random.choice((1, 1, 1, 2, 3, 5)) * (10 if price < 10000 else 1)
        value = Decimal(round(price * count * random.uniform(0.84, 1.02), -2))
        closed = opened + timedelta(days=int(random.triangular(6, 150, 38)))
        stage = "engaging" if random.random() < 0.8 else "prospecting"
        if closed < today:
            stage = "won" if random.random() < SKILL[seller] else "lost"
        is_closed = stage in ("won", "lost")
        is_named = is_closed or random.random() < 0.8
        yield DealRow(
            f"OP{number:05d}",
            seller,
            code,
            random.choice(customers).name if is_named else "",
            stage,
            opened,
            closed if is_closed else None,
            value if stage == "won" else None,
            json.dumps([number]),
        )


def _opening_day(random: Random, today: date) -> date:
    """A day of the last year and a half, more often in a busy month."""
    while True:
        day = today - timedelta(days=random.randrange(DAYS))
        if random.random() < SEASON[day.month - 1] / max(SEASON):
            return day
