"""Is it alive, is it ready, how is it doing; and the pages for what is missing or broke."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tradewind.platform.spine.trace import request_id
from tradewind.platform.surface.shell.middleware import API


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
    """Counters of this process for Prometheus; only on this machine."""
    if request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1"):
        return missing(request)
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page."""
    if request.path.startswith(API):
        body = {"type": "/problems/not_found", "status": 404, "code": "not_found", "request": request_id.get()}
        return JsonResponse(body, status=404, content_type="application/problem+json")
    return render(request, "404.html", {"request_id": request_id.get()}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke on our side; nothing was written."""
    if request.path.startswith(API):
        body = {"type": "/problems/failed", "status": 500, "code": "failed", "request": request_id.get()}
        return JsonResponse(body, status=500, content_type="application/problem+json")
    return render(None, "500.html", {"request_id": request_id.get()}, status=500)
