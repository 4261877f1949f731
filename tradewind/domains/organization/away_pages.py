"""Being away: who stands in from when to when, arranged by the person or by whoever leads them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import charts, standing_in
from tradewind.domains.organization.asking import Asked, Asking, Page, answered
from tradewind.domains.organization.models import Person, StandIn
from tradewind.domains.organization.policy import STAND_INS
from tradewind.domains.organization.queries import clock, working_people
from tradewind.domains.organization.standing_in import Absence, Return
from tradewind.kernel.errors import NotAllowed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.forms import DataList


class AwayForm(Asking):
    """From when to when, and who does the work meanwhile."""

    stand_in = forms.CharField(
        label=gettext_lazy("Stand-in"),
        max_length=150,
        help_text=gettext_lazy("Name or sign-in name."),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day away"), widget=forms.DateInput)
    last_on = forms.DateField(label=gettext_lazy("Last day away"), widget=forms.DateInput)
    field_order = ("stand_in", "starts_on", "last_on")

    def __init__(self, given: Any, initial: dict[str, Any]) -> None:
        super().__init__(given, initial=initial)
        self.fields["stand_in"].widget = DataList(working_people())
        self.fields["reason"].label = _("Note")
        self.fields["reason"].max_length = 200  # type: ignore[attr-defined]


def away(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let somebody stand in."""
    actor = actor_of_request(request)
    actor.require("organization.stand_in.arrange")
    one = charts.person(actor, public_id)
    standing_in.check_arranging(actor, one.pk)
    today = clock().today()
    form = AwayForm(request.POST or None, {"starts_on": today, "last_on": today})

    def do(asked: Asked) -> str:
        days = (asked["starts_on"], asked["last_on"])
        made = standing_in.arrange(actor, Absence(one.sign_in, asked["stand_in"], *days, asked["reason"]))
        messages.success(request, _("%(name)s stands in.") % {"name": made.stand_in.name})
        return reverse("person", args=[one.public_id])

    title = _("Away: %(name)s") % {"name": one.name}
    hint = _(
        "The stand-in sees and does what this person may, and is told so. Administering and decisions on the"
        " person's own requests are not handed over."
    )
    return answered(
        request, Page(title, _("Arrange"), reverse("person", args=[one.public_id]), form, do, hint=hint)
    )


def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """They are back."""
    actor = actor_of_request(request)
    actor.require("organization.stand_in.end")
    row = found(StandIn.objects.filter(STAND_INS.visible(actor)).select_related("person"), public_id)
    if request.method == "POST":
        standing_in.end(actor, Ref(row.public_id, row.version), Return())
        messages.success(request, _("Ended; %(name)s does the work again.") % {"name": row.person.name})
    return redirect("person", public_id=row.person.public_id)


def absences(actor: Actor, one: Person) -> list[dict[str, Any]]:
    """When somebody is away or stands in for others, from today on."""
    today = clock().today()
    rows = StandIn.objects.filter(STAND_INS.visible(actor), ends_on__gt=today)
    mine = rows.filter(Q(person=one) | Q(stand_in=one)).select_related("person", "stand_in")
    return [
        {
            "absence": row,
            "is_now": row.starts_on <= today,
            "is_away": row.person_id == one.pk,
            "other": row.stand_in if row.person_id == one.pk else row.person,
            "may_end": may_arrange(actor, row.person_id),
        }
        for row in mine.order_by("starts_on")
    ]


def may_arrange(actor: Actor, person_id: int) -> bool:
    """May the actor say who stands in for this person?"""
    try:
        standing_in.check_arranging(actor, person_id)
    except NotAllowed:
        return False
    return actor.can("organization.stand_in.arrange")
