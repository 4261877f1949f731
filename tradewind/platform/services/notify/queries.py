"""Questions about the acting person's notifications."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from tradewind.kernel.errors import Malformed, declare, phrase
from tradewind.platform.services.notify.models import Notification
from tradewind.platform.services.notify.policy import NOTIFICATIONS
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.prepared import prepared

PAGE = 50
MOST_COUNTED = 100

declare({"notify.bad_cursor": phrase("This page of notifications does not exist.")})


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """One page, newest first, and where the next one begins."""

    items: Sequence[Notification]
    next: str


def mine(actor: Actor) -> QuerySet[Notification]:
    """The notifications of the acting person."""
    return Notification.objects.filter(NOTIFICATIONS.visible(actor))


def unread(actor: Actor) -> int:
    """How many are not read yet; 100 stands for more."""
    return mine(actor).filter(read_at=None).values("pk")[:MOST_COUNTED].count()


@dataclass(frozen=True, slots=True)
class Beside:
    """Another number beside the bell: where it leads, what it is called, and the rows it counts."""

    route: str
    icon: str
    label: str
    rows: Callable[[Actor], QuerySet[Any]]


_beside: list[Beside] = []


def count_beside(beside: Beside) -> None:
    """Let an upper room count what waits for the reader, in the statement that counts the unread."""
    _beside.append(beside)


def counted(actor: Actor) -> tuple[int, list[tuple[Beside, int]]]:
    """The unread, and what is counted beside them: one statement; 100 stands for more."""
    compiled: list[str] = []
    parameters: list[Any] = []
    for rows in (mine(actor).filter(read_at=None), *(one.rows(actor) for one in _beside)):
        try:
            text, given = rows.values("pk")[:MOST_COUNTED].query.sql_with_params()
        except EmptyResultSet:  # no right to it
            text, given = "SELECT NULL WHERE false", ()
        compiled.append(f"(SELECT count(*) FROM ({text}) AS counted)")  # noqa: S608 what Django compiled
        parameters.extend(given)
    with prepared() as cursor:
        cursor.execute(f"SELECT {', '.join(compiled)}", parameters)
        first, *rest = cursor.fetchone()
    return int(first), [(one, int(count)) for one, count in zip(_beside, rest, strict=True)]


def page(actor: Actor, after: str = "", is_unread_only: bool = False) -> NotificationPage:
    """The acting person's notifications, newest first. Raises `Malformed` for a cursor that is none."""
    rows = mine(actor).filter(read_at=None) if is_unread_only else mine(actor)
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Malformed("notify.bad_cursor", field="after")
        rows = rows.filter(id__lt=int(after))
    found = list(rows.order_by("-id")[: PAGE + 1])
    return NotificationPage(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")
