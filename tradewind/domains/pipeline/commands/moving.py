"""Moving deals between open stages: one, many at once, and taking a move back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.commands.places import (
    STAGES,
    come,
    move_of,
    placed,
    stage_named,
    stages_of,
)
from tradewind.domains.pipeline.events import OpportunitiesMoved
from tradewind.domains.pipeline.models import Opportunity, Stage, StageMove
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.domains.pipeline.queries.ways import facts_of
from tradewind.domains.pipeline.rules import State
from tradewind.domains.pipeline.values import OpportunityId
from tradewind.kernel.errors import DomainError, Malformed, Refused, StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch, command, locked_many
from tradewind.platform.spine.outbox import emit

UNDO_WITHIN = timedelta(minutes=10)
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class MoveTo:
    """An open stage by its key, in the deal's own pipeline or another one (by key), and why."""

    stage: str
    pipeline: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Asks for the last move to be taken back; nothing else needs to be said."""


@dataclass(frozen=True, slots=True)
class MoveMany:
    """Up to 500 deals as they were seen, (public id, version) each, and where they go."""

    deals: Sequence[tuple[UUID | str, int]]
    stage: str
    pipeline: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The deals that moved, and for each of the others its public id with the refusal's code."""

    ids: tuple[OpportunityId, ...]
    refused: tuple[tuple[str, str], ...]


@command("pipeline.opportunity.move", on=OPPORTUNITIES)
def move_stage(actor: Actor, deal: Opportunity, given: MoveTo) -> OpportunityId:
    """Bring an open deal to another open stage: forward, back, skipping some, or into another pipeline."""
    rules.next_state(State(deal.state), "move")
    target = stage_named(given.stage, given.pipeline, deal.stage)
    rules.check_target(facts_of(deal.stage), facts_of(target))
    come(actor, deal, target, given.reason.strip())
    emit(OpportunitiesMoved((deal.pk,), target.pk))
    return OpportunityId(deal.pk)


@command("pipeline.opportunity.undo_move", on=OPPORTUNITIES)
def undo_move(actor: Actor, deal: Opportunity, given: TakeBack) -> OpportunityId:
    """Take back one's own last move of the last minutes, as if it had not been; its record stays, marked."""
    rules.next_state(State(deal.state), "move")
    last = deal.moves.filter(is_undone=False).select_related("from_stage").order_by("-id").first()
    if last is None or not _may_be_undone(actor, last):
        raise Refused("pipeline.nothing_to_undo")
    back = last.from_stage
    assert back is not None  # noqa: S101 asked above
    last.is_undone = True
    last.save(update_fields=["is_undone"])
    before = deal.moves.filter(is_undone=False, to_stage__pipeline=back.pipeline_id)
    far = before.exclude(to_stage__kind=State.LOST).order_by("-to_stage__position").first()
    deal.change(
        stage_id=back.pk,
        furthest_id=far.to_stage_id if far else back.pk,
        stage_on=last.moved_on - timedelta(days=last.days or 0),
    )
    emit(OpportunitiesMoved((deal.pk,), back.pk))
    return OpportunityId(deal.pk)


def _may_be_undone(actor: Actor, move: StageMove) -> bool:
    """One's own, from an open stage, and not longer ago than a page stays open over it."""
    is_own = move.person_id is not None and move.person_id == actor.person_id
    is_recent = organization.clock().now() - move.moved_at <= UNDO_WITHIN
    return bool(move.from_stage and move.from_stage.kind == State.OPEN) and is_own and is_recent


@batch("pipeline.opportunity.move_many", right="pipeline.opportunity.move")
def move_many(actor: Actor, given: MoveMany) -> Moved:
    """Bring many deals to one stage. Those that cannot go are named with the reason; the others go."""
    if len(given.deals) > AT_ONCE:
        raise Malformed("pipeline.too_many", field="deals", largest=AT_ONCE)
    seen, refused = _seen(given.deals)
    deals, unheld = locked_many(actor, OPPORTUNITIES, seen, "pipeline.opportunity.move")
    refused.extend((public_id, refusal.code) for public_id, refusal in unheld.items())
    known, target = stages_of(deals.values()), _target(given)
    going: list[Opportunity] = []
    for public_id, deal in deals.items():
        try:
            _check(deal, seen[public_id], known, target)
            going.append(deal)
        except DomainError as refusal:
            refused.append((public_id, refusal.code))
    _move_all(actor, going, known, target, given.reason.strip())
    return Moved(tuple(OpportunityId(deal.pk) for deal in going), tuple(refused))


def _seen(given: Sequence[tuple[UUID | str, int]]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Versions by well-formed public id, each named once; and what is no public id."""
    seen, refused = dict[str, int](), list[tuple[str, str]]()
    for public_id, version in given:
        try:
            seen.setdefault(str(UUID(str(public_id))), version)
        except ValueError:
            refused.append((str(public_id), "not_found"))
    return seen, refused


def _target(given: MoveMany) -> Stage:
    rows = STAGES.filter(key=given.stage)
    rows = (
        rows.filter(pipeline__key=given.pipeline)
        if given.pipeline
        else rows.filter(pipeline__is_default=True)
    )
    found = rows.first()
    if found is None:
        raise Malformed("pipeline.stage_unknown", field="stage")
    return found


def _check(deal: Opportunity, version: int, known: dict[int, Stage], target: Stage) -> None:
    if deal.version != version:
        raise StaleVersion("stale")
    rules.next_state(State(deal.state), "move")
    rules.check_target(facts_of(known[deal.stage_id]), facts_of(target))


def _move_all(
    actor: Actor, deals: list[Opportunity], known: dict[int, Stage], target: Stage, note: str
) -> None:
    """The same as moving one after the other, in two statements."""
    if not deals:
        return
    StageMove.objects.bulk_create(move_of(actor, deal, target, note) for deal in deals)
    for deal in deals:
        for name, value in placed(deal, known[deal.furthest_id], target).items():
            setattr(deal, name, value)
        deal.version = F("version") + 1
    fields = ["stage", "state", "furthest", "stage_on", "version"]
    Opportunity.objects.bulk_update(deals, fields)
    emit(OpportunitiesMoved(tuple(deal.pk for deal in deals), target.pk))
