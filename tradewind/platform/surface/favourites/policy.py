"""A shelf is its person's own, however far others reach."""

from tradewind.platform.spine.access.scopes import Scope
from tradewind.platform.surface.favourites.models import Shelf

SHELVES = Scope("surface.favourite", Shelf, person="person_id", personal=True, writes=("INSERT", "UPDATE"))
