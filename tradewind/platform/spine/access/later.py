"""Work done later for somebody: their actor is built again then, with the rights of that moment."""

from collections.abc import Callable

from tradewind.platform.spine.access.actor import Actor

PersonSource = Callable[[int], Actor]
_sources: list[PersonSource] = []


def person_source(source: PersonSource) -> None:
    """Say how a person, by id, becomes an actor; the organization knows."""
    _sources[:] = [source]


def actor_now(person_id: int) -> Actor:
    """Who this person is now; nobody, when they may no longer sign in."""
    return _sources[0](person_id)
