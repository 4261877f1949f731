"""Deals for integrators. A change names the version it saw in `If-Match`; a stale one gets 412."""

from tradewind.domains.pipeline.api import deals as _deals  # noqa: F401
from tradewind.domains.pipeline.api import reports as _reports  # noqa: F401
