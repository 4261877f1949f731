"""What is agreed with an outside sales unit: its terms on the page of the unit, and the code of conduct."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import agreements, charts
from tradewind.domains.organization.agreements import Conduct, Terms, Word
from tradewind.domains.organization.asking import Asked, Asking, Page, answered
from tradewind.domains.organization.models import Agreement, Unit
from tradewind.domains.organization.queries import clock, working_people
from tradewind.domains.organization.values import OUTSIDE, SALES_UNITS
from tradewind.kernel.errors import Refused, StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref, command_name
from tradewind.platform.surface.shell.forms import DataList
from tradewind.platform.surface.shell.middleware import sentence

TERMS = {
    "coming": gettext_lazy("Begins later"),
    "running": gettext_lazy("In force"),
    "ending": gettext_lazy("Ends soon"),
    "over": gettext_lazy("Has ended"),
}
LONGEST = 20_000


class TermsForm(Asking):
    """What was agreed."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    number = forms.CharField(label=gettext_lazy("Contract number"), max_length=80, required=False)
    starts_on = forms.DateField(label=gettext_lazy("From day"), widget=forms.DateInput)
    last_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: until further notice."),
        widget=forms.DateInput,
    )
    contact = forms.CharField(
        label=gettext_lazy("Dedicated contact here"),
        max_length=200,
        help_text=gettext_lazy("Whoever the sales unit turns to."),
    )
    their_contact = forms.CharField(label=gettext_lazy("Contact there"), max_length=80, required=False)
    their_phone = forms.CharField(label=gettext_lazy("Phone there"), max_length=40, required=False)
    field_order = ("kind", "number", "starts_on", "last_on", "contact", "their_contact", "their_phone")

    def __init__(self, given: Any = None, initial: Any = None) -> None:
        super().__init__(given, initial=initial)
        self.fields["kind"].choices = [(key, _(name)) for key, name in SALES_UNITS.items()]  # type: ignore[attr-defined]
        self.fields["contact"].widget = DataList(working_people())


class ConductForm(Asking):
    """The code of conduct."""

    text = forms.CharField(
        label=gettext_lazy("Code of conduct"), max_length=LONGEST, widget=forms.Textarea({"rows": 18})
    )


def terms(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record what was agreed with a sales unit."""
    actor = actor_of_request(request)
    actor.require(command_name(agreements.keep_agreement))
    one = charts.unit(actor, public_id)
    form = TermsForm(request.POST or None, {"version": one.version, **_known(actor, one)})

    def do(asked: Asked) -> str:
        facts = {name: value for name, value in asked.items() if name != "version"}
        ref: Ref[Unit] = Ref(one.public_id, asked["version"] or 0)
        agreements.keep_agreement(actor, ref, Terms(**facts))
        return reverse("unit", args=[one.public_id])

    title = _("Contract with %(unit)s") % {"unit": one.name}
    return answered(request, Page(title, _("Save"), reverse("unit", args=[one.public_id]), form, do))


def _known(actor: Actor, one: Unit) -> dict[str, object]:
    row = agreements.agreement_of(actor, one)
    if row is None:
        return {"starts_on": clock().today()}
    names = ("kind", "number", "starts_on", "last_on", "their_contact", "their_phone")
    return {name: getattr(row, name) for name in names} | {"contact": row.contact.sign_in}


def shown(row: Agreement | None, edition: int) -> dict[str, object] | None:
    """An agreement as a panel shows it."""
    if row is None:
        return None
    today = clock().today()
    term = agreements.term_of(row, today)
    return {
        "row": row,
        "kind": _(SALES_UNITS[row.kind]),
        "term": TERMS[term],
        "tone": {"running": "good", "ending": "warn", "over": "bad"}.get(term, ""),
        "owes_word": agreements.owes_word(row, edition, today),
    }


def panel_of(actor: Actor, one: Unit) -> dict[str, object]:
    """What the page of an outside sales unit shows of its agreement; nothing for whoever may not see it."""
    if one.kind != OUTSIDE or not actor.can("organization.agreement.view"):
        return {}
    may_keep = one.closed_on is None and actor.can(command_name(agreements.keep_agreement))
    return {
        "agreement": shown(agreements.agreement_of(actor, one), agreements.conduct().edition),
        "has_agreement_panel": True,
        "has_directory": actor.can("organization.person.view"),
        "terms_url": reverse("unit_terms", args=[one.public_id]) if may_keep else "",
    }


def conduct(request: HttpRequest) -> HttpResponse:
    """The code of conduct; people of a sales unit give its word here."""
    actor = actor_of_request(request)
    actor.require("organization.agreement.view")
    own = agreements.own_agreement(actor)
    status = 200
    if request.method == "POST":
        status = _given(request, actor, own)
        if status == 302:
            return redirect("conduct")
    reads = agreements.conduct()
    may_word = actor.can(command_name(agreements.set_conduct))
    context = {
        "reads": reads,
        "own": shown(own, reads.edition),
        "agreement": shown(own, reads.edition),
        "has_directory": actor.can("organization.person.view"),
        "may_acknowledge": own is not None and actor.can(command_name(agreements.acknowledge)),
        "change_url": reverse("conduct_change") if may_word else "",
    }
    return render(request, "organization/conduct.html", context, status=status)


def _given(request: HttpRequest, actor: Actor, own: Agreement | None) -> int:
    """Take the word; 302 where it was given, else the status of what speaks against it."""
    actor.require(command_name(agreements.acknowledge))
    try:
        if own is None:
            raise Refused("organization.not_yours")
        ref: Ref[Agreement] = Ref(own.public_id, _number(request, "version"))
        agreements.acknowledge(actor, ref, Word(_number(request, "edition")))
    except (Refused, StaleVersion) as refusal:
        messages.error(request, sentence(refusal))
        return refusal.status
    messages.success(request, _("Recorded: your unit keeps the code of conduct."))
    return 302


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def conduct_change(request: HttpRequest) -> HttpResponse:
    """Word the code of conduct anew."""
    actor = actor_of_request(request)
    actor.require(command_name(agreements.set_conduct))
    reads = agreements.conduct()
    form = ConductForm(request.POST or None, initial={"text": reads.text, "version": reads.edition})

    def do(asked: Asked) -> str:
        agreements.set_conduct(actor, Conduct(asked["text"], asked["version"] or 0, asked["reason"]))
        return reverse("conduct")

    hint = _("It holds from today on; every sales unit is asked for its word again.")
    return answered(request, Page(_("Code of conduct"), _("Save"), reverse("conduct"), form, do, hint=hint))
