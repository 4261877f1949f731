"""Closed by default: whoever is not signed in gets the sign-in page, whatever the address."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tradewind.kernel.errors import DomainError, NotAllowed, phrase
from tradewind.kernel.errors import declare as declare_refusals
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.middleware import API, problem

OPEN = ("/sign-in/", "/welcome/", "/sign-out/", "/static/")
OPEN_EXACTLY = ("/language", "/healthz", "/readyz", "/metrics", "/api/v1/openapi.json")
SETTING_UP = ("/account/second-factor", "/account/passkeys/new", "/account/confirm", "/sign-out/", "/static/")


class NotSignedIn(DomainError):
    """Nobody is signed in."""

    status = 401


declare_refusals(
    {
        "not_signed_in": phrase("Please sign in."),
        "second_factor_missing": phrase(
            "Your role needs a second factor. Sign in to the pages and set one up."
        ),
    }
)


class DoorMiddleware:
    """Let signed-in people through, and everybody to the few open addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _sets_up(request) and getattr(request.user, "lacks_second_factor", False):
            return self._to_set_up(request)
        is_open = request.path.startswith(OPEN) or request.path in OPEN_EXACTLY
        if is_open or not actor_of_request(request).is_nobody:
            response = self.get_response(request)
            response.headers.setdefault(
                "Cache-Control", "no-store"
            )  # nothing for the next person at this desk
            return response
        if request.path.startswith(API):
            return problem(NotSignedIn("not_signed_in"))
        if request.user.is_authenticated:  # signed in, but no longer anybody in this company
            return render(request, "403.html", status=403)
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

    def _to_set_up(self, request: HttpRequest) -> HttpResponse:
        """Whose role needs a second factor gets no further without one."""
        if request.path.startswith(API):
            return problem(NotAllowed("second_factor_missing"))
        return redirect(settings.SECOND_FACTOR_URL)


def _sets_up(request: HttpRequest) -> bool:
    """Is this on the way to a second factor, or out? A token of somebody who lacks one opens nothing."""
    if request.path in OPEN_EXACTLY:
        return True
    return request.path.startswith(SETTING_UP) and not hasattr(request, "token_scopes")
