"""How progress is drawn and written on pages, here and in the domains above: bar, state, rate."""

from decimal import Decimal

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from tradewind.domains.planning.rules.progress import shown_rate
from tradewind.domains.planning.values import Pace, Progress
from tradewind.platform.surface.shell.numbers import NONE

register = template.Library()

PACES = {
    Pace.ON_TRACK: gettext_lazy("On track"),
    Pace.AT_RISK: gettext_lazy("At risk"),
    Pace.OFF: gettext_lazy("Off track"),
    Pace.UNKNOWN: gettext_lazy("Not judged yet"),
}
FULL = Decimal("1.2")  # where a bar ends; 1 is the target


def drawn(found: Progress) -> dict[str, object]:
    """Bar, tick and state of a progress, as the partials of this domain draw them."""
    reached = min(max(found.attainment or Decimal(0), Decimal(0)), FULL)
    return {
        "bar": f"{reached * 100:.1f}",
        "tick": f"{(found.expected or Decimal(0)) * 100:.1f}",
        "pace": found.pace.value,
        "pace_name": gettext_lazy("No target") if not found.target else PACES[found.pace],
    }


@register.simple_tag
def pace_bar(found: Progress) -> SafeString:
    """The bar of a progress with the tick of the workdays that have ended."""
    return render_to_string("planning/_bar.html", {"line": drawn(found)})


@register.simple_tag
def pace_badge(found: Progress) -> SafeString:
    """The state of a progress in a word and a sign."""
    line = drawn(found)
    return render_to_string("planning/_pace.html", {"pace": line["pace"], "name": line["pace_name"]})


@register.filter
def attained(rate: Decimal | None) -> str:
    """A rate with one decimal, 62.4%, never rounded up onto a threshold; a dash for none."""
    return NONE if rate is None else f"{shown_rate(rate, 3) * 100:,.1f}%".replace("-", "−")
