"""Telling people, and their having read it. Only that person's open pages hear of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from tradewind.platform.services.notify.models import Notification
from tradewind.platform.services.notify.policy import NOTIFICATIONS
from tradewind.platform.services.notify.queries import mine
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import ERASED, found
from tradewind.platform.spine.command import batch
from tradewind.platform.spine.news import changed_for


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


@batch("notify.post")
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
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    changed_for(NOTIFICATIONS.resource, (one.person_id for one in given))
    return len(rows)


@batch("notify.read", right="notify.notification.read")
def mark_read(actor: Actor, given: Reading) -> str:
    """One of the acting person's own is read; returns where it leads. Raises `NotVisible` for any other."""
    row = found(mine(actor), given.public_id)
    _read(actor, mine(actor).filter(pk=row.pk))
    return row.url


@batch("notify.read_all", right="notify.notification.read")
def mark_all_read(actor: Actor, given: None) -> int:
    """All of the acting person's are read; returns how many were not."""
    return _read(actor, mine(actor))


def forget_person(person_id: int, name: str) -> None:
    """Drop what an erased person was told, and their name in what others were told."""
    Notification.objects.filter(person_id=person_id).delete()
    for row in _naming(name):
        row.facts = {key: ERASED if said == name else said for key, said in row.facts.items()}
        row.save(update_fields=["facts"])


def _naming(name: str) -> Iterator[Notification]:
    told = Notification.objects.annotate(said=Cast("facts", TextField())).filter(said__contains=name)
    yield from (row for row in told if name in row.facts.values())


def _read(actor: Actor, rows: QuerySet[Notification]) -> int:
    count = rows.filter(read_at=None).update(read_at=datetime.now(UTC))
    if count and actor.person_id:
        changed_for(NOTIFICATIONS.resource, [actor.person_id])  # the bell on other pages
    return count
