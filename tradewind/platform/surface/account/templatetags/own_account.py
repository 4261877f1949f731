"""What the sign-in page asks of the account."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from tradewind.platform.surface.account.linking import providers

register = template.Library()


@register.simple_tag(takes_context=True)
def other_doors(context: Mapping[str, Any]) -> Sequence[Any]:
    """The configured ways in besides a password: {% other_doors as doors %}."""
    return providers(context["request"])
