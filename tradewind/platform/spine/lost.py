"""The database went away: how an error says so, and how little of it belongs on the terminal."""

import logging
from collections.abc import Iterator

import psycopg

GONE = ("08", "57P")  # classes of SQLSTATE: connection lost, server shutting down or starting


def is_connection_lost(error: BaseException | None) -> bool:
    """Did this error come from a database that does not answer, rather than from what was asked of it?"""
    return any(_says_gone(cause) for cause in _causes(error))


class LostDatabaseFilter(logging.Filter):
    """Log a lost database in one line: where in our code it was noticed says nothing.

    The job library reports it for each of its parts; the worker says it once for all of them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if is_connection_lost(error):
            if record.name.startswith("procrastinate") and getattr(record, "action", "") != "job_error":
                return False
            first = record.getMessage().strip().splitlines()[0]
            record.msg, record.args = f"{first} (the database does not answer)", None
            record.exc_info = record.exc_text = None
        return True


def _says_gone(error: BaseException) -> bool:
    if isinstance(error, psycopg.errors.QueryCanceled):
        return False
    if isinstance(error, psycopg.OperationalError):
        return error.sqlstate is None or error.sqlstate.startswith(GONE)
    return isinstance(error, psycopg.InterfaceError)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
