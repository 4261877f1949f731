"""What the shell around every page needs: who is signed in, and where they can go."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.trace import request_id


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation, for whoever has the right."""

    label: str
    route: str
    icon: str
    right: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as shown on one page."""

    label: str
    url: str
    icon: str
    current: bool


_places: list[Place] = []
_naming: list[Callable[[Actor], str]] = []


def navigate(*places: Place) -> None:
    """Declare the navigation in its order; each domain's pages, called from the wiring."""
    _places[:] = places


def naming(name_of: Callable[[Actor], str]) -> None:
    """Say how a signed-in actor is called in the corner of the page."""
    _naming[:] = [name_of]


def first_place(actor: Actor) -> str:
    """Where somebody begins: the first place of the navigation that is theirs, else the first of all."""
    return next(
        (reverse(place.route) for place in _places if actor.can(place.right)), reverse(_places[0].route)
    )


def shell(request: HttpRequest) -> dict[str, object]:
    """Navigation and name; empty on the pages before the door."""
    facts: dict[str, object] = {"request_id": request_id.get(), "navigation": [], "person_name": ""}
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.is_nobody:
        return facts
    facts["person_name"] = _naming[0](actor)
    facts["navigation"] = [
        Entry(gettext(place.label), url, place.icon, request.path.startswith(url))
        for place in _places
        if actor.can(place.right) and (url := reverse(place.route))
    ]
    return facts
