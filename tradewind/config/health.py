"""Is it alive, is it ready, how is it doing; and the pages for what is missing or broke."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tradewind.kernel.errors import DomainError, NotAllowed, NotVisible, declare, phrase
from tradewind.platform.spine.trace import request_id
from tradewind.platform.surface.shell.middleware import API, problem, sentence


class Unreadable(DomainError):
    """A request with more words than one may have, or that is none."""

    status = 400


class TooLarge(DomainError):
    """A request that says more than one may."""

    status = 413


class Failed(DomainError):
    """Something broke on our side."""

    status = 500


class Unavailable(DomainError):
    """The database is away for a moment."""

    status = 503


declare(
    {
        "unreadable": phrase("This request cannot be read: it is broken, or names too many things at once."),
        "too_large": phrase("This is more than one request may hold. Send less at once."),
        "forgery": phrase("This was sent without the token of its session. Read it anew and send it again."),
        "failed": phrase("Something broke on our side. Nothing was written."),
        "unavailable": phrase("The database is away for a moment. Nothing was written; try again shortly."),
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
        return problem(NotVisible("not_found"))
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
        return problem(NotAllowed("forgery"))
    return render(request, "403.html", {"request_id": request_id.get()}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke on our side, or the database is away for a moment; nothing was written."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    code, status = ("unavailable", 503) if is_away else ("failed", 500)
    if request.path.startswith(API):
        response: HttpResponse = problem((Unavailable if is_away else Failed)(code))
    else:
        response = render(None, "500.html", {"request_id": request_id.get()}, status=status)
    if is_away:
        response["Retry-After"] = "2"
    return response
