"""After the rows: indexes and keys, the ledger with its sums, targets, sequences; each harmless to repeat."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from psycopg import Connection, sql

from tradewind.demo.many import shelf
from tradewind.demo.many.loading import done, facts, mark
from tradewind.demo.many.orders import COUNTER
from tradewind.demo.many.progress import Progress
from tradewind.demo.many.sizes import FIRST, Extent
from tradewind.demo.many.targets import SHARES, TARGETS
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.ledger import measures
from tradewind.domains.pipeline.commands import measure_pace
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope

STEPS = 5
ENTRIES = 9.4
"""About how many credits a customer brings with all that belongs to them."""
WORKERS = 2
TIDIED = (
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
WRITTEN = (*shelf.POURED, *TIDIED)
Connect = Callable[[], Connection[Any]]


def settle(connect: Connect, extent: Extent, progress: Progress) -> None:
    """Make a company of the rows. Posting is one thread's work; tables are tidied beside it."""
    with connect() as owner, ThreadPoolExecutor(WORKERS) as pool:
        _put_up(connect, shelf.POURED, pool, progress)
        tidied = [pool.submit(_tidy, connect, table) for table in shelf.POURED]
        _post(owner, extent, progress)
        for one in tidied:
            one.result()
        _put_up(connect, shelf.POSTED, pool, progress)
        _once(owner, "targets", lambda: _aim(owner, extent), progress)
        with scope(Actor.system("demo")) as actor:
            measure_pace(actor, None)
        owner.execute(COUNTER)
        _advance_sequences(owner, extent)
        progress.begin("statistics", len(TIDIED))
        for _ in pool.map(lambda table: _tidy(connect, table), TIDIED):
            progress.add(1)
        progress.end()


def _put_up(connect: Connect, tables: tuple[str, ...], pool: ThreadPoolExecutor, progress: Progress) -> None:
    """Indexes, two at a time; then foreign keys, unchecked at once and checked two at a time."""

    def build(one: tuple[int, str]) -> None:
        with connect() as owner:
            shelf.put_up(owner, *one)

    with connect() as owner:
        progress.begin(
            "indexes and keys", sum(len(shelf.waiting(owner, tables, rank)) for rank in shelf.RANKS)
        )
        for rank in shelf.RANKS:
            waiting = shelf.waiting(owner, tables, rank)
            for _ in map(build, waiting) if rank is shelf.UNCHECKED else pool.map(build, waiting):
                progress.add(1)
        progress.end()


def _aim(owner: Connection[Any], extent: Extent) -> None:
    owner.execute(SHARES, facts(extent))
    owner.execute(TARGETS, facts(extent))


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
    # Their names come from few words: everyone resembles a hundred others, which tells nobody anything.
    owner.execute("UPDATE customers_compared SET customer_id = (SELECT max(id) FROM customers_customer)")


def _tidy(connect: Connect, table: str) -> None:
    """Statistics for the planner, and the marks that let an index alone answer."""
    with connect() as owner:
        name = sql.Identifier(table)
        owner.execute(sql.SQL("VACUUM (ANALYZE, FREEZE) {}").format(name))
        owner.execute(sql.SQL("ALTER TABLE {} RESET (autovacuum_enabled)").format(name))
