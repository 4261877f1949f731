"""From a number of customers to a whole company: steps in order, each done once, however often killed."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

from tradewind.demo.many import activities, customers, deals, orders, shelf
from tradewind.demo.many.loading import close_books, done, facts, facts_of, mark, open_books
from tradewind.demo.many.progress import Progress
from tradewind.demo.many.settling import STEPS, WORKERS, settle
from tradewind.demo.many.sizes import CONTACTS, DRAFTS, TOUCHES, Chunk, Extent
from tradewind.demo.many.staff import staff


@dataclass(frozen=True, slots=True)
class Pour:
    """Rows of one table for every chunk; `per_customer` is about how many."""

    table: str
    statement: str
    told: Mapping[str, Any]
    per_customer: float


POURS = (
    Pour("customers_customer", customers.CUSTOMERS, customers.TOLD, 1),
    Pour("customers_contact", customers.CONTACTS, customers.TOLD, CONTACTS),
    Pour("pipeline_opportunity", deals.DEALS, deals.TOLD, 1),
    Pour("pipeline_stagemove", deals.MOVES, deals.TOLD, 4.3),
    Pour("orders_order", orders.ORDERS, orders.TOLD, 1.3),
    Pour("activities_activity", activities.ACTIVITIES, activities.TOLD, TOUCHES),
)


class Load:
    """One load of one size for one day. `connect` opens connections of the tables' owner."""

    def __init__(self, connect: Callable[[], Connection[Any]], extent: Extent, zone: str) -> None:
        self.connect = connect
        self.extent = extent
        self.zone = zone

    def run(self) -> None:
        """Do all that is not done yet."""
        with self.owner() as owner, Progress(len(POURS) + STEPS) as progress:
            open_books(owner, self.extent)
            self.once(owner, "staff", lambda: staff(owner, self.extent))
            self.once(owner, "take down", lambda: shelf.take_down(owner, (*shelf.POURED, *shelf.POSTED)))
            known = self.known(owner)
            for pour in POURS:
                self.pour(pour, known, progress)
            settle(self.owner, self.extent, progress)
            close_books(owner)

    def owner(self) -> Connection[Any]:
        """A connection that may lose its last second in a power cut: that is made again."""
        made = self.connect()
        made.autocommit = True
        made.execute(
            "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '64MB';"
            "SET lock_timeout = 0; SET max_parallel_maintenance_workers = 0"
        )
        return made

    def once(self, owner: Connection[Any], step: str, act: Callable[[], None]) -> None:
        """Do a step and mark it, in one transaction, if it is not done."""
        if not done(owner, step):
            with owner.transaction():
                act()
                mark(owner, step)

    def known(self, owner: Connection[Any]) -> Mapping[str, Any]:
        """Ids that statements name."""
        (facts_known,) = owner.execute(_KNOWN, facts(self.extent)).fetchall()
        names = ("stages", "won", "lost", "won_reasons", "lost_reasons", "products", "sellers", "drawn")
        return dict(zip(names, facts_known, strict=True))

    def pour(self, pour: Pour, known: Mapping[str, Any], progress: Progress) -> None:
        """Fill one table chunk by chunk, two at a time."""
        with self.owner() as owner:
            there = done(owner, pour.table)
            chunks = list(self.extent.chunks())
            size = sum(chunk.size for chunk in chunks if chunk.number in there)
            progress.begin(pour.table, self.extent.customers * pour.per_customer, size * pour.per_customer)
            with ThreadPoolExecutor(WORKERS) as pool:
                waiting = [chunk for chunk in chunks if chunk.number not in there]
                for rows in pool.map(lambda chunk: self.fill(pour, chunk, known), waiting):
                    progress.add(rows)
            owner.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(pour.table)))
            progress.end()

    def fill(self, pour: Pour, chunk: Chunk, known: Mapping[str, Any]) -> int:
        """Make one chunk of one table and mark it, in one transaction; returns how many rows came."""
        numbered = chunk.number * (self.extent.at_once - self.extent.at_once // DRAFTS) + known["drawn"]
        told = {**facts_of(self.extent, chunk), **known, **pour.told}
        told |= {"zone": self.zone, "drafts": DRAFTS, "numbered": numbered}
        with self.owner() as owner, owner.transaction():
            made = owner.execute(pour.statement, told)
            mark(owner, pour.table, chunk.number)
            return made.rowcount


_KNOWN = """
SELECT (SELECT array_agg(s.id ORDER BY position) FROM pipeline_stage s
        WHERE kind = 'open' AND p.id = pipeline_id),
       (SELECT s.id FROM pipeline_stage s WHERE kind = 'won' AND p.id = pipeline_id),
       (SELECT s.id FROM pipeline_stage s WHERE kind = 'lost' AND p.id = pipeline_id),
       (SELECT array_agg(id ORDER BY position) FROM pipeline_reasoncode
        WHERE kind = 'won' AND key <> 'other'),
       (SELECT array_agg(id ORDER BY position) FROM pipeline_reasoncode
        WHERE kind = 'lost' AND key <> 'other'),
       (SELECT count(*) FROM demo_loading.product), (SELECT count(*) FROM demo_loading.seller),
       coalesce((SELECT max(substr(number, 3)::bigint) FROM orders_order
                 WHERE id <= %(base)s AND number LIKE 'SO%%'), 0)
FROM pipeline_pipeline p WHERE is_default
"""
