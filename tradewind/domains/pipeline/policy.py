"""A deal is seen by its owner, in its unit, and read by the owner of its customer; its moves by the same."""

from tradewind.domains.pipeline.models import Opportunity, Pace, Pipeline, ReasonCode, Stage, StageMove
from tradewind.platform.spine.access.scopes import Follows, Keeping, PartOf, Scope, register

PIPELINES = Scope("pipeline.pipeline", Pipeline, everyone=True)
STAGES = Scope("pipeline.stage", Stage, everyone=True)
PACES = Scope("pipeline.pace", Pace, everyone=True, keeping=Keeping.DERIVED)
REASON_CODES = Scope("pipeline.reason", ReasonCode, everyone=True)
OPPORTUNITIES = Scope(
    "pipeline.opportunity",
    Opportunity,
    person="owner_id",
    unit="unit_id",
    follows=Follows("customer_id", "customers.customer"),
    shared=True,
    writes=("INSERT", "UPDATE"),
)
MOVES = Scope(
    "pipeline.move",
    StageMove,
    part_of=PartOf("deal_id", "pipeline.opportunity"),
    writes=("INSERT", "UPDATE"),
)

register(PIPELINES, STAGES, PACES, REASON_CODES, OPPORTUNITIES, MOVES)
