"""An import belongs to whoever made it, and to nobody else."""

from tradewind.platform.spine.access.scopes import Keeping, PartOf, Scope, register
from tradewind.platform.surface.exchange.models import ImportLine, ImportMapping, ImportRun

WRITES = ("INSERT", "UPDATE")
RUNS = Scope("exchange.run", ImportRun, "person_id", personal=True, keeping=Keeping.PASSING, writes=WRITES)
LINES = Scope(
    "exchange.line",
    ImportLine,
    part_of=PartOf("run_id", "exchange.run"),
    keeping=Keeping.PASSING,
    writes=WRITES,
)
MAPPINGS = Scope(
    "exchange.mapping", ImportMapping, "person_id", personal=True, keeping=Keeping.PASSING, writes=WRITES
)

register(RUNS, LINES, MAPPINGS)
