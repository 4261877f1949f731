"""Who can see one record and why, with whom it is shared; and looking with somebody else's eyes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import charts, seeing
from tradewind.domains.organization.asking import Asking, unit_choices
from tradewind.domains.organization.models import Person, Unit
from tradewind.domains.organization.queries import (
    colleagues,
    people_named,
    person_meant,
    proposed_people,
    units_named,
    units_today,
)
from tradewind.domains.organization.sight import WHY, Reason, who_sees
from tradewind.kernel.errors import DomainError, NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.spine.erasing import erasing_of
from tradewind.platform.spine.sharing import Sharing, may_share, shares_of, sharings_of
from tradewind.platform.surface.grid.rows import items_of
from tradewind.platform.surface.resource import Resource, resource_named
from tradewind.platform.surface.shell.forms import DataList
from tradewind.platform.surface.shell.middleware import sentence

NAMED = 40
"""People named for one reason; of more, so many and their number."""


class ShareForm(Asking):
    """With whom, and for what."""

    person = forms.CharField(label=gettext_lazy("Person"), required=False, max_length=150)
    unit = forms.ChoiceField(label=gettext_lazy("or everybody in"), required=False)
    may_change = forms.TypedChoiceField(
        label=gettext_lazy("They may"),
        choices=[("no", gettext_lazy("read it")), ("yes", gettext_lazy("work on it, too"))],
        coerce=lambda word: word == "yes",
    )
    field_order = ("person", "unit", "may_change")

    def __init__(self, actor: Actor, given: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(given, initial=initial)
        self.fields["person"].widget = DataList(proposed_people(actor))
        self.fields["unit"].choices = [("", "—"), *unit_choices(actor)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        if bool(asked.get("person")) == bool(asked.get("unit")):
            raise forms.ValidationError(_("Name a person or a unit."))
        return asked


@dataclass(frozen=True, slots=True)
class Group:
    """People who see a record for the same reason."""

    why: str
    people: Sequence[tuple[str, str, str]]
    more: int


def access(request: HttpRequest, resource: str, public_id: str) -> HttpResponse:
    """Who can see a record, why, and with whom it is shared."""
    actor, kind = actor_of_request(request), _kind(resource)
    row = found(kind.visible(actor), public_id)
    form = ShareForm(actor, request.POST or None, {"version": row.version})
    status = 200
    if request.method == "POST":
        status = _share(request, actor, kind, row, form)
        if status == 302:
            return redirect("access", resource=resource, public_id=public_id)
    return render(request, "organization/access.html", _context(actor, kind, row, form), status=status)


def unshare(request: HttpRequest, resource: str, public_id: str) -> HttpResponse:
    """Share it no longer with one of them."""
    actor, kind = actor_of_request(request), _kind(resource)
    commands = sharings_of(resource)
    if commands is None:
        raise NotVisible("not_found")
    actor.require(f"{resource}.share")
    row = found(kind.visible(actor), public_id)
    if request.method == "POST":
        meant = tuple(_number(request.POST.get(name, "")) for name in ("person", "unit"))
        shares = shares_of(kind.scope, row.pk)
        known = next((one for one in shares if (one.person_id, one.unit_id) == meant), None)
        if known is not None:
            who = _called(known)
            commands.unshare(actor, Ref(row.public_id, row.version), known)
            messages.success(request, _("No longer shared with %(who)s.") % {"who": who})
    return redirect("access", resource=resource, public_id=public_id)


def see_as(request: HttpRequest, public_id: str) -> HttpResponse:
    """Look at everything as somebody else sees it, without changing anything."""
    actor = actor_of_request(request)
    actor.require("organization.person.see_as")
    one = charts.person(actor, public_id)
    if request.method != "POST":
        return redirect("person", public_id=public_id)
    request.session[seeing.KEY] = seeing.see_as(actor, Ref(one.public_id, one.version), Given({}))
    return redirect("home")


def see_as_oneself(request: HttpRequest) -> HttpResponse:
    """Back to one's own eyes."""
    if request.method == "POST":
        request.session.pop(seeing.KEY, None)
    return redirect("home")


def _kind(resource: str) -> Resource:
    try:
        return resource_named(resource)
    except KeyError:
        raise NotVisible("not_found") from None


