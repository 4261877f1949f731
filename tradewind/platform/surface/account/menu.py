"""The places of the account area."""

from typing import cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.models import User


def user_of(request: HttpRequest) -> User:
    """The sign-in that asks; the door lets nobody else here."""
    return cast(User, request.user)


def menu(request: HttpRequest, here: str) -> list[dict[str, object]]:
    """Where one can go from any page of the account area."""
    places = [
        ("account", _("Profile"), "user"),
        ("account_change_password", _("Password"), "lock"),
        ("mfa_index", _("Second factor"), "shield-check"),
        ("account_sessions", _("Devices"), "devices"),
    ]
    if actor_of_request(request).can("access.token.create"):
        places.append(("account_tokens", _("API tokens"), "key"))
    return [
        {"url": reverse(name), "label": label, "icon": icon, "is_here": name == here}
        for name, label, icon in places
    ]
