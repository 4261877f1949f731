"""Pure decisions about figures: ratios, totals, how values are written, what a question may ask."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from tradewind.domains.ledger.values import Dimension, Flow, Measure, Question, Ratio
from tradewind.kernel.errors import Malformed, Refused
from tradewind.kernel.period import Period, month_key, month_of
from tradewind.kernel.rounding import half_up


def ratio(sums: Mapping[str, Decimal], measure: Ratio) -> Decimal | None:
    """Sum of the numerators ÷ sum of the denominators, unrounded; None when the latter is zero."""
    above = sum((sums.get(key, Decimal(0)) for key in measure.numerator), Decimal(0))
    below = sum((sums.get(key, Decimal(0)) for key in measure.denominator), Decimal(0))
    return above / below if below else None


def value_of(sums: Mapping[str, Decimal], measure: Measure) -> Decimal | None:
    """The value of a measure from the sums of its flows, rounded half up to the measure's places."""
    if isinstance(measure, Ratio):
        divided = ratio(sums, measure)
        return None if divided is None else half_up(divided, measure.places)
    return half_up(sums.get(measure.key, Decimal(0)), measure.places)


def flow_value(value: Decimal, flow: Flow) -> Decimal:
    """A value of a flow, half up to its places."""
    return half_up(value, flow.places)


def flows_of(measure: Measure) -> tuple[str, ...]:
    """The flows a measure is made of, each once, in order."""
    if isinstance(measure, Ratio):
        return tuple(dict.fromkeys(measure.numerator + measure.denominator))
    return (measure.key,)


def question(
    measure: str,
    by: str = "",
    level: str | int | None = None,
    days: Sequence[str | date | None] = (None, None),
    within: Sequence[str] = ("", ""),
) -> Question:
    """Parse what a page, an integrator or the command line asks; both days are included.

    `within` are the unit (code) and the person (sign-in name) it is narrowed to.

    Raises `Malformed` naming the field: an unknown dimension, a level without units, a date that is none.
    """
    dimension = _dimension(by)
    first, last = (_day(text, name) for text, name in zip(days, ("from", "to"), strict=True))
    depth = _level(level)
    if depth is not None and dimension is not Dimension.UNIT:
        raise Malformed("ledger.level_without_unit", field="level")
    return Question(measure, dimension, depth, Period.through(first, last), *within)


def written(value: Decimal | None) -> str | None:
    """A value as the API writes it: all its decimals, no separators, never an exponent."""
    return None if value is None else f"{value:f}"


def month_asked(text: str) -> date:
    """The first day of a month written as 2026-09. Raises `Malformed`."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or text < "0002":
        raise Malformed("ledger.bad_month", field="month")
    return date.fromisoformat(f"{text}-01")


def closing(month: date, first_open: date, today: date, with_earlier: bool = False) -> Period:
    """The months that are closed when somebody closes one: it, and with `with_earlier` all open ones before.

    `first_open` is the first open month that there is anything to close in. Raises `Refused` for a month that
    has not ended or is closed, and where an earlier one is open.
    """
    if month >= today.replace(day=1):
        raise Refused("ledger.month_running", field="month", month=month_key(month))
    if month < first_open:
        raise Refused("ledger.month_is_closed", field="month", month=month_key(month))
    if month > first_open and not with_earlier:
        raise Refused("ledger.earlier_months_open", field="month", month=month_key(first_open))
    return Period(first_open, month_of(month).end)


def check_reopening(month: date, last_closed: date | None, reason: str) -> str:
    """Only the last closed month opens again, with a reason. Raises `Refused`."""
    if last_closed is None or month > last_closed:
        raise Refused("ledger.no_month_closed", field="month", month=month_key(month))
    if month < last_closed:
        raise Refused("ledger.later_months_closed", field="month", month=month_key(last_closed))
    if not reason.strip():
        raise Malformed("ledger.reason_missing", field="reason")
    return reason.strip()


def _dimension(by: str) -> Dimension | None:
    try:
        return Dimension(by) if by else None
    except ValueError:
        raise Malformed("ledger.unknown_dimension", field="by", by=by) from None


def _level(level: str | int | None) -> int | None:
    if level in (None, ""):
        return None
    text = str(level)
    if not (len(text) == 1 and text.isascii() and text.isdigit()):
        raise Malformed("ledger.bad_level", field="level")
    return int(text)


def _day(text: str | date | None, name: str) -> date | None:
    if not text:
        return None
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed("ledger.bad_date", field=name, text=text) from None
