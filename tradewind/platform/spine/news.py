"""Live news: tell open pages, at commit, that something of a resource changed; never what."""

from collections.abc import Iterable

from django.db import connection

CHANNEL = "tradewind"
TELL = "pg_notify('tradewind', %s)"
"""The same as an expression, for a statement that is sent anyway. A rolled-back transaction tells nothing,
and the same name twice in one transaction is told once."""


def changed(resource: str) -> None:
    """Tell it once, when this transaction commits; for what commands change besides their own object."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {TELL}", [resource])


def changed_for(resource: str, person_ids: Iterable[int]) -> None:
    """The same, told to the pages of these people alone."""
    for person_id in sorted(set(person_ids)):
        changed(f"{resource}@{person_id}")
