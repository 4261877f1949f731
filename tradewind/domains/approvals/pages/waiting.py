"""What waits for somebody's decision, in short: for the first page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.domains.approvals import queries
from tradewind.domains.approvals.pages.showing import change_lines
from tradewind.domains.approvals.subjects import subject_named
from tradewind.platform.spine.access.actor import Actor


@dataclass(frozen=True, slots=True)
class Card:
    """One request in a line."""

    name: str
    url: str
    change: str
    requester: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first of them, the longest waiting first, and how many there are; 100 stands for more."""

    cards: Sequence[Card]
    total: int


def to_decide(actor: Actor, limit: int) -> Waiting:
    """The requests that wait for this actor; one statement where there are none."""
    rows = queries.to_decide(actor)
    found = list(rows.select_related("requester").order_by("id")[: limit + 1])
    total = len(found) if len(found) <= limit else rows[: queries.MOST_COUNTED].count()
    cards = []
    for one in found[:limit]:
        subject = subject_named(one.subject)
        change = " · ".join(f"{line['before']} → {line['after']}" for line in change_lines(subject, one))
        url = reverse("approval", args=[one.public_id])
        name = f"{_(subject.name)} · {one.object_label}"
        cards.append(Card(name, url, change, one.requester.name, one.submitted_at))
    return Waiting(cards, total)
