"""The job worker: takes jobs over its own narrow connection, works on them as the system.

When the database goes away, the worker lets go of everything and begins again as a new worker: whatever
it could not finish or acknowledge is then a job of a worker that is gone, and is retried like those.
"""

import asyncio
import logging
import os
import signal
from contextlib import suppress
from typing import Any

import django

SETTINGS = "tradewind.config.settings"
ASK_AGAIN_S = 0.2


def main() -> int:
    """Work until told to stop; a job under way is finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    # The pool reports every attempt to connect; one line from us is enough.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    asyncio.run(Worker().work())
    return 0


class Worker:
    """One process of jobs, through as many lives as the database has."""

    def __init__(self) -> None:
        from tradewind.platform.operation import postgres

        self.parameters: dict[str, Any] = postgres.address("jobs").parameters()
        self.is_ending = False
        self._life: asyncio.Task[None] | None = None

    async def work(self) -> None:
        """Live, and live again when the database was away, until SIGTERM or Ctrl-C."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._notice)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.end)
        while await self._database_answers():
            self._life = asyncio.create_task(self._live())
            with suppress(asyncio.CancelledError):
                await self._life
            self._life = None

    def end(self) -> None:
        """Finish what is under way, then stop."""
        self.is_ending = True
        self._let_go()

    def _let_go(self) -> None:
        """End this life: no new jobs; those under way are finished."""
        if self._life is not None and not self._life.cancelling():
            self._life.cancel()

    def _notice(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A job's end that could not be written down would stay under way for ever with a living worker."""
        from tradewind.platform.spine.lost import is_connection_lost

        if is_connection_lost(context.get("exception")):
            self._let_go()
        else:
            loop.default_exception_handler(context)

    async def _database_answers(self) -> bool:
        """Wait for the database; False when told to stop instead."""
        import psycopg

        while not self.is_ending:
            with suppress(psycopg.OperationalError):
                connection = await psycopg.AsyncConnection.connect(**self.parameters, connect_timeout=5)
                await connection.close()
                return not self.is_ending
            await asyncio.sleep(ASK_AGAIN_S)
        return False

    async def _live(self) -> None:
        from procrastinate.contrib.django import app
        from procrastinate.exceptions import ConnectorException
        from psycopg import OperationalError

        from tradewind.platform.operation.console import note
        from tradewind.platform.spine.lost import is_connection_lost
        from tradewind.platform.spine.queue import Queue, working

        try:
            with app.replace_connector(Queue(self.parameters)):
                await working(app)
        except (ConnectorException, OperationalError) as error:
            if not is_connection_lost(error):
                raise
        if not self.is_ending:
            note("the worker lost the database; connecting again")
