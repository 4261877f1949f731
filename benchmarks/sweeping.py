"""What measuring leaves behind and would change the next measurement is taken away again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from benchmarks.writes import BUYER

CREATED = "DELETE FROM customers_customer WHERE name = %s AND parent_id IS NULL"
QUEUED = "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'spine.deliver'"
WRITTEN = ("customers_customer", "pipeline_opportunity", "pipeline_stagemove", "procrastinate_jobs")


@contextmanager
def swept(owner: dict[str, Any]) -> Iterator[None]:
    """Afterwards the customers that were made are gone, and nothing waits for a job process.

    Deals stay where they were moved, with their moves: those are no more and no larger than before.
    """
    try:
        yield
    finally:
        with psycopg.connect(**owner) as connection:
            connection.execute("ALTER TABLE customers_customer DISABLE TRIGGER tw_history_delete")
            connection.execute(CREATED, [BUYER["name"]])
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else a check of the rows is still to come
            connection.execute("ALTER TABLE customers_customer ENABLE TRIGGER tw_history_delete")
            connection.execute(QUEUED)
        with psycopg.connect(**owner, autocommit=True) as connection:
            for table in WRITTEN:
                connection.execute(f"VACUUM (ANALYZE) {table}")
