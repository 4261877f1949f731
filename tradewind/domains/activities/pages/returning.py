"""Where to go after an act, and what is said there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def back_of(request: HttpRequest, otherwise: str) -> str:
    """The page that the act was done on, within this site only."""
    target = request.POST.get("next") or request.GET.get("next", "")
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_ours else otherwise


def done(request: HttpRequest, otherwise: str, words: str) -> HttpResponse:
    """Back to where one was, with a short message."""
    messages.success(request, words)
    return redirect(back_of(request, otherwise))
