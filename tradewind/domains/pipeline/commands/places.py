"""Where deals stand: every change of stage writes the deal and its move here."""

from collections.abc import Iterable

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.models import Opportunity, Stage, StageMove
from tradewind.domains.pipeline.queries.ways import facts_of
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor

STAGES = Stage.objects.select_related("pipeline")


def stage_named(key: str, pipeline: str, present: Stage) -> Stage:
    """The stage with this key, in the named pipeline or the present one. Raises `Malformed`."""
    rows = STAGES.filter(key=key)
    rows = rows.filter(pipeline__key=pipeline) if pipeline else rows.filter(pipeline=present.pipeline_id)
    found = rows.first()
    if found is None:
        raise Malformed("pipeline.stage_unknown", field="stage")
    return found


def stages_of(deals: Iterable[Opportunity]) -> dict[int, Stage]:
    """The present and furthest stages of deals, by id."""
    deals = list(deals)
    ids = {deal.stage_id for deal in deals} | {deal.furthest_id for deal in deals}
    return STAGES.in_bulk(ids)


def come(actor: Actor, deal: Opportunity, target: Stage, note: str = "", **values: object) -> None:
    """Bring one deal to a stage today, with whatever else changes at that moment."""
    known = stages_of([deal])
    move = move_of(actor, deal, target, note)
    move.save()
    deal.change(**placed(deal, known[deal.furthest_id], target), **values)


def move_of(actor: Actor, deal: Opportunity, target: Stage, note: str) -> StageMove:
    """The record of a deal coming to a stage today, not saved yet."""
    clock = organization.clock()
    today = clock.today()
    return StageMove(
        deal=deal,
        opened_on=deal.opened_on,
        from_stage_id=deal.stage_id,
        to_stage=target,
        moved_on=today,
        moved_at=clock.now(),
        days=rules.days_between(deal.stage_on, today),
        amount=deal.amount,
        person_id=actor.person_id,
        note=note,
    )


def placed(deal: Opportunity, reached: Stage, target: Stage) -> dict[str, object]:
    """What a deal in this stage holds from today on."""
    far = rules.furthest(facts_of(reached), facts_of(target))
    return {
        "stage_id": target.pk,
        "state": target.kind,
        "furthest_id": far.id,
        "stage_on": organization.clock().today(),
    }
