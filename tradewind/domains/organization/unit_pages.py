"""The organization chart, the page of a unit, and the pages that change the tree."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import agreement_pages, charts, staffing, structure
from tradewind.domains.organization.asking import Asked, Asking, Page, answered, unit_choices
from tradewind.domains.organization.models import Position, Unit
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.rules import MOST_PEOPLE
from tradewind.domains.organization.staffing import Headship
from tradewind.domains.organization.structure import Closing, NewName, NewParent, NewUnit, PositionFacts
from tradewind.domains.organization.values import KIND_NAMES, LEVELS
from tradewind.kernel.errors import Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref, command_name

Command = Callable[..., Any]


class DayForm(forms.Form):
    """The day the chart is shown for."""

    on = forms.DateField(label=gettext_lazy("On day"), required=False, widget=forms.DateInput)


class NameForm(Asking):
    """What a unit is called."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)


class ParentForm(Asking):
    """Below which unit it stands."""

    parent = forms.ChoiceField(label=gettext_lazy("Below"))

    def __init__(self, actor: Actor, given: Any = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(given, initial=dict(initial or {}))
        self.fields["parent"].choices = unit_choices(actor)  # type: ignore[attr-defined]


class UnitForm(ParentForm):
    """A new unit."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=80,
        help_text=gettext_lazy("Short and lasting: figures, imports and addresses name the unit by it."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(key, gettext_lazy(name)) for key, name in list(KIND_NAMES.items())[1:]],
    )
    field_order = ("name", "code", "kind", "parent")


class HeadForm(Asking):
    """Who is head from a day on."""

    person = forms.ChoiceField(label=gettext_lazy("Person"))
    starts_on = forms.DateField(label=gettext_lazy("From day"), widget=forms.DateInput)


class PositionForm(Asking):
    """A position of a unit."""

    title = forms.CharField(label=gettext_lazy("Position title"), max_length=80)
    headcount = forms.IntegerField(label=gettext_lazy("Headcount"), min_value=0, max_value=MOST_PEOPLE)
    duties = forms.CharField(
        label=gettext_lazy("Duties"), max_length=5000, required=False, widget=forms.Textarea({"rows": 6})
    )
    groups: ClassVar = {"skill-": gettext_lazy("Required skills")}

    def __init__(self, given: Any = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(given, initial=dict(initial or {}))
        levels = [("", "—"), *((str(level), _(name)) for level, name in LEVELS.items())]
        self.skills = charts.skills()
        for pk, name in self.skills.items():
            self.fields[f"skill-{pk}"] = forms.ChoiceField(label=name, choices=levels, required=False)
        self.fields["reason"] = self.fields.pop("reason")

    @property
    def facts(self) -> dict[str, Any]:
        """What the command is given: the skills asked for as pairs."""
        asked = self.cleaned_data
        skills = tuple(
            (self.skills[int(name[6:])], int(value))
            for name, value in asked.items()
            if name[:6] == "skill-" and value
        )
        plain = {name: value for name, value in _facts(asked).items() if name[:6] != "skill-"}
        return {**plain, "skills": skills}


def chart(request: HttpRequest) -> HttpResponse:
    """The tree of units with heads, people and vacancies on a day."""
    actor = actor_of_request(request)
    today = clock().today()
    form = DayForm(request.GET if "on" in request.GET else None, initial={"on": today})
    asked = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    root = charts.chart(actor, asked or today)
    context = {
        "root": root,
        "begins_on": _begins_after(actor, asked) if root and asked and not root.people_in_all else None,
        "form": form,
        "on": asked or today,
        "is_today": (asked or today) == today,
        "can_hire": actor.can(command_name(staffing.hire)),
        "can_create": actor.can(command_name(structure.create_unit)),
        "can_import": actor.can("organization.unit.import"),
        "can_import_people": actor.can("organization.person.import"),
    }
    return render(request, "organization/chart.html", context, status=422 if form.errors else 200)


def _begins_after(actor: Actor, day: date) -> date | None:
    """When the first person came, where that is after this day: before it there is nothing to show."""
    first = charts.first_day(actor)
    return first if first and first > day else None


def unit(request: HttpRequest, public_id: str) -> HttpResponse:
    """One unit: its head and people of today, its positions, what stands above and below it."""
    actor, today = actor_of_request(request), clock().today()
    one = charts.unit(actor, public_id)
    members, openings = charts.members(actor, one, today), charts.openings(actor, one, today)
    context = {
        "one": one,
        "kind": _(KIND_NAMES[one.kind]),
        "above": charts.above(actor, one),
        "below": charts.below(actor, one, today),
        "head": next((member for member in members if member.is_head), None),
        "members": members,
        "openings": openings,
        "vacancies": sum(opening.vacancies for opening in openings),
        "may": _may(actor, one),
        **agreement_pages.panel_of(actor, one),
    }
    return render(request, "organization/unit.html", context)


def _may(actor: Actor, one: Unit) -> dict[str, bool]:
    """What the reader may do with a unit as it is; a closed one stays as it is, but for its name."""
    is_open, is_root = one.closed_on is None, one.parent_id is None
    may = {
        "rename": True,
        "move": is_open and not is_root,
        "close": is_open and not is_root,
        "appoint_head": is_open,
        "create": is_open,
    }
    rights = {verb: fits and actor.can(f"organization.unit.{verb}") for verb, fits in may.items()}
    return rights | {
        "hire": is_open and actor.can(command_name(staffing.hire)),
        "position": is_open and actor.can(command_name(structure.create_position)),
    }


def create(request: HttpRequest) -> HttpResponse:
    """Add a unit."""
    actor = actor_of_request(request)
    actor.require(command_name(structure.create_unit))
    form = UnitForm(actor, request.POST or None, {"parent": request.GET.get("parent", ""), "kind": "team"})

    def do(asked: Asked) -> str:
        structure.create_unit(actor, NewUnit(**_facts(asked)))
        return reverse("organization")

    return answered(request, Page(_("Add a unit"), _("Add"), reverse("organization"), form, do))


def rename(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a unit otherwise."""
    actor, one = _allowed(request, public_id, structure.rename_unit)
    form = NameForm(request.POST or None, initial={"name": one.name, "version": one.version})
    do = _doing(actor, one, structure.rename_unit, NewName)
    title = _("Rename %(unit)s") % {"unit": one.name}
    return answered(request, Page(title, _("Rename"), _back(one), form, do))


def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a unit under another, from today on."""
    actor, one = _allowed(request, public_id, structure.move_unit)
    above = one.parent.code if one.parent else ""
    form = ParentForm(actor, request.POST or None, {"parent": above, "version": one.version})
    do = _doing(actor, one, structure.move_unit, NewParent)
    title = _("Move the unit %(unit)s") % {"unit": one.name}
    hint = _("It moves today, with all that stands below it. Figures keep the tree of their day.")
    return answered(request, Page(title, _("Move the unit"), _back(one), form, do, hint=hint))


def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a unit today."""
    actor, one = _allowed(request, public_id, structure.close_unit)
    form = Asking(request.POST or None, initial={"version": one.version})
    do = _doing(actor, one, structure.close_unit, Closing)
    title = _("Close %(unit)s") % {"unit": one.name}
    hint = _("It ends today and keeps its figures. Its people must have moved, its units too.")
    page = Page(title, _("Close the unit"), _back(one), form, do, hint=hint, kind="danger strong")
    return answered(request, page)


def head(request: HttpRequest, public_id: str) -> HttpResponse:
    """Appoint one of the unit's people its head."""
    actor, one = _allowed(request, public_id, staffing.appoint_head)
    today = clock().today()
    form = HeadForm(request.POST or None, initial={"starts_on": today, "version": one.version})
    people = [(m.sign_in, m.name) for m in charts.members(actor, one, today) if not m.is_head]
    form.fields["person"].choices = people  # type: ignore[attr-defined]
    do = _doing(actor, one, staffing.appoint_head, Headship)
    title = _("Appoint the head of %(unit)s") % {"unit": one.name}
    hint = _("The present head steps down that day. Somebody from elsewhere is moved there as its head.")
    return answered(request, Page(title, _("Appoint"), _back(one), form, do, hint=hint))


def new_position(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a position to a unit."""
    actor, one = _allowed(request, public_id, structure.create_position)
    form = PositionForm(request.POST or None, {"headcount": 1, "version": one.version})

    def do(asked: Asked) -> str:
        ref: Ref[Unit] = Ref(one.public_id, asked["version"] or 0)
        structure.create_position(actor, ref, PositionFacts(**form.facts))
        return _back(one)

    title = _("New position in %(unit)s") % {"unit": one.name}
    return answered(request, Page(title, _("Add"), _back(one), form, do))


def change_position(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the title, duties or headcount of a position."""
    actor = actor_of_request(request)
    actor.require(command_name(structure.change_position))
    one = charts.position(actor, public_id)
    shown = {name: getattr(one, name) for name in ("title", "headcount", "duties", "version")}
    form = PositionForm(request.POST or None, shown | charts.levels_of(one))

    def do(asked: Asked) -> str:
        ref: Ref[Position] = Ref(public_id, asked["version"] or 0)
        structure.change_position(actor, ref, PositionFacts(**form.facts))
        return _back(one.unit)

    title = _("Position in %(unit)s") % {"unit": one.unit.name}
    page = Page(title, _("Save"), _back(one.unit), form, do)
    if actor.can(structure.REMOVE_POSITION) and not charts.was_ever_held(one):
        page.other, page.other_url = _("Delete the position"), reverse("position_remove", args=[public_id])
    return answered(request, page)


def remove_position(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete a position that nobody ever held."""
    actor = actor_of_request(request)
    actor.require(structure.REMOVE_POSITION)
    one = charts.position(actor, public_id)
    form = Asking(request.POST or None)

    def do(asked: Asked) -> str:
        if structure.remove_positions(actor, [one.pk]):
            raise Refused("organization.position_held")
        return _back(one.unit)

    title = _("Delete the position %(title)s in %(unit)s") % {"title": one.title, "unit": one.unit.name}
    page = Page(title, _("Delete the position"), _back(one.unit), form, do, kind="danger strong")
    page.hint = _("For good, with the skills it asks for: nobody ever held it.")
    return answered(request, page)


def _allowed(request: HttpRequest, public_id: str, command: Command) -> tuple[Actor, Unit]:
    """Who acts and on which unit; raises `NotAllowed` before anything is shown."""
    actor = actor_of_request(request)
    actor.require(command_name(command))
    return actor, charts.unit(actor, public_id)


def _facts(asked: Asked) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name != "version"}


def _back(one: Unit) -> str:
    return reverse("unit", args=[one.public_id])


def _doing(actor: Actor, one: Unit, command: Command, given: Callable[..., object]) -> Callable[[Asked], str]:
    """Doing a change of a unit, then back to its page."""

    def do(asked: Asked) -> str:
        ref: Ref[Unit] = Ref(one.public_id, asked["version"] or 0)
        command(actor, ref, given(**_facts(asked)))
        return _back(one)

    return do
