"""After the rows: indexes and keys, the ledger with its sums, targets, sequences; each harmless to repeat."""

from collections.abc import Callable
from typing import Any

from psycopg import Connection, sql

from tradewind.demo.many import shelf
from tradewind.demo.many.loading import done, facts, mark
from tradewind.demo.many.orders import COUNTER
from tradewind.demo.many.progress import Progress
from tradewind.demo.many.sizes import FIRST, Extent
from tradewind.demo.many.targets import TARGETS
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.ledger import measures
from tradewind.domains.pipeline.commands import measure_pace
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope

STEPS = 5
ENTRIES = 9.4
"""About how many credits a customer brings with all that belongs to them."""
WRITTEN = (
    *shelf.POURED,
    *shelf.POSTED,
    "ledger_rollup",
    "planning_target",
    "organization_unit",
    "organization_unitplace",
    "organization_position",
    "organization_person",
    "organization_assignment",
    "organization_grant",
    "spine_user",
)


def settle(owner: Connection[Any], extent: Extent, progress: Progress) -> None:
    """Make a company of the rows."""
    _put_up(owner, shelf.POURED, progress)
    _post(owner, extent, progress)
    _put_up(owner, shelf.POSTED, progress)
    _once(owner, "targets", lambda: owner.execute(TARGETS, facts(extent)), progress)
    with scope(Actor.system("demo")) as actor:
        measure_pace(actor, None)
    owner.execute(COUNTER)
    _advance_sequences(owner, extent)
    _tidy(owner, progress)


def _put_up(owner: Connection[Any], tables: tuple[str, ...], progress: Progress) -> None:
    waiting = shelf.waiting(owner, tables)
    progress.begin("indexes and keys", len(waiting))
    for number, statement in waiting:
        shelf.put_up(owner, number, statement)
        progress.add(1)
    progress.end()


def _post(owner: Connection[Any], extent: Extent, progress: Progress) -> None:
    """Measure by measure, as everything is posted here; then one sum for each month, person and unit."""
    flows = list(measures.flows())
    progress.begin("ledger entries", extent.customers * ENTRIES)
    for flow in flows:
        if not done(owner, f"post {flow.key}"):
            with scope(Actor.system("demo")):
                progress.add(ledger.sync([flow], None))
            mark(owner, f"post {flow.key}")
            owner.execute("ANALYZE ledger_entry")
    with scope(Actor.system("demo")):
        months = owner.execute("SELECT DISTINCT month::text FROM ledger_rollup").fetchall()
        ledger.merge_rollups([flow.key for flow in flows], [month for (month,) in months])
    progress.end()


def _once(owner: Connection[Any], step: str, act: Callable[[], Any], progress: Progress) -> None:
    progress.begin(step, 1)
    if not done(owner, step):
        with owner.transaction():
            act()
            mark(owner, step)
    progress.add(1)
    progress.end()


def _advance_sequences(owner: Connection[Any], extent: Extent) -> None:
    """New rows come after ours."""
    for table in WRITTEN:
        owner.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {}").format(
                sql.Identifier(table)
            ),
            [table],
        )
    owner.execute("SELECT setval('customers_code', %s)", [FIRST + extent.customers])


def _tidy(owner: Connection[Any], progress: Progress) -> None:
    """Statistics for the planner, and the marks that let an index alone answer."""
    progress.begin("vacuum and statistics", len(WRITTEN))
    for table in WRITTEN:
        name = sql.Identifier(table)
        owner.execute(sql.SQL("VACUUM (ANALYZE, FREEZE) {}").format(name))
        owner.execute(sql.SQL("ALTER TABLE {} RESET (autovacuum_enabled)").format(name))
        progress.add(1)
    progress.end()
