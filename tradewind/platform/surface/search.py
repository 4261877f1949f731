"""One search over everything: each kind of record says how it is found, within what somebody may see."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router, Schema

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request

PER_GROUP = 6
LONGEST = 100

router = Router(tags=["search"])


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found: what it is called, a line that tells it from others, and its page.

    `is_exact`: the words are its very number or code.
    """

    label: str
    detail: str
    url: str
    is_exact: bool = False


Finder = Callable[[Actor, str, int], list[Hit]]
"""Records that hold these words, at most so many, the best first; only those the actor may see."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """One kind of record."""

    key: str
    label: str
    icon: str
    finder: Finder


class HitOut(Schema):
    label: str
    detail: str
    url: str
    icon: str


class GroupOut(Schema):
    key: str
    label: str
    items: list[HitOut]


class FoundOut(Schema):
    groups: list[GroupOut]


_searchable: dict[str, Searchable] = {}


def searchable(key: str, label: str, icon: str, finder: Finder) -> None:
    """Let a kind of record be found; groups stand in the order of their declaration."""
    if key in _searchable:
        raise ValueError(f"{key} is searchable twice")
    _searchable[key] = Searchable(key, label, icon, finder)


def found(actor: Actor, words: str) -> list[tuple[Searchable, list[Hit]]]:
    """What holds these words, by kind: one statement for each.

    Kinds without a hit are left out; the kind that has exactly this number or code comes first.
    """
    words = " ".join(words.split())
    if not words:
        return []
    groups = [(kind, kind.finder(actor, words, PER_GROUP)) for kind in _searchable.values()]
    hit = [(kind, hits) for kind, hits in groups if hits]
    return sorted(hit, key=lambda group: not any(one.is_exact for one in group[1]))


@router.get("", response=FoundOut)
def search(request: HttpRequest, q: Annotated[str, Query(max_length=LONGEST)] = "") -> dict[str, Any]:
    """Records of every kind that hold these words, as far as the signed-in person sees them."""
    groups = found(actor_of_request(request), q)
    return {
        "groups": [
            {
                "key": kind.key,
                "label": gettext(kind.label),
                "items": [asdict(hit) | {"icon": kind.icon} for hit in hits],
            }
            for kind, hits in groups
        ]
    }
