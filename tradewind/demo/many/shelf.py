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

BUILT, UNCHECKED, CHECKED = RANKS = (1, 2, 3)
"""Unique and plain indexes; foreign keys as they stand; their check against every row."""

_UNIQUES = """
SELECT conrelid::regclass::text, 1,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
           pg_get_constraintdef(oid)),
       format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname)
FROM pg_constraint c WHERE conrelid = ANY (%(tables)s::regclass[]) AND contype = 'u'
    AND conname <> ALL (%(kept)s)
  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid)
"""
_INDEXES = """
SELECT indrelid::regclass::text, 1, pg_get_indexdef(indexrelid), format('DROP INDEX %%s', r.oid::regclass)
FROM pg_index i JOIN pg_class r ON r.oid = indexrelid
WHERE indrelid = ANY (%(tables)s::regclass[]) AND relname <> ALL (%(kept)s)
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
_KEYS = """
SELECT conrelid::regclass::text, 2, format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s NOT VALID',
           conrelid::regclass, conname, pg_get_constraintdef(oid)),
       format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname)
FROM pg_constraint WHERE conrelid = ANY (%(tables)s::regclass[]) AND contype = 'f'
UNION ALL
SELECT conrelid::regclass::text, 3, format('ALTER TABLE %%s VALIDATE CONSTRAINT %%I', conrelid::regclass,
    conname), ''
FROM pg_constraint WHERE conrelid = ANY (%(tables)s::regclass[]) AND contype = 'f'
"""
# Two that check the same table wait for each other, so tables take turns.
_WAITING = """
SELECT id, statement FROM demo_loading.shelved WHERE relation = ANY (%s) AND rank = %s
ORDER BY row_number() OVER (PARTITION BY relation ORDER BY id), relation
"""


def take_down(owner: Connection[Any], tables: tuple[str, ...]) -> None:
    """Note and drop what can be built again; the caller's transaction makes it one."""
    named = {"tables": list(tables), "kept": list(KEPT)}
    found = [row for query in (_UNIQUES, _INDEXES, _KEYS) for row in owner.execute(query, named)]
    for relation, rank, building, dropping in found:
        owner.execute(
            "INSERT INTO demo_loading.shelved (relation, rank, statement) VALUES (%s, %s, %s)",
            [relation, rank, building],
        )
        if dropping:
            owner.execute(dropping)
    for table in tables:
        name = sql.Identifier(table)
        owner.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(name))


def waiting(owner: Connection[Any], tables: tuple[str, ...], rank: int) -> list[tuple[int, str]]:
    """What of a rank is still to be put up again: a number and the statement."""
    rows = owner.execute(_WAITING, [list(tables), rank])
    return [(number, statement) for number, statement in rows]


def put_up(owner: Connection[Any], number: int, statement: str) -> None:
    """Build or check one and strike it from the books, together."""
    with owner.transaction():
        owner.execute(statement)
        owner.execute("DELETE FROM demo_loading.shelved WHERE id = %s", [number])
