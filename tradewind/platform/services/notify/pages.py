"""The page of notifications, and opening one."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tradewind.platform.services.notify import commands, queries
from tradewind.platform.services.notify.models import Notification
from tradewind.platform.spine.access.middleware import actor_of_request

ICONS = {"reminder": "bell", "assigned": "clipboard-check"}


def listing(request: HttpRequest) -> HttpResponse:
    """What the reader was told, newest first; all of it or only what is unread."""
    actor, is_unread_only = actor_of_request(request), request.GET.get("show") == "unread"
    found = queries.page(actor, request.GET.get("after", ""), is_unread_only)
    shown = {"show": "unread"} if is_unread_only else {}
    context = {
        "items": [_line(one) for one in found.items],
        "is_unread_only": is_unread_only,
        "has_unread": any(one.read_at is None for one in found.items),
        "next_url": f"{request.path}?{urlencode({**shown, 'after': found.next})}" if found.next else "",
        "start_url": f"{request.path}?{urlencode(shown)}" if request.GET.get("after") else "",
    }
    return render(request, "notify/notifications.html", context)


def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for pages that heard that its number changed."""
    return render(request, "notify/_bell.html")


def open_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Go where a notification leads; it is read then."""
    if request.method != "POST":
        return redirect("notifications")
    return redirect(commands.mark_read(actor_of_request(request), commands.Reading(public_id)))


def read_all(request: HttpRequest) -> HttpResponse:
    """All are read."""
    if request.method == "POST":
        commands.mark_all_read(actor_of_request(request), None)
    return redirect("notifications")


def _line(one: Notification) -> dict[str, object]:
    return {
        "id": one.public_id,
        "text": _(one.title) % one.facts,
        "icon": ICONS.get(one.kind.rpartition(".")[2], "bell"),
        "at": one.at,
        "is_read": one.read_at is not None,
    }
