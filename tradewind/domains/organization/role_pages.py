"""Roles: what each may do and how far, as one matrix; and which of them a person holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import authorizing, charts, wording
from tradewind.domains.organization.asking import Asked, Asking, Page, answered
from tradewind.domains.organization.authority import Authority, Extent, begun_as
from tradewind.domains.organization.authorizing import NewRole, Retirement, RoleChange, Undoing
from tradewind.domains.organization.losing import Loss, losses, mark_of, people_losing
from tradewind.domains.organization.models import Role
from tradewind.domains.organization.roles import holders, roles
from tradewind.domains.organization.rules import BUILT_IN
from tradewind.domains.organization.wording import YES_OR_NO, offered, resource_of, verb_of
from tradewind.kernel.errors import DomainError, NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.lists import listed
from tradewind.platform.surface.shell.messages import undoable
from tradewind.platform.surface.shell.middleware import sentence

VIEW = "organization.role.view"
NAMED = 8
"""People named who would lose a right; of more, so many and their number."""


class NewRoleForm(Asking):
    """A role of the company's own."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    based_on = forms.ChoiceField(label=gettext_lazy("Begins as"))

    def __init__(self, given: Any = None) -> None:
        super().__init__(given)
        self.fields["based_on"].choices = [("", "—"), *_choices()]  # type: ignore[attr-defined]


class HeldForm(Asking):
    """Which roles somebody holds."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, given: Any = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(given, initial=dict(initial or {}))
        self.fields["roles"].choices = _choices()  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Tried:
    """A change that was not made: refused, or not yet confirmed by whoever saw what people lose."""

    given: RoleChange
    refusal: DomainError | None = None
    lost: Sequence[Loss] = ()


def _choices() -> list[tuple[str, str]]:
    return [(role.key, _(role.name)) for role in roles().by_key.values() if not role.is_retired]


def listing(request: HttpRequest) -> HttpResponse:
    """All roles, how many people hold each, and a new one."""
    actor = actor_of_request(request)
    actor.require(VIEW)
    counts = holders()
    context = {
        "roles": [
            {
                "role": role,
                "name": _(role.name),
                "based_on": _(roles().by_key[role.based_on].name) if role.based_on != role.key else "",
                "count": counts.get(role.key, 0),
                "changed": len(role.changes),
                "widest": _(wording.EXTENT_NAMES[role.widest]),
                "url": reverse("role", args=[role.key]),
            }
            for role in roles().by_key.values()
            if not role.is_retired
        ],
        "may_create": actor.can("organization.role.create"),
    }
    return render(request, "organization/roles.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """A role of the company's own, which begins as another one."""
    actor = actor_of_request(request)
    actor.require("organization.role.create")
    form = NewRoleForm(request.POST or None)

    def do(asked: Asked) -> str:
        key = authorizing.create_role(actor, NewRole(asked["name"], asked["based_on"], asked["reason"]))
        return reverse("role", args=[key])

    hint = _("It may do what the role it begins as may do; then change what is to be different.")
    return answered(request, Page(_("New role"), _("Create"), reverse("roles"), form, do, hint=hint))


def role(request: HttpRequest, key: str) -> HttpResponse:
    """What a role may do and how far, changed by whoever may.

    Before people lose something, who and what is shown and asked; only what was shown can be confirmed.
    """
    actor = actor_of_request(request)
    actor.require(VIEW)
    found = roles().by_key.get(key)
    if found is None or found.is_retired:
        raise NotVisible("not_found")
    if request.method != "POST":
        return _shown(request, actor, found)
    actor.require(authorizing.CHANGE)
    given = _given(request, found)
    try:
        lost = losses(key, authorizing.planned(given))
        if mark_of(lost) != request.POST.get("confirmed", ""):
            return _shown(request, actor, found, Tried(given, lost=lost))
        version = authorizing.change_role(actor, given)
    except DomainError as error:
        return _shown(request, actor, found, Tried(given, error))
    back = f"{reverse('role_undo', args=[key])}?version={version}"
    undoable(request, _("Saved. It holds from everybody's next click on."), back)
    return redirect("role", key=key)


def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take back the change that the version in the address was left by."""
    actor = actor_of_request(request)
    actor.require(authorizing.CHANGE)
    if request.method == "POST":
        authorizing.undo_change(actor, Undoing(key, _number(request.GET.get("version", ""))))
        messages.success(request, _("Taken back. The role may do what it did before."))
    return redirect("role", key=key)


def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Offer a role of the company's own no more; who holds it and what they lose is shown and asked."""
    actor = actor_of_request(request)
    actor.require("organization.role.retire")
    found = roles().by_key.get(key)
    if request.method == "POST":
        held = _number(request.POST.get("held", "0"))
        reason = request.POST.get("reason", "")[:2000]
        authorizing.retire_role(actor, Retirement(key, reason, held))
        messages.success(request, _("The role is retired."))
        return redirect("roles")
    if found is None or found.is_retired:
        raise NotVisible("not_found")
    if key in BUILT_IN:
        return redirect("role", key=key)
    lost = losses(key, {})
    count = holders().get(key, 0)
    context = {"role": found, "name": _(found.name), "count": count, **_told(lost)}
    return render(request, "organization/role_retire.html", context)


