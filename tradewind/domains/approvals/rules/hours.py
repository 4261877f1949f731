"""Working hours: 24 of them are one workday, and hours of days off do not count."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta


def after(asked_at: datetime, hours: int, workdays: Iterable[date]) -> datetime:
    """The moment so many hours (> 0) after this one, in its zone, counted on workdays (ascending) only.

    What would come due at the midnight that ends a workday comes due as the next one begins: nobody is
    reminded on a day off. Hours beyond the last known workday run by the clock.
    """
    zone, left, at = asked_at.tzinfo, timedelta(hours=hours), asked_at
    for day in workdays:
        ends = datetime.combine(day + timedelta(days=1), time(), zone)
        if ends <= asked_at:
            continue
        at = max(asked_at, datetime.combine(day, time(), zone))
        span = ends.astimezone(UTC) - at.astimezone(UTC)  # 23 or 25 hours where clocks are changed
        if left < span:
            break
        left -= span
        at = ends
    return (at.astimezone(UTC) + left).astimezone(zone)
