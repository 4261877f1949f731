"""Jobs whose worker is killed or told to stop in the middle."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults import files
from tests.faults.load import Browser
from tests.faults.news import check_deliveries, wait_until_caught_up
from tests.faults.site import HANG_S, Site, kill_9
from tests.operation.conftest import eventually

UNDER_WAY = (
    "SELECT (args ->> 'event_id')::bigint FROM procrastinate_jobs"
    " WHERE task_name = 'spine.deliver' AND status IN ('todo', 'doing')"
)
WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'ledger_rollup'::regclass"
DELIVERED = "SELECT count(*) FROM spine_delivery WHERE event_id = %s"


@contextmanager
def job_in_the_middle(site: Site) -> Iterator[int]:
    """The event of a job that has begun its work and waits for a table that we hold; all others are done."""
    wait_until_caught_up(site)  # stopped in the middle of another job it would hold the table itself
    os.kill(site.job_worker(), signal.SIGSTOP)
    win_a_deal(site)
    with site.database() as holder:
        holder.execute("SET lock_timeout = '30s'")
        holder.execute("LOCK TABLE ledger_rollup IN ACCESS EXCLUSIVE MODE")
        os.kill(site.job_worker(), signal.SIGCONT)
        eventually(lambda: site.ask(WAITING) and len(site.ask(UNDER_WAY)) == 1, HANG_S)
        yield site.ask(UNDER_WAY)[0][0]


def win_a_deal(site: Site) -> None:
    """As a manager, over HTTP."""
    eventually(site.has_web, HANG_S)
    source = files.sources(site.folder / "files")
    browser = Browser(site.address)
    browser.sign_in(files.managers(source)[0])
    deal = browser.deals()[0]
    customer = "" if deal["customer"] else files.an_account(source)
    given = {"value": "4321", "reason": "price", "customer": customer}
    assert browser.change(deal, "win", given) == 200


def lose_a_job_whose_successor_waits(site: Site) -> None:
    """What a worker that is long gone leaves of a job of which only one may wait."""
    queue = "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, scheduled_at)"
    for status in ("todo", "doing"):
        job = f"VALUES ('default', 'test.none', 'test', '{status}', now() + interval '1 day') RETURNING id"
        site.ask(f"{queue} {job}")


def test_a_job_whose_worker_is_killed_in_the_middle_runs_again_and_its_effect_comes_once(site: Site) -> None:
    with job_in_the_middle(site) as event:
        lose_a_job_whose_successor_waits(site)  # must not keep the other from running again
        kill_9(site.job_worker())
    assert site.ask(DELIVERED, event) == [(0,)]
    wait_until_caught_up(site)
    assert site.ask(DELIVERED, event) == [(1,)]
    check_deliveries(site)
    left = "DELETE FROM procrastinate_jobs WHERE task_name = 'test.none' RETURNING status"
    assert site.ask(left) == [("todo",)]


def test_a_worker_told_to_stop_finishes_its_job_first(site: Site) -> None:
    with job_in_the_middle(site) as event:
        worker = site.running["worker"]
        worker.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert worker.poll() is None
    assert worker.wait(HANG_S) == 0
    assert site.ask(DELIVERED, event) == [(1,)]
    assert site.ask(UNDER_WAY) == []
    site.times_until_all_answer(time.monotonic())
