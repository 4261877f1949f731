"""How far we are: attainment against the workdays that have ended, what is still needed, where it leads."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from tradewind.domains.organization.values import WorkCalendar
from tradewind.domains.planning.values import Days, Pace, Progress, TrackedPeriod
from tradewind.kernel.errors import Malformed
from tradewind.kernel.period import period_of
from tradewind.kernel.rounding import half_up

ON_TRACK = Decimal("0.95")
AT_RISK = Decimal("0.80")
JUDGED_AFTER = 3  # workdays; before them one deal more or less would change the colour
THRESHOLDS = (AT_RISK, ON_TRACK, Decimal(1))


def tracked(key: str) -> TrackedPeriod:
    """The month, quarter or year that a key names, like 2026-11, 2026-Q4, 2026. Raises `Malformed`."""
    try:
        named = period_of(key)
    except ValueError:
        raise Malformed("planning.bad_period", field="period") from None
    if named.start is None or named.last is None or not 2000 <= named.start.year <= 2100:
        raise Malformed("planning.bad_period", field="period")
    return TrackedPeriod(key, named.start, named.last)


def period_days(calendar: WorkCalendar, first: date, last: date, today: date) -> Days:
    """The workdays of a period, and those before today; before it none has ended, after it all have."""
    workdays = calendar.count(first, last)
    if today <= first:
        return Days(workdays, 0)
    if today > last:
        return Days(workdays, workdays)
    return Days(workdays, workdays - calendar.count(today, last))


def expected(days: Days) -> Decimal | None:
    """Expected progress: workdays ended ÷ workdays, 0 to 1, unrounded; None for a period without workdays."""
    return Decimal(days.ended) / days.workdays if days.workdays else None


def progress(target: Decimal, actual: Decimal, days: Days) -> Progress:
    """Where a scope stands in a period.

    Attainment is actual ÷ target, negative for a negative actual, None for a target of 0. The index is
    attainment ÷ expected progress; its pace is judged once three workdays have ended. Needed per remaining
    workday is max(0, gap) ÷ workdays left including today, half up to the fen; None when none is left.
    """
    gap, so_far = target - actual, expected(days)
    attainment = actual / target if target > 0 else None
    index = None
    if target > 0 and days.ended:
        index = (actual * days.workdays) / (target * days.ended)
    is_judged = days.ended >= min(JUDGED_AFTER, days.workdays)
    return Progress(
        target,
        actual,
        attainment,
        so_far,
        gap,
        half_up(max(Decimal(0), gap) / days.left, 2) if days.left else None,
        half_up(actual * days.workdays / days.ended, 2) if days.ended else None,
        index,
        _pace(index) if is_judged else Pace.UNKNOWN,
    )


def _pace(index: Decimal | None) -> Pace:
    """≥ 0.95 on track, from 0.80 at risk, below off."""
    if index is None:
        return Pace.UNKNOWN
    if index >= ON_TRACK:
        return Pace.ON_TRACK
    return Pace.AT_RISK if index >= AT_RISK else Pace.OFF


def shown_rate(rate: Decimal, places: int, thresholds: Sequence[Decimal] = THRESHOLDS) -> Decimal:
    """A rate (fraction) rounded half up to `places`, but never up onto a threshold it has not reached.

    With three places, one of a percentage: 0.7996 is shown as 0.799, 0.8004 as 0.800.
    """
    step = Decimal(1).scaleb(-places)
    rounded = rate.quantize(step, ROUND_HALF_UP)
    if any(rate < threshold <= rounded for threshold in thresholds):
        return rate.quantize(step, ROUND_FLOOR)
    return rounded
