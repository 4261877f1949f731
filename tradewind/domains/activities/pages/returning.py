"""Where to go after an act, and what is said there."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tradewind.platform.surface.shell.messages import undoable
from tradewind.platform.surface.shell.returning import within_site


def back_of(request: HttpRequest, otherwise: str) -> str:
    """The page that the act was done on, within this site only."""
    return within_site(request.POST.get("next") or request.GET.get("next", "")) or otherwise


def done(request: HttpRequest, otherwise: str, words: str) -> HttpResponse:
    """Back to where one was, with a short message."""
    messages.success(request, words)
    return redirect(back_of(request, otherwise))


def done_for_now(request: HttpRequest, otherwise: str, words: str, undo: tuple[str, int]) -> HttpResponse:
    """The same, with an undo for ten seconds: its address, and the version that it undoes."""
    back, (address, version) = back_of(request, otherwise), undo
    undoable(request, words, f"{address}?{urlencode({'version': version, 'next': back})}")
    return redirect(back)
