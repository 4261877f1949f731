"""Arranging processes: the draft, putting it in force as a new version, and switching it off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from tradewind.domains.approvals import subjects
from tradewind.domains.approvals.commands.keeping import writing
from tradewind.domains.approvals.models import Edition, Process
from tradewind.domains.approvals.policy import PROCESSES
from tradewind.domains.approvals.rules import routes
from tradewind.domains.approvals.rules.routes import Arrangement
from tradewind.domains.organization.standing import standing
from tradewind.kernel.errors import Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch, command


@dataclass(frozen=True, slots=True)
class Drafted:
    """Routes and second person as they should be."""

    arrangement: Arrangement
    reason: str = ""


def drafted(content: Mapping[str, Any]) -> Drafted:
    """Routes written as data, as the demo company and integrations bring them."""
    return Drafted(routes.arrangement_of(content))


@batch("approvals.process.found", right="approvals.process.arrange")
def found_processes(actor: Actor, given: None) -> int:
    """A place for the process of every subject; what is there stays. Returns how many are new."""
    known = set(Process.objects.values_list("subject", flat=True))
    fresh = [Process(subject=one.key) for one in subjects.all_subjects() if one.key not in known]
    with writing():
        return len(Process.objects.bulk_create(fresh, ignore_conflicts=True))


@command("approvals.process.arrange", on=PROCESSES)
def arrange(actor: Actor, process: Process, given: Drafted) -> Process:
    """Keep a draft, finished or not; requests go on under the version in force."""
    with writing():
        return process.change(draft=routes.kept(given.arrangement))


@command("approvals.process.publish", on=PROCESSES)
def publish(actor: Actor, process: Process, given: Drafted) -> Process:
    """Put routes in force: new requests take them from now on, running ones keep theirs."""
    routes.check(given.arrangement, subjects.subject_named(process.subject).kinds, standing().roles)
    content: Mapping[str, Any] = routes.kept(given.arrangement)
    editions = Edition.objects.filter(process=process)
    number = (editions.aggregate(Max("number"))["number__max"] or 0) + 1
    with writing():
        Edition.objects.create(process=process, number=number, content=content, by_person_id=actor.person_id)
        return process.change(draft=content, is_active=True)


@command("approvals.process.switch_off", on=PROCESSES)
def switch_off(actor: Actor, process: Process, given: Any) -> Process:
    """From now on the change is made directly; running requests are decided as they began."""
    if not process.is_active:
        raise Refused("approvals.no_process")
    with writing():
        return process.change(is_active=False)
