"""What must always be true of an instance, checked over everything it holds."""

from dataclasses import dataclass

from tradewind.domains.ledger import commands as ledger
from tradewind.domains.ledger import measures
from tradewind.domains.ledger.queries.months import deviations_of_closed
from tradewind.domains.orders import queries as orders
from tradewind.domains.orders.commands import SERIES
from tradewind.domains.organization import charts
from tradewind.domains.pipeline import queries as pipeline
from tradewind.platform.spine import seals
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and what came out of it."""

    what: str
    result: str
    is_right: bool


def verify() -> list[Finding]:
    """Measures against documents, deals against moves and orders, sums against entries, the seals."""
    with scope(Actor.system("verify")):
        seals.seal()
    with scope(Actor.system("verify")):
        found = [
            _counted(f"{flow.key} = its documents", ledger.deviations(flow)) for flow in measures.flows()
        ]
        found.append(_counted("monthly sums = entries", ledger.rollup_deviations()))
        found.append(_counted("closed months = their sums at closing", deviations_of_closed()))
        found.append(_counted("deals stand where their moves brought them", pipeline.deviations_from_moves()))
        found.append(_counted("every unit stands below its parent", charts.deviations_of_tree()))
        found.append(_counted("one order per won deal", orders.deviations_from_deals()))
        found.append(_counted("order totals = their lines", orders.deviations_of_totals()))
        found.append(_counted("order numbers without a gap", orders.missing_numbers(SERIES)))
        report = seals.verify()
    broken = len(report.broken_seals) + len(report.changed_rows)
    named = f"{report.sealed_rows} sealed rows, {broken} deviations"
    if broken:
        named += f" (seals {list(report.broken_seals)}, history rows {list(report.changed_rows)})"
    return [*found, Finding("record of commands and history = its seals", named, not broken)]


def _counted(what: str, deviations: int) -> Finding:
    return Finding(what, f"{deviations} deviations", deviations == 0)
