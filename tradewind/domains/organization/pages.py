"""The directory of people, and the one-time link by which an administrator lets somebody in."""

from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import commands, queries
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.policy import PEOPLE
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import Ref
from tradewind.platform.spine.models import User
from tradewind.platform.surface.shell.context import Who

ROLES = {
    "admin": gettext_lazy("Administrator"),
    "director": gettext_lazy("Sales director"),
    "manager": gettext_lazy("Sales manager"),
    "seller": gettext_lazy("Seller"),
    "partner": gettext_lazy("Partner"),
    "finance": gettext_lazy("Finance"),
    "hr": gettext_lazy("Human resources"),
}


def who(actor: Actor) -> Who:
    """The person acting, for the corner of every page."""
    card = queries.card_of(actor)
    return Who(card.sign_in, card.name, role_names(card.roles), card.unit)


def role_names(roles: tuple[str, ...]) -> str:
    """What somebody is, in words."""
    return "、".join(str(ROLES.get(role, role)) for role in roles)


def directory(request: HttpRequest) -> HttpResponse:
    """Everybody of the company, with unit and role of today."""
    return _directory(request, None)


def link(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a one-time link and show it, this once."""
    if request.method != "POST":  # reloaded, or read in the other language
        return redirect("people")
    actor = actor_of_request(request)
    person = found(Person.objects.filter(PEOPLE.visible(actor)), public_id)
    invited = commands.invite(actor, Ref(public_id, person.version), commands.Invitation())
    url = request.build_absolute_uri(path_of(invited))
    return _directory(
        request,
        {
            "name": person.name,
            "url": url,
            "valid_text": _("It is valid for a day; a former password no longer works."),
        },
    )


def path_of(invited: commands.Invited) -> str:
    """The address of a one-time link on this site."""
    key = {"uidb36": user_pk_to_url_str(User(pk=invited.user_id)), "key": invited.token}
    return reverse("account_reset_password_from_key", kwargs=key)


def _directory(request: HttpRequest, made: dict[str, str] | None) -> HttpResponse:
    actor = actor_of_request(request)
    may_invite = actor.can("organization.person.invite")
    people = [
        {
            "name": card.name,
            "url": reverse("person", args=[card.public_id]),
            "sign_in_name": card.sign_in,
            "unit": card.unit,
            "role": role_names(card.roles),
            "is_active": card.has_signed_in,
            "state": _("Has signed in") if card.has_signed_in else _("Not signed in yet"),
            "link_url": reverse("person_link", args=[card.public_id])
            if may_invite and card.id != actor.person_id  # a new link ends the old password: not one's own
            else "",
        }
        for card in queries.people(actor)
    ]
    context = {"people": people, "can_hire": actor.can("organization.person.hire"), "link": made}
    return render(request, "organization/people.html", context)
