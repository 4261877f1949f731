"""What the ledger tells others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntriesPosted:
    """A transaction appended entries of these measures in these months (first days, ISO)."""

    measures: tuple[str, ...]
    months: tuple[str, ...]
