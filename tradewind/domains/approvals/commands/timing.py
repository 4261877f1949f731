"""Time: people are reminded of what waits for them, and what waits too long goes one level up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tradewind.domains.approvals.commands.keeping import Act, case_of, keep, record, tell, writing
from tradewind.domains.approvals.models import Request
from tradewind.domains.approvals.rules import flow
from tradewind.domains.approvals.rules.paths import next_head_up
from tradewind.domains.approvals.rules.states import State
from tradewind.domains.organization.standing import standing
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Overdue:
    """What came due until this moment."""

    until: datetime


def overdue(until: datetime) -> QuerySet[Request]:
    """Requests to remind of or to escalate."""
    due = Q(remind_at__lte=until) | Q(escalate_at__lte=until)
    return Request.objects.filter(due, state=State.IN_REVIEW).order_by("id")


@batch("approvals.request.escalate", right="approvals.request.escalate")
def escalate_overdue(actor: Actor, given: Overdue) -> int:
    """Each once: an escalated step names whose it was, a reminder changes nothing. Returns how many."""
    with writing():
        due = overdue(given.until).select_for_update(of=("self",), no_key=True, skip_locked=True)
        requests = list(due[:AT_ONCE])
        for request in requests:
            if request.escalate_at is not None and request.escalate_at <= given.until:
                _escalate(actor, request)
            else:
                _remind(actor, request)
    return len(requests)


def _escalate(actor: Actor, request: Request) -> None:
    """To the next head up; where nobody stands above, whoever is asked is reminded instead."""
    before = case_of(request)
    after = flow.escalate(before, lambda person, barred: next_head_up(person, barred, standing()))
    if after == before:
        request.escalate_at = None
        _remind(actor, request)
        return
    keep(request, after, Act("escalate", actor))
    request.escalate_at = None
    request.save(update_fields=["escalate_at"])


def _remind(actor: Actor, request: Request) -> None:
    case, act = case_of(request), Act("remind", actor)
    record(request.change(remind_at=None, escalate_at=request.escalate_at), case, case, act)
    tell(request, "reminded", case.asked, act)
