"""The database roles and what each may do before a single table exists.

The owner migrates. `tw_login` (pages) and `tw_jobs` (queue) sign in and hold no table right of their own;
`tw_app` and `tw_wide` are taken per transaction. Everything here may run any number of times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg
from psycopg import sql

from tradewind.platform.operation.console import OperationError

OLDEST_SERVER = 170000
EXTENSIONS = ("btree_gist", "pg_trgm")
GROUPS = ("tw_app", "tw_wide")
LOGINS = {"tw_login": "login", "tw_jobs": "jobs"}  # role -> name of its password

Connection = psycopg.Connection[Any]


def set_up_embedded(connect: Callable[[str], Connection], name: str, passwords: Mapping[str, str]) -> None:
    """As the superuser of our own server: the owner, its database, the other roles, their rights."""
    with connect("postgres") as server:
        ensure_role(server, "tw_owner", "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE", passwords["owner"])
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            server.execute(sql.SQL("CREATE DATABASE {} OWNER tw_owner").format(sql.Identifier(name)))
    # One transaction: whoever can sign in as tw_login finds everything done.
    with connect(name) as database, database.transaction():
        ensure_roles(database, passwords)
        database.execute("ALTER SCHEMA public OWNER TO tw_owner")
        prepare_database(database)


def set_up_external(owner: Connection, passwords: Mapping[str, str]) -> None:
    """As the owner that DATABASE_URL names: the other roles and the rights in the database."""
    if owner.info.server_version < OLDEST_SERVER:
        raise OperationError("Tradewind needs PostgreSQL 17 or newer; the server in DATABASE_URL is older")
    row = owner.execute(
        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    known = {name for (name,) in owner.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'tw\\_%'")}
    missing = {*GROUPS, *LOGINS} - known
    if missing and not (row and row[0]):
        raise OperationError(
            f"the user in DATABASE_URL may not create the roles {', '.join(sorted(missing))}. "
            "Have an administrator run: ALTER ROLE <that user> CREATEROLE"
        )
    try:
        with owner.transaction():
            ensure_roles(owner, passwords)
            prepare_database(owner)
    except psycopg.errors.InsufficientPrivilege as error:
        raise OperationError(
            "the user in DATABASE_URL must own the database and have CREATEROLE over the roles tw_* "
            f"(PostgreSQL says: {error.diag.message_primary})"
        ) from error


def ensure_roles(connection: Connection, passwords: Mapping[str, str]) -> None:
    """The two roles taken per transaction and the two that sign in."""
    for group in GROUPS:
        ensure_role(connection, group, "NOLOGIN", None)
    for login, key in LOGINS.items():
        ensure_role(connection, login, "LOGIN NOINHERIT", passwords[key])
    for group in GROUPS:
        grant_role(connection, group, "tw_login")
        # The owner takes the same roles when it loads a demo or runs a story; it inherits nothing from them.
        grant_role(connection, group, owner_of(connection))


def ensure_role(connection: Connection, name: str, attributes: str, password: str | None) -> None:
    """Create a role or bring it to these attributes; two at once do not trip over each other."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "ALTER" if known else "CREATE"
    statement = sql.SQL(verb + " ROLE {} " + attributes).format(sql.Identifier(name))
    if password is not None:
        statement = sql.SQL("{} PASSWORD {}").format(statement, sql.Literal(password))
    if known and password is None:
        return
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.errors.DuplicateObject:
        ensure_role(connection, name, attributes, password)


def grant_role(connection: Connection, group: str, member: str) -> None:
    """Let the member take the role by SET ROLE, and have nothing of it otherwise."""
    statement = sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE")
    connection.execute(statement.format(sql.Identifier(group), sql.Identifier(member)))


def owner_of(connection: Connection) -> str:
    """The role that owns the present database."""
    row = connection.execute(
        "SELECT rolname FROM pg_database JOIN pg_roles r ON r.oid = datdba WHERE datname = current_database()"
    ).fetchone()
    return str(row[0]) if row else "tw_owner"


def prepare_database(connection: Connection) -> None:
    """Extensions and rights inside the present database; also for test databases, as their owner."""
    for statement in database_statements(connection.info.dbname):
        connection.execute(statement)


def database_statements(name: str) -> Iterator[sql.Composed]:
    """Nobody but the owner creates anything; tables are granted one by one by the migrations."""
    database = sql.Identifier(name)
    for extension in EXTENSIONS:
        yield sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM public").format(database)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO tw_login, tw_jobs").format(database)
    yield sql.SQL("GRANT TEMPORARY ON DATABASE {} TO tw_wide").format(database)
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM public").format()
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO tw_app, tw_wide, tw_login, tw_jobs").format()
