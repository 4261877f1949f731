"""What the list page asks of its own address, and what its scripts know of the company."""

from collections.abc import Mapping, Sequence

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tradewind.kernel.clock import Clock
from tradewind.platform.surface.shell.numbers import SYMBOLS

register = template.Library()


@register.filter
def asked_for(asked: Mapping[str, str | Sequence[str]], name: str) -> list[str]:
    """The values that the address asks of this name, always as a list; none when it does not ask."""
    found = asked.get(name, [])
    return [found] if isinstance(found, str) else list(found)


@register.filter
def as_json(text: str, name: str) -> SafeString:
    """JSON text for a script under an id, unable to end its element or to be read as markup."""
    harmless = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    body = mark_safe(harmless)  # noqa: S308 nothing in it is markup any more
    return format_html('<script id="{}" type="application/json">{}</script>', name, body)


@register.simple_tag
def company_facts() -> Mapping[str, str]:
    """Today, the time zone and the sign of the currency, as a script shows them."""
    clock = Clock(settings.COMPANY_TIME_ZONE, settings.FIXED_TODAY)
    currency = settings.COMPANY_CURRENCY
    return {
        "today": clock.today().isoformat(),
        "zone": clock.timezone,
        "currency": SYMBOLS.get(currency, f"{currency} "),
    }
