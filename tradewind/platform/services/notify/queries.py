"""Questions about the acting person's notifications."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from tradewind.kernel.errors import Malformed, declare, phrase
from tradewind.platform.services.notify.models import Notification
from tradewind.platform.services.notify.policy import NOTIFICATIONS
from tradewind.platform.spine.access.actor import Actor

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


def page(actor: Actor, after: str = "", is_unread_only: bool = False) -> NotificationPage:
    """The acting person's notifications, newest first. Raises `Malformed` for a cursor that is none."""
    rows = mine(actor).filter(read_at=None) if is_unread_only else mine(actor)
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Malformed("notify.bad_cursor", field="after")
        rows = rows.filter(id__lt=int(after))
    found = list(rows.order_by("-id")[: PAGE + 1])
    return NotificationPage(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")
