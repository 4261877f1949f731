"""Completing an activity — outcome, result and next step in one go — and the smaller moves."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.activities import commands, panels, queries, rules
from tradewind.domains.activities.choices import KINDS, RESULTS, pairs
from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.pages.composer import DUES
from tradewind.domains.activities.pages.returning import back_of, done, done_for_now
from tradewind.domains.activities.values import State
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.middleware import sentence

Move = Callable[[Actor, Ref[Activity], commands.Why], Activity]
DAY = forms.DateInput({"type": "date"})


class CompletionForm(forms.Form):
    """How it went and what comes next; one click sends the version alone."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=gettext_lazy("Result"), choices=[("", "—"), *pairs(RESULTS)], required=False
    )
    outcome = forms.CharField(
        label=gettext_lazy("Outcome"),
        max_length=rules.LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
        required=False,
    )
    done_on = forms.DateField(
        label=gettext_lazy("Done on"), input_formats=["%Y-%m-%d"], widget=DAY, required=False
    )
    duration_min = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=1, max_value=rules.LONGEST_MIN, required=False
    )
    next_kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=pairs(KINDS), required=False)
    next_subject = forms.CharField(
        label=gettext_lazy("Next step"), max_length=rules.LONGEST_SUBJECT, required=False
    )
    next_due = forms.ChoiceField(choices=[(due, due) for due in DUES], required=False)
    next_on = forms.DateField(
        label=gettext_lazy("Day"), input_formats=["%Y-%m-%d"], widget=DAY, required=False
    )

    def completion(self) -> commands.Completion:
        """The command's input; without a subject there is no next step."""
        asked = self.cleaned_data
        step = None
        if asked["next_subject"]:
            quick = rules.quick_days(organization.clock().today())
            due_on = asked["next_on"] if asked["next_due"] == "on" else quick.get(asked["next_due"])
            step = commands.NextStep(asked["next_kind"] or "call", asked["next_subject"], due_on)
        return commands.Completion(
            asked["outcome"], asked["result"], asked["done_on"], asked["duration_min"], step
        )


def complete_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The form of completing, and its answer; refusals come back at the field."""
    actor = actor_of_request(request)
    activity = queries.activity(actor, public_id)
    actor.require("activities.activity.complete")
    if request.method != "POST":
        if activity.state != State.PLANNED:
            return redirect("activities.activity", public_id=public_id)
        return _form(request, activity, CompletionForm(initial=_first_values(activity)))
    form = CompletionForm(request.POST)
    if form.is_valid():
        try:
            commands.complete(actor, Ref(public_id, form.cleaned_data["version"]), form.completion())
        except DomainError as error:
            named = {"due_on": "next_on", "subject": "next_subject"}.get(error.field, error.field)
            form.add_error(named if named in form.fields else None, sentence(error))
            response = _form(request, activity, form, error.status)
            response.undo = True  # type: ignore[attr-defined]
            return response
        return _told(
            request, activity, _("Done: %(subject)s"), can_undo=not form.cleaned_data["next_subject"]
        )
    return _form(request, activity, form, 422)


def cancel_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """It will not be done; undone with one click."""
    return _move(request, public_id, commands.cancel, _("Cancelled: %(subject)s"))


def reopen_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Undo completing or cancelling; the version it undoes may stand in the address."""
    return _move(request, public_id, commands.reopen, "")


def _told(request: HttpRequest, activity: Activity, words: str, can_undo: bool) -> HttpResponse:
    """Back again; what left no next step behind can be undone."""
    here, said = (
        reverse("activities.activity", args=[activity.public_id]),
        words % {"subject": activity.subject},
    )
    if not can_undo:
        return done(request, here, said)
    undo = (reverse("activity_reopen", args=[activity.public_id]), activity.version + 1)
    return done_for_now(request, here, said, undo)


def _move(request: HttpRequest, public_id: UUID, move: Move, words: str) -> HttpResponse:
    actor = actor_of_request(request)
    activity = queries.activity(actor, public_id)
    here = reverse("activities.activity", args=[public_id])
    if request.method != "POST":
        return redirect(here)
    version = request.POST.get("version") or request.GET.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    move(actor, Ref(public_id, seen), commands.Why())
    return _told(request, activity, words, can_undo=True) if words else redirect(back_of(request, here))


def _first_values(activity: Activity) -> dict[str, Any]:
    return {
        "version": activity.version,
        "outcome": activity.outcome,
        "result": activity.result,
        "duration_min": activity.duration_min,
        "done_on": organization.clock().today(),
        "next_kind": activity.kind,
        "next_due": "tomorrow",
    }


def _form(request: HttpRequest, activity: Activity, form: CompletionForm, status: int = 200) -> HttpResponse:
    today, here = organization.clock().today(), reverse("activities.activity", args=[activity.public_id])
    context = {
        "activity": panels.line(activity, today),
        "about": panels.about(activity),
        "form": form,
        "kinds": panels.kinds(),
        "results": [{"value": value, "label": label} for value, label in RESULTS.items()],
        "days": panels.days(today),
        "today": today,
        "back": back_of(request, here),
    }
    return render(request, "activities/complete.html", context, status=status)
