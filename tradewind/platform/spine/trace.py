"""The name of the request or job under way: in logs, in the record of commands, on error pages."""

import logging
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("tradewind_request", default="")


class RequestIdFilter(logging.Filter):
    """Give log lines the request they belong to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True
