"""One request: everything about it, and what its reader may do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.approvals import commands, queries
from tradewind.domains.approvals.commands import Handing, Note, Sending, Signing
from tradewind.domains.approvals.models import Request
from tradewind.domains.approvals.pages.showing import decision_lines, headline, path_lines
from tradewind.domains.approvals.rules.states import OPEN, State
from tradewind.domains.approvals.subjects import subject_named
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.returning import within_site

DONE = {
    "approve": gettext_lazy("Approved."),
    "reject": gettext_lazy("Rejected."),
    "send_back": gettext_lazy("Sent back."),
    "withdraw": gettext_lazy("Withdrawn."),
    "add_before": gettext_lazy("Signer added."),
    "add_after": gettext_lazy("Signer added."),
    "delegate": gettext_lazy("Handed on."),
    "comment": gettext_lazy("Said."),
    "copy": gettext_lazy("Copied in."),
    "remind": gettext_lazy("Reminded."),
}


class ActForm(forms.Form):
    """What one act on a request may say."""

    do = forms.ChoiceField(choices=[(verb, verb) for verb in DONE])
    version = forms.IntegerField(min_value=0, max_value=10**9)
    reason = forms.CharField(label=gettext_lazy("Note"), max_length=2000, required=False, strip=True)
    to = forms.IntegerField(required=False, min_value=0, max_value=99)
    person = forms.UUIDField(required=False)


def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The page of a request; printed, it is the approval form."""
    return _shown(request, queries.request(actor_of_request(request), public_id))


def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Decide, or do something else with it; a refusal is said where it was done."""
    actor = actor_of_request(request)
    one = queries.request(actor, public_id)
    if request.method != "POST":
        return redirect("approval", public_id=public_id)
    form = ActForm(request.POST)
    if not form.is_valid():
        return _shown(request, one, _("Some fields need another look."), 422)
    try:
        _do(actor, Ref(public_id, form.cleaned_data["version"]), form.cleaned_data)
    except DomainError as error:
        response = _shown(request, queries.request(actor, public_id), sentence(error), error.status)
        response.undo = True  # type: ignore[attr-defined]
        return response
    messages.success(request, str(DONE[form.cleaned_data["do"]]))
    return redirect(within_site(request.POST.get("next", "")) or reverse("approval", args=[public_id]))


def _do(actor: Actor, ref: Ref[Request], given: dict[str, Any]) -> None:
    note, person = given["reason"], str(given["person"] or "")
    acts: dict[str, tuple[Callable[..., object], object]] = {
        "approve": (commands.approve, Note(note)),
        "reject": (commands.reject, Note(note)),
        "send_back": (commands.send_back, Sending(note, given["to"])),
        "withdraw": (commands.withdraw, Note(note)),
        "add_before": (commands.add_signer, Signing(person, True, note)),
        "add_after": (commands.add_signer, Signing(person, False, note)),
        "delegate": (commands.delegate, Handing(person, note)),
        "comment": (commands.comment, Note(note)),
        "copy": (commands.copy_in, Handing(person, note)),
        "remind": (commands.remind, Note(note)),
    }
    command, said = acts[given["do"]]
    command(actor, ref, said)


def _shown(request: HttpRequest, one: Request, problem: str = "", status: int = 200) -> HttpResponse:
    actor, subject, case = actor_of_request(request), subject_named(one.subject), queries.case_of(one)
    is_mine, state = one.requester_id == actor.person_id, State(one.state)
    is_seen = subject.resource.visible(actor).filter(pk=one.object_id).exists()
    context = {
        "one": headline(subject, one),
        "path": path_lines(case),
        "history": decision_lines(queries.decisions(actor, [one.pk])),
        "object_url": reverse(subject.resource.key, args=[one.object_public_id]) if is_seen else "",
        "kind": _(subject.resource.one),
        "edition": one.edition.number,
        "route": one.route,
        "problem": problem,
        "note": request.POST.get("reason", "") if problem else "",
        "may_decide": queries.may_decide(actor, one),
        "back_to": [{"place": n, "number": n + 1} for n in range(case.at or 0)],
        "is_mine": is_mine,
        "may_withdraw": is_mine and state in OPEN,
        "may_remind": is_mine and state is State.IN_REVIEW,
        "may_resubmit": is_mine and state is State.SENT_BACK,
        "is_open": state in OPEN,
    }
    return render(request, "approvals/request.html", context, status=status)
