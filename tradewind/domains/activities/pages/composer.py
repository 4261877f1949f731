"""Writing an activity on the record it belongs to: one line, logged as done or planned."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.domains.activities import panels, queries, rules
from tradewind.domains.activities.choices import KINDS, pairs
from tradewind.domains.activities.commands import log, plan
from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.pages.returning import back_of, done
from tradewind.domains.customers import queries as customers
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import DomainError, NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found, scope_of
from tradewind.platform.spine.command import Given
from tradewind.platform.surface.resource.acts import refusing
from tradewind.platform.surface.shell.middleware import sentence

DUES = ("today", "tomorrow", "next_week", "on")
ACTS: dict[str, Callable[[Actor, Given], Activity]] = {"log": log, "plan": plan}


class ComposeForm(forms.Form):
    """What the composer sends."""

    once = forms.UUIDField()
    kind = forms.ChoiceField(choices=pairs(KINDS))
    subject = forms.CharField(max_length=rules.LONGEST_SUBJECT)
    due = forms.ChoiceField(choices=[(due, due) for due in DUES], required=False)
    on = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    contact = forms.UUIDField(required=False)
    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])


def compose(request: HttpRequest) -> HttpResponse:
    """Log or plan one around the record it was written on; a refusal comes back with what was typed."""
    if request.method != "POST":
        return redirect("activities.activity.new")
    actor = actor_of_request(request)
    actor.require("activities.activity.plan")
    key, row = _record(actor, request.POST.get("about_kind", ""), request.POST.get("about", ""))
    form = ComposeForm(request.POST)
    if form.is_valid():
        try:
            _write(actor, key, row, form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, sentence(error))
            return _again(request, key, row, form, error.status)
        is_plan = form.cleaned_data["act"] == "plan"
        words = (_("Planned: %(subject)s") if is_plan else _("Logged: %(subject)s")) % {
            "subject": form.cleaned_data["subject"]
        }
        return done(request, reverse("activities.activity.list"), words)
    return _again(request, key, row, form, 422)


def _record(actor: Actor, key: str, public_id: str) -> tuple[str, Any]:
    """The record it was written on. Raises `NotVisible` for what one may not see or follow up."""
    if not panels.is_followable(key):
        raise NotVisible("activities.about_unknown")
    scope = scope_of(key)
    rows: Any = scope.model._default_manager.filter(scope.visible(actor))
    return key, found(rows, public_id)


def _write(actor: Actor, key: str, row: Any, asked: dict[str, Any]) -> None:
    if queries.visible_activities(actor).filter(public_id=asked["once"]).exists():
        return  # sent twice
    values = {**_whom(actor, key, row, asked["contact"]), "kind": asked["kind"], "subject": asked["subject"]}
    if asked["act"] == "plan":
        quick = rules.quick_days(organization.clock().today())
        values["due_on"] = asked["on"] if asked["due"] == "on" else quick.get(asked["due"])
    with refusing(Activity):
        ACTS[asked["act"]](actor, Given(values, public_id=asked["once"]))


def _whom(actor: Actor, key: str, row: Any, contact: Any) -> dict[str, Any]:
    """Customer, contact and object of an activity written on this record."""
    if key == panels.CONTACT:
        return {"customer_id": row.customer_id, "contact_id": row.pk}
    buyer = row.pk if key == panels.CUSTOMER else getattr(row, "customer_id", None)
    contact_id = customers.contact_id(actor, buyer, contact) if contact else None
    object_of = {} if key == panels.CUSTOMER else _about(key, row)
    return {"customer_id": buyer, "contact_id": contact_id, **object_of}


def _about(key: str, row: Model) -> dict[str, Any]:
    return {"about_kind": key, "about_id": row.pk, "about_label": str(row)[:200]}


def _again(request: HttpRequest, key: str, row: Any, form: ComposeForm, status: int) -> HttpResponse:
    """The composer with its errors: in its place on the record, or on a page of its own without scripts."""
    problems = {name: " ".join(map(str, told)) for name, told in form.errors.items()}
    facts = panels.around(actor_of_request(request), key, row) | {
        "given": request.POST,
        "subject_problem": problems.pop("subject", ""),
        "problem": " ".join(problems.values()),
        "back": back_of(request, reverse("activities.activity.list")),
    }
    response = render(request, "activities/compose.html", {"facts": facts, "title": str(row)}, status=status)
    response["HX-Retarget"] = response["HX-Reselect"] = "#composer"
    response.undo = True  # type: ignore[attr-defined]
    return response
