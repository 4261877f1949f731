"""The tamper-evident chain over the record of commands and history; SQL in sql/seal.sql."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class SealReport:
    """How many rows are sealed, and the seals and rows that no longer match what was sealed."""

    sealed_rows: int
    broken_seals: tuple[int, ...]
    changed_rows: tuple[int, ...]


def seal() -> int:
    """Seal what was committed since the last seal; returns the rows sealed.

    Transactions still running are left for the next seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tw_seal()")
        return int(cursor.fetchone()[0])


def verify() -> SealReport:
    """Recompute the whole chain; every changed, deleted, added or reordered sealed row breaks a seal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_rows, broken_seals, changed_rows FROM tw_verify_seals()")
        rows, broken, changed = cursor.fetchone()
    return SealReport(rows, tuple(broken or ()), tuple(changed or ()))
