"""What somebody keeps."""

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.favourites.models import Shelf
from tradewind.platform.surface.favourites.policy import SHELVES
from tradewind.platform.surface.favourites.values import KeptPage


def kept_pages(actor: Actor) -> list[KeptPage]:
    """The pages this person keeps, in their order."""
    shelf = Shelf.objects.filter(SHELVES.visible(actor)).first()
    return pages_of(shelf) if shelf else []


def pages_of(shelf: Shelf) -> list[KeptPage]:
    """The stored list as values."""
    return [KeptPage(one["url"], one["label"]) for one in shelf.pages]