def _share(request: HttpRequest, actor: Actor, kind: Resource, row: Any, form: ShareForm) -> int:
    commands = sharings_of(kind.key)
    if commands is None:
        raise NotVisible("not_found")
    actor.require(f"{kind.key}.share")
    if not form.is_valid():
        return 422
    asked = form.cleaned_data
    try:
        person = person_meant(asked["person"], colleagues(actor)) if asked["person"] else None
    except DomainError as error:
        form.add_error("person", sentence(error))
        return 422
    unit = Unit.objects.filter(code=asked["unit"]).values_list("pk", flat=True).first()
    person_id, unit_id = (person.pk, None) if person else (None, unit)
    given = Sharing(person_id, unit_id, asked["may_change"], asked["reason"])
    said = _called(given)
    try:
        commands.share(actor, Ref(row.public_id, asked["version"] or 0), given)
    except DomainError as error:
        form.add_error(None, sentence(error))
        return error.status
    messages.success(request, _("Shared with %(who)s.") % {"who": said})
    return 302


def _context(actor: Actor, kind: Resource, row: Any, form: ShareForm) -> dict[str, Any]:
    commands = sharings_of(kind.key)
    shares = shares_of(kind.scope, row.pk) if commands else []
    groups = _groups(actor, who_sees(kind.scope, row).reasons)
    return {
        "title": items_of(kind.table, [row.pk])[0]["label"],
        "kind": _(kind.one),
        "back_url": reverse(kind.key, args=[row.public_id]),
        "resource": kind.key,
        "row": row,
        "groups": groups,
        "count": sum(len(group.people) + group.more for group in groups),
        "is_shared": commands is not None,
        "erase_url": reverse("erase", args=[kind.key, row.public_id])
        if erasing_of(kind.key) and actor.can(f"{kind.key}.erase")
        else "",
        "shares": _told(shares),
        "may_share": commands is not None and may_share(actor, kind.scope, row),
        "form": form,
    }


def _groups(actor: Actor, reasons: dict[int, list[Reason]]) -> list[Group]:
    """By the first reason of each person; the order of `WHY`. Who is not known to the actor is a number."""
    by_reason: dict[Reason, list[int]] = {}
    for person, held in reasons.items():
        by_reason.setdefault(min(held, key=_rank), []).append(person)
    names = {one.pk: one for one in Person.objects.filter(colleagues(actor), pk__in=reasons)}
    units = dict(Unit.objects.values_list("pk", "name"))
    places = units_today(reasons)
    made, has_names = [], actor.can("organization.person.view")
    for reason in sorted(by_reason, key=_rank):
        known = by_reason[reason] if reason.key != "everyone" else []
        people = sorted((names[one] for one in known if one in names), key=lambda one: one.name)
        shown = [
            (
                one.name,
                units.get(places.get(one.pk, 0), ""),
                reverse("person", args=[one.public_id]) if has_names else "",
            )
            for one in people[:NAMED]
        ]
        made.append(Group(_words(reason, has_names), shown, len(by_reason[reason]) - len(shown)))
    return made


def _rank(reason: Reason) -> tuple[int, tuple[tuple[str, str], ...]]:
    return list(WHY).index(reason.key), reason.facts


def _words(reason: Reason, has_names: bool) -> str:
    facts = {name: _(value) if name == "role" else value for name, value in reason.facts}
    if "name" in facts and not has_names:
        facts["name"] = _("somebody")
    return _(WHY[reason.key]) % facts


def _told(shares: Sequence[Sharing]) -> list[dict[str, Any]]:
    """Sharings with whom they are with; two statements."""
    people = people_named(one.person_id for one in shares if one.person_id is not None)
    units = units_named(one.unit_id for one in shares if one.unit_id is not None)
    named = [people.get(one.person_id or 0) or units.get(one.unit_id or 0) for one in shares]
    return [{"share": one, "who": who.label if who else ""} for one, who in zip(shares, named, strict=True)]


def _called(share: Sharing) -> str:
    """Whom a sharing is with, in words."""
    if share.person_id is not None:
        return str(Person.objects.values_list("name", flat=True).get(pk=share.person_id))
    return str(Unit.objects.values_list("name", flat=True).get(pk=share.unit_id or 0))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
