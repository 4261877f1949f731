"""The bell's number."""

from typing import Any

from django import template

from tradewind.platform.services.notify.queries import MOST_COUNTED, unread

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_count(context: dict[str, Any]) -> str:
    """How many notifications the reader has not seen: empty for none, 99+ for many."""
    actor = getattr(context.get("request"), "actor", None)
    count = 0 if actor is None or actor.is_nobody else unread(actor)
    return "99+" if count >= MOST_COUNTED else str(count or "")
