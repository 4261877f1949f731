"""What happened to one object: who changed which field from what to what, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from tradewind.platform.spine.access.scopes import Scope

SHOWN = 200
"""Acts told at once; an object changed more often tells its newest ones."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act on an object; `old` and `new` hold the changed columns as the database writes them."""

    at: datetime
    command: str
    actor: str
    person_id: int | None
    why: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]


def history_of(scope: Scope, row_id: int) -> list[Act]:
    """The acts on one row, newest first; none for a row that the acting party may not see."""
    asked = "SELECT at, command, actor, person_id, why, old, new FROM {} (%s) LIMIT %s"
    reader = sql.Identifier(f"tw_history_of_{scope.table}")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(asked).format(reader), [row_id, SHOWN])
        rows = cursor.fetchall()
    return [
        Act(at, command or "", actor or "", person, why or "", _json(old), _json(new))
        for at, command, actor, person, why, old, new in rows
    ]


def _json(value: Any) -> Mapping[str, Any]:
    import json

    found: Mapping[str, Any] = json.loads(value) if isinstance(value, str) else value or {}
    return found
