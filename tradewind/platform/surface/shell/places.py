"""Where people can go: sections of places, what lies under the thumb, and what can be made. All data.

Declared once, in the wiring; each person is shown what their rights allow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext

from tradewind.platform.spine.access.actor import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """A page to go to, or to make something on, for whoever has the right."""

    label: str
    route: str
    icon: str
    right: str


@dataclass(frozen=True, slots=True)
class Section:
    """Places that belong together for the people who work there, under a quiet heading."""

    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Thumbs:
    """What lies under the thumb on a phone: up to four routes, for whoever has the right."""

    right: str
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as shown on one page."""

    label: str
    url: str
    icon: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as shown on one page."""

    label: str
    entries: tuple[Entry, ...]


_sections: list[Section] = []
_thumbs: list[Thumbs] = []
_creatable: list[Place] = []


def navigate(*sections: Section) -> None:
    """Declare the navigation in its order."""
    _sections[:] = sections


def thumbs(*bars: Thumbs) -> None:
    """Declare the bars for phones, the first that fits is taken; they name routes of the navigation."""
    known = {place.route for section in _sections for place in section.places}
    for bar in bars:
        if not set(bar.routes) <= known or len(bar.routes) > 4:
            raise ValueError(f"thumbs for {bar.right}: up to four routes of the navigation, not {bar.routes}")
    _thumbs[:] = bars


def creatable(*places: Place) -> None:
    """Declare what the create menu offers, in its order; more may be declared later."""
    _creatable.extend(places)


def navigation(actor: Actor, path: str) -> list[Shown]:
    """The sections this actor can use, the place of this address marked; empty sections are left out."""
    shown = [Shown(gettext(s.label), tuple(_entries(actor, s.places))) for s in _sections]
    here = _nearest([entry.url for section in shown for entry in section.entries], path)
    return [
        Shown(section.label, tuple(replace(entry, current=entry.url == here) for entry in section.entries))
        for section in shown
        if section.entries
    ]


def first_place(actor: Actor) -> str:
    """The address where somebody begins: of the first place they may go to; / for whoever may go nowhere."""
    return next((entry.url for section in navigation(actor, "") for entry in section.entries), "/")


def under_the_thumb(actor: Actor, sections: Sequence[Shown]) -> list[Entry]:
    """The places of the first bar that fits, of those shown; without any, the first of the navigation."""
    shown = {entry.url: entry for section in sections for entry in section.entries}
    for bar in _thumbs:
        if actor.can(bar.right):
            return [shown[url] for route in bar.routes if (url := reverse(route)) in shown]
    return list(shown.values())[:4]


def to_create(actor: Actor) -> list[Entry]:
    """What this actor may make."""
    return list(_entries(actor, _creatable))


def _entries(actor: Actor, places: Sequence[Place]) -> Iterator[Entry]:
    for place in places:
        if actor.can(place.right):
            yield Entry(gettext(place.label), reverse(place.route), place.icon)


def _nearest(urls: Sequence[str], path: str) -> str:
    """The longest of these addresses that leads to this page: /people is on the way to /people/7."""
    return max((url for url in urls if path == url or path.startswith(f"{url}/")), key=len, default="")
