"""What both pages draw: tiles beside the year before, whose deals lie still, and where a number leads."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.analytics.values import Compared
from tradewind.domains.ledger import queries as ledger
from tradewind.domains.pipeline.queries import Card, OwnersDeals
from tradewind.domains.planning.values import Progress
from tradewind.kernel.period import month_key, quarter_key, year_key
from tradewind.platform.surface.shell.numbers import brief, shown

OWNERS_SHOWN = 8
KINDS = {"month": month_key, "quarter": quarter_key, "year": year_key}
THIS = {
    "month": gettext_lazy("This month"),
    "quarter": gettext_lazy("This quarter"),
    "year": gettext_lazy("This year"),
}


def address(route: str, **asked: object) -> str:
    """The page behind a route with these questions; empty ones are left out."""
    words = urlencode({name.rstrip("_"): value for name, value in asked.items() if value})
    return f"{reverse(route)}?{words}" if words else reverse(route)


def kind_of(key: str) -> str:
    """Whether a key names a month, a quarter or a year."""
    return "year" if len(key) == 4 else "quarter" if "Q" in key else "month"


def tile(found: Compared, unit: str, name: str = "", progress: Progress | None = None) -> dict[str, object]:
    """A figure in a tile: short, exact on hover, beside the year before, with its way to the entries."""
    measure = ledger.measure(found.measure)
    asked = {"measure": found.measure, "from_": found.first, "to": found.last, "unit": unit}
    return {
        "name": name or _(measure.name),
        "text": _short(found.value, measure.unit),
        "exact": shown(found.value, measure.unit),
        "before": shown(found.before, measure.unit),
        "change": found.change,
        "points": _points(found) if measure.unit == "ratio" else None,
        "is_more": found.change is not None and found.change > 0,
        "url": address("explain", **asked),
        "progress": progress,
    }


def _points(found: Compared) -> Decimal | None:
    """A percentage moves by points, not by percent of itself."""
    return None if found.value is None or found.before is None else (found.value - found.before) * 100


def _short(value: Decimal | None, unit: str) -> str:
    return brief(value) if unit == "money" and value is not None else shown(value, unit)


def deal_line(card: Card) -> dict[str, object]:
    """A deal as a line of a page shows it."""
    deal = card.deal
    return {
        "card": card,
        "deal": deal,
        "url": reverse("deal", args=[deal.public_id]),
        "customer": deal.customer.name if deal.customer else "",
        "amount": brief(deal.amount) if deal.amount is not None else "",
        "exact": shown(deal.amount, "money"),
    }


def owner_lines(owners: Sequence[OwnersDeals], unit: str) -> list[dict[str, object]]:
    """Whose deals need attention, each number with the way to its deals."""
    return [{"owner": one, **_ways(one, unit)} for one in owners[:OWNERS_SHOWN]]


def _ways(one: OwnersDeals, unit: str) -> Mapping[str, str]:
    asked = {"owner": one.sign_in, "unit": unit, "state": "open"}
    return {
        "url": address("deals", **asked),
        "late_url": address("deals", **asked, flag="late_step"),
        "no_step_url": address("deals", **asked, flag="no_step"),
        "stuck_url": address("deals", **asked, flag="stuck"),
        "slipped_url": address("deals", **asked, closing="overdue"),
    }
