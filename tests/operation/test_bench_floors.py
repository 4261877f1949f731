"""The floors of `./tw bench` are honest: a change by plain SQL leaves the rows that its command leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from benchmarks import people, writes
from benchmarks.clients import Reader
from benchmarks.floors import Unit
from tests.conftest import sign_in
from tradewind.platform.operation import postgres

Owner = psycopg.Connection[tuple[object, ...]]


def left_by(owner: Owner, act: Callable[[], None]) -> dict[str, int]:
    """How many rows more each table has afterwards."""
    tables = [str(name) for (name,) in owner.execute("SELECT relname FROM pg_stat_user_tables").fetchall()]

    def counted() -> dict[str, int]:
        rows = {table: owner.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables}  # noqa: S608
        return {table: int(str(row[0])) for table, row in rows.items() if row}

    before = counted()
    act()
    after = counted()
    return {table: after[table] - before[table] for table in tables if after[table] != before[table]}


def by_sql(owner: Owner, units: list[Unit]) -> Callable[[], None]:
    def act() -> None:
        reader = Reader({**postgres.address("owner").parameters(), "dbname": owner.info.dbname}, units)
        assert len(reader.answer()[0]) == 1
        reader.close()

    return act


@pytest.fixture
def facts(own_database: str) -> people.Facts:
    return people.facts_from(people.gather())


def test_making_a_customer(facts: people.Facts, owner: Owner) -> None:
    def by_command() -> None:
        browser = sign_in("manager")
        made = browser.post("/api/v1/customers", json.dumps(writes.BUYER), content_type="application/json")
        assert made.status_code == 201

    left = left_by(owner, by_command)
    del left["spine_session"]
    assert left == {"customers_customer": 1, "spine_command": 1}
    assert left == left_by(owner, by_sql(owner, writes.created(facts.readers["manager"])))


def test_moving_a_deal(facts: people.Facts, owner: Owner) -> None:
    manager, browser = facts.readers["manager"], sign_in("manager")
    (_, first), (second, _), *_ = manager.samples["moving"]

    def by_command() -> None:
        seen: Any = browser.get(f"/api/v1/opportunities/{first}")
        stage = next(key for key in facts.stage_keys if key != seen.json()["stage_key"])
        given, headers = json.dumps({"stage": stage}), {"If-Match": seen["ETag"]}
        address = f"/api/v1/opportunities/{first}/move"
        moved = browser.post(address, given, content_type="application/json", headers=headers)
        assert moved.status_code == 200

    left = left_by(owner, by_command)
    assert left.keys() >= {"pipeline_stagemove", "spine_history", "spine_event", "procrastinate_jobs"}
    assert left == left_by(owner, by_sql(owner, writes.moved(manager, facts, [second])))
