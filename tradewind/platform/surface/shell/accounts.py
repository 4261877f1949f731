"""The door: nobody signs up; people come in by the link an administrator hands them."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's behaviour without open sign-up, in our words."""

    error_messages = {  # noqa: RUF012 - the library's own way
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed. Ask your administrator."),
        "rate_limited": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
        "username_password_mismatch": gettext_lazy("The sign-in name or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class LongEnough(MinimumLengthValidator):
    """Django's rule, whose sentence its own Chinese catalogue lacks."""

    def get_error_message(self) -> str:
        return gettext("Take at least %(count)d characters.") % {"count": self.min_length}
