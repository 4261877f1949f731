"""The jobs of approvals: remind, escalate, and tell people what moved."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from procrastinate.contrib.django import app

from tradewind.domains.approvals.commands.timing import Overdue, escalate_overdue, overdue
from tradewind.domains.approvals.events import RequestMoved
from tradewind.domains.approvals.models import Request
from tradewind.domains.approvals.subjects import subject_named
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.standing_in import stand_ins_today
from tradewind.kernel.errors import phrase
from tradewind.platform.services.notify.commands import Notice, post
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.outbox import subscribe

TITLES = {
    "asked": phrase("%(by)s asks for your approval: %(name)s · %(label)s"),
    "escalated": phrase("Nobody decided in time, now you are asked: %(name)s · %(label)s"),
    "reminded": phrase("Reminder, this waits for your decision: %(name)s · %(label)s"),
    "copied": phrase("Copied to you: %(name)s · %(label)s"),
    "commented": phrase("%(by)s on %(number)s: %(note)s"),
    "approved": phrase("Approved: %(name)s · %(label)s"),
    "rejected": phrase("%(by)s rejected: %(name)s · %(label)s"),
    "sent_back": phrase("%(by)s sent back: %(name)s · %(label)s"),
    "withdrawn": phrase("Withdrawn, nothing to decide any more: %(name)s · %(label)s"),
}

WAITING = ("asked", "escalated", "reminded", "withdrawn")


@app.periodic(cron="* * * * *")
@app.task(name="approvals.escalate", queueing_lock="approvals.escalate", pass_context=False)
def escalate(timestamp: int) -> None:
    """Remind of and pass on what came due in the last minute, or while no worker ran."""
    now = organization.clock().now()
    with scope(Actor.system("escalate")) as actor:
        if overdue(now).exists():  # a minute without any leaves no act behind
            escalate_overdue(actor, Overdue(now))


def notify_moved(facts: Mapping[str, Any]) -> None:
    """Each of these people finds among their notifications what moved."""
    from django.utils.translation import gettext

    request = Request.objects.select_related("requester").get(pk=facts["request_id"])
    by = facts["by_person_id"]
    shown_by = request.requester_id if facts["kind"] == "asked" else by
    names = organization.people_named([shown_by] if shown_by else [])
    words = {
        "by": names[shown_by].label if shown_by in names else "",
        "name": gettext(subject_named(request.subject).name),
        "label": request.object_label,
        "number": request.number,
        "note": facts["note"],
    }
    url, now = reverse("approval", args=[request.public_id]), organization.clock().now()
    key = f"approvals.{facts['kind']}:{request.pk}:{facts['version']}"
    kind, title = f"approvals.{facts['kind']}", TITLES[facts["kind"]]
    people = set(facts["person_ids"])
    if facts["kind"] in WAITING:  # whoever stands in decides, but for what they asked for themselves
        people |= stand_ins_today(people) - {request.requester_id}
    notices = [Notice(person, kind, title, words, url, key, now) for person in sorted(people)]
    post(Actor.system("notify"), notices)


subscribe(RequestMoved, "approvals.notify_moved", notify_moved)
