"""The star in the bar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.favourites import commands
from tradewind.platform.surface.favourites.values import KeptPage
from tradewind.platform.surface.shell.context import shelf
from tradewind.platform.surface.shell.places import navigation


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the page that the star stands on."""
    return _answer(request, commands.keep(actor_of_request(request), _given(request)))


@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Keep it no longer."""
    return _answer(request, commands.drop(actor_of_request(request), _given(request)))


def _given(request: HttpRequest) -> KeptPage:
    return KeptPage(request.POST.get("url", ""), request.POST.get("label", ""))


def _answer(request: HttpRequest, pages: list[KeptPage]) -> HttpResponse:
    """The list again."""
    actor = actor_of_request(request)
    sections = navigation(actor, "")
    return render(
        request, "shell/_kept_changed.html", shelf(actor, request.POST.get("url", ""), sections, pages)
    )
