"""Programs that act as a person: the key they show, whose it is, and to what it narrows their rights."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from tradewind.kernel.errors import DomainError, Malformed, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.protect import register_function
from tradewind.platform.spine.access.scopes import POOL, Keeping, Scope, register
from tradewind.platform.spine.models import Token
from tradewind.platform.spine.prepared import prepared

TOKENS = Scope(
    "access.token",
    Token,
    person="person_id",
    personal=True,
    keeping=Keeping.PASSING,
    writes=("INSERT", "UPDATE (revoked_at, version)"),
)
register(TOKENS)
LONGEST = timedelta(days=366)
MOST_PER_PERSON = 20
READ, WRITE = "read", "write"
READING = frozenset({"view", "export", "see_numbers", POOL})
"""Verbs of rights that change nothing."""

# Asked before it is known who asks, so it runs as the owner; it answers for one key that somebody holds.
register_function(
    """
CREATE OR REPLACE FUNCTION tw_token(shown bytea) RETURNS TABLE (user_id bigint, prefix text, scopes text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held spine_token;
BEGIN
    SELECT * INTO held FROM spine_token t WHERE t.digest = shown
    AND t.revoked_at IS NULL AND t.expires_at > statement_timestamp();
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM set_config('tw.user', held.user_id::text, true);
    IF held.used_at IS NULL OR held.used_at < statement_timestamp() - interval '5 minutes' THEN
        UPDATE spine_token t SET used_at = statement_timestamp() WHERE t.id IN (
            SELECT u.id FROM spine_token u WHERE u.id = held.id FOR UPDATE SKIP LOCKED);
    END IF;
    user_id := held.user_id; prefix := held.prefix; scopes := held.scopes;
    RETURN NEXT;
END $$
""",
    "REVOKE EXECUTE ON FUNCTION tw_token(bytea) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION tw_token(bytea) TO tw_app, tw_wide",
)


class WrongToken(DomainError):
    """A key that is none, has run out or was revoked; which of them is nobody's business."""

    status = 401


declare(
    {
        "access.token.wrong": phrase("This API token is wrong, has expired or was revoked."),
        "access.token.name": phrase("Name it after what it is for, in up to 80 characters."),
        "access.token.scopes": phrase("Choose at least one thing that the token may do."),
        "access.token.expiry": phrase("Choose a last day within the next year."),
        "access.token.many": phrase("Twenty tokens are enough. Revoke one that is no longer used first."),
        "access.token.over": phrase("This token is revoked already."),
    }
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose key a request shows, which one, and what it is for."""

    user_id: int
    prefix: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Rights that people choose together: those whose names begin with one of these words.

    is_given: every token has them, because everything else points to what they show.
    """

    key: str
    label: str
    begins: tuple[str, ...]
    is_given: bool = False

    def holds(self, right: str) -> bool:
        return right.startswith(self.begins)


_areas: dict[str, Area] = {}


def offer(*areas: Area) -> None:
    """Say what tokens can be made for, in the order in which it is offered."""
    _areas.update({area.key: area for area in areas})


def areas() -> Mapping[str, Area]:
    """What tokens can be made for."""
    return _areas


def new_key() -> tuple[str, str, bytes]:
    """A key that nobody has had: as shown once, its visible beginning, and the hash that is kept."""
    prefix = f"tw_{secrets.token_hex(4)}"
    key = f"{prefix}_{secrets.token_urlsafe(32)}"
    return key, prefix, digest_of(key)


def digest_of(key: str) -> bytes:
    """The key is long and random, so a plain hash is as good as a slow one."""
    return sha256(key.encode()).digest()


def bearer_of(key: str) -> Bearer:
    """Whose key this is, in one statement that also notes its use. Raises `WrongToken`."""
    with prepared() as cursor:
        cursor.execute("SELECT user_id, prefix, scopes FROM tw_token(%s::bytea)", [digest_of(key)])
        row = cursor.fetchone()
    if row is None:
        raise WrongToken("access.token.wrong")
    return Bearer(row[0], row[1], tuple(row[2]))


def allows(scopes: Sequence[str], right: str) -> bool:
    """Does a token made for this hold this right? Scopes are "customers:read", "customers:write"."""
    area = next((one for one in _areas.values() if one.holds(right)), None)
    if area is None:
        return False
    is_reading = right.rpartition(".")[2] in READING
    return area.is_given or f"{area.key}:{WRITE}" in scopes or (is_reading and f"{area.key}:{READ}" in scopes)


def narrowed(actor: Actor, scopes: Sequence[str]) -> Actor:
    """The same person with no more rights than the token was made for; how far they see stays."""
    return actor.narrowed({right for right in actor.grants if allows(scopes, right)})


def offered_to(actor: Actor) -> Sequence[tuple[str, str]]:
    """The scopes that give this person anything: a subset of their own rights."""
    offered = []
    for area in _areas.values():
        own = {right.rpartition(".")[2] for right in actor.grants if area.holds(right)}
        if not area.is_given:
            offered += [(area.key, READ)] * bool(own & READING) + [(area.key, WRITE)] * bool(own - READING)
    return offered


def checked(name: str, scopes: Sequence[str], expires_at: datetime, now: datetime, actor: Actor) -> None:
    """Can such a token be made? Raises `Malformed` at the field that is wrong."""
    if not 0 < len(name.strip()) <= 80:
        raise Malformed("access.token.name", field="name")
    if not scopes or not {tuple(one.split(":")) for one in scopes} <= set(offered_to(actor)):
        raise Malformed("access.token.scopes", field="scopes")
    if not now < expires_at <= now + LONGEST:
        raise Malformed("access.token.expiry", field="expires_on")
