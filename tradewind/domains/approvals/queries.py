"""Questions about requests and processes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from tradewind.domains.approvals.models import Decision, Edition, Participant, Process, Request
from tradewind.domains.approvals.policy import DECISIONS, PARTICIPANTS, PROCESSES, REQUESTS
from tradewind.domains.approvals.rules import kept, paths, routes
from tradewind.domains.approvals.rules.flow import Case, Decider, own_seats
from tradewind.domains.approvals.rules.paths import Asking, Planned
from tradewind.domains.approvals.rules.routes import Arrangement
from tradewind.domains.approvals.rules.states import State
from tradewind.domains.approvals.subjects import Subject
from tradewind.domains.approvals.values import FactValue, Pending, number_of
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.standing import standing
from tradewind.kernel.errors import NotAllowed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.access.session import memory
from tradewind.platform.spine.prepared import prepared

PAGE = 30
MOST_COUNTED = 100
_PENDING = "SELECT * FROM tw_pending_requests(%s::text, %s::bigint[])"


@dataclass(frozen=True, slots=True)
class Way:
    """The route a change takes and who decides on it, with the facts it was chosen by."""

    route: str
    facts: Mapping[str, FactValue]
    planned: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of requests, newest first, and where the next begins."""

    items: Sequence[Request]
    next: str


def pending(resource: str, ids: Collection[int]) -> Mapping[int, Pending]:
    """The requests that hold these objects, whoever may see them, by object id."""
    if not ids:
        return {}
    with prepared() as cursor:
        cursor.execute(_PENDING, [resource, list(ids)])
        rows = cursor.fetchall()
    return {
        object_id: Pending(number_of(request_id), reverse("approval", args=[public_id]))
        for object_id, request_id, public_id in rows
    }


def edition_in_force(subject: str) -> Edition | None:
    """The published version that new requests follow; None where changes are made directly."""
    key, remembered = ("approvals.edition", subject), memory()
    if key not in remembered:
        editions = Edition.objects.filter(process__subject=subject, process__is_active=True)
        remembered[key] = editions.order_by("-number").first()
    found: Edition | None = remembered[key]  # type: ignore[assignment]
    return found


def unit_of(actor: Actor) -> int:
    """The unit the acting person works in today. Raises `NotAllowed` for whoever works nowhere."""
    unit = standing().unit_of.get(actor.person_id or 0)
    if unit is None:
        raise NotAllowed("not_allowed")
    return unit


def way_of(actor: Actor, subject: Subject, edition: Edition, row: Any, values: Mapping[str, Any]) -> Way:
    """The route and people for a change of this object; raises `Refused` where a step has nobody."""
    facts = subject.measure(row, values)
    return way_for(actor.person_id or 0, subject, routes.arrangement_of(edition.content), facts)


def way_for(
    person_id: int, subject: Subject, arrangement: Arrangement, facts: Mapping[str, FactValue]
) -> Way:
    """The same for anybody and any facts, for trying out a process."""
    stand = standing()
    unit_id = stand.unit_of.get(person_id)
    if unit_id is None:
        raise Refused("approvals.signer_absent")
    route = routes.choose(arrangement, subject.kinds, facts)
    asking = Asking(person_id, unit_id, arrangement.fallback)
    return Way(route.name, facts, paths.resolve(route, asking, stand))


def signer(public_id: UUID | str) -> int | None:
    """The id of somebody who works here today and can sign in."""
    wanted = _uuid(str(public_id))
    if wanted is None:
        return None
    person = organization.person_with(wanted)
    return person if person in standing().unit_of else None


def visible_requests(actor: Actor) -> QuerySet[Request]:
    """The requests the actor may see."""
    return Request.objects.filter(REQUESTS.visible(actor))


def request(actor: Actor, public_id: UUID | str) -> Request:
    """One request; raises `NotVisible`."""
    return found(visible_requests(actor).select_related("requester", "unit", "edition"), public_id)


def requests_named(actor: Actor, public_ids: Collection[str]) -> Mapping[str, Request]:
    """Those of these requests that the actor may see, by public id as it was written."""
    wanted = {text: known for text in public_ids if (known := _uuid(text)) is not None}
    rows = {one.public_id: one for one in visible_requests(actor).filter(public_id__in=wanted.values())}
    return {text: rows[known] for text, known in wanted.items() if known in rows}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def case_of(request: Request) -> Case:
    """The request as far as deciding goes."""
    return kept.read(request.requester_id, request.state, request.path)


def may_decide(actor: Actor, request: Request) -> bool:
    """Does the asking step wait for this actor, or for somebody they stand in for?"""
    return bool(own_seats(case_of(request), Decider(actor.person_id or 0, actor.stands_in_for)))


def decisions(actor: Actor, requests: Iterable[int]) -> list[Decision]:
    """What was done to these requests, in order."""
    rows = Decision.objects.filter(DECISIONS.visible(actor), request__in=list(requests))
    return list(rows.select_related("person", "for_person").order_by("id"))


def waiting(actor: Actor) -> QuerySet[Participant]:
    """The places where the actor is asked to decide, themself or for somebody who is away."""
    rows = Participant.objects.filter(PARTICIPANTS.visible(actor), is_asked=True)
    return rows.exclude(request__requester=actor.person_id)


def _as(**part: bool) -> Any:
    def filtered(actor: Actor) -> QuerySet[Request]:
        taking = Participant.objects.filter(PARTICIPANTS.visible(actor), request=OuterRef("pk"), **part)
        return visible_requests(actor).filter(Exists(taking)).exclude(requester=actor.person_id)

    return filtered


to_decide = _as(is_asked=True)
copied_to = _as(is_copied=True)
decided_by = _as(has_decided=True)


def requested_by(actor: Actor) -> QuerySet[Request]:
    """What the actor asked for."""
    return visible_requests(actor).filter(requester=actor.person_id)


def shelf(rows: QuerySet[Request], after: str, is_oldest_first: bool = False) -> Shelf:
    """A page of these requests: what is to be decided begins with what waits longest."""
    sign = "" if is_oldest_first else "-"
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(**{"id__gt" if is_oldest_first else "id__lt": int(after)})
    items = list(rows.select_related("requester", "unit").order_by(f"{sign}id")[: PAGE + 1])
    return Shelf(items[:PAGE], str(items[PAGE - 1].pk) if len(items) > PAGE else "")


def about(actor: Actor, resource: str, object_id: int) -> list[Request]:
    """The requests about one object that the actor may see, newest first."""
    rows = visible_requests(actor).filter(resource=resource, object_id=object_id)
    return list(rows.select_related("requester").order_by("-id")[:20])


def processes(actor: Actor) -> list[Process]:
    """Every process."""
    return list(Process.objects.filter(PROCESSES.visible(actor)).order_by("subject"))


def process(actor: Actor, public_id: UUID | str) -> Process:
    """One process; raises `NotVisible`."""
    return found(Process.objects.filter(PROCESSES.visible(actor)), public_id)


def editions(process: Process) -> list[Edition]:
    """Its published versions, newest first."""
    return list(Edition.objects.filter(process=process).order_by("-number")[:20])


def in_review(subject: str) -> int:
    """How many requests run, as far as one sees."""
    return Request.objects.filter(subject=subject, state=State.IN_REVIEW).count()


def hour(at: datetime) -> str:
    """A time of day in the company's zone."""
    return f"{at.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)):%H:%M}"
