"""The record of acts: searched by whoever may, and added to by what is read but not changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import AUDITS
from tradewind.platform.spine.prepared import prepared
from tradewind.platform.spine.trace import request_id

ANYBODY = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts: all that is said must hold.

    person_id: of one person, or with `ANYBODY` of people and not of the system · act: names one or more,
    parted by blanks, and may hold `%` · words: stand in the reason.
    """

    person_id: int | None = None
    act: str = ""
    resource: str = ""
    object_id: int | None = None
    first: datetime | None = None
    last: datetime | None = None
    words: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One row that an act changed: its columns before and after; without both its values were erased."""

    table: str
    row: int
    op: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Record:
    """One act: when, which, by whom (a person, or what the system did), on what, and what it changed.

    seal_id: the seal over it; None while it waits for one · changed: how many rows in all.
    """

    id: int
    at: datetime
    name: str
    actor: str
    person_id: int | None
    resource: str
    object_id: int | None
    why: str
    request: str
    seal_id: int | None
    changes: Sequence[Change]
    changed: int


FACTS = ("id", "at", "name", "actor", "person_id", "resource", "object_id", "why", "request", "seal_id")


def acts(actor: Actor, wanted: Wanted, most: int) -> list[Record]:
    """The newest acts of those wanted. Raises `NotAllowed` without the right, as the database does."""
    actor.require(AUDITS)
    like = "%" + wanted.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    values = [
        wanted.person_id,
        wanted.act or None,
        wanted.resource or None,
        wanted.object_id,
        wanted.first,
        wanted.last,
        like if wanted.words else None,
        wanted.before,
        most,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM tw_audit(%s::bigint, %s::text, %s::text, %s::bigint, %s::timestamptz,"
            " %s::timestamptz, %s::text, %s::bigint, %s::integer)",
            values,
        )
        return [_record(row) for row in cursor.fetchall()]


def _record(row: Sequence[Any]) -> Record:
    *facts, changes, changed = row
    named = dict(zip(FACTS, facts, strict=True))
    return Record(**named, changes=_changes(changes), changed=changed or 0)


def _changes(told: str | None) -> list[Change]:
    return [Change(**one) for one in json.loads(told)] if told else []


def witness(actor: Actor, name: str, resource: str = "", object_id: int | None = None, why: str = "") -> None:
    """Record what somebody read, where that is worth knowing: an export, a person's data."""
    facts = [name, actor.known_as, actor.person_id, resource, object_id, why[:2000], request_id.get()]
    with prepared() as cursor:
        cursor.execute(_WITNESS, facts)


_WITNESS = """
INSERT INTO spine_command (name, actor, person_id, resource, object_id, why, request)
VALUES (%s::text, %s::text, %s::bigint, %s::text, %s::bigint, %s::text, %s::text)
"""
