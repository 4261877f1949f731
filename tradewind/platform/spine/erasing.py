"""Erasing what is personal in one row: its columns and their history, on request; numbers and seals stay."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import Scope
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import Given, Ref, command, recorded
from tradewind.platform.spine.models import Recorded

Erasing = Callable[[Actor, Ref[Any], Given], int]
_erasings: dict[str, Erasing] = {}


def erasures(on: Scope, check: Callable[[Actor, Any], None] = lambda actor, row: None) -> Erasing:
    """Make the command `erase` of a resource that names its personal columns; `check` may refuse.

    Returns how many rows of history were blanked.
    """

    @command(f"{on.resource}.erase", on=on)
    def erase(actor: Actor, row: Recorded, given: Given) -> int:
        check(actor, row)
        return erase_row(on, row)

    return register(on, erase)


def register(on: Scope, erase: Erasing) -> Erasing:
    """Let pages offer a command that erases rows of this resource."""
    return _erasings.setdefault(on.resource, erase)


def erasing_of(resource: str) -> Erasing | None:
    """The command that erases what is personal in rows of a resource, where it has one."""
    return _erasings.get(resource)


def erase_row(on: Scope, row: Recorded, **more: object) -> int:
    """Replace the personal columns of a row and blank what history keeps of them. Inside an act of erasing.

    `more`: columns whose new value is the row's own, such as a unique name.
    """
    values = {**on.erased, **more}
    with widened("history is blanked by the act that erases, whatever else its actor may see"):
        row.change(**values)
        return _blank(on, row, list(values))


def erase_beside(actor: Actor, on: Scope, row: Recorded, is_current: bool) -> int:
    """Erase somebody in a row that names them beside others: an act of its own, below the one that runs.

    Where somebody else stands in the row by now (not `is_current`), only its history is blanked.
    """
    with recorded(actor, f"{on.resource}.erase", on.resource, row.pk):
        if is_current:
            return erase_row(on, row)
        with widened("the history of a row is blanked, the row itself names somebody else"):
            return _blank(on, row, list(on.erased))


def _blank(on: Scope, row: Recorded, columns: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tw_erase(%s, %s, %s)", [on.table, row.pk, columns])
        return int(cursor.fetchone()[0])
