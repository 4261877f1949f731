"""Telling people, and their having read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from tradewind.platform.services.notify.models import Notification
from tradewind.platform.services.notify.queries import mine
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import batch


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell whom: an English sentence (a msgid), the facts in it, where it leads, and its key."""

    person_id: int
    kind: str
    title: str
    facts: Mapping[str, str]
    url: str
    key: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Reading:
    """One notification was opened."""

    public_id: UUID


@batch("notify.notification.post")
def post(actor: Actor, given: Sequence[Notice]) -> int:
    """Tell people; what somebody was told already under the same key is left out. For subscribers."""
    rows = [
        Notification(
            person_id=one.person_id,
            kind=one.kind,
            title=one.title,
            facts=dict(one.facts),
            url=one.url,
            key=one.key,
            at=one.at,
        )
        for one in given
    ]
    return len(Notification.objects.bulk_create(rows, ignore_conflicts=True))


@batch("notify.notification.read")
def mark_read(actor: Actor, given: Reading) -> str:
    """One of the acting person's own is read; returns where it leads. Raises `NotVisible` for any other."""
    row = found(mine(actor), given.public_id)
    mine(actor).filter(pk=row.pk, read_at=None).update(read_at=datetime.now(UTC))
    return row.url


@batch("notify.notification.read_all", right="notify.notification.read")
def mark_all_read(actor: Actor, given: None) -> int:
    """All of the acting person's are read; returns how many were not."""
    return mine(actor).filter(read_at=None).update(read_at=datetime.now(UTC))
