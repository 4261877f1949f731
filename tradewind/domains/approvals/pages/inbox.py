"""The inbox: what waits for me, what I asked for, what I read along, what is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.approvals import commands, queries
from tradewind.domains.approvals.commands import Outcome, Verdict
from tradewind.domains.approvals.pages.showing import decision_lines, headline, paths_lines
from tradewind.domains.approvals.subjects import subject_named
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.middleware import sentence

TABS: dict[str, tuple[Any, Callable[[Actor], Any], bool]] = {
    "to-decide": (gettext_lazy("To decide"), queries.to_decide, True),
    "mine": (gettext_lazy("Requested by me"), queries.requested_by, False),
    "copied": (gettext_lazy("Copied to me"), queries.copied_to, False),
    "done": (gettext_lazy("Decided by me"), queries.decided_by, False),
}
DONE: dict[Verdict, Any] = {
    "approve": gettext_lazy("%(count)s approved."),
    "reject": gettext_lazy("%(count)s rejected."),
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


@dataclass(frozen=True, slots=True)
class Together:
    """What was decided together, as its form was sent: what was not decided stays ticked, with the reason."""

    ticked: frozenset[str] = frozenset()
    reason: str = ""
    problem: str = ""
    outcomes: Sequence[tuple[Outcome, str]] = ()
    done: str = ""


def listing(request: HttpRequest) -> HttpResponse:
    """One tab of the inbox with everything needed to decide."""
    tab = request.GET.get("tab", "")
    return _listed(request, tab if tab in TABS else "to-decide", Together())


def _listed(request: HttpRequest, tab: str, together: Together, status: int = 200) -> HttpResponse:
    actor = actor_of_request(request)
    _name, rows, is_oldest_first = TABS[tab]
    found = queries.shelf(rows(actor), request.GET.get("after", ""), is_oldest_first)
    told: dict[int, list[Any]] = {}
    for one in queries.decisions(actor, [item.pk for item in found.items]):
        told.setdefault(one.request_id, []).append(one)
    paths = paths_lines([queries.case_of(item) for item in found.items])
    context = {
        "tabs": [(key, name) for key, (name, _rows, _sign) in TABS.items()],
        "tab": tab,
        "together": together,
        "cards": [
            headline(subject_named(item.subject), item)
            | {
                "path": path,
                "history": decision_lines(told.get(item.pk, ())),
                "may_decide": queries.may_decide(actor, item),
                "is_ticked": str(item.public_id) in together.ticked,
            }
            for item, path in zip(found.items, paths, strict=True)
        ],
        "empty": EMPTY[tab],
        "next_url": f"?{urlencode({'tab': tab, 'after': found.next})}" if found.next else "",
        "start_url": f"?{urlencode({'tab': tab})}" if request.GET.get("after") else "",
    }
    return render(request, "approvals/inbox.html", context, status=status)


def decide_many(request: HttpRequest) -> HttpResponse:
    """Approve or reject all that were ticked; each by itself, and said of each where one was refused."""
    if request.method != "POST":
        return redirect("approvals")
    chosen = [_chosen(text) for text in request.POST.getlist("chosen")]
    reason, do = request.POST.get("reason", ""), request.POST.get("do", "")
    sent = Together(frozenset(public_id for public_id, _version in chosen), reason)
    if not chosen:
        return _listed(request, "to-decide", replace(sent, problem=_("Tick what you want to decide.")), 422)
    if do not in DONE:
        words = _("Choose whether to approve or to reject what is ticked.")
        return _listed(request, "to-decide", replace(sent, problem=words), 422)
    try:
        outcomes = commands.decide_many(actor_of_request(request), do, reason, chosen)
    except Malformed as error:
        return _listed(request, "to-decide", replace(sent, problem=sentence(error)), error.status)
    refused = [one for one in outcomes if one.problem is not None]
    done = str(DONE[do]) % {"count": len(outcomes) - len(refused)}
    if not refused:
        messages.success(request, done)
        return redirect("approvals")
    lines = [(one, sentence(one.problem) if one.problem else "") for one in outcomes]
    left = replace(sent, ticked=frozenset(one.public_id for one in refused), outcomes=lines, done=done)
    return _listed(request, "to-decide", left)


def _chosen(text: str) -> tuple[str, int]:
    """A ticked line: the public id and the version that was shown."""
    public_id, _colon, version = text.partition(":")
    is_number = version.isascii() and version.isdigit() and len(version) < 10
    return public_id, int(version) if is_number else 0
