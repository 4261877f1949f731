"""What the shell around every page needs: who is signed in, where they can go, what they keep."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.trace import request_id
from tradewind.platform.surface.favourites.queries import kept_pages
from tradewind.platform.surface.favourites.values import KeptPage
from tradewind.platform.surface.shell import palette, places
from tradewind.platform.surface.shell.places import Entry, Shown

ELSEWHERE = "star"


@dataclass(frozen=True, slots=True)
class Who:
    """The person in the corner: their name, what they are, and where they work."""

    sign_in: str
    name: str
    role: str = ""
    unit: str = ""

    @property
    def initials(self) -> str:
        """Two letters for a round picture; of a Chinese name its last two characters, as colleagues say."""
        words = self.name.split()
        if not self.name.isascii():
            return self.name[-2:]
        return "".join(word[0] for word in (words[0], words[-1]) if len(words) > 1) or self.name[:2]


_naming: list[Callable[[Actor], Who]] = []


def naming(who: Callable[[Actor], Who]) -> None:
    """Say who a signed-in actor is."""
    _naming[:] = [who]


def shell(request: HttpRequest) -> dict[str, object]:
    """Everything around the page; next to nothing on the pages before the door."""
    facts: dict[str, object] = {"request_id": request_id.get()}
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.is_nobody:
        return facts
    if _is_part(request):
        return facts
    sections, to_create = places.navigation(actor, request.path), places.to_create(actor)
    return facts | {
        "who": _naming[0](actor),
        "looks_as": actor.looks_as,
        "navigation": sections,
        "thumbs": places.under_the_thumb(actor, sections),
        "to_create": to_create,
        "palette": palette.entries(sections, to_create),
        "live_url": _live_url(request),
        "live_since": str(int(getattr(request, "began_at", time.time()) * 1000)),
        **shelf(actor, request.get_full_path(), sections),
    }


def _is_part(request: HttpRequest) -> bool:
    """Does the page want only a part of itself? That has nothing around it."""
    whole = ("HX-Boosted", "HX-History-Restore-Request")
    return "HX-Request" in request.headers and not any(name in request.headers for name in whole)


def shelf(
    actor: Actor, url: str, sections: Sequence[Shown], pages: Sequence[KeptPage] | None = None
) -> dict[str, object]:
    """The favourites and the star of one page, after whatever just changed them."""
    pages = kept_pages(actor) if pages is None else pages
    return {
        "may_keep": actor.can("surface.favourite.keep"),
        "is_kept": any(page.url == url for page in pages),
        "kept": [Entry(page.label, page.url, _icon(page.url, sections), page.url == url) for page in pages],
    }


def _icon(url: str, sections: Sequence[Shown]) -> str:
    """The picture of the place under which a page lies."""
    path = urlsplit(url).path
    entries = [entry for section in sections for entry in section.entries]
    above = [entry for entry in entries if path == entry.url or path.startswith(f"{entry.url}/")]
    return max(above, key=lambda entry: len(entry.url)).icon if above else ELSEWHERE


def _live_url(request: HttpRequest) -> str:
    """Where live news come from: through the proxy under this address, else from the port beside."""
    if settings.HOSTS:
        return "/live"
    name, _ = split_domain_port(request.get_host())
    return f"http://{name}:{settings.LIVE_PORT}/live" if name in settings.LOCAL_NAMES else ""
