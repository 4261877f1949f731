"""Changes of up to 500 activities at once: the set-based sisters of completing and moving to another day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F

from tradewind.domains.activities import queries, rules
from tradewind.domains.activities.commands import one_of
from tradewind.domains.activities.events import ReminderDue
from tradewind.domains.activities.measures import FLOWS
from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.policy import ACTIVITIES
from tradewind.domains.activities.values import State
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import DomainError, Malformed, StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Ref, batch, locked_many
from tradewind.platform.spine.outbox import emit_all

AT_ONCE = 500
Refs = Sequence[Ref[Activity]]


@dataclass(frozen=True, slots=True)
class Completions:
    """Which are done, as they were last seen, and the outcome they share."""

    refs: Refs
    outcome: str = ""
    result: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Postponement:
    """Which move, as they were last seen, to which day."""

    refs: Refs
    due_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of them: public ids of those changed, and why each of the others was refused."""

    changed: tuple[str, ...] = ()
    refused: Mapping[str, DomainError] = field(default_factory=dict)


@batch("activities.activity.complete_many", right="activities.activity.complete")
def complete_many(actor: Actor, given: Completions) -> Outcome:
    """These are done now; one that is refused leaves the others. They count at once."""
    outcome, result = rules.check_text(given.outcome, "outcome"), one_of("result", given.result)
    rows, refused = _chosen(actor, given.refs, "complete")
    said = {name: text for name, text in (("outcome", outcome), ("result", result)) if text}
    ids = [row.pk for row in rows]
    Activity.objects.filter(pk__in=ids).update(
        state=State.DONE, done_at=organization.clock().now(), version=F("version") + 1, **said
    )
    ledger.sync(FLOWS, ids)
    return Outcome(tuple(str(row.public_id) for row in rows), refused)


@batch("activities.activity.postpone", right="activities.activity.edit")
def postpone(actor: Actor, given: Postponement) -> Outcome:
    """These are planned for another day; each reminder moves with its own."""
    due_on = rules.check_due(given.due_on, organization.clock().today())
    rows, refused = _chosen(actor, given.refs, "complete")
    for row in rows:
        row.remind_at = rules.moved_reminder(row.remind_at, row.due_on, due_on)
        row.reminded_at = None
        row.due_on, row.version = due_on, row.version + 1
    Activity.objects.bulk_update(rows, ["due_on", "remind_at", "reminded_at", "version"])
    return Outcome(tuple(str(row.public_id) for row in rows), refused)


@batch("activities.activity.remind")
def remind(actor: Actor, now: datetime) -> int:
    """Mark the reminders that are due and tell of each, once; returns how many.

    Being reminded changes nothing about the activity, so its version stays: a form that lies open is not
    stale for it.
    """
    due = queries.reminders_due(now)
    rows = list(due.select_for_update(no_key=True, skip_locked=True).order_by("remind_at", "id")[:AT_ONCE])
    Activity.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    emit_all([ReminderDue(row.pk, row.owner_id, row.remind_at.isoformat()) for row in rows if row.remind_at])
    return len(rows)


def _chosen(actor: Actor, refs: Refs, verb: str) -> tuple[list[Activity], dict[str, DomainError]]:
    """Those that may move, locked in one order, and why the others may not."""
    if len(refs) > AT_ONCE:
        raise Malformed("activities.too_many", field="changes", largest=AT_ONCE)
    seen = {str(ref.public_id): ref.version for ref in refs}
    there, refused = locked_many(actor, ACTIVITIES, seen, f"activities.activity.{verb}")
    for public_id, row in there.items():
        try:
            _check(row, seen[public_id], verb)
        except DomainError as error:
            refused[public_id] = error
    return [row for public_id, row in there.items() if public_id not in refused], refused


def _check(row: Activity, version: int, verb: str) -> None:
    if row.version != version:
        raise StaleVersion("stale")
    rules.next_state(State(row.state), verb)
