"""Setting up and removing second factors: the library's steps in our pages."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from tradewind.platform.surface.account.factors import Factors, is_needed
from tradewind.platform.surface.account.menu import menu


class Overview(IndexView):  # type: ignore[misc]
    """What somebody has set up, and what they could."""

    template_name = "own_account/factors.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**named)
        found = context["authenticators"]
        codes: RecoveryCodes | None = found.get(Authenticator.Type.RECOVERY_CODES)
        return context | {
            "menu": menu(self.request, "mfa_index"),
            "totp": found.get(Authenticator.Type.TOTP),
            "passkeys": found.get(Authenticator.Type.WEBAUTHN, []),
            "codes": codes,
            "codes_left": len(codes.get_unused_codes()) if codes else 0,
            "must": self.request.user.lacks_second_factor,
            "is_needed": getattr(self.request.user, "needs_second_factor", False),
        }


class SetUpApp(ActivateTOTPView):  # type: ignore[misc]
    template_name = "own_account/totp.html"


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]
    template_name = "own_account/totp_remove.html"


class Codes(ViewRecoveryCodesView):  # type: ignore[misc]
    template_name = "own_account/codes.html"


class NewCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "own_account/codes_new.html"


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    template_name = "own_account/passkey_add.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**named)
        return context | {"wish": context["js_data"]["creation_options"]}


class RenamePasskey(EditWebAuthnView):  # type: ignore[misc]
    template_name = "own_account/passkey_rename.html"
    success_url = reverse_lazy("mfa_index")


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "own_account/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: object) -> HttpResponse:
        if is_needed(self.get_object()):
            messages.error(self.request, Factors.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        return answer


class AskCode(AuthenticateView):  # type: ignore[misc]
    template_name = "own_account/sign_in_code.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**named)
        types = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        return context | {
            "wish": context["js_data"]["request_options"],
            "has_passkey": Authenticator.Type.WEBAUTHN in types,
            "has_code": bool(types - {Authenticator.Type.WEBAUTHN}),
        }


class AskCodeAgain(ReauthenticateView):  # type: ignore[misc]
    template_name = "own_account/confirm_code.html"


class AskPasskeyAgain(ReauthenticateWebAuthnView):  # type: ignore[misc]
    template_name = "own_account/confirm_passkey.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**named)
        return context | {"wish": context["js_data"]["request_options"]}


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """Without name and password."""

    def get(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.headers.get("Accept") != "application/json":
            return redirect("account_login")
        answer: HttpResponse = super().get(request, *args, **named)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("This passkey is not known here. Sign in with your password."))
        return redirect("account_login")
