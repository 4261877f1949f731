"""What the ledger shows on the pages of others."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _

from tradewind.domains.ledger.values import Item
from tradewind.kernel.period import month_key
from tradewind.platform.surface.shell.numbers import shown

register = template.Library()


@register.inclusion_tag("ledger/_credited.html")
def credited(items: Sequence[Item], none: str) -> dict[str, object]:
    """What an object was credited with, to whom and when; `none` says how it comes to be."""
    entries = [
        {
            "on": item.on,
            "corrects": month_key(item.corrects) if item.corrects else "",
            "measure_name": _(item.measure_name),
            "person": item.person,
            "text": shown(item.value, item.unit),
        }
        for item in items
    ]
    return {"entries": entries, "none": none}
