"""How the company sells: its pipelines and stages, its reasons, and how quickly deals pass the stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.models import Opportunity, Pipeline, ReasonCode, Stage, StageMove
from tradewind.domains.pipeline.rules import State
from tradewind.kernel.errors import Malformed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch

_PACE = """
INSERT INTO pipeline_pace AS p (stage_id, visits, p80_days, measured_at)
SELECT from_stage_id, count(*), percentile_disc(0.8) WITHIN GROUP (ORDER BY days), now()
FROM pipeline_stagemove WHERE NOT is_undone AND from_stage_id IS NOT NULL GROUP BY from_stage_id
ON CONFLICT (stage_id) DO UPDATE SET visits = EXCLUDED.visits, p80_days = EXCLUDED.p80_days,
    measured_at = EXCLUDED.measured_at
"""


@dataclass(frozen=True, slots=True)
class StageGiven:
    """One stage as it should be; `kind` is open, won or lost, the rate 0 to 1 (won is 1, lost is 0)."""

    key: str
    name: str
    name_en: str
    kind: str = "open"
    probability_rate: Decimal = Decimal(0)
    expected_days: int | None = None
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WayGiven:
    """A whole pipeline by its key, with all its stages in order: the open ones, won, lost."""

    key: str
    name: str
    name_en: str
    stages: tuple[StageGiven, ...]
    is_default: bool = False
    is_archived: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReasonGiven:
    """One reason for winning or losing; one that is archived is no longer offered."""

    kind: str
    key: str
    name: str
    name_en: str
    is_archived: bool = False


@batch("pipeline.pipeline.arrange")
def arrange_pipeline(actor: Actor, given: WayGiven) -> int:
    """Make a pipeline, or make one with this key what is given; returns its id.

    A stage that is no longer named goes, unless a deal stands or stood there. A stage keeps its kind.
    """
    rules.check_stages([stage.kind for stage in given.stages])
    if given.is_archived and given.is_default:
        raise Refused("pipeline.default_in_use")
    pipeline = Pipeline.objects.filter(key=given.key).first() or Pipeline(key=given.key)
    if pipeline.is_default and not given.is_default:
        raise Refused("pipeline.default_in_use")
    if given.is_default:
        for former in Pipeline.objects.filter(is_default=True).exclude(key=given.key):
            former.change(is_default=False)
    _kept(
        pipeline, **{name: getattr(given, name) for name in ("name", "name_en", "is_default", "is_archived")}
    )
    known = {stage.key: stage for stage in Stage.objects.filter(pipeline=pipeline)}
    _drop([stage for key, stage in known.items() if key not in {one.key for one in given.stages}])
    for position, one in enumerate(given.stages, start=1):
        _keep_stage(pipeline, known.get(one.key), one, position)
    return pipeline.pk


def _kept(row: Pipeline | Stage | ReasonCode, **values: Any) -> None:
    """Save a new row, or the changes of one that is there."""
    if row.pk is None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    elif any(getattr(row, name) != value for name, value in values.items()):
        row.change(**values)


def _keep_stage(pipeline: Pipeline, known: Stage | None, given: StageGiven, position: int) -> None:
    if known is not None and known.kind != given.kind:
        raise Malformed("pipeline.stages_incomplete", field="stages")
    fixed: Mapping[str, Decimal] = {State.WON: Decimal(1), State.LOST: Decimal(0)}
    rate = fixed.get(given.kind, given.probability_rate)
    if not 0 <= rate <= 1:
        raise Malformed("pipeline.stages_incomplete", field="stages")
    _kept(
        known or Stage(pipeline=pipeline, key=given.key, kind=given.kind),
        name=given.name,
        name_en=given.name_en,
        position=position,
        probability_rate=rate,
        expected_days=given.expected_days,
        criteria=list(given.criteria),
    )


def _drop(stages: Sequence[Stage]) -> None:
    for stage in stages:
        is_used = (
            Opportunity.objects.filter(Q(stage=stage) | Q(furthest=stage)).exists()
            or StageMove.objects.filter(Q(from_stage=stage) | Q(to_stage=stage)).exists()
        )
        if is_used:
            raise Refused("pipeline.stage_in_use", stage=stage.label)
        stage.delete()


@batch("pipeline.reason.arrange")
def arrange_reasons(actor: Actor, given: Sequence[ReasonGiven]) -> int:
    """Make the list of reasons what is given, in this order; those not named are archived, never deleted."""
    known = {(row.kind, row.key): row for row in ReasonCode.objects.all()}
    for position, one in enumerate(given, start=1):
        if one.kind not in (State.WON, State.LOST):
            raise Malformed("pipeline.reason_unknown", field="kind")
        row = known.pop((one.kind, one.key), None) or ReasonCode(kind=one.kind, key=one.key)
        _kept(row, name=one.name, name_en=one.name_en, position=position, is_archived=one.is_archived)
    for row in known.values():
        _kept(row, is_archived=True)
    return len(given)


@batch("pipeline.stage.measure_pace")
def measure_pace(actor: Actor, given: None) -> int:
    """Learn from all finished visits how long deals take in each stage; returns how many stages that is.

    Everybody's visits count, whoever looks later: what is slow must not depend on who asks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PACE)
        return int(cursor.rowcount)
