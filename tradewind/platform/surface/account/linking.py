"""Signing in through the company's other systems: whom an outside account stands for. It makes nobody."""

import logging
from collections.abc import Sequence
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tradewind.platform.spine.models import User

log = logging.getLogger(__name__)


class OtherDoors(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Configured by the environment alone; matched to people who are here already."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the settings; the library would look into a table as well."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find whom it stands for: by the link made before, else by the sign-in name it tells us."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        names = names_told(sociallogin.account)
        user = User.objects.filter(username__in=names).first() if names else None
        if user is None:
            told = ", ".join(names) or sociallogin.account.uid
            log.info("nobody here signs in as %r, which %s told", told, sociallogin.account.provider)
            raise ImmediateHttpResponse(
                render(request, "own_account/unknown.html", {"told": told}, status=403)
            )
        sociallogin.connect(request, user)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """A page that says what to do. What went wrong is logged by its kind: answers may hold secrets."""
        log.warning("signing in through %s failed: %s %s", provider.id, error, type(exception).__name__)
        was_left = error == "cancelled"
        raise ImmediateHttpResponse(
            render(request, "own_account/other_door_failed.html", {"was_left": was_left}, status=403)
        )

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return "/account"


def names_told(account: SocialAccount) -> list[str]:
    """The sign-in names that an outside account may stand for, by what its service tells of it."""
    data = account.extra_data
    told: list[Any] = []
    for claim in settings.SIGN_IN_NAME_CLAIMS.get(account.provider, ()):
        for part in (data, data.get("userinfo"), data.get("id_token")):
            if isinstance(part, dict):
                told.append(part.get(claim))
    names = [one.strip() for one in told if isinstance(one, str) and one.strip()]
    return list(dict.fromkeys(names))


def providers(request: HttpRequest) -> Sequence[Any]:
    """The doors that are configured, as buttons of the sign-in page."""
    return list(get_adapter().list_providers(request))


@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    """Let an outside account no longer stand for oneself."""
    raise_if_reauthentication_required(request, app="tradewind.account")
    SocialAccount.objects.filter(user=request.user, provider=request.POST.get("provider", "")).delete()
    messages.success(request, _("The link is removed."))
    return redirect("account")
