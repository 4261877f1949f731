"""The jobs of activities: remind people when they asked for it, and tell them what others gave them."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from procrastinate.contrib.django import app

from tradewind.domains.activities.events import ActivityAssigned, ReminderDue
from tradewind.domains.activities.many import remind
from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.queries import reminders_due
from tradewind.domains.activities.values import State
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import phrase
from tradewind.platform.services.notify.commands import Notice, post
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.outbox import subscribe


@app.periodic(cron="* * * * *")
@app.task(name="activities.remind", queueing_lock="activities.remind", pass_context=False)
def remind_people(timestamp: int) -> None:
    """Tell of the reminders that came due in the last minute, or while no worker ran."""
    now = organization.clock().now()
    with scope(Actor.system("remind")) as actor:
        if reminders_due(now).exists():  # a minute without any leaves no act behind
            remind(actor, now)


def notify_reminder(facts: Mapping[str, Any]) -> None:
    """The person finds the reminder among their notifications, unless it was done meanwhile."""
    key = f"activities.reminder:{facts['activity_id']}:{facts['remind_at']}"
    _notify(facts, "reminder", phrase("Reminder: %(subject)s"), key)


def notify_assigned(facts: Mapping[str, Any]) -> None:
    """The person finds what somebody gave them among their notifications."""
    key = f"activities.assigned:{facts['activity_id']}:{facts['version']}"
    _notify(facts, "assigned", phrase("%(by)s gave you something to do: %(subject)s"), key)


def _notify(facts: Mapping[str, Any], kind: str, title: str, key: str) -> None:
    row = Activity.objects.filter(pk=facts["activity_id"], state=State.PLANNED).first()
    if row is None:
        return
    by = facts.get("by_person_id")
    words = {"subject": row.subject}
    if by:
        words["by"] = organization.people_named([by])[by].label
    notice = Notice(
        facts["person_id"],
        f"activities.{kind}",
        title,
        words,
        reverse("activities.activity", args=[row.public_id]),
        key,
        organization.clock().now(),
    )
    post(Actor.system("notify"), [notice])


subscribe(ReminderDue, "activities.notify_reminder", notify_reminder)
subscribe(ActivityAssigned, "activities.notify_assigned", notify_assigned)
