"""Roles: what each may do and how far, as one matrix; and which of them a person holds."""

from collections.abc import Mapping
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
from tradewind.domains.organization.authority import Authority, Extent, built_in
from tradewind.domains.organization.authorizing import NewRole, Retirement, RoleChange
from tradewind.domains.organization.models import Role
from tradewind.domains.organization.roles import holders, roles
from tradewind.domains.organization.rules import BUILT_IN
from tradewind.domains.organization.wording import YES_OR_NO, offered, resource_of, verb_of
from tradewind.kernel.errors import DomainError, NotVisible
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.shell.middleware import sentence

VIEW = "organization.role.view"


class NewRoleForm(Asking):
    """A role of the company's own."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    based_on = forms.ChoiceField(label=gettext_lazy("Begins as"))

    def __init__(self, given: Any = None) -> None:
        super().__init__(given)
        self.fields["based_on"].choices = _choices()  # type: ignore[attr-defined]


class HeldForm(Asking):
    """Which roles somebody holds."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, given: Any = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(given, initial=dict(initial or {}))
        self.fields["roles"].choices = _choices()  # type: ignore[attr-defined]


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
    """What a role may do and how far, changed by whoever may."""
    actor = actor_of_request(request)
    actor.require(VIEW)
    found = roles().by_key.get(key)
    if found is None or found.is_retired:
        raise NotVisible("not_found")
    refusal: DomainError | None = None
    if request.method == "POST":
        actor.require("organization.role.change")
        try:
            authorizing.change_role(actor, _given(request, key))
            messages.success(request, _("Saved. It holds from everybody's next click on."))
            return redirect("role", key=key)
        except DomainError as error:
            refusal = error
    return _shown(request, actor, found, refusal)


def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Offer a role of the company's own no more."""
    actor = actor_of_request(request)
    actor.require("organization.role.retire")
    if request.method == "POST":
        authorizing.retire_role(actor, Retirement(key))
        messages.success(request, _("The role is retired."))
        return redirect("roles")
    return redirect("role", key=key)


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


def _given(request: HttpRequest, key: str) -> RoleChange:
    version = request.POST.get("version", "")
    rights = {name: value for name, value in request.POST.items() if name in offered()}
    return RoleChange(
        key,
        int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1,
        {right: str(value) for right, value in rights.items()},
        request.POST.get("name", ""),
        request.POST.get("reason", "")[:2000],
    )


def _shown(request: HttpRequest, actor: Actor, found: Authority, refusal: DomainError | None) -> HttpResponse:
    row = Role.objects.filter(key=found.key).first()
    begun = built_in(BUILT_IN[found.based_on]) if found.based_on in BUILT_IN else {}
    asked = request.POST if refusal else {}
    count = holders().get(found.key, 0)
    context = {
        "role": found,
        "name": _(found.name),
        "is_own": found.key not in BUILT_IN,
        "version": row.version if row else 0,
        "count": count,
        "verbs": [_(wording.VERBS[verb]) for verb in wording.USUAL],
        "groups": _groups(found, begun, asked),
        "may_change": actor.can("organization.role.change"),
        "may_retire": actor.can("organization.role.retire") and found.key not in BUILT_IN and not count,
        "refusal": sentence(refusal) if refusal else "",
        "people_url": f"{reverse('organization.person.list')}?role={found.key}",
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
    holds, is_plain = found.rights.get(right, Extent.NONE), offered()[right] == YES_OR_NO
    said = "company" if is_plain and holds is not Extent.NONE else str(holds)
    choices = [(str(extent), _(wording.EXTENT_NAMES[extent])) for extent in offered()[right]]
    if is_plain:
        choices[-1] = (choices[-1][0], _("Yes"))
    chosen = str(asked.get(right, said))
    return {
        "right": right,
        "label": _(wording.label_of(right)),
        "chosen": chosen,
        "words": dict(choices).get(chosen, ""),
        "choices": choices,
        "is_changed": holds is not begun.get(right, Extent.NONE),
    }
