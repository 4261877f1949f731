"""The bell's number, and what is counted beside it."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext

from tradewind.platform.services.notify.queries import MOST_COUNTED, counted

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting(context: dict[str, Any]) -> dict[str, Any]:
    """How many notifications the reader has not seen, and what else waits: empty for none, 99+ for many."""
    actor = getattr(context.get("request"), "actor", None)
    if actor is None or actor.is_nobody:
        return {"unread": "", "beside": []}
    unread, beside = counted(actor)
    shown = [
        {"url": reverse(one.route), "icon": one.icon, "label": gettext(one.label), "count": _written(count)}
        for one, count in beside
    ]
    return {"unread": _written(unread), "beside": shown}


def _written(count: int) -> str:
    return "99+" if count >= MOST_COUNTED else str(count or "")
