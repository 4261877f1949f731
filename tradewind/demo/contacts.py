"""The people at the demo company's customers: two or three each, the same for the same names."""

from collections.abc import Iterable, Iterator
from random import Random

from tradewind.domains.customers.values import ContactRow

SEED = 20261123
SURNAMES = "王李张刘陈杨黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    ("建国", "伟", "磊", "志强", "晓东", "俊", "鹏飞", "海涛", "明", "立新"),
    ("丽", "静", "晓燕", "芳", "雪梅", "敏", "慧", "婷婷", "思远", "嘉怡"),
)
ROLES = (
    ("总经理", "decider"),
    ("采购经理", "gatekeeper"),
    ("信息部主管", "user"),
    ("生产副总", "influencer"),
    ("设备科长", "coach"),
    ("财务经理", "influencer"),
)
ATTITUDES = ("for", "for", "neutral", "neutral", "neutral", "against", "")


def contacts_of(customers: Iterable[str]) -> Iterator[ContactRow]:
    """Names, job titles, roles in the decision; the numbers lie in a block that examples use."""
    random = Random(SEED)  # noqa: S311 a story, not a secret
    for customer in customers:
        roles = random.sample(ROLES[1:], random.choice((1, 1, 2)))
        for title, part in (ROLES[0], *roles):
            name = random.choice(SURNAMES) + random.choice(random.choice(GIVEN))
            mobile = f"1380000{random.randint(0, 9999):04d}"
            yield ContactRow(customer, name, title, part, random.choice(ATTITUDES), mobile)
