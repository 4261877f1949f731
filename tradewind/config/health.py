"""Is it alive, is it ready, how is it doing; and the pages for what is missing or broke."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tradewind.kernel.errors import DomainError, declare, phrase
from tradewind.platform.spine.trace import request_id
from tradewind.platform.surface.shell.middleware import API, problem, sentence


class Unreadable(DomainError):
    """A request with more words than one may have, or that is none."""

    status = 400


class TooLarge(DomainError):
    """A request that says more than one may."""

    status = 413


declare(
    {
        "unreadable": phrase("This request cannot be read: it is broken, or names too many things at once."),
        "too_large": phrase("This is more than one request may hold. Send less at once."),
    }
)


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ready"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Counters of this process for Prometheus; only on this machine, and not through its proxy."""
    is_forwarded = any(name.startswith(("HTTP_X_FORWARDED", "HTTP_FORWARDED")) for name in request.META)
    if is_forwarded or request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1"):
        return missing(request)
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page."""
    if request.path.startswith(API):
        body = {
            "type": "/problems/not_found",
            "status": 404,
            "code": "not_found",
            "request": request_id.get(),
        }
        return JsonResponse(body, status=404, content_type="application/problem+json")
    return render(request, "404.html", {"request_id": request_id.get()}, status=404)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """More than one request may hold, or nothing that can be read as one."""
    is_large = isinstance(exception, RequestDataTooBig)
    error = TooLarge("too_large") if is_large else Unreadable("unreadable")
    if request.path.startswith(API):
        return problem(error)
    facts = {"request_id": request_id.get(), "message": sentence(error), "again": "/"}
    return render(request, "422.html", facts, status=error.status)


def open_too_long(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of its session: an old page, or somebody else's."""
    if request.path.startswith(API):
        body = {"type": "/problems/forgery", "status": 403, "code": "forgery", "request": request_id.get()}
        return JsonResponse(body, status=403, content_type="application/problem+json")
    return render(request, "403.html", {"request_id": request_id.get()}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke on our side, or the database is away for a moment; nothing was written."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    code, status = ("unavailable", 503) if is_away else ("failed", 500)
    if request.path.startswith(API):
        body = {"type": f"/problems/{code}", "status": status, "code": code, "request": request_id.get()}
        response: HttpResponse = JsonResponse(body, status=status, content_type="application/problem+json")
    else:
        response = render(None, "500.html", {"request_id": request_id.get()}, status=status)
    if is_away:
        response["Retry-After"] = "2"
    return response
