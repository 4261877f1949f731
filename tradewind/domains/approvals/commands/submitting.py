"""Asking: a request with the path it takes, and one that was sent back asked anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tradewind.domains.approvals import queries, subjects
from tradewind.domains.approvals.commands.keeping import Act, due, record, take_part, tell, writing
from tradewind.domains.approvals.commands.keeping import copies_of as copies_of
from tradewind.domains.approvals.models import Edition, Request
from tradewind.domains.approvals.policy import REQUESTS
from tradewind.domains.approvals.rules import flow, kept
from tradewind.domains.approvals.rules.flow import Case
from tradewind.domains.approvals.rules.states import State, next_state
from tradewind.domains.approvals.subjects import Subject
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import Malformed, NotAllowed, Refused, StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import Given, command, creation

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Resubmission:
    """New values for a request that was sent back, by model column, and why."""

    values: Mapping[str, Any]
    object_version: int
    reason: str


@creation("approvals.request.submit", on=REQUESTS)
def submit(actor: Actor, given: Given) -> Request:
    """Ask for a change of an object one sees, as one saw it: `subject`, `object`, `object_version`, `values`.

    The path is resolved now and kept; the object is frozen until the request is decided.
    """
    subject = subjects.subject_named(str(given.values["subject"]))
    edition = queries.edition_in_force(subject.key)
    if edition is None:
        raise Refused("approvals.no_process")
    row, asker = _seen(actor, subject, str(given.values["object"]))
    values: Mapping[str, Any] = given.values["values"]  # type: ignore[assignment]
    now = organization.clock().now()
    with writing():
        locked = _locked(subject, row.pk, int(str(given.values["object_version"])))
        asked = _asked(actor, subject, edition, locked, values, given.reason)
        case: Case = asked.pop("case")
        request = Request(
            pk=int(str(given.values["id"])),
            public_id=UUID(str(given.values["public_id"])),
            subject=subject.key,
            resource=subject.resource.key,
            object_id=row.pk,
            object_public_id=row.public_id,
            requester_id=asker,
            unit_id=queries.unit_of(actor),
            edition=edition,
            state=case.state.value,
            submitted_at=now,
            decided_at=None,
            **asked,
            **due(case, now),
        )
        request.save(force_insert=True)
        _begin(request, case, Act("submit", actor, given.reason))
    return request


@command("approvals.request.resubmit", on=REQUESTS)
def resubmit(actor: Actor, request: Request, given: Resubmission) -> Request:
    """Ask anew after it was sent back: with new values and a new path, under the version it began with."""
    if actor.person_id != request.requester_id:
        raise Refused("approvals.not_requester")
    next_state(State(request.state), "resubmit")
    subject = subjects.subject_named(request.subject)
    row, _asker = _seen(actor, subject, request.object_public_id)
    now = organization.clock().now()
    with writing():
        locked = _locked(subject, row.pk, given.object_version)
        asked = _asked(actor, subject, request.edition, locked, given.values, given.reason)
        case: Case = asked.pop("case")
        unit_id = queries.unit_of(actor)
        request.change(
            **asked, **due(case, now), state=case.state.value, round=request.round + 1, unit_id=unit_id
        )
        _begin(request, case, Act("resubmit", actor, given.reason))
    return request


def _seen(actor: Actor, subject: Subject, public_id: UUID | str) -> tuple[Any, int]:
    """The object as the asking person sees it, and that person. Raises `NotVisible` or `Refused`."""
    row = found(subject.resource.visible(actor), public_id)
    if not subject.concerns(row):
        raise Refused("approvals.no_process")
    if actor.person_id is None:
        raise NotAllowed("not_allowed")
    return row, actor.person_id


def _locked(subject: Subject, object_id: int, version: int) -> Any:
    """The object, held so that no change slips in beside the request. Raises `StaleVersion`."""
    rows: QuerySet[Any] = subject.resource.scope.model._default_manager.select_for_update(
        of=("self",), no_key=True
    )
    row = rows.get(pk=object_id)
    if row.version != version:
        raise StaleVersion("stale")
    waiting = queries.pending(subject.resource.key, [object_id]).get(object_id)
    if waiting is not None:
        raise Refused("approvals.frozen", number=waiting.number, url=waiting.url)
    return row


def _asked(
    actor: Actor, subject: Subject, edition: Edition, row: Any, values: Mapping[str, Any], reason: str
) -> dict[str, Any]:
    """What is asked, in the words of today, and the path it takes."""
    if not reason.strip() or len(reason) > LONGEST:
        raise Malformed("approvals.reason_missing", field="reason")
    values = subjects.completed(subject, row, values)
    shown = subjects.changes(subject, row, values)
    if not shown:
        raise Malformed("approvals.nothing_changes", field=subject.fields[0])
    way = queries.way_of(actor, subject, edition, row, values)
    case = flow.submitted(actor.person_id or 0, way.planned)
    return {
        "case": case,
        "object_label": str(getattr(row, subject.resource.title))[:200],
        "object_version": row.version,
        "route": way.route,
        "reason": reason.strip(),
        "proposed": subjects.kept_values(values),
        "shown": shown,
        "facts": subjects.kept_facts(way.facts),
        "path": kept.written(case.stages),
    }


def _begin(request: Request, case: Case, act: Act) -> None:
    nobody = Case(case.requester, (), case.state)
    record(request, nobody, case, act)
    take_part(request, nobody, case)
    tell(request, "asked", case.asked, act)
    tell(request, "copied", copies_of(case), act)
