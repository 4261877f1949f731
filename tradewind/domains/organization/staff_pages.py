"""The page of a person, and the pages that hire, move, correct, withdraw and let go."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import (
    audit_pages,
    away_pages,
    beside,
    charts,
    commands,
    personal_pages,
    staffing,
    timelines,
)
from tradewind.domains.organization.asking import Asked, Asking, Effect, Page, PlaceForm, answered
from tradewind.domains.organization.charts import Held
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.outside import is_outside
from tradewind.domains.organization.pages import path_of, role_names
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.roles import may_give, roles
from tradewind.domains.organization.staffing import Correction, Hiring, Leaving, Transfer, Withdrawal
from tradewind.domains.organization.values import PersonId, Posting
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref, command_name

EffectSource = Callable[[Actor, int, Sequence[Posting]], Sequence[Effect]]
Change = Transfer | Correction | Withdrawal | Leaving
Command = Callable[[Actor, Ref[Person], Any], PersonId]
_effects: list[EffectSource] = []


def effects(source: EffectSource) -> None:
    """Say what a change of assignments would move between units; wired in `flows/` only."""
    _effects[:] = [source]


class HireForm(PlaceForm):
    """Somebody new."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    sign_in = forms.CharField(label=gettext_lazy("Sign-in name"), max_length=150)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("This role is not yours to give. Choose one of the list.")
        },
    )
    field_order = ("name", "sign_in", "role", "unit", "starts_on", "position", "is_head")

    def __init__(self, actor: Actor, given: Any = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(actor, given, initial)
        named = [(role.key, _(role.name)) for role in roles().by_key.values() if may_give(actor, role.key)]
        self.fields["role"].choices = [("", _("No role: does not sign in")), *named]  # type: ignore[attr-defined]


class CorrectForm(PlaceForm):
    """What an assignment truly was."""

    last_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: until further notice."),
        widget=forms.DateInput,
    )
    field_order = ("unit", "starts_on", "last_on", "position", "is_head")


class LeaveForm(Asking):
    """When somebody leaves."""

    last_on = forms.DateField(label=gettext_lazy("Last day of work"), widget=forms.DateInput)


def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who somebody is: unit, position and role of today, and where they worked and will work."""
    return _shown(request, charts.person(actor_of_request(request), public_id))


def link(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the one-time link by which an administrator lets somebody in, and show it, this once."""
    if request.method != "POST":  # reloaded, or read in the other language
        return redirect("person", public_id=public_id)
    actor = actor_of_request(request)
    one = charts.person(actor, public_id)
    invited = commands.invite(actor, Ref(public_id, one.version), commands.Invitation())
    url = request.build_absolute_uri(path_of(invited))
    return _shown(request, one, {"name": one.name, "url": url})


def _shown(request: HttpRequest, one: Person, made: Mapping[str, str] | None = None) -> HttpResponse:
    actor, today = actor_of_request(request), clock().today()
    held = charts.held_by(actor, one)
    main = [one for one in held if one.share is None]
    now = next((one for one in main if one.phase(today) == "present"), None)
    is_coming = bool(main) and main[0].phase(today) == "future"
    context = {
        "one": one,
        "now": now,
        "state": "here" if now else "coming" if is_coming else "gone",
        "leaves_on": main[0].last_on if now or is_coming else None,
        "roles": role_names(charts.roles_of(one)),
        "skills": now.skills if now else (),
        "stints": [_stint(actor, one, stint, today) for stint in held],
        "can_move": bool(held) and actor.can("organization.person.move"),
        "can_leave": bool(now or is_coming) and actor.can("organization.person.leave"),
        # A new link ends the old password: nobody makes one for themselves.
        "can_invite": actor.can("organization.person.invite") and one.pk != actor.person_id,
        "can_see_doors": actor.can("organization.person.end_sessions"),
        "link": made,
        "absences": away_pages.absences(actor, one),
        **_further(actor, one, bool(now)),
    }
    return render(request, "organization/person.html", context)


def _further(actor: Actor, one: Person, is_here: bool) -> dict[str, str]:
    """Where the page leads besides; empty where it may not."""
    is_self = one.pk == actor.person_id
    leads = {"data_url": personal_pages.leads_to(actor, one), "audit_url": audit_pages.link_to(actor, one)}
    may = {
        "roles_url": actor.can("organization.person.set_roles") and not is_self,
        "post_url": is_here and not is_outside(one) and actor.can(command_name(beside.add_post)),
        "away_url": is_here and away_pages.may_arrange(actor, one.pk),
        "see_as_url": actor.can("organization.person.see_as") and is_here and not is_self,
    }
    routes = {
        "post_url": "post_add",
        "roles_url": "person_roles",
        "away_url": "person_away",
        "see_as_url": "person_see_as",
    }
    return leads | {name: reverse(routes[name], args=[one.public_id]) if may[name] else "" for name in routes}


def _stint(actor: Actor, one: Person, held: Held, today: date) -> dict[str, object]:
    keys = [one.public_id, held.public_id]
    route, right = "assignment_correct", "organization.person.correct"
    if held.share is not None:
        route, right = "post_change", "organization.person.change_post"
    return {
        "held": held,
        "phase": held.phase(today),
        "last_on": held.last_on,
        "correct_url": reverse(route, args=keys) if actor.can(right) else "",
    }


