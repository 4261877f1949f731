"""Where an instance's database is and how to sign in: our own server, or the one DATABASE_URL names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg import sql

from tradewind.platform.operation.cluster import Cluster
from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.unprivileged import find_place, packaged_binaries, usable_binaries

Role = Literal["owner", "login", "jobs"]
DATABASE = "tradewind"
USERS: Mapping[Role, str] = {"owner": "tw_owner", "login": "tw_login", "jobs": "tw_jobs"}


@dataclass(frozen=True)
class Address:
    """How to reach the database as one role. `options` are further libpq parameters such as sslmode."""

    host: str
    port: int
    name: str
    user: str
    password: str
    options: Mapping[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, Any]:
        """The same as keyword arguments of psycopg.connect."""
        named = {"dbname": self.name, "user": self.user, "password": self.password}
        return {"host": self.host, "port": self.port, **named, **self.options}


def address(role: Role, instance: Instance | None = None) -> Address:
    """The address for one role; the server need not run. DATABASE_URL wins whenever it is set."""
    instance = instance or Instance.load()
    passwords = instance.secrets().passwords
    named = external()
    if named is None:
        return Address(str(find_place(instance.home).socket), 5432, DATABASE, USERS[role], passwords[role])
    if role == "owner":
        return named
    return Address(named.host, named.port, named.name, USERS[role], passwords[role], named.options)


def external() -> Address | None:
    """What DATABASE_URL says: the owner's address of a server that is not ours to start."""
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError as error:
        raise OperationError(f"DATABASE_URL cannot be read: {error}") from error
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    # The host of a socket folder is written either as %2Frun%2Fpostgresql or as ?host=/run/postgresql.
    host = options.pop("host", "") or unquote(parts.hostname or "")
    if parts.scheme not in {"postgres", "postgresql"} or not (host and name and parts.username):
        raise OperationError("DATABASE_URL must look like postgresql://user:password@host:5432/database")
    return Address(host, port, name, unquote(parts.username), unquote(parts.password or ""), options)


def own_cluster(instance: Instance) -> Cluster:
    """The embedded server of this instance, not started yet."""
    place = find_place(instance.home)
    logs = instance.home / "log"
    logs.mkdir(mode=0o700, exist_ok=True)
    binaries = usable_binaries(packaged_binaries(), place.runner)
    return Cluster(place, binaries, logs / "postgres.log", instance.secrets().passwords["superuser"])


def copy_database(instance: Instance, name: str) -> None:
    """Copy the instance's database, which nobody may be using, under another name on the same server."""
    own = address("owner", instance)
    with psycopg.connect(**{**own.parameters(), "dbname": "postgres"}, autocommit=True) as server:
        names = sql.Identifier(name), sql.Identifier(own.name)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
