"""Indexes and foreign keys of the large tables, taken down while rows pour in and put up again after.

Looking up every row in a dozen indexes and foreign keys takes longer than making it; building them once
from all rows does not. What is taken down is written into the load's books in the same transaction, so that
it goes up again whatever happens between.
"""

from typing import Any

from psycopg import Connection, sql

POURED = (
    "customers_customer",
    "customers_contact",
    "pipeline_opportunity",
    "pipeline_stagemove",
    "orders_order",
    "orders_orderline",
    "activities_activity",
)
POSTED = ("ledger_entry",)
# What posting and resuming look up stays.
KEPT = ("a_document_line_is_posted_once",)

# First unique and plain indexes (rank 1), then foreign keys (rank 2).
_CONSTRAINTS = """
SELECT conrelid::regclass::text, CASE contype WHEN 'f' THEN 2 ELSE 1 END,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
           pg_get_constraintdef(oid)),
       format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname)
FROM pg_constraint c
WHERE conrelid = ANY (%(tables)s::regclass[]) AND contype IN ('f', 'u') AND conname <> ALL (%(kept)s)
  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid
      AND c.contype = 'u')
ORDER BY contype, conname
"""
_INDEXES = """
SELECT indrelid::regclass::text, 1, pg_get_indexdef(indexrelid), format('DROP INDEX %%s',
    indexrelid::regclass)
FROM pg_index i
WHERE indrelid = ANY (%(tables)s::regclass[]) AND (SELECT relname
    FROM pg_class WHERE oid = indexrelid) <> ALL (%(kept)s)
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


def take_down(owner: Connection[Any], tables: tuple[str, ...]) -> None:
    """Note and drop what can be built again; the caller's transaction makes it one."""
    named = {"tables": list(tables), "kept": list(KEPT)}
    found = [*owner.execute(_CONSTRAINTS, named), *owner.execute(_INDEXES, named)]
    for relation, rank, building, dropping in found:
        owner.execute(
            "INSERT INTO demo_loading.shelved (relation, rank, statement) VALUES (%s, %s, %s)",
            [relation, rank, building],
        )
        owner.execute(dropping)
    for table in tables:
        name = sql.Identifier(table)
        owner.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(name))


def waiting(owner: Connection[Any], tables: tuple[str, ...]) -> list[tuple[int, str]]:
    """What is still to be put up again: a number and the statement, in the order in which it must happen."""
    rows = owner.execute(
        "SELECT id, statement FROM demo_loading.shelved WHERE relation = ANY (%s) ORDER BY rank, id",
        [list(tables)],
    )
    return [(number, statement) for number, statement in rows]


def put_up(owner: Connection[Any], number: int, statement: str) -> None:
    """Build one index or foreign key and strike it from the books, together."""
    with owner.transaction():
        owner.execute(statement)
        owner.execute("DELETE FROM demo_loading.shelved WHERE id = %s", [number])
