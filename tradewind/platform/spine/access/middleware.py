"""The edge of a request: one transaction, begun as nobody, given its actor once, undone on refusal."""

from collections.abc import Callable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import become, scope
from tradewind.platform.spine.access.tokens import narrowed

ActorSource = Callable[[AbstractBaseUser], Actor]
LookSource = Callable[[Actor, object], Actor]
LOOKS_AS = "see_as"
"""Where the session names whose eyes somebody looks with."""
_sources: list[ActorSource] = []
_looks: list[LookSource] = []

OPEN_PATHS = ("/healthz", "/readyz", "/metrics")
"""Answered without a transaction and without a person; they read no table."""


def actor_source(source: ActorSource) -> None:
    """Say how a signed-in user becomes an actor; the organization knows."""
    _sources[:] = [source]


def look_source(source: LookSource) -> None:
    """Say what somebody sees who looks with another's eyes, as their session says; the organization knows."""
    _looks[:] = [source]


def actor_of_user(user: AbstractBaseUser) -> Actor:
    """Who a signed-in user is today."""
    return _sources[0](user)


def actor_of_request(request: HttpRequest) -> Actor:
    """Who acts in this request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class ScopeMiddleware:
    """Outermost, but for static files: the session itself is read and written inside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in OPEN_PATHS:
            return self.get_response(request)
        with scope(Actor.nobody()):
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(response, "undo", False):
                transaction.set_rollback(True)
        return response


class ActorMiddleware:
    """After the session: whoever is signed in becomes the actor of the transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = Actor.nobody()
        if request.path not in OPEN_PATHS and request.user.is_authenticated:
            actor = actor_of_user(request.user)
            if hasattr(request, "token_scopes"):
                actor = narrowed(actor, request.token_scopes)
            elif LOOKS_AS in request.session:
                actor = _looks[0](actor, request.session[LOOKS_AS])
            become(actor)
        request.actor = actor  # type: ignore[attr-defined]
        return self.get_response(request)