def held(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which roles somebody holds."""
    actor = actor_of_request(request)
    actor.require("organization.person.set_roles")
    one = charts.person(actor, public_id)
    form = HeldForm(request.POST or None, {"roles": charts.roles_of(one), "version": one.version})

    def do(asked: Asked) -> str:
        given = authorizing.Roles(tuple(asked["roles"]), asked["reason"])
        authorizing.set_roles(actor, Ref(one.public_id, asked["version"] or 0), given)
        return reverse("person", args=[one.public_id])

    title = _("Roles of %(name)s") % {"name": one.name}
    hint = _("Several roles add up: of each right the widest counts. Without any, nothing can be opened.")
    return answered(
        request, Page(title, _("Save"), reverse("person", args=[one.public_id]), form, do, hint=hint)
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _given(request: HttpRequest, found: Authority) -> RoleChange:
    """The rights as chosen, or all as built in, where that is asked for."""
    rights = {name: str(value) for name, value in request.POST.items() if name in offered()}
    if "restore" in request.POST:
        rights = {right: _choice(right, begun_as(found)) for right in found.changes if right in offered()}
    version = _number(request.POST.get("version", ""))
    name, reason = request.POST.get("name", ""), request.POST.get("reason", "")[:2000]
    return RoleChange(found.key, version, rights, name, reason)


def _told(lost: Sequence[Loss]) -> dict[str, Any]:
    """What people would lose, in words."""
    return {
        "mark": mark_of(lost),
        "losing": people_losing(lost),
        "lost": [
            {
                "what": f"{_(wording.RESOURCES[resource_of(one.right)])} · {_(wording.label_of(one.right))}",
                "before": _extent_words(one.right, one.before),
                "after": _extent_words(one.right, one.after),
                "people": listed(one.people[:NAMED]),
                "more": max(0, len(one.people) - NAMED),
                "count": len(one.people),
            }
            for one in lost
        ],
    }


def _shown(request: HttpRequest, actor: Actor, found: Authority, tried: Tried | None = None) -> HttpResponse:
    row = Role.objects.filter(key=found.key).first()
    asked = tried.given.rights if tried else {}
    count = holders().get(found.key, 0)
    refusal = tried.refusal if tried else None
    context = {
        "role": found,
        "name": _(found.name),
        "name_asked": (tried and tried.given.name) or _(found.name),
        "reason_asked": tried.given.reason if tried else "",
        "is_own": found.key not in BUILT_IN,
        "version": row.version if row else 0,
        "count": count,
        "changed": len(found.changes),
        "verbs": [_(wording.VERBS[verb]) for verb in wording.USUAL],
        "groups": _groups(found, begun_as(found), asked),
        "may_change": actor.can(authorizing.CHANGE),
        "may_retire": actor.can("organization.role.retire") and found.key not in BUILT_IN,
        "refusal": sentence(refusal) if refusal else "",
        "people_url": f"{reverse('organization.person.list')}?role={found.key}",
        **_told(tried.lost if tried else ()),
    }
    return render(request, "organization/role.html", context, status=refusal.status if refusal else 200)


def _groups(found: Authority, begun: Mapping[str, Extent], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each object: the usual verbs in columns, the others behind them."""
    made = []
    for resource, label in wording.RESOURCES.items():
        rights = [right for right in offered() if resource_of(right) == resource]
        cells = {verb_of(right): _cell(found, begun, right, asked) for right in rights}
        if cells:
            usual = [cells.pop(verb, None) or cells.pop(wording.ALSO[verb], None) for verb in wording.USUAL]
            further = [cells[verb] for verb in wording.VERBS if verb in cells]
            made.append({"label": _(label), "usual": usual, "further": further})
    return made


def _cell(
    found: Authority, begun: Mapping[str, Extent], right: str, asked: Mapping[str, Any]
) -> dict[str, Any]:
    choices = [(str(extent), _extent_words(right, extent)) for extent in offered()[right]]
    chosen = str(asked.get(right, _choice(right, found.rights)))
    return {
        "right": right,
        "label": _(wording.label_of(right)),
        "chosen": chosen,
        "words": dict(choices).get(chosen, ""),
        "choices": choices,
        "is_changed": found.rights.get(right, Extent.NONE) is not begun.get(right, Extent.NONE),
        "built_in": _extent_words(right, begun.get(right, Extent.NONE)),
    }


def _choice(right: str, rights: Mapping[str, Extent]) -> str:
    """The choice that stands for what is granted: of rights without an extent there are two."""
    holds = rights.get(right, Extent.NONE)
    return "company" if offered()[right] == YES_OR_NO and holds is not Extent.NONE else str(holds)


def _extent_words(right: str, extent: Extent) -> str:
    if offered()[right] == YES_OR_NO and extent is not Extent.NONE:
        return _("Yes")
    return _(wording.EXTENT_NAMES[extent])