def hire(request: HttpRequest) -> HttpResponse:
    """Add somebody new."""
    actor = actor_of_request(request)
    actor.require(command_name(staffing.hire))
    initial = {"unit": request.GET.get("unit", ""), "starts_on": clock().today(), "role": "seller"}
    form = HireForm(actor, request.POST or None, initial)

    def do(asked: Asked) -> str:
        made = staffing.hire(actor, Hiring(**_facts(asked)))
        return reverse("person", args=[charts.public_id_of(made)])

    hint = _("An administrator then hands over a one-time link with which they choose a password.")
    page = Page(_("Hire somebody"), _("Hire"), reverse("organization"), form, do, hint=hint)
    return answered(request, page)


def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another unit, position or headship from a day on."""
    actor, one = _allowed(request, public_id, staffing.move)
    today = clock().today()
    latest = next((held for held in charts.held_by(actor, one) if held.share is None), None)
    initial: dict[str, object] = {"starts_on": today, "version": one.version}
    if latest:
        initial |= {"unit": latest.unit.code, "position": latest.position}
    form = PlaceForm(actor, request.POST or None, initial)
    do, effect = _steps(actor, one, staffing.move, lambda asked: Transfer(**_facts(asked)))
    title = _("Move %(name)s") % {"name": one.name}
    hint = _("It holds until the next change that is already planned. A past day moves credits too.")
    return answered(request, Page(title, _("Transfer"), _back(one), form, do, effect, hint=hint))


def leave(request: HttpRequest, public_id: str) -> HttpResponse:
    """The last day of somebody."""
    actor, one = _allowed(request, public_id, staffing.leave)
    initial = {"last_on": clock().today(), "version": one.version}
    form = LeaveForm(request.POST or None, initial=initial)
    do, effect = _steps(actor, one, staffing.leave, lambda asked: Leaving(**_facts(asked)))
    title = _("%(name)s leaves") % {"name": one.name}
    hint = _("From the next day on the sign-in no longer works, and what was planned later falls away.")
    page = Page(
        title, _("Record the last day"), _back(one), form, do, effect, hint=hint, kind="danger strong"
    )
    return answered(request, page)


def correct(request: HttpRequest, public_id: str, assignment: str) -> HttpResponse:
    """Put an assignment right that was recorded wrongly."""
    actor, one = _allowed(request, public_id, staffing.correct)
    held = charts.assignment(actor, one, assignment)
    initial = {
        "unit": held.unit.code,
        "starts_on": held.starts_on,
        "last_on": held.last_on,
        "position": held.position,
        "is_head": held.is_head,
        "version": one.version,
    }
    form = CorrectForm(actor, request.POST or None, initial)

    def given(asked: Asked) -> Correction:
        return Correction(assignment, **_facts(asked))

    do, effect = _steps(actor, one, staffing.correct, given)
    title = _("Correct an assignment of %(name)s") % {"name": one.name}
    hint = _("For what was recorded wrongly. Assignments before and after it follow its days.")
    page = Page(title, _("Correct"), _back(one), form, do, effect, hint=hint)
    page.other_url = reverse("assignment_withdraw", args=[one.public_id, assignment])
    page.other = _("It never was: withdraw it")
    return answered(request, page)


def withdraw(request: HttpRequest, public_id: str, assignment: str) -> HttpResponse:
    """Take back an assignment that was planned or recorded by mistake."""
    actor, one = _allowed(request, public_id, staffing.withdraw)
    held = charts.assignment(actor, one, assignment)
    form = Asking(request.POST or None, initial={"version": one.version})

    def given(asked: Asked) -> Withdrawal:
        return Withdrawal(assignment, asked["reason"])

    do, effect = _steps(actor, one, staffing.withdraw, given)
    facts = {"name": one.name, "unit": held.unit.name, "day": held.starts_on}
    title = _("Withdraw: %(name)s, %(unit)s from %(day)s") % facts
    hint = _("As if it had never been recorded: the assignment before it goes on instead.")
    page = Page(title, _("Withdraw"), _back(one), form, do, effect, hint=hint, kind="danger strong")
    return answered(request, page)


def _allowed(request: HttpRequest, public_id: str, command: Command) -> tuple[Actor, Person]:
    """Who acts and on whom; raises `NotAllowed` before anything is shown."""
    actor = actor_of_request(request)
    actor.require(command_name(command))
    return actor, charts.person(actor, public_id)


def _facts(asked: Asked) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name != "version"}


def _back(one: Person) -> str:
    return reverse("person", args=[one.public_id])


def _steps(
    actor: Actor, one: Person, command: Command, given: Callable[[Asked], Change]
) -> tuple[Callable[[Asked], str], Callable[[Asked], Sequence[Effect]]]:
    """Doing a change, and showing what it would move between units."""

    def do(asked: Asked) -> str:
        command(actor, Ref(one.public_id, asked["version"] or 0), given(asked))
        return _back(one)

    def effect(asked: Asked) -> Sequence[Effect]:
        planned = timelines.postings(staffing.planned(one, given(asked)))
        return [shift for source in _effects for shift in source(actor, one.pk, planned)]

    return do, effect
