"""One's own account: who one is here, the password, and where one is signed in."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import PasswordChangeView, ReauthenticateView
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tradewind.platform.spine.access.sessions import end_sessions, sessions_of
from tradewind.platform.surface.account.linking import providers
from tradewind.platform.surface.account.menu import menu, user_of
from tradewind.platform.surface.account.visitors import device_named


def profile(request: HttpRequest) -> HttpResponse:
    """Who one is here, and which other doors lead in."""
    linked = {one.provider: one for one in SocialAccount.objects.filter(user=request.user)}
    doors = [(one, linked.get(one.sub_id)) for one in providers(request)]
    context = {"menu": menu(request, "account"), "doors": doors}
    return render(request, "own_account/profile.html", context)


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    """With the present one; all other sessions end."""

    template_name = "own_account/password.html"
    success_url = reverse_lazy("account")

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**named)
        return context | {"menu": menu(self.request, "account_change_password")}

    def get_default_success_url(self) -> str:
        return str(self.success_url)

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not user_of(request).has_usable_password():  # comes in through another door only
            messages.info(request, _("You sign in through another service and have no password here."))
            return redirect("account")
        answer: HttpResponse = super().dispatch(request, *args, **named)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        count = end_sessions(self.request.user.pk, kept_key=self.request.session.session_key)
        text = _("Your password is changed.")
        if count:
            text += " " + _("All other devices are signed out.")
        messages.success(self.request, text)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer


class ConfirmPassword(ReauthenticateView):  # type: ignore[misc]
    template_name = "own_account/confirm_password.html"


def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    rows = [
        (one, device_named(one.device))
        for one in sessions_of(user_of(request).pk, request.session.session_key)
    ]
    context = {"menu": menu(request, "account_sessions"), "rows": rows}
    return render(request, "own_account/sessions.html", context)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Sign out one other device, or all others."""
    raise_if_reauthentication_required(request, app="tradewind.account")
    one = request.POST.get("session") or None
    count = end_sessions(user_of(request).pk, one=one, kept_key=request.session.session_key)
    if count:
        messages.success(request, _("Signed out there."))
    return redirect("account_sessions")
