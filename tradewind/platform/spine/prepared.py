"""Statements that are asked all the time: the database parses and plans them once for each connection."""

from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


def prepared() -> CursorWrapper:
    """A cursor for them. Values go apart from the text, so the text names their types: `%s::bigint`.

    Not for statements whose best plan depends on the values.
    """
    connection.ensure_connection()
    raw: Any = psycopg.Cursor(connection.connection)
    return connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)
