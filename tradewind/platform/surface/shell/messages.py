"""Messages that offer an undo for ten seconds, instead of a question beforehand."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

MARK = "undo:"


def undoable(request: HttpRequest, text: str, address: str) -> None:
    """Say what was done; its undo posts to this address of ours, with nothing but the token.

    What undoing needs to know, such as the version it undoes, belongs into the address.
    """
    if not address.startswith("/") or " " in address:
        raise ValueError(f"an undo goes to an address of this site, not {address!r}")
    messages.success(request, text, extra_tags=MARK + address)


def address_of_undo(message: Message) -> str:
    """Where the undo of a message is posted to; empty without one."""
    tags = message.extra_tags or ""
    return tags.removeprefix(MARK) if tags.startswith(MARK) else ""
