"""What the sign-in page asks of the account."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings

from tradewind.platform.surface.account.linking import providers

register = template.Library()


@register.simple_tag(takes_context=True)
def other_doors(context: Mapping[str, Any]) -> Sequence[Any]:
    """The configured ways in besides a password: {% other_doors as doors %}."""
    return providers(context["request"])


@register.filter
def moment_day(at: datetime) -> str:
    """The day of a moment where the company is."""
    return f"{at.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)):%Y-%m-%d}"
