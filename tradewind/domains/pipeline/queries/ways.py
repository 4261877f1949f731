"""The sales processes: pipelines with their stages, as data."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradewind.domains.pipeline import rules
from tradewind.domains.pipeline.models import Pipeline, ReasonCode, Stage
from tradewind.domains.pipeline.rules import StageFacts, State
from tradewind.kernel.errors import Malformed


@dataclass(frozen=True, slots=True)
class Way:
    """One pipeline with its stages in order: the open ones, won, lost."""

    pipeline: Pipeline
    stages: tuple[Stage, ...]

    @property
    def open_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if stage.kind == State.OPEN)

    def stage(self, key: str, field: str = "stage") -> Stage:
        """The stage with this key; raises `Malformed`."""
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise Malformed("pipeline.stage_unknown", field=field)

    def closing(self, state: State) -> Stage:
        """Where deals of this pipeline come when they are won, or lost."""
        return next(stage for stage in self.stages if stage.kind == state)


def ways() -> list[Way]:
    """Every pipeline, the default one first; archived ones last, because old deals stand there still."""
    rows = Stage.objects.select_related("pipeline", "pace").order_by(
        "pipeline__is_archived", "-pipeline__is_default", "pipeline_id", "position"
    )
    grouped: dict[int, list[Stage]] = {}
    for stage in rows:
        grouped.setdefault(stage.pipeline_id, []).append(stage)
    return [Way(stages[0].pipeline, tuple(stages)) for stages in grouped.values()]


def way_named(among: Sequence[Way], key: str) -> Way:
    """The pipeline with this key, or the default one without a key; raises `Malformed`."""
    for way in among:
        if way.pipeline.key == key or (not key and way.pipeline.is_default):
            return way
    raise Malformed("pipeline.unknown_filter", field="pipeline", text=key[:80])


def facts_of(stage: Stage) -> StageFacts:
    """A stage as the rules see it; its pipeline is loaded."""
    return StageFacts(
        stage.pk,
        stage.pipeline_id,
        stage.key,
        State(stage.kind),
        stage.position,
        stage.probability_rate,
        not stage.pipeline.is_archived,
    )


def limit_of(stage: Stage) -> int | None:
    """After how many days deals are stuck in this stage; None where nothing is known or expected."""
    if stage.kind != State.OPEN:
        return None
    pace = getattr(stage, "pace", None)  # none before anything was measured
    visits, p80_days = (pace.visits, pace.p80_days) if pace else (0, 0)
    return rules.stuck_after(visits, p80_days, stage.expected_days)


def reasons(kind: str = "") -> list[ReasonCode]:
    """The reasons in use for winning or losing, in their order; of both kinds without one."""
    rows = ReasonCode.objects.filter(is_archived=False).order_by("kind", "position", "id")
    return list(rows.filter(kind=kind) if kind else rows)
