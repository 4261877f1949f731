"""Somebody's way in, as an administrator sees it: devices, second factors, tokens; never a secret."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tradewind.domains.organization import charts, door_commands
from tradewind.domains.organization.door_commands import Because, Withdrawal
from tradewind.domains.organization.models import Person
from tradewind.kernel.errors import Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.sessions import sessions_of
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.account import tokens
from tradewind.platform.surface.account.factors import factors_of
from tradewind.platform.surface.account.token_pages import words_of
from tradewind.platform.surface.account.visitors import device_named
from tradewind.platform.surface.shell.middleware import sentence

SEES = "organization.person.end_sessions"


def shown(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where somebody is signed in, with what they prove themselves, which programs act as them."""
    actor, one = _allowed(request, public_id)
    user_id = one.user_id
    made = tokens.of_person(one.pk)
    context = {
        "one": one,
        "sessions": [(seen, device_named(seen.device)) for seen in (sessions_of(user_id) if user_id else ())],
        "factors": [_named(factor) for factor in (factors_of(user_id) if user_id else ())],
        "tokens": [(token, [words_of(scope) for scope in token.scopes]) for token in made],
        "is_self": one.pk == actor.person_id,
    }
    return render(request, "organization/doors.html", context)


def _named(factor: Authenticator) -> dict[str, Any]:
    is_key = factor.type == Authenticator.Type.WEBAUTHN
    return {
        "name": factor.wrap().name if is_key else _("Authenticator app"),
        "icon": "fingerprint" if is_key else "device-mobile",
        "since": factor.created_at,
        "used": factor.last_used_at,
    }


@require_POST
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign somebody out everywhere."""
    actor, one = _allowed(request, public_id)
    return _done(
        request,
        one,
        lambda: door_commands.end_all(actor, Ref(public_id, one.version), Because(_why(request))),
        _("%(name)s is signed out everywhere.") % {"name": one.name},
    )


@require_POST
def reset(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take away somebody's second factors."""
    actor, one = _allowed(request, public_id)
    return _done(
        request,
        one,
        lambda: door_commands.reset_second_factor(actor, Ref(public_id, one.version), Because(_why(request))),
        _("The second factor of %(name)s is taken away.") % {"name": one.name},
    )


@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a token of somebody."""
    actor, one = _allowed(request, public_id)
    given = Withdrawal(request.POST.get("token", ""), _why(request))
    ref: Ref[Person] = Ref(public_id, one.version)
    return _done(
        request, one, lambda: door_commands.withdraw_token(actor, ref, given), _("The token is revoked.")
    )


def _allowed(request: HttpRequest, public_id: str) -> tuple[Actor, Person]:
    actor = actor_of_request(request)
    actor.require(SEES)
    return actor, charts.person(actor, public_id)


def _done(request: HttpRequest, one: Person, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except Refused as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, said)
    return redirect("person_doors", public_id=one.public_id)


def _why(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:2000]
