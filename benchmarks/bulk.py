"""Work on many rows at once: a file of customers brought in, credits posted to the ledger.

Each round is undone, so that the next one meets the same instance.
"""

from __future__ import annotations

import atexit
import csv
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg

BROUGHT_IN = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
POSTED = (1, 500)
MEASURE = "bookings"
LEAST_ROUNDS, LONG_S = 3, 10
HEADER = ("name", "industry", "province", "city", "phone", "email")
Both = dict[str, list[float]]
"""Seconds of each round, of the program (`app`) and of its floor (`floor`)."""

STAGED = """
CREATE TEMP TABLE fresh (name text, industry text, province text, city text, phone text, email text)
ON COMMIT DROP
"""
INSERTED = """
WITH act AS (
    INSERT INTO spine_command (name, actor, resource, why, request)
    VALUES ('customers.customer.create_many', 'system:bench', 'customers.customer', '', '') RETURNING id),
made AS (
    INSERT INTO customers_customer (public_id, version, code, name, short_name, credit_code, industry,
        country, province, city, address, phone, email, website, source, size, grade, life_stage, note)
    SELECT gen_random_uuid(), 1, 'C' || lpad(nextval('customers_code')::text, 9, '0'), name, '', '', industry,
        '', province, city, '', phone, email, '', '', '', '', 'prospect', '' FROM fresh
    RETURNING id)
INSERT INTO spine_command (name, actor, resource, object_id, parent_id, why, request)
SELECT 'customers.customer.create', 'system:bench', 'customers.customer', made.id, act.id, '', ''
FROM made, act
"""
REPOSTED = """
WITH live AS (
    SELECT * FROM ledger_entry e WHERE measure = %(measure)s AND source_id = ANY (%(ids)s::bigint[])
      AND reverses_id IS NULL AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id)),
posted AS (
    INSERT INTO ledger_entry (measure, credited_on, value, person_id, unit_id, unit_path, customer_id,
        product_id, about_id, source_id, line, posting, split_rate, reverses_id)
    SELECT measure, credited_on, -value, person_id, unit_id, unit_path, customer_id, product_id, about_id,
        source_id, line, posting, split_rate, id FROM live
    UNION ALL
    SELECT measure, credited_on - 1, value, person_id, unit_id, unit_path, customer_id, product_id, about_id,
        source_id, line, posting + 1, split_rate, NULL FROM live
    RETURNING measure, date_trunc('month', credited_on)::date AS month, person_id, unit_id, unit_path, value),
summed AS (
    INSERT INTO ledger_rollup (measure, month, person_id, unit_id, unit_path, value)
    SELECT measure, month, person_id, unit_id, unit_path, sum(value) FROM posted
    GROUP BY GROUPING SETS ((1, 2, 3, 4, 5), (1, 2, 4, 5))),
news AS (
    INSERT INTO spine_event (kind, facts)
    SELECT 'EntriesPosted', jsonb_build_object('months', jsonb_agg(DISTINCT month)) FROM posted RETURNING id)
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT 'default', 'spine.deliver', jsonb_build_object('event_id', id) FROM news
"""


def measure(seconds: float, names: list[str]) -> dict[str, Both]:
    """Seconds of each round of the named cases, program and floor in turn."""
    cases: dict[str, Callable[[], tuple[float, float]]] = {
        f"import.{size}": partial(_import, count) for size, count in BROUGHT_IN.items()
    }
    cases |= {f"sync.{count}": _sync(count) for count in POSTED}
    return {name: _rounds(cases[name], seconds) for name in names}


def _rounds(once: Callable[[], tuple[float, float]], seconds: float) -> Both:
    """Several rounds, the first of them not counted; of what takes long one is enough."""
    both: Both = {"app": [], "floor": []}
    until = time.perf_counter() + seconds * 2 + LONG_S
    while True:
        app, floor = once()
        both["app"].append(app)
        both["floor"].append(floor)
        if time.perf_counter() > until or len(both["app"]) > LEAST_ROUNDS:
            return {side: times[1:] or times for side, times in both.items()}


@cache
def _connected() -> psycopg.Connection[tuple[Any, ...]]:
    from tradewind.platform.operation import postgres

    return psycopg.connect(**postgres.address("owner").parameters(), prepare_threshold=0)


@contextmanager
def _owner() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The owner's connection, always the same; nothing stays of what was written."""
    connection = _connected()
    try:
        yield connection
    finally:
        connection.rollback()


@cache
def _file(count: int) -> Path:
    """A file as people send it: so many customers that nobody here has yet."""
    path = Path(mkdtemp()) / "customers.csv"
    atexit.register(shutil.rmtree, path.parent)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADER)
        for number in range(count):
            phone, mail = f"021-5{number:07d}", f"info@kehu{number:07d}.cn"
            lines.writerow([f"海风导入客户{number:07d}", "装备制造", "上海市", "上海", phone, mail])
    return path


def _import(count: int) -> tuple[float, float]:
    """From the file to customers, read, checked and written, as `./tw import` does; here all is undone."""
    from django.db import transaction
    from django.utils.translation import override

    from tradewind.domains.customers.resource import CUSTOMER
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope
    from tradewind.platform.surface.exchange.intake import Took, Way, plan_for, take_in
    from tradewind.platform.surface.exchange.streams import opened

    path = _file(count)
    with override("en"), scope(Actor.system("import")) as actor:
        began = time.perf_counter()
        with opened(path) as stream:
            plan = plan_for(CUSTOMER, actor, stream.header)
            took = take_in(CUSTOMER, actor, path.name, stream, plan, Way())
        app = time.perf_counter() - began
        if took != Took(made=count):
            raise RuntimeError(f"the import did not take the rows in: {took}")
        transaction.set_rollback(True)
    with _owner() as owner:
        began = time.perf_counter()
        owner.execute(STAGED)
        with owner.cursor().copy("COPY fresh FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(path.read_bytes())
        owner.execute(INSERTED)
        return app, time.perf_counter() - began


def _sync(count: int) -> Callable[[], tuple[float, float]]:
    """So many orders turn out to be a day older: their credits are reversed and posted anew."""

    def once() -> tuple[float, float]:
        from django.db import connection, transaction

        from tradewind.domains.ledger.commands import sync
        from tradewind.domains.ledger.measures import flow
        from tradewind.platform.spine.access.actor import Actor
        from tradewind.platform.spine.access.session import scope

        older = "UPDATE orders_order SET confirmed_on = confirmed_on - 1 WHERE id = ANY (%s)"
        with scope(Actor.system("bench")), connection.cursor() as cursor:
            ids = _orders(count)
            cursor.execute(older, [ids])
            began = time.perf_counter()
            posted = sync([flow(MEASURE)], ids)
            app = time.perf_counter() - began
            transaction.set_rollback(True)
        with _owner() as owner:
            began = time.perf_counter()
            done = owner.execute(REPOSTED, {"measure": MEASURE, "ids": ids})
            floor = time.perf_counter() - began
            if posted < 2 * len(ids) or done.rowcount != 1:
                raise RuntimeError(f"{posted} entries were posted for {len(ids)} orders")
        return app, floor

    return once


def _orders(count: int) -> list[int]:
    """The latest confirmed orders."""
    from tradewind.domains.orders.models import Order

    return list(Order.objects.filter(state="confirmed").order_by("-id").values_list("pk", flat=True)[:count])
