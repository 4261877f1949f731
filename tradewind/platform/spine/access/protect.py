"""The second lock: grants, row-level security, history and append-only triggers, from the declarations.

Run by the owner after migrating. A table gets its grants only here, together with its policy, so a new
table is unreachable until it is declared (docs/decisions/0004-policies-follow-declarations.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.db import connections, transaction

from tradewind.platform.spine.access.scopes import Keeping, Scope, all_scopes

SQL = Path(__file__).resolve().parents[1] / "sql"
FILES = ("access.sql", "history.sql", "seal.sql", "audit.sql", "sorting.sql")


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table without rows of the business: what each role may do with it, as SQL privileges."""

    table: str
    app: str = ""
    wide: str = ""
    jobs: str = ""


_open_tables: dict[str, OpenTable] = {}
_functions: list[str] = []


def register_open(*tables: OpenTable) -> None:
    """Declare tables that carry no row policy: sign-in, sessions, queue, the platform's own record."""
    _open_tables.update({table.table: table for table in tables})


def register_function(*statements: str) -> None:
    """Declare functions of the database that a domain brings: statements that can be repeated."""
    _functions.extend(statements)


def undeclared_tables() -> list[str]:
    """Tables of installed models that nobody declared; start-up and tests refuse them."""
    declared = {scope.table for scope in all_scopes()} | set(_open_tables)
    models = apps.get_models(include_auto_created=True)
    return sorted({m._meta.db_table for m in models if m._meta.managed} - declared)


def statements() -> Iterator[str]:
    """Every statement that makes the database's locks equal to the declarations; repeatable."""
    for file in FILES:
        yield (SQL / file).read_text(encoding="utf-8")
    yield "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM tw_app, tw_wide, tw_jobs, tw_login, PUBLIC"
    yield "REVOKE EXECUTE ON FUNCTION tw_seal(), tw_verify_seals() FROM PUBLIC"
    # A trigger fires without this right; making another trigger of the same function needs it.
    yield "REVOKE EXECUTE ON FUNCTION tw_history(), tw_append_only() FROM PUBLIC"
    yield "GRANT EXECUTE ON FUNCTION tw_seal(), tw_verify_seals() TO tw_wide"
    yield "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO tw_app, tw_wide, tw_jobs"
    for table in sorted(_open_tables.values(), key=lambda declared: declared.table):
        for role, privileges in (("tw_app", table.app), ("tw_wide", table.wide), ("tw_jobs", table.jobs)):
            if privileges:
                yield f"GRANT {privileges} ON {table.table} TO {role}"
    for declared in all_scopes():
        yield from _protection(declared)
    yield from _functions


def protect(alias: str = "owner") -> bool:
    """Apply the declarations, in one transaction, if they changed since last time; returns whether."""
    missing = undeclared_tables()
    if missing:
        raise RuntimeError(f"tables without a policy or grant: {', '.join(missing)}")
    script = list(statements())
    mark = sha256("\0".join(script).encode()).hexdigest()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace)")
        if cursor.fetchone()[0] == mark and not _has_ungranted(cursor):
            return False
        cursor.execute("SET LOCAL lock_timeout = '4s'")
        for statement in script:
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON SCHEMA public IS '{mark}'")
    return True


def _has_ungranted(cursor: object) -> bool:
    """A table made again by a migration lost its grants although no declaration changed."""
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT count(*) FROM unnest(%s::text[]) t WHERE NOT has_table_privilege('tw_wide', t, 'SELECT')",
        [[scope.table for scope in all_scopes()]],
    )
    return bool(cursor.fetchone()[0])  # type: ignore[attr-defined]


ALL = "SELECT, INSERT, UPDATE, DELETE"
WIDE = {**dict.fromkeys(Keeping, ALL), Keeping.LEDGER: "SELECT, INSERT"}


