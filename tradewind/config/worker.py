"""The job worker: takes jobs over its own narrow connection, works on them as the system."""

import asyncio
import os

import django


def main() -> int:
    """Work until told to stop; a job under way is finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradewind.config.settings")
    django.setup()
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app

    from tradewind.platform.operation import postgres

    connector = PsycopgConnector(kwargs=postgres.address("jobs").parameters(), min_size=1, max_size=4)
    with app.replace_connector(connector) as working:
        asyncio.run(_work(working))
    return 0


async def _work(app: object) -> None:
    async with app.open_async():  # type: ignore[attr-defined]
        await app.run_worker_async(  # type: ignore[attr-defined]
            concurrency=2,
            install_signal_handlers=True,
            shutdown_graceful_timeout=10,
            delete_jobs="successful",
        )
