"""Import by the hundred thousand: COPY into a temporary table, compare with last time, act set-based.

Three-way comparison of each row with the row last imported: unchanged there → untouched, whatever
happened here since; changed there and untouched here → `update`; changed on both sides → `conflict`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg import sql

from tradewind.platform.spine.access.scopes import Scope

Columns = Mapping[str, str]
"""Typed columns of a staging table: name → PostgreSQL type. `key` and `row` are always there."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did to one kind of object; conflicts and remarks name keys of the file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = field(default=())


def one_import_at_a_time(source: str) -> None:
    """Wait until no other import from this source is under way; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import from {source}"])


class Staging:
    """One temporary table of incoming rows for one resource; it ends with the transaction."""

    def __init__(self, scope: Scope, columns: Columns) -> None:
        self.scope, self.columns = scope, columns
        self.name = f"staged_{scope.table}"

    def fill(self, rows: Iterable[Sequence[Any]]) -> None:
        """COPY rows of (key, row as JSON text, *columns in declared order)."""
        typed = ", ".join(f"{column} {kind}" for column, kind in self.columns.items())
        names = ", ".join(self.columns)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {self.scope.resource}"])
            cursor.execute(
                f"DROP TABLE IF EXISTS {self.name};"
                f"CREATE TEMP TABLE {self.name} (key text, row jsonb, {typed},"
                " object_id bigint, verdict text NOT NULL DEFAULT 'new') ON COMMIT DROP"
            )
            with cursor.copy(f"COPY {self.name} (key, row, {names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"CREATE INDEX ON {self.name} (key); ANALYZE {self.name}")

    def compare(self) -> None:
        """Lock the objects that would change, then give each staged row its verdict.

        Against changes only: whoever refers to one of them, like an order to its customer, need not wait,
        and cannot wait for us while we wait for the ledger.
        """
        self.run(
            """SELECT o.id FROM {table} o JOIN exchange_importedrow i ON i.object_id = o.id
               JOIN {staged} s ON s.key = i.key
               WHERE i.resource = %(resource)s AND i.row <> s.row ORDER BY o.id FOR NO KEY UPDATE OF o"""
        )
        self.run(
            """UPDATE {staged} s SET object_id = i.object_id, verdict = CASE
                   WHEN i.row = s.row THEN 'unchanged'
                   WHEN o.version = i.object_version THEN 'update' ELSE 'conflict' END
               FROM exchange_importedrow i LEFT JOIN {table} o ON o.id = i.object_id
               WHERE i.resource = %(resource)s AND i.key = s.key"""
        )

    def remember(self) -> None:
        """Keep what was imported, and the version our objects have now, for the next comparison."""
        self.run(
            """INSERT INTO exchange_importedrow (resource, key, row, object_id, object_version, command_id)
               SELECT %(resource)s, s.key, s.row, o.id, o.version,
                      NULLIF(current_setting('tw.command', true), '')::bigint
               FROM {staged} s JOIN {table} o ON o.id = s.object_id WHERE s.verdict IN ('new', 'update')
               ON CONFLICT (resource, key) DO UPDATE SET row = EXCLUDED.row, at = now(),
                      object_version = EXCLUDED.object_version, command_id = EXCLUDED.command_id"""
        )

    def run(self, statement: str, **facts: Any) -> list[tuple[Any, ...]]:
        """Execute one set-based statement; `{staged}` and `{table}` stand for the two tables."""
        names = {"staged": sql.Identifier(self.name), "table": sql.Identifier(self.scope.table)}
        query = sql.SQL(statement).format(**names)
        with connection.cursor() as cursor:
            cursor.execute(query, {"resource": self.scope.resource, **facts})
            return cursor.fetchall() if cursor.description else []

    def report(self, remarks: Sequence[str] = ()) -> Report:
        """Counts by verdict and the keys that changed on both sides."""
        counts = dict(self.run("SELECT verdict, count(*) FROM {staged} GROUP BY verdict"))
        conflicts = self.run("SELECT key FROM {staged} WHERE verdict = 'conflict' ORDER BY key")
        return Report(
            counts.get("new", 0),
            counts.get("update", 0),
            counts.get("unchanged", 0),
            tuple(key for (key,) in conflicts),
            tuple(remarks),
        )
