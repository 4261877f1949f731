"""The worker's side of the job queue."""

from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector

from tradewind.platform.spine.tasks import HEARTBEAT_S, STALLED_AFTER_S

AT_ONCE = 2
WAITS_FOR_CONNECTION_S = 10


class Queue(PsycopgConnector):
    """Takes jobs out over a connection of its own; a job's own news is queued inside its transaction."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        super().__init__(kwargs=parameters, min_size=1, max_size=4, timeout=WAITS_FOR_CONNECTION_S)

    def get_sync_connector(self) -> BaseConnector:
        """What a running job queues: with its change or not at all."""
        return DjangoConnector()


async def working(app: App) -> None:
    """Work until cancelled; returns by itself when a connection it needs was lost."""
    async with app.open_async():
        await app.run_worker_async(
            concurrency=AT_ONCE,
            install_signal_handlers=False,
            delete_jobs="successful",
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
        )
