"""Stage history as imports write it; pipelines, stages and reasons as data."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import acting, system
from tests.stories.wandering import (
    imported,
    wandering,
)
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.pipeline import commands, queries
from tradewind.domains.pipeline.imports import import_opportunities
from tradewind.domains.pipeline.models import Opportunity, Pipeline, Stage, StageMove
from tradewind.domains.pipeline.queries import Asked
from tradewind.domains.pipeline.values import DealRow, Plan
from tradewind.kernel.errors import Malformed, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_books")]

# -- Importing ---------------------------------------------------------------------------------------


def stored() -> list[tuple[object, ...]]:
    with system():
        deals = Opportunity.objects.order_by("number").values_list(
            "number", "state", "stage__key", "furthest__key", "stage_on", "opened_on", "closed_on", "amount"
        )
        moves = StageMove.objects.order_by("deal__number", "id").values_list(
            "deal__number", "from_stage__key", "to_stage__key", "moved_on", "days", "amount", "opened_on"
        )
        return [*deals, *moves]


def told(rows: Sequence[DealRow]) -> list[tuple[object, ...]]:
    """The history as moving by hand would have written it: each move says what the one before left."""
    made: list[tuple[object, ...]] = []
    for row in rows:
        for at, (stage, on) in enumerate(row.moves):
            former = row.moves[at - 1] if at else None
            days = (on - former[1]).days if former else None
            opened = row.moves[0][1]
            made.append((row.number, former and former[0], stage, on, days, row.plan.amount, opened))
    return made


def test_an_import_writes_the_same_history_that_moving_by_hand_would() -> None:
    rows = wandering(20, 60)
    imported(rows)
    assert stored()[len(rows) :] == told(rows)
    assert all(finding.is_right for finding in verify())


def test_a_history_told_anew_takes_the_place_of_the_former_and_the_same_changes_nothing() -> None:
    rows, changed = wandering(21, 40), wandering(22, 40)
    imported(rows)
    before = stored()
    with system() as actor:
        assert import_opportunities(actor, rows).report.unchanged == len(rows)
    assert stored() == before
    renamed = [row_named(new, old.number) for new, old in zip(changed, rows, strict=True)]
    with system() as actor:
        assert import_opportunities(actor, renamed).report.updated == len(rows)
    assert stored()[len(rows) :] == told(renamed)
    assert all(finding.is_right for finding in verify())


def row_named(row: DealRow, number: str) -> DealRow:
    plan = Plan(number, row.plan.amount, row.plan.close_on, reason_code=row.plan.reason_code)
    return DealRow(number, row.seller, row.product, "", row.stage, row.opened_on, row.closed_on, row.value,
                   json.dumps(["anew", number]), plan, row.moves)  # fmt: skip


def test_a_deal_without_a_history_came_straight_to_where_it_is() -> None:
    closed = DealRow("P1", "seller", "ZN-MES", "", "lost", date(2026, 1, 1), date(2026, 1, 9), None, "[1]")
    fresh = DealRow("P2", "seller", "ZN-MES", "", "engaging", None, None, None, "[2]")
    imported([closed, fresh])
    assert [row[:5] for row in stored()[2:]] == [
        ("P1", None, "prospecting", date(2026, 1, 1), None),
        ("P1", "prospecting", "lost", date(2026, 1, 9), 8),
        ("P2", None, "engaging", TEST_DAY, None),
    ]
    with system():
        assert Opportunity.objects.get(number="P2").title == "制造执行 MES", "called by its product"


# -- Pipelines as data --------------------------------------------------------------------------------

STAGES = (
    commands.StageGiven("visit", "拜访", "Visit", probability_rate=Decimal("0.2"), expected_days=10),
    commands.StageGiven("sample", "送样", "Sample", probability_rate=Decimal("0.6")),
    commands.StageGiven("won", "赢单", "Won", "won"),
    commands.StageGiven("lost", "输单", "Lost", "lost"),
)


def arrange(**more: Any) -> int:
    with acting("admin") as actor:
        given: Mapping[str, Any] = {"stages": STAGES, **more}
        return commands.arrange_pipeline(
            actor, commands.WayGiven("sampling", "送样流程", "Sampling", **given)
        )


def test_a_second_pipeline_has_a_board_of_its_own_and_takes_deals_from_the_first() -> None:
    arrange()
    with system():
        deal = Opportunity.objects.filter(owner__sign_in="seller", state="open")[0]
    with acting("seller") as actor:
        ref: Any = queries.deal(actor, deal.public_id)
        from tradewind.platform.spine.command import Ref

        commands.move_stage(actor, Ref(ref.public_id, ref.version), commands.MoveTo("sample", "sampling"))
        board = queries.board(actor, Asked(pipeline="sampling"))
        assert [(column.stage.key, column.count) for column in board.columns] == [
            ("visit", 0),
            ("sample", 1),
            ("won", 0),
            ("lost", 0),
        ]
        moved = queries.deal(actor, deal.public_id)
        assert moved.furthest_id == moved.stage_id
        assert queries.cohort(actor, Asked(pipeline="sampling")).opened == 1
    assert all(finding.is_right for finding in verify())


def test_stages_are_renamed_reordered_added_and_taken_away_unless_deals_know_them() -> None:
    arrange()
    renamed = commands.StageGiven("visit", "上门拜访", "Visit", probability_rate=Decimal("0.3"))
    trial = commands.StageGiven("trial", "试用", "Trial", probability_rate=Decimal("0.7"))
    key = arrange(stages=(trial, renamed, *STAGES[2:]))
    with system():
        stages = Stage.objects.filter(pipeline=key).order_by("position")
        assert list(stages.values_list("key", "name")) == [
            ("trial", "试用"),
            ("visit", "上门拜访"),
            ("won", "赢单"),
            ("lost", "输单"),
        ]
    standard = [commands.StageGiven(stage.key, stage.name, stage.name_en, stage.kind) for stage in kept()]
    without = tuple(stage for stage in standard if stage.key != "proposal")
    asked = commands.WayGiven("standard", "标准", "Standard", without, is_default=True)
    with acting("admin") as actor, pytest.raises(Refused) as refusal:
        commands.arrange_pipeline(actor, asked)
    assert refusal.value.code == "pipeline.stage_in_use"


def kept() -> list[Stage]:
    with system():
        return list(Stage.objects.filter(pipeline__is_default=True).order_by("position"))


@pytest.mark.parametrize(
    "more",
    [
        {"stages": STAGES[:2]},
        {"stages": (*STAGES[:2], STAGES[3], STAGES[2])},
        {"stages": (commands.StageGiven("a", "甲", "A", probability_rate=Decimal(2)), *STAGES[2:])},
        {"stages": (commands.StageGiven("a", "甲", "A", "maybe"), *STAGES[2:])},
        {"is_default": True, "is_archived": True},
    ],
)
def test_a_pipeline_that_leads_nowhere_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises((Malformed, Refused)):
        arrange(**more)
    with system():
        assert not Pipeline.objects.filter(key="sampling").exists()


def test_there_is_always_one_default_pipeline() -> None:
    arrange(is_default=True)
    with system():
        assert Pipeline.objects.get(is_default=True).key == "sampling"
    with pytest.raises(Refused):
        arrange(is_default=False)


def test_reasons_are_kept_in_their_order_and_never_lost() -> None:
    with acting("admin") as actor:
        given = [commands.ReasonGiven("lost", "price", "太贵", "Too dear"),
                 commands.ReasonGiven("won", "luck", "运气", "Luck")]  # fmt: skip
        commands.arrange_reasons(actor, given)
        assert [(code.kind, code.key, code.label) for code in queries.reasons()] == [
            ("lost", "price", "太贵"),
            ("won", "luck", "运气"),
        ]
