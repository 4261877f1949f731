"""What every request gets: a name for its traces, and a page or a problem for every refusal."""

import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext

from tradewind.kernel.errors import (
    WORDING,
    DomainError,
    Invalid,
    Malformed,
    NotAllowed,
    NotVisible,
    StaleVersion,
    declare,
    phrase,
)
from tradewind.platform.spine.trace import request_id
from tradewind.platform.surface.shell.lists import listed

API = "/api/"
OWN = "/account"
NUL = "\x00"


class NoText(Malformed):
    """An address holds the one character that no text in the database may hold."""

    status = 400


declare(
    {
        "no_text": phrase("An address cannot hold this character."),
        "only_looking": phrase(
            "You only look with somebody else's eyes. Go back to your own view to change it."
        ),
    }
)
WHILE_LOOKING = ("see_as_end", "account_logout", "set_language")
"""All that may be sent while looking with somebody else's eyes."""
PAGES = {
    NotAllowed: "403.html",
    NotVisible: "404.html",
    Malformed: "422.html",
    Invalid: "422.html",
    NoText: "422.html",
}


class RequestIdMiddleware:
    """Name the request in its traces."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.began_at = time.time()  # type: ignore[attr-defined]
        token = request_id.set(uuid4().hex[:12])
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
        finally:
            request_id.reset(token)
        return response


class RefusalMiddleware:
    """The one place that turns a refusal into an answer; the transaction is undone with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            words = (
                word for word, values in request.GET.lists() if any(NUL in text for text in [word, *values])
            )
            return _refusal(request, NoText("no_text", field=next(words, "")))
        if _is_closed_while_looking(request):
            return _refusal(request, NotAllowed("only_looking"))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _refusal(request, error) if isinstance(error, DomainError) else None


def _is_closed_while_looking(request: HttpRequest) -> bool:
    """Whoever looks with other eyes changes nothing, and their own sign-in is no part of the view."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.looks_as:
        return False
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return request.path.startswith(OWN)
    try:
        return resolve(request.path_info).url_name not in WHILE_LOOKING
    except Resolver404:
        return False


def _refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    response = problem(error) if request.path.startswith(API) else _page(request, error)
    response.undo = True  # type: ignore[attr-defined]
    return response


def sentence(error: DomainError) -> str:
    """What the refusal says, in the reader's language."""
    facts = {key: listed(said) if isinstance(said, tuple) else said for key, said in error.facts.items()}
    return gettext(WORDING[error.code]) % facts if facts else gettext(WORDING[error.code])


def problem(error: DomainError, **more: object) -> JsonResponse:
    """The refusal as problem+json (RFC 9457); a stale version is 412 for integrators."""
    status = 412 if isinstance(error, StaleVersion) else error.status
    body = {
        "type": f"/problems/{error.code}",
        "title": sentence(error),
        "status": status,
        "code": error.code,
        "field": error.field or None,
        "request": request_id.get(),
        **more,
    }
    if isinstance(error, Invalid):
        body["errors"] = [{"field": name, "problem": text} for name, text in error.problems.items()]
    words = {"ensure_ascii": False}
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params=words)


def _page(request: HttpRequest, error: DomainError) -> HttpResponse:
    template = PAGES.get(type(error), "409.html")
    again = "/" if NUL in request.path else request.path
    facts = {"request_id": request_id.get(), "message": sentence(error), "again": again, "field": error.field}
    return render(request, template, facts, status=error.status)
