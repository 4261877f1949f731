"""API tokens of one's own: made, shown once, listed, revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from tradewind.kernel.errors import NotAllowed, Refused
from tradewind.platform.spine.access import tokens
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.access.tokens import TOKENS
from tradewind.platform.spine.command import Given, command, creation
from tradewind.platform.spine.models import Token


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; its key is known only now."""

    token: Token
    key: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """No more needs to be said."""


@creation("access.token.create", on=TOKENS)
def create(actor: Actor, given: Given) -> Made:
    """Make a token for oneself, with no more rights than one has and for a year at most."""
    if actor.person_id is None:
        raise NotAllowed("not_allowed")
    values = given.values
    name, scopes = str(values["name"]), cast(list[str], values["scopes"])
    expires_at = cast(datetime, values["expires_at"])
    tokens.checked(name, scopes, expires_at, timezone.now(), actor)
    if alive(own(actor)).count() >= tokens.MOST_PER_PERSON:
        raise Refused("access.token.many")
    key, prefix, digest = tokens.new_key()
    made = Token.objects.create(
        id=values["id"],
        public_id=cast(UUID, values["public_id"]),
        person_id=actor.person_id,
        user_id=cast(int, values["user_id"]),
        name=name.strip(),
        prefix=prefix,
        digest=digest,
        scopes=scopes,
        expires_at=expires_at,
    )
    return Made(made, key)


@command("access.token.revoke", on=TOKENS)
def revoke(actor: Actor, token: Token, given: Nothing) -> Token:
    """End one of one's own tokens; what uses it is refused from now on."""
    if token.revoked_at:
        raise Refused("access.token.over")
    return token.change(revoked_at=timezone.now())


def withdraw(person_id: int, public_id: str) -> int:
    """End a token of this person; for the command of an administrator."""
    with widened("an administrator ends tokens, which only their person sees"):
        rows = alive(Token.objects.filter(person_id=person_id))
        return found(rows, public_id).change(revoked_at=timezone.now()).pk


def own(actor: Actor) -> QuerySet[Token]:
    """One's own tokens, the newest first."""
    return Token.objects.filter(TOKENS.visible(actor)).order_by("-made_at")


def of_person(person_id: int) -> Sequence[Token]:
    """The tokens of somebody as an administrator sees them: never the keys, which nobody has."""
    with widened("an administrator sees what acts as somebody, by name, scopes and dates"):
        return list(alive(Token.objects.filter(person_id=person_id)).defer("digest").order_by("-made_at"))


def alive(rows: QuerySet[Token]) -> QuerySet[Token]:
    """Those that still open the door."""
    return rows.filter(revoked_at=None, expires_at__gt=timezone.now())
