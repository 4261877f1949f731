"""The customers of the demo company: machine builders, hospitals, traders and carriers of two coasts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from stdnum.cn import uscc

from tradewind.domains.customers.alike import look_for_alike
from tradewind.domains.customers.commands import create_customer
from tradewind.domains.organization.queries import ids_by_sign_in
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given

ZONE = ZoneInfo("Asia/Shanghai")
Place = tuple[str, str, str, str, tuple[str, ...]]
# Cities with province, administrative division code, area code and who looks after them.
PLACES = (
    ("上海市", "上海", "310115", "021", ("seller", "wu.qiang", "seller")),
    ("江苏省", "苏州", "320507", "0512", ("seller", "wu.qiang")),
    ("江苏省", "无锡", "320214", "0510", ("wu.qiang", "seller")),
    ("浙江省", "杭州", "330110", "0571", ("field", "wang.fang")),
    ("浙江省", "宁波", "330206", "0574", ("wang.fang", "field")),
    ("广东省", "广州", "440112", "020", ("chu.ning", "wei.ran")),
    ("广东省", "佛山", "440605", "0757", ("wei.ran", "chu.ning")),
    ("广东省", "东莞", "441900", "0769", ("chu.ning", "shen.bo")),
    ("广东省", "深圳", "440306", "0755", ("shen.bo", "han.xue")),
    ("广东省", "珠海", "440402", "0756", ("han.xue", "shen.bo")),
)
WORDS = (
    "恒信",
    "远达",
    "华盛",
    "博远",
    "金辉",
    "瑞丰",
    "中恒",
    "永泰",
    "凯越",
    "天成",
    "鼎新",
    "海纳",
    "联创",
    "嘉禾",
)
# Kind of business, its section of GB/T 4754, and how large such firms are.
TRADES = (
    ("精密机械", "制造业", (80, 1800)),
    ("电子科技", "制造业", (60, 2600)),
    ("汽车零部件", "制造业", (150, 3200)),
    ("包装材料", "制造业", (40, 600)),
    ("供应链管理", "交通运输、仓储和邮政业", (50, 900)),
    ("冷链物流", "交通运输、仓储和邮政业", (40, 500)),
    ("医疗器械", "卫生和社会工作", (50, 700)),
    ("商贸", "批发和零售业", (15, 300)),
    ("建材", "批发和零售业", (20, 260)),
    ("信息技术", "信息传输、软件和信息技术服务业", (30, 800)),
)
STREETS = ("创新大道", "工业三路", "港城路", "科技园南路", "迎宾大道", "高新一路", "东环路")
SOURCES = ("visit", "visit", "referral", "referral", "fair", "web", "call", "partner", "tender")
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
COUNT = 120
# Names that somebody entered once more, as somebody else writes them, and who did.
AGAIN = (("有限公司", "股份公司", "wu.qiang"), ("有限公司", "（集团）公司", "manager"))


# The same of the outside sales units.
OUTSIDE = (
    ("广东省", "惠州", "441302", "0752", ("partner", "luo.ying")),
    ("广东省", "中山", "442000", "0760", ("luo.ying", "partner")),
    ("浙江省", "台州", "331002", "0576", ("nie.feng",)),
)
OUTSIDE_COUNT = 30


def load_customers(actor: Actor, today: date, random: Random) -> dict[str, list[str]]:
    """Make them one by one, as people would, over the last three years; returns their names by owner."""
    known = list(_customers(random, today, PLACES, COUNT))
    owned = _make(actor, known)
    _enter_again(actor, [facts for facts, owner in known if owner == "seller"])
    return owned


def load_outside_customers(actor: Actor, today: date, random: Random) -> dict[str, list[str]]:
    """The same for the outside sales units."""
    return _make(actor, list(_customers(random, today, OUTSIDE, OUTSIDE_COUNT)))


def _make(actor: Actor, known: Sequence[tuple[Mapping[str, object], str]]) -> dict[str, list[str]]:
    owners = ids_by_sign_in({owner for _, owner in known if owner})
    owned: dict[str, list[str]] = {}
    for facts, owner in known:
        create_customer(actor, Given({**facts, "owner_id": owners[owner] if owner else None}))
        owned.setdefault(owner, []).append(str(facts["name"]))
    return owned


def _enter_again(actor: Actor, known: Sequence[Mapping[str, object]]) -> None:
    """Two customers stand in the file twice, under names and numbers that differ a little."""
    owners = ids_by_sign_in([owner for _, _, owner in AGAIN])
    for facts, (one, other, owner) in zip(known, AGAIN, strict=False):
        again = {name: facts[name] for name in ("industry", "country", "province", "city")}
        again |= {"name": str(facts["name"]).replace(one, other), "phone": f"{str(facts['phone'])[:-2]}00"}
        create_customer(actor, Given({**again, "owner_id": owners[owner]}))
    look_for_alike(actor, None)


def _customers(
    random: Random, today: date, places: Sequence[Place], count: int
) -> Iterator[tuple[dict[str, object], str]]:
    names = [(place, word) for place in places for word in WORDS]
    random.shuffle(names)
    for number, (place, word) in enumerate(names[:count]):
        province, city, division, area, owners = place
        trade, industry, (fewest, most) = random.choice(TRADES)
        employees = int(fewest * (most / fewest) ** random.random())
        made = datetime.combine(today - timedelta(days=random.randrange(40, 1100)), datetime.min.time(), ZONE)
        facts: dict[str, object] = {
            "name": f"{city}{word}{trade}有限公司",
            "short_name": f"{word}{trade[:2]}",
            "credit_code": _credit_code(random, division),
            "industry": industry,
            "country": "中国",
            "province": province,
            "city": city,
            "address": f"{city}市{random.choice(STREETS)}{random.randint(1, 999)}号",
            "phone": f"{area}-{random.randint(60000000, 89999999)}",
            "source": random.choice(SOURCES),
            "size": _size(employees),
            "grade": random.choices("ABCD", (15, 30, 40, 15))[0],
            "life_stage": random.choices(("active", "prospect", "dormant", "lost"), (56, 28, 12, 4))[0],
            "founded_year": random.randint(1994, 2021),
            "employees": employees,
            "revenue_millions": Decimal(employees * random.randint(45, 120)) / 100,
            "created_at": made + timedelta(hours=random.randint(9, 17), minutes=random.randint(0, 59)),
        }
        yield facts, "" if number % 20 == 19 else random.choice(owners)


def _size(employees: int) -> str:
    return (
        "large"
        if employees >= 1000
        else "medium"
        if employees >= 300
        else "small"
        if employees >= 20
        else "micro"
    )


def _credit_code(random: Random, division: str) -> str:
    """A code of the right form with its own check character; the organization number is made up."""
    body = "91" + division + "".join(random.choices(CREDIT, k=9))
    return body + uscc.calc_check_digit(body)
