"""The one source of now and today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, and today in the company's zone. `fixed` stops it on one day (demo company, tests)."""

    timezone: str
    fixed: date | None = None

    def now(self) -> datetime:
        """The instant, aware, in UTC; on a fixed day it is that day's noon in the company's zone."""
        if self.fixed:
            return datetime.combine(self.fixed, time(12), ZoneInfo(self.timezone)).astimezone(UTC)
        return datetime.now(UTC)

    def today(self) -> date:
        """The calendar date in the company's zone."""
        return self.now().astimezone(ZoneInfo(self.timezone)).date()
