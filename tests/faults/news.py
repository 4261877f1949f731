"""What became of the news in the outbox."""

from __future__ import annotations

import time

from tests.faults.site import HANG_S, Site
from tradewind.platform.spine import outbox


def wait_until_caught_up(site: Site) -> None:
    """All news is delivered; those of killed workers are tried again by themselves."""
    until = time.monotonic() + HANG_S
    while rows := site.ask(
        "SELECT status, attempts, args FROM procrastinate_jobs WHERE task_name = 'spine.deliver'"
    ):
        assert time.monotonic() < until, rows
        time.sleep(0.2)


def check_deliveries(site: Site) -> None:
    """Each subscriber had each event exactly once."""
    wanted = [(kind, name) for kind, subscribers in outbox._subscribers.items() for name in subscribers]
    assert wanted
    told = site.ask(
        "SELECT e.kind, e.id, d.subscriber FROM spine_event e LEFT JOIN spine_delivery d ON d.event_id = e.id"
    )
    by_event: dict[tuple[str, int], list[str]] = {}
    for kind, event, subscriber in told:
        by_event.setdefault((kind, event), []).extend([subscriber] if subscriber else [])
    for (kind, event), subscribers in by_event.items():
        assert sorted(subscribers) == sorted(name for k, name in wanted if k == kind), (kind, event)
