"""The pages of additional posts 兼任: adding one, changing or ending it, withdrawing it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import beside, charts
from tradewind.domains.organization.asking import Asked, Asking, Page, PlaceForm, answered
from tradewind.domains.organization.beside import ChangedPost
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.staffing import AdditionalPost, Withdrawal
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref, command_name
from tradewind.platform.surface.shell.forms import Whole

HINT = gettext_lazy(
    "Beside the main assignment, which keeps credits, targets and headcount. Whoever leads this unit sees"
    " what this person works on, too; and its head sees the unit."
)


class PostForm(PlaceForm):
    """A further post: where, how much of the time, from when to when."""

    share = Whole(
        label=gettext_lazy("Share of the working time (%)"),
        min_value=1,
        max_value=99,
        help_text=gettext_lazy("What is left is the main assignment's."),
    )
    last_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: until further notice."),
        widget=forms.DateInput,
    )
    field_order = ("unit", "share", "starts_on", "last_on", "position", "is_head")

    def __init__(self, actor: Actor, given: Any = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(actor, given, initial)
        choices = self.fields["unit"].choices  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """A further post."""
    actor = actor_of_request(request)
    actor.require(command_name(beside.add_post))
    one = charts.person(actor, public_id)
    initial = {"starts_on": clock().today(), "version": one.version, "share": 20}
    form = PostForm(actor, request.POST or None, initial)

    def do(asked: Asked) -> str:
        beside.add_post(actor, _ref(one, asked), AdditionalPost(**_facts(asked)))
        return _back(one)

    title = _("Additional post for %(name)s") % {"name": one.name}
    return answered(request, Page(title, _("Add"), _back(one), form, do, hint=str(HINT)))


def change(request: HttpRequest, public_id: str, assignment: str) -> HttpResponse:
    """Change a further post, or say when it ends."""
    actor = actor_of_request(request)
    actor.require(command_name(beside.change_post))
    one = charts.person(actor, public_id)
    held = charts.assignment(actor, one, assignment, is_beside=True)
    names = ("starts_on", "last_on", "position", "is_head", "share")
    initial = {name: getattr(held, name) for name in names}
    form = PostForm(actor, request.POST or None, {**initial, "unit": held.unit.code, "version": one.version})

    def do(asked: Asked) -> str:
        given = ChangedPost(assignment, AdditionalPost(**_facts(asked)))
        beside.change_post(actor, _ref(one, asked), given)
        return _back(one)

    title = _("Additional post of %(name)s") % {"name": one.name}
    page = Page(title, _("Save"), _back(one), form, do, hint=str(HINT))
    page.other_url = reverse("post_withdraw", args=[one.public_id, assignment])
    page.other = _("It never was: withdraw it")
    return answered(request, page)


def withdraw(request: HttpRequest, public_id: str, assignment: str) -> HttpResponse:
    """Take a further post back."""
    actor = actor_of_request(request)
    actor.require(command_name(beside.withdraw_post))
    one = charts.person(actor, public_id)
    held = charts.assignment(actor, one, assignment, is_beside=True)
    form = Asking(request.POST or None, initial={"version": one.version})

    def do(asked: Asked) -> str:
        beside.withdraw_post(actor, _ref(one, asked), Withdrawal(assignment, asked["reason"]))
        return _back(one)

    facts = {"name": one.name, "unit": held.unit.name, "day": held.starts_on}
    title = _("Withdraw: %(name)s, %(unit)s from %(day)s") % facts
    hint = _("As if it had never been recorded. One that has only ended keeps its days: change its last day.")
    page = Page(title, _("Withdraw"), _back(one), form, do, hint=hint, kind="danger strong")
    return answered(request, page)


def _facts(asked: Asked) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name != "version"}


def _ref(one: Person, asked: Asked) -> Ref[Person]:
    return Ref(one.public_id, asked["version"] or 0)


def _back(one: Person) -> str:
    return reverse("person", args=[one.public_id])
