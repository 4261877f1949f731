"""What every request gets: a name for its traces, and a page or a problem for every refusal."""

import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from tradewind.kernel.errors import WORDING, DomainError, Invalid, NotAllowed, NotVisible, StaleVersion
from tradewind.platform.spine.trace import request_id

API = "/api/"
PAGES = {NotAllowed: "403.html", NotVisible: "404.html"}


class RequestIdMiddleware:
    """Name the request in its traces; refuse the one character that no text in the database may hold."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.began_at = time.time()  # type: ignore[attr-defined]
        token = request_id.set(uuid4().hex[:12])
        try:
            is_text = "\x00" not in request.path and "%00" not in request.META.get("QUERY_STRING", "")
            response = self.get_response(request) if is_text else HttpResponseBadRequest()
            response["X-Request-Id"] = request_id.get()
        finally:
            request_id.reset(token)
        return response


class RefusalMiddleware:
    """The one place that turns a refusal into an answer; the transaction is undone with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        response = problem(error) if request.path.startswith(API) else _page(request, error)
        response.undo = True  # type: ignore[attr-defined]
        return response


def sentence(error: DomainError) -> str:
    """What the refusal says, in the reader's language."""
    return gettext(WORDING[error.code]) % error.facts if error.facts else gettext(WORDING[error.code])


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
    facts = {"request_id": request_id.get(), "message": sentence(error)}
    return render(request, template, facts, status=error.status)
