"""The inbox: what waits for me, what I asked for, what I read along, what is done."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.approvals import commands, queries
from tradewind.domains.approvals.pages.showing import decision_lines, headline, paths_lines
from tradewind.domains.approvals.subjects import subject_named
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.middleware import sentence

TABS: dict[str, tuple[Any, Callable[[Actor], Any], bool]] = {
    "to-decide": (gettext_lazy("To decide"), queries.to_decide, True),
    "mine": (gettext_lazy("Requested by me"), queries.requested_by, False),
    "copied": (gettext_lazy("Copied to me"), queries.copied_to, False),
    "done": (gettext_lazy("Decided by me"), queries.decided_by, False),
}
EMPTY = {
    "to-decide": (
        gettext_lazy("Nothing waits for you"),
        gettext_lazy("Requests that need your decision appear here."),
    ),
    "mine": (
        gettext_lazy("You have asked for nothing yet"),
        gettext_lazy("Ask on the page of a product or of a key customer; here you see how far it came."),
    ),
    "copied": (
        gettext_lazy("Nothing to read along"),
        gettext_lazy("Requests that were copied to you appear here."),
    ),
    "done": (gettext_lazy("Nothing decided yet"), gettext_lazy("What you decided appears here.")),
}


def listing(request: HttpRequest) -> HttpResponse:
    """One tab of the inbox with everything needed to decide."""
    actor = actor_of_request(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "to-decide"
    _name, rows, is_oldest_first = TABS[tab]
    found = queries.shelf(rows(actor), request.GET.get("after", ""), is_oldest_first)
    told: dict[int, list[Any]] = {}
    for one in queries.decisions(actor, [item.pk for item in found.items]):
        told.setdefault(one.request_id, []).append(one)
    paths = paths_lines([queries.case_of(item) for item in found.items])
    context = {
        "tabs": [(key, name) for key, (name, _rows, _sign) in TABS.items()],
        "tab": tab,
        "cards": [
            headline(subject_named(item.subject), item)
            | {
                "path": path,
                "history": decision_lines(told.get(item.pk, ())),
                "may_decide": queries.may_decide(actor, item),
            }
            for item, path in zip(found.items, paths, strict=True)
        ],
        "empty": EMPTY[tab],
        "next_url": f"?{urlencode({'tab': tab, 'after': found.next})}" if found.next else "",
        "start_url": f"?{urlencode({'tab': tab})}" if request.GET.get("after") else "",
    }
    return render(request, "approvals/inbox.html", context)


def decide_many(request: HttpRequest) -> HttpResponse:
    """Approve all that were ticked; each by itself, so that one that cannot be keeps none from the others."""
    back = reverse("approvals")
    if request.method != "POST":
        return redirect(back)
    chosen = [_chosen(text) for text in request.POST.getlist("chosen")]
    reason = request.POST.get("reason", "")
    outcomes = commands.decide_many(actor_of_request(request), "approve", reason, chosen)
    done = sum(one.problem is None for one in outcomes)
    refused = [sentence(one.problem) for one in outcomes if one.problem is not None]
    if done:
        messages.success(request, _("%(count)s approved.") % {"count": done})
    for words in dict.fromkeys(refused):
        messages.error(request, _("Not approved: %(why)s") % {"why": words})
    if not chosen:
        messages.info(request, _("Tick what you want to approve."))
    return redirect(back)


def _chosen(text: str) -> tuple[str, int]:
    """A ticked line: the public id and the version that was shown."""
    public_id, _colon, version = text.partition(":")
    is_number = version.isascii() and version.isdigit() and len(version) < 10
    return public_id, int(version) if is_number else 0
