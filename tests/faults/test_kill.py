"""Kill -9, again and again, under load: what was acknowledged is there, what was not is whole or absent."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import chain, count

from tests.conftest import IS_LONG
from tests.faults import files
from tests.faults.load import Crowd, Told
from tests.faults.news import check_deliveries, wait_until_caught_up
from tests.faults.site import HANG_S, Site, kill_9
from tests.faults.times import FACTS, TIMES
from tradewind.config.commands.steps import module
from tradewind.platform.operation import postmaster
from tradewind.platform.operation.unprivileged import find_place

ROUNDS = 200 if IS_LONG else 14
LIVE = """(SELECT count(*) FROM ledger_entry e WHERE e.measure = '{}' AND e.source_id = {}.id
           AND e.reverses_id IS NULL
           AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id))"""
DEALS = f"""
    SELECT d.number, d.state, d.value, count(o.id), max(o.amount), {LIVE.format("won_deals", "d")},
           {LIVE.format("won_value", "d")}, {LIVE.format("lost_deals", "d")},
           COALESCE(sum({LIVE.format("bookings", "o")}), 0)
    FROM pipeline_opportunity d LEFT JOIN orders_order o ON o.deal_id = d.id AND o.state = 'confirmed'
    GROUP BY d.id"""  # noqa: S608 - only our own words in it


class Imports:
    """Changed files, brought in one after the other by the command; some of them are killed on the way."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.source = files.sources(site.folder / "files")
        self.numbers = count(1)
        self.process: subprocess.Popen[bytes] | None = None
        self.number = self.acknowledged = self.in_order = 0

    def begin(self) -> None:
        """Start the next one, once the former has ended."""
        self.finish()
        self.number = next(self.numbers)
        folder = files.changed(self.source, self.site.folder / f"change-{self.number}", self.number)
        argv = module("tradewind", "import", str(folder), "--as", "crm-opportunities")
        self.process = self.site.command("import", *argv)

    def finish(self) -> None:
        """Wait for its end; only with 0 the change counts as acknowledged."""
        if self.process is not None:
            if self.process.wait(HANG_S) == 0:
                self.acknowledged, self.in_order = self.number, self.in_order + 1
            self.process = None

    def kill(self) -> None:
        """Kill one while it writes: it holds the lock of the import of deals."""
        self.begin()
        assert self.process is not None
        until = time.monotonic() + HANG_S
        while self.process.poll() is None and not self.is_writing():
            assert time.monotonic() < until, self.site.said("import")
            time.sleep(0.02)
        time.sleep(random.uniform(0, 1))  # noqa: S311 - a moment, not a secret
        self.process.kill()

    def is_writing(self) -> bool:
        """Has it come to the deals?"""
        lock = "locktype = 'advisory' AND objid::bigint = hashtext(%s)::bigint & 4294967295"
        question = f"SELECT pid FROM pg_locks WHERE {lock}"  # noqa: S608 - our own words
        return bool(self.site.ask(question, "import pipeline.opportunity"))


def faults(site: Site, imports: Imports) -> Iterator[tuple[str, Callable[[], None]]]:
    """All kinds in turn, each time in another order."""
    kinds: dict[str, Callable[[], None]] = {
        "web master": lambda: kill_9(site.web_master()),
        "web worker": lambda: kill_9(random.choice(site.web_workers())),  # noqa: S311
        "job worker": lambda: kill_9(site.job_worker()),
        "postmaster": lambda: kill_9(site.postmaster()),
        "database process": lambda: kill_9(random.choice(site.backends())),  # noqa: S311
        "tw serve": lambda: kill_9(site.running["serve"].pid),
        "import": imports.kill,
    }
    while True:
        yield from random.sample(sorted(kinds.items()), len(kinds))


def test_nothing_acknowledged_is_lost_and_nothing_is_half_done(
    site: Site, record_property: Callable[[str, object], None]
) -> None:
    imports = Imports(site)
    imports.begin()
    imports.finish()
    managers = files.managers(imports.source)
    crowd = Crowd.at_work(site.address, [*managers[:3], managers[0]], files.an_account(imports.source))
    for number, (name, fault) in zip(range(ROUNDS), faults(site, imports), strict=False):
        if number % 5 == 1:
            imports.begin()
        wait_for_more(crowd.told)
        fault()
        record_property(TIMES, (name, site.times_until_all_answer(time.monotonic())))
    wait_for_more(crowd.told)
    crowd.stop()
    imports.finish()
    won, lost = len(crowd.told.won), len(crowd.told.lost)
    brought = f"{imports.in_order} of {imports.number} imports"
    record_property(FACTS, f"{won} won, {lost} lost, {brought}; answers {dict(crowd.told.answers)}")
    wait_until_caught_up(site)
    check_deals(site, crowd.told)
    check_imports(site, imports)
    check_deliveries(site)
    assert site.stop() == {"serve": 0, "worker": 0}, site.said("serve") + site.said("worker")
    assert postmaster.living(find_place(site.home).data) is None
    site.run("verify")
    assert "Traceback" not in site.said("worker")
    assert "deadlock" not in (site.home / "log" / "postgres.log").read_text(errors="replace")


def wait_for_more(told: Told) -> None:
    """The work goes on: people are still signed in, and changes are acknowledged again."""
    enough, until = told.acknowledged + 3, time.monotonic() + HANG_S
    while told.acknowledged < enough:
        assert time.monotonic() < until, f"no change is acknowledged any more: {told.answers}"
        time.sleep(0.02)


def check_deals(site: Site, told: Told) -> None:
    """Won means: one confirmed order of its value, and its entries; never only some of it."""
    rows = {number: facts for number, *facts in site.ask(DEALS)}
    for number, (stage, value, orders, amount, *entries) in rows.items():
        if stage == "won":
            assert (orders, amount, entries) == (1, value, [1, 1, 0, 1]), number
        else:
            assert (orders, entries) == (0, [0, 0, int(stage == "lost"), 0]), number
    assert {number: rows[number][1] for number in told.won} == told.won
    assert {rows[number][0] for number in told.won} == {"won"}
    assert {rows[number][0] for number in told.lost} <= {"lost"}
    for number in told.tried.keys() - told.won.keys():
        assert rows[number][0] != "won" or rows[number][1] in told.tried[number]


def check_imports(site: Site, imports: Imports) -> None:
    """One change is in force in all tables, not older than the last acknowledged; none is there in part."""
    marked = files.marked_deals(imports.source)
    found = {
        *chain.from_iterable(site.ask("SELECT list_price - %s FROM catalog_product", files.PRICE)),
        *chain.from_iterable(site.ask("SELECT revenue_millions - %s FROM customers_customer", files.REVENUE)),
        *chain.from_iterable(
            site.ask(
                "SELECT value - %s FROM pipeline_opportunity WHERE number = ANY (%s)", files.VALUE, marked
            )
        ),
    }
    assert len(found) == 1
    assert imports.acknowledged > 0
    assert imports.acknowledged <= found.pop() <= imports.number
    added = "SELECT count(*) FROM pipeline_opportunity WHERE number LIKE 'new-%%'"
    counts = site.ask(f"{added} GROUP BY split_part(number, '-', 2)")
    assert {number for (number,) in counts} == {files.ADDED}
