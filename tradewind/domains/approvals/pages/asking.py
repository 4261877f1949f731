"""Asking for a change: the new value, the reason, and the path it will take, before it is submitted."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.approvals import commands, queries, subjects
from tradewind.domains.approvals.commands import Resubmission
from tradewind.domains.approvals.models import Edition, Request
from tradewind.domains.approvals.pages.showing import fact_lines, lines_of, plan_lines
from tradewind.domains.approvals.subjects import Subject, kept_facts, subject_named
from tradewind.kernel.errors import DomainError, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.surface.forms.inputs import Inputs
from tradewind.platform.surface.resource.acts import inputs
from tradewind.platform.surface.resource.pages import one_input, values_of
from tradewind.platform.surface.shell.middleware import sentence


def ask(request: HttpRequest, subject: str, public_id: UUID) -> HttpResponse:
    """The form of a request about one object."""
    actor, kind = actor_of_request(request), subject_named(subject)
    row = found(kind.resource.visible(actor), public_id)
    actor.require("approvals.request.submit")
    edition = queries.edition_in_force(kind.key)
    if edition is None or not kind.concerns(row):
        raise Refused("approvals.no_process")
    known = _sent_already(request, actor)
    if known is not None:
        return redirect("approval", public_id=known.public_id)
    held = queries.pending(kind.resource.key, [row.pk]).get(row.pk)
    if held is not None:
        raise Refused("approvals.frozen", number=held.number, url=held.url)
    return _Asking(request, actor, kind, row, edition).answered()


def ask_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same for a request that was sent back: it begins with what was proposed."""
    actor = actor_of_request(request)
    one = queries.request(actor, public_id)
    kind = subject_named(one.subject)
    row = found(kind.resource.visible(actor), one.object_public_id)
    if one.requester_id != actor.person_id:
        raise Refused("approvals.not_requester")
    if one.state != "sent_back":
        raise Refused("approvals.wrong_state")
    return _Asking(request, actor, kind, row, one.edition, one).answered()


def _sent_already(request: HttpRequest, actor: Actor) -> Request | None:
    """The request that this form made when it was sent before: sent twice, it asks once."""
    try:
        once = UUID(request.POST.get("once", ""))
    except ValueError:
        return None
    return queries.requested_by(actor).filter(public_id=once).first()


class _Asking:
    """One form on its way: shown, its path shown, or sent."""

    def __init__(
        self,
        request: HttpRequest,
        actor: Actor,
        subject: Subject,
        row: Any,
        edition: Edition,
        former: Request | None = None,
    ) -> None:
        self.request, self.actor, self.subject = request, actor, subject
        self.row, self.edition, self.former = row, edition, former

    def answered(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._page(self._form(None))
        form = self._form(self.request.POST)
        is_preview = self.request.POST.get("do") == "path"
        if is_preview:
            form.fields["reason"].required = False
        if not form.is_valid():
            return self._page(form, status=200 if is_preview else 422)
        if is_preview:
            return self._page(form)
        try:
            made = self._submit(form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, sentence(error))
            response = self._page(form, status=error.status)
            response.undo = True  # type: ignore[attr-defined]
            return response
        messages.success(self.request, _("%(number)s is on its way.") % {"number": made.number})
        return redirect("approval", public_id=made.public_id)

    def _form(self, given: Any) -> Inputs:
        columns = self.subject.columns
        initial = {**values_of(columns, self.row), "version": self.row.version, "once": uuid4()}
        if self.former is not None:
            initial |= _proposed(self.subject, self.former) | {"reason": self.former.reason}
        form = inputs(self.subject.resource, self.actor, columns, given, initial)
        form.fields["reason"] = forms.CharField(
            label=gettext_lazy("Reason"),
            max_length=2000,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": gettext_lazy("Say why.")},
        )
        return form

    def _submit(self, form: Inputs) -> Request:
        given = form.cleaned_data
        version = given["version"] or 0
        if self.former is not None:
            seen = self.request.POST.get("request_version", "")
            ref: Ref[Request] = Ref(
                self.former.public_id, int(seen) if seen.isdecimal() and len(seen) < 10 else 0
            )
            return commands.resubmit(self.actor, ref, Resubmission(form.parsed(), version, given["reason"]))
        values = {
            "subject": self.subject.key,
            "object": self.row.public_id,
            "object_version": version,
            "values": form.parsed(),
        }
        return commands.submit(self.actor, Given(values, given["reason"], given["once"]))

    def _page(self, form: Inputs, status: int = 200) -> HttpResponse:
        resource, former = self.subject.resource, self.former
        back = reverse("approval", args=[former.public_id]) if former else ""
        context = {
            "form": form,
            "inputs": [one_input(form, column) for column in form.columns.values()],
            "title": _(self.subject.action),
            "label": getattr(self.row, resource.title),
            "back": back or reverse(resource.key, args=[self.row.public_id]),
            "request_version": former.version if former else "",
            "way": self._way(form) if form.is_bound else None,
        }
        return render(self.request, "approvals/ask.html", context, status=status)

    def _way(self, form: Inputs) -> dict[str, Any] | None:
        """What would change and who would decide, or why nobody can; nothing while a value is missing."""
        values = form.parsed() if hasattr(form, "cleaned_data") else {}
        if set(values) < {subjects.attname(column) for column in self.subject.columns}:
            return None
        changes = subjects.changes(self.subject, self.row, values)
        if not changes:
            return {"nothing": True}
        try:
            way = queries.way_of(self.actor, self.subject, self.edition, self.row, values)
        except Refused as error:
            return {"problem": sentence(error)}
        facts = fact_lines(self.subject, kept_facts(way.facts))
        return {
            "changes": lines_of(self.subject, changes),
            "facts": facts,
            "path": plan_lines(way.planned),
            "route": way.route,
        }


def _proposed(subject: Subject, former: Request) -> dict[str, Any]:
    """What was proposed, as the form shows it: references by their public id."""
    row = subject.resource.scope.model(**subjects.values_kept(subject, former.proposed))
    return values_of([one for one in subject.columns if subjects.attname(one) in former.proposed], row)
