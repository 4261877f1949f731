"""The door: nobody signs up; people come in by the link an administrator hands them."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's behaviour without open sign-up, in our words."""

    error_messages = {  # noqa: RUF012 - the library's own way
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed. Ask your administrator."),
        "rate_limited": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
        "username_password_mismatch": gettext_lazy("The sign-in name or the password is wrong."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "incorrect_password": gettext_lazy("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Only whoever knows the password is told that the account is closed."""
        return render(request, "own_account/closed.html", status=403)

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Whoever has just come in need not prove it again; whoever left the desk must."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((float(one["at"]) for one in records), default=0.0)
        return bool(time.time() - latest >= app_settings.REAUTHENTICATION_TIMEOUT)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By the account alone. The library adds the host, and a visitor can name many."""
        return str(credentials.get("username", "")).strip().casefold()


class LongEnough(MinimumLengthValidator):
    """Django's rule, whose sentence its own Chinese catalogue lacks."""

    def get_error_message(self) -> str:
        return gettext("Take at least %(count)d characters.") % {"count": self.min_length}
