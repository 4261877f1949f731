"""Keeping a page, and keeping it no longer."""

from collections.abc import Callable
from dataclasses import asdict

from tradewind.kernel.errors import NotAllowed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch
from tradewind.platform.surface.favourites import rules
from tradewind.platform.surface.favourites.models import Shelf
from tradewind.platform.surface.favourites.policy import SHELVES
from tradewind.platform.surface.favourites.queries import pages_of
from tradewind.platform.surface.favourites.values import KeptPage


@batch("surface.favourite.keep")
def keep(actor: Actor, given: KeptPage) -> list[KeptPage]:
    """Keep a page on one's own shelf; keeping it again only renames it. Returns what is kept then."""
    page = rules.page(given.url, given.label)
    return _change(actor, lambda pages: rules.kept(pages, page))


@batch("surface.favourite.drop", right="surface.favourite.keep")
def drop(actor: Actor, given: KeptPage) -> list[KeptPage]:
    """Keep a page no longer; returns what is kept then."""
    return _change(actor, lambda pages: rules.without(pages, given.url))


def _change(actor: Actor, change: Callable[[list[KeptPage]], list[KeptPage]]) -> list[KeptPage]:
    if actor.person_id is None:
        raise NotAllowed("not_allowed")
    Shelf.objects.bulk_create([Shelf(person_id=actor.person_id)], ignore_conflicts=True)
    shelf = Shelf.objects.filter(SHELVES.visible(actor)).select_for_update(no_key=True).get()
    before = pages_of(shelf)
    after = change(before)
    if after != before:
        shelf.change(pages=[asdict(page) for page in after])
    return after
