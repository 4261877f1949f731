"""Changes of deals and of the ways they take; the only writers of the pipeline, but for imports."""

from tradewind.domains.pipeline.commands.arranging import (
    ReasonGiven,
    StageGiven,
    WayGiven,
    arrange_pipeline,
    arrange_reasons,
    measure_pace,
)
from tradewind.domains.pipeline.commands.closing import Loss, Reopening, Win, lose, reopen, win
from tradewind.domains.pipeline.commands.moving import (
    Moved,
    MoveMany,
    MoveTo,
    TakeBack,
    move_many,
    move_stage,
    undo_move,
)
from tradewind.domains.pipeline.commands.writing import (
    NextStep,
    create_opportunity,
    edit_opportunity,
    plan_next_step,
)
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.platform.spine.sharing import sharings

sharing = sharings(OPPORTUNITIES)

__all__ = [
    "Loss",
    "MoveMany",
    "MoveTo",
    "Moved",
    "NextStep",
    "ReasonGiven",
    "Reopening",
    "StageGiven",
    "TakeBack",
    "WayGiven",
    "Win",
    "arrange_pipeline",
    "arrange_reasons",
    "create_opportunity",
    "edit_opportunity",
    "lose",
    "measure_pace",
    "move_many",
    "move_stage",
    "plan_next_step",
    "reopen",
    "sharing",
    "undo_move",
    "win",
]
