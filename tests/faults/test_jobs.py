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
    "SELECT (args ->> 'event_id')::bigint FROM procrastinate_jobs WHERE status = 'doing' AND task_name = %s"
)
WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'ledger_rollup'::regclass"
DELIVERED = "SELECT count(*) FROM spine_delivery WHERE event_id = ANY (%s)"
DELIVER = "spine.deliver"


@contextmanager
def jobs_in_the_middle(site: Site) -> Iterator[list[int]]:
    """The events of jobs that have begun their work and wait for a table that we hold."""
    os.kill(site.job_worker(), signal.SIGSTOP)
    win_a_deal(site)
    with site.database() as holder:
        holder.execute("LOCK TABLE ledger_rollup IN ACCESS EXCLUSIVE MODE")
        os.kill(site.job_worker(), signal.SIGCONT)
        eventually(lambda: site.ask(WAITING), HANG_S)
        yield [event for (event,) in site.ask(UNDER_WAY, DELIVER)]


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


def lose(site: Site, task: str, lock: str, event: int) -> None:
    """A job as a worker leaves it that is long gone."""
    site.ask(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock, args)"
        " VALUES ('default', %s, 'doing', NULLIF(%s, ''), jsonb_build_object('event_id', %s::bigint))"
        " RETURNING id",
        *(task, lock, event),
    )


def test_a_job_whose_worker_is_killed_in_the_middle_runs_again_and_its_effect_comes_once(site: Site) -> None:
    with jobs_in_the_middle(site) as events:
        kill_9(site.job_worker())
    assert events
    assert site.ask(DELIVERED, events) == [(0,)]
    wait_until_caught_up(site)
    assert site.ask(DELIVERED, events) == [(len(events),)]
    check_deliveries(site)


def test_a_lost_job_whose_successor_waits_does_not_keep_others_from_being_retried(site: Site) -> None:
    [(event,)] = site.ask("SELECT max(id) FROM spine_event")
    site.ask(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, scheduled_at)"
        " VALUES ('default', 'test.none', 'test', now() + interval '1 day') RETURNING id"
    )
    lose(site, "test.none", "test", event)
    lose(site, DELIVER, "", event)
    wait_until_caught_up(site)
    assert site.ask("DELETE FROM procrastinate_jobs WHERE task_name = 'test.none' RETURNING status") == [
        ("todo",)
    ]
    check_deliveries(site)


def test_a_worker_told_to_stop_finishes_its_job_first(site: Site) -> None:
    with jobs_in_the_middle(site) as events:
        worker = site.running["worker"]
        worker.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert worker.poll() is None
    assert worker.wait(HANG_S) == 0
    assert events
    assert site.ask(DELIVERED, events) == [(len(events),)]
    assert site.ask(UNDER_WAY, DELIVER) == []
    site.times_until_all_answer(time.monotonic())
