"""A living company, the same for the same seed and day: two regions, four teams, two outside sales units.

`many` adds to it as many customers as asked for, with everything that belongs to them.
"""

import json
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import psycopg
from django.conf import settings

from tradewind.demo import activities
from tradewind.demo.approvals import arrange_approvals, ask_around
from tradewind.demo.cast import CAST, PASSWORD
from tradewind.demo.contacts import contacts_of
from tradewind.demo.customers import load_customers, load_outside_customers
from tradewind.demo.deals import ALL_DEALS, DEALS, deals
from tradewind.demo.many.load import Load
from tradewind.demo.many.sizes import Extent, customers_of
from tradewind.demo.orders import take_orders
from tradewind.demo.staff import found_teams
from tradewind.demo.targets import load_targets
from tradewind.domains.activities.imports import import_activities
from tradewind.domains.catalog.commands import import_products
from tradewind.domains.catalog.values import ProductRow
from tradewind.domains.customers import queries as customers
from tradewind.domains.customers.commands import import_contacts
from tradewind.domains.ledger import queries as ledger
from tradewind.domains.ledger.closing import Closing, close_month
from tradewind.domains.pipeline.imports import import_opportunities
from tradewind.kernel.period import months_before
from tradewind.platform.operation import postgres
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.models import User

SEED = 20261122
OPEN_MONTHS = 4  # the running one and three before it

PRODUCTS = (
    ("ZN-ERP", "智能 ERP 标准版", "软件", 68000),
    ("ZN-MES", "制造执行 MES", "软件", 128000),
    ("ZN-WMS", "仓储管理 WMS", "软件", 86000),
    ("ZN-GATE", "边缘网关 G3", "硬件", 5800),
    ("ZN-SCAN", "工业扫码枪 S2", "硬件", 2600),
    ("ZN-CARE", "年度运维服务", "服务", 24000),
)


def load(size: str, today: date) -> None:
    """Fill an empty demo instance; what a killed load has finished is not done again."""
    count = customers_of(size)
    if not has_customers():
        load_story(today)
    if count:
        Load(open_as_owner, Extent(count, today), settings.COMPANY_TIME_ZONE).run()
    close_months(today)


def close_months(today: date) -> None:
    """Finance is done with all but the last three months; nothing that is loaded counts after this."""
    with scope(Actor.system("demo")) as actor:
        if ledger.last_closed() is None:
            close_month(actor, Closing(months_before(today, OPEN_MONTHS), with_earlier=True))


def open_as_owner() -> psycopg.Connection[Any]:
    """A connection of the tables' owner, whom no row policy holds back."""
    return psycopg.connect(**postgres.address("owner").parameters())


def has_customers() -> bool:
    """Is the story told? It is told in one transaction."""
    with scope(Actor.system("demo")) as actor:
        return bool(customers.first_names(actor, 1))


def load_story(today: date) -> None:
    """The small company with everybody of the cast, in one transaction."""
    random = Random(SEED)  # noqa: S311 a story, not a secret
    with scope(Actor.system("demo")) as actor:
        found_teams(actor, today)
        import_products(actor, [_product(*row) for row in PRODUCTS])
        owned = load_customers(actor, today, random)
        import_opportunities(actor, list(deals(random, owned, PRODUCTS, today)))
        owned |= load_outside(actor, today)
        take_orders()
        contacts = list(contacts_of(name for names in owned.values() for name in names))
        import_contacts(actor, contacts)
        import_activities(actor, list(activities.told(contacts, today)))
        for member in CAST:
            if member.role:
                _let_in(member.sign_in)
        load_targets(today)
        arrange_approvals(actor)
        ask_around()


def load_outside(actor: Actor, today: date) -> dict[str, list[str]]:
    """What the outside sales units own and sell, told apart so that it moves nothing else."""
    random = Random(SEED + 1)  # noqa: S311 a story, not a secret
    owned = load_outside_customers(actor, today, random)
    numbers = range(DEALS + 1, ALL_DEALS + 1)
    import_opportunities(actor, list(deals(random, owned, PRODUCTS, today, numbers)))
    return owned


def _let_in(sign_in: str) -> None:
    user = User.objects.get(username=sign_in)
    if not user.has_usable_password():
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])


def _product(code: str, name: str, series: str, price: int) -> ProductRow:
    return ProductRow(code, name, series, Decimal(price), json.dumps([code, name, series, price]))