def _protection(declared: Scope) -> Iterator[str]:
    table, keeping = declared.table, declared.keeping
    yield f"GRANT {', '.join(('SELECT', *declared.writes))} ON {table} TO tw_app"
    yield f"GRANT {WIDE[keeping]} ON {table} TO tw_wide"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS tw_wide ON {table}"
    yield f"CREATE POLICY tw_wide ON {table} TO tw_wide USING (true) WITH CHECK (true)"
    yield f"DROP POLICY IF EXISTS tw_app ON {table}"
    yield f"CREATE POLICY tw_app ON {table} FOR SELECT TO tw_app USING ({declared.allowed_sql()})"
    for verb, holds in (("insert", "WITH CHECK"), ("update", "USING"), ("delete", "USING")):
        yield f"DROP POLICY IF EXISTS tw_app_{verb} ON {table}"
        if any(one.startswith(verb.upper()) for one in declared.writes):
            written = declared.allowed_sql(is_read=False)
            yield f"CREATE POLICY tw_app_{verb} ON {table} FOR {verb} TO tw_app {holds} ({written})"
    if keeping is Keeping.LEDGER:
        yield _trigger(table, "tw_append_only", "BEFORE UPDATE OR DELETE OR TRUNCATE", "")
    if keeping is Keeping.RECORD:
        both, old = "NEW TABLE AS new_rows", "REFERENCING OLD TABLE AS old_rows"
        yield _trigger(table, "tw_history_update", "AFTER UPDATE", f"{old} {both}", "tw_history")
        yield _trigger(table, "tw_history_delete", "AFTER DELETE", old, "tw_history")
        yield from _history_reader(declared)
    if declared.shared:
        yield from _shares_reader(declared)


# What happened to one row: acts that changed it and acts done to it, newest first. Runs as the owner, who
# reads history, but answers only for a row that the caller's role and policy show.
_HISTORY = """
CREATE OR REPLACE FUNCTION {name}(one bigint) RETURNS TABLE (id bigint, at timestamptz, op text, old jsonb,
    new jsonb, command text, actor text, person_id bigint, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH shown AS (SELECT {table}.id FROM {table} WHERE {table}.id = one
                   AND (current_setting('role') = 'tw_wide' OR ({policy})))
    SELECT h.id, h.at, h.op, h.old, h.new, c.name, c.actor, c.person_id, c.why
    FROM shown JOIN spine_history h ON h.table_name = '{table}' AND h.row_id = shown.id
    LEFT JOIN spine_command c ON c.id = h.command_id
    UNION ALL
    SELECT 0, c.at, 'command', NULL, NULL, c.name, c.actor, c.person_id, c.why
    FROM shown JOIN spine_command c ON c.resource = '{resource}' AND c.object_id = shown.id
    WHERE NOT EXISTS (SELECT FROM spine_history h WHERE h.command_id = c.id AND h.row_id = shown.id
                      AND h.table_name = '{table}')
    ORDER BY 2 DESC, 1 DESC
$$
"""


def _history_reader(declared: Scope) -> Iterator[str]:
    name = f"tw_history_of_{declared.table}"
    policy = declared.allowed_sql()
    yield _HISTORY.format(name=name, table=declared.table, resource=declared.resource, policy=policy)
    yield f"REVOKE EXECUTE ON FUNCTION {name}(bigint) FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {name}(bigint) TO tw_app, tw_wide"


# With whom one row is shared: told to whoever sees the row.
_SHARES = """
CREATE OR REPLACE FUNCTION {name}(one bigint)
RETURNS TABLE (person_id bigint, unit_id bigint, may_change boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.person_id, s.unit_id, s.may_change FROM spine_share s
    WHERE s.resource = '{resource}' AND s.object_id = one AND EXISTS (
        SELECT FROM {table} WHERE {table}.id = one AND (current_setting('role') = 'tw_wide' OR ({policy})))
    ORDER BY s.id
$$
"""


def _shares_reader(declared: Scope) -> Iterator[str]:
    name, policy = f"tw_shares_of_{declared.table}", declared.allowed_sql()
    yield _SHARES.format(name=name, table=declared.table, resource=declared.resource, policy=policy)
    yield f"REVOKE EXECUTE ON FUNCTION {name}(bigint) FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {name}(bigint) TO tw_app, tw_wide"


def _trigger(table: str, name: str, when: str, rows: str, function: str = "") -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function or name}()"
    )
