"""The second factor as we want it of the library: our words, encrypted seeds, counted tries."""

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext, gettext_lazy

from tradewind.platform.spine.access.protect import register_function
from tradewind.platform.surface.account import crypt

# A sign-in sees its own factors only: that of the session, of the token, or whoever is proving who they are.
register_function(
    "ALTER TABLE mfa_authenticator ENABLE ROW LEVEL SECURITY",
    "DROP POLICY IF EXISTS tw_wide ON mfa_authenticator",
    "CREATE POLICY tw_wide ON mfa_authenticator TO tw_wide USING (true) WITH CHECK (true)",
    "DROP POLICY IF EXISTS tw_app ON mfa_authenticator",
    "CREATE POLICY tw_app ON mfa_authenticator TO tw_app "
    "USING (user_id = (SELECT NULLIF(current_setting('tw.user', true), '')::bigint))",
)
NOT_A_FACTOR = Authenticator.Type.RECOVERY_CODES
"""Codes replace a lost factor; they are none themselves."""
USED_FOR_S = 150  # longer than any code is accepted
KEY_NAMES = {0: gettext_lazy("Passkey")}


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's second factors in our words, with what is secret encrypted."""

    error_messages = {  # noqa: RUF012 - the library's own way
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right, or was used already. Try the next one."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second factor. Set up another one before removing this one."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Set up a second factor first."),
    }

    def get_totp_issuer(self) -> str:
        """What the app on the phone calls us: the company is what people recognise."""
        return f"{settings.COMPANY_NAME or 'Tradewind'}"

    def encrypt(self, text: str) -> str:
        return crypt.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypt.decrypt(encrypted_text)

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Any = None) -> bool:
        """Asked at every step before somebody's factors are read."""
        if user.is_authenticated and user.pk != getattr(context.request.user, "pk", None):
            proving(user.pk)
        return bool(super().is_mfa_enabled(user, types))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_needed(authenticator)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey") if not count else gettext("Passkey %(number)d") % {"number": count + 1}


def proving(user_id: int) -> None:
    """Somebody is just proving who they are: their factors can be read from here on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tw.user', %s, true)", [str(user_id)])


def factors_of(user_id: int) -> Sequence[Authenticator]:
    """What somebody can prove themselves with, besides a password; recovery codes not counted."""
    rows = Authenticator.objects.filter(user_id=user_id).exclude(type=NOT_A_FACTOR)
    return list(rows.order_by("created_at", "pk"))


def is_needed(authenticator: Authenticator) -> bool:
    """Is it the last second factor of somebody whose role asks for one?"""
    user = context.request.user
    if not getattr(user, "needs_second_factor", False):
        return False
    return all(one.pk == authenticator.pk for one in factors_of(authenticator.user_id))


class CountedCode:
    """A code that is counted as wrong until it is right, per account and per address, and works once.

    The library forgets all wrong tries of an address after one right code; we only take back the right one.
    """

    user: AbstractBaseUser
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        usage = ratelimit.consume(
            context.request, app="allauth.account", action="login_failed", key=f"second-factor:{self.user.pk}"
        )
        if not usage:
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code = "".join(str(self.cleaned_data["code"]).split())
        found = self._answering(code)
        # The library remembers a code for thirty seconds; with one step of tolerance it lives longer.
        if found is None or not cache.add(f"second-factor:{self.user.pk}:{code}", 1, timeout=USED_FOR_S):
            raise Factors().validation_error("incorrect_code")
        usage.rollback()
        self.authenticator = found
        return code

    def _answering(self, code: str) -> Authenticator | None:
        for one in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            if one.wrap().validate_code(code):
                one.user = self.user
                return one
        return None


class PasskeyAloneForm(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey that says whose it is, before anybody is known."""

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        auth.parse_authentication_response(credential)
        proving(auth.extract_user_from_response(credential).pk)
        return super().clean_credential()


class CodeForm(CountedCode, AuthenticateForm):  # type: ignore[misc]
    """The code asked for at the door."""


class CodeAgainForm(CountedCode, ReauthenticateForm):  # type: ignore[misc]
    """The code asked for again before something delicate."""
