"""Sessions: who is behind a cookie, from which browser, since when; ended by whoever they belong to.

No role may read the table. It is asked by functions of the owner: one session by its key, which only its
browser knows, or the sessions of one person without their keys.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection
from django.http import HttpRequest

from tradewind.platform.spine.access.protect import register_function
from tradewind.platform.spine.news import CHANNEL
from tradewind.platform.spine.prepared import prepared

ENDED = "session-ended:"
"""What the live news are told when a session ends, followed by `mark_of` its key."""
LONGEST_DEVICE = 300

FUNCTIONS = (
    # Reading says at most every five minutes that the session was seen, and never waits for that.
    """
CREATE OR REPLACE FUNCTION tw_session(one text) RETURNS TABLE (data text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held spine_session;
BEGIN
    SELECT * INTO held FROM spine_session s
    WHERE s.session_key = one AND s.expire_date > statement_timestamp();
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM set_config('tw.user', coalesce(held.user_id::text, ''), true);
    IF held.user_id IS NOT NULL AND held.seen_at < statement_timestamp() - interval '5 minutes' THEN
        UPDATE spine_session s SET seen_at = statement_timestamp() WHERE s.session_key IN (
            SELECT t.session_key FROM spine_session t WHERE t.session_key = one FOR UPDATE SKIP LOCKED);
    END IF;
    data := held.session_data; expires_at := held.expire_date;
    RETURN NEXT;
END $$
""",
    # False where a new key is taken already, or the session to be changed has ended meanwhile.
    """
CREATE OR REPLACE FUNCTION tw_session_keep(one text, is_new boolean, data text, expires_at timestamptz,
    owner bigint, seen_from inet, seen_with text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF is_new THEN
        DELETE FROM spine_session s WHERE s.session_key IN (SELECT t.session_key FROM spine_session t
            WHERE t.expire_date < statement_timestamp() LIMIT 100 FOR UPDATE SKIP LOCKED);
        INSERT INTO spine_session
            (session_key, public_id, session_data, expire_date, user_id, address, device)
        VALUES (one, gen_random_uuid(), data, expires_at, owner, seen_from, seen_with)
        ON CONFLICT DO NOTHING;
    ELSE
        UPDATE spine_session s SET session_data = data, expire_date = expires_at, user_id = owner
        WHERE s.session_key = one;
    END IF;
    RETURN FOUND;
END $$
""",
    """
CREATE OR REPLACE FUNCTION tw_session_drop(one text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM spine_session WHERE session_key = one
$$
""",
    """
CREATE OR REPLACE FUNCTION tw_sessions_of(owner bigint, present text) RETURNS TABLE (public_id uuid,
    address inet, device text, started_at timestamptz, seen_at timestamptz, is_present boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.public_id, s.address, s.device, s.started_at, s.seen_at, s.session_key = present
    FROM spine_session s WHERE s.user_id = owner AND s.expire_date > statement_timestamp()
    ORDER BY s.session_key = present DESC, s.seen_at DESC, s.public_id
$$
""",
    # All sessions of somebody, or one of them; never the one that is kept.
    """
CREATE OR REPLACE FUNCTION tw_sessions_end(owner bigint, one uuid, kept text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH ended AS (DELETE FROM spine_session s WHERE s.user_id = owner AND (one IS NULL OR s.public_id = one)
                   AND s.session_key <> kept RETURNING 1) SELECT count(*) FROM ended
$$
""",
    # However a session ends, its open pages stop hearing news within a moment.
    f"""
CREATE OR REPLACE FUNCTION tw_session_ended() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('{CHANNEL}', '{ENDED}' || encode(sha256(OLD.session_key::bytea), 'hex'));
    RETURN NULL;
END $$
""",
    "REVOKE EXECUTE ON FUNCTION tw_session_ended() FROM PUBLIC",
    "CREATE OR REPLACE TRIGGER tw_session_ended AFTER DELETE ON spine_session "
    "FOR EACH ROW EXECUTE FUNCTION tw_session_ended()",
)
_SIGNATURES = (
    "tw_session(text)",
    "tw_session_keep(text, boolean, text, timestamptz, bigint, inet, text)",
    "tw_session_drop(text)",
    "tw_sessions_of(bigint, text)",
    "tw_sessions_end(bigint, uuid, text)",
)
register_function(
    *FUNCTIONS,
    *(f"REVOKE EXECUTE ON FUNCTION {one} FROM PUBLIC" for one in _SIGNATURES),
    *(f"GRANT EXECUTE ON FUNCTION {one} TO tw_app, tw_wide" for one in _SIGNATURES),
)
_READ = "SELECT data, expires_at FROM tw_session(%s::text)"
_KEEP = """
SELECT tw_session_keep(%s::text, %s::boolean, %s::text, %s::timestamptz, %s::bigint, %s::inet, %s::text)
"""


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where a browser asks, and what it says it is."""

    address: str | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One session of a person as they are shown it; never its key."""

    public_id: UUID
    address: str | None
    device: str
    started_at: datetime
    seen_at: datetime
    is_present: bool


class SessionStore(SessionBase):
    """The session behind a cookie."""

    visitor: Callable[[], Visitor] = staticmethod(Visitor)

    def load(self) -> dict[str, Any]:
        """What the session holds; empty, and without a key, where it has ended."""
        row = self._row(self.session_key)
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

    def exists(self, session_key: str) -> bool:
        return self._row(session_key) is not None

    def create(self) -> None:
        """Begin under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Keep what was changed. Raises `CreateError` for a key in use, `UpdateError` after the end."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        visitor = self.visitor() if must_create else Visitor()
        facts = [
            self.session_key,
            must_create,
            self.encode(data),
            self.get_expiry_date(),
            data.get("_auth_user_id"),
            visitor.address,
            visitor.device[:LONGEST_DEVICE].replace("\0", ""),
        ]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, facts)
            is_kept = cursor.fetchone()[0]
        if not is_kept:
            raise CreateError if must_create else UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        """End a session; the one at hand unless another key is named."""
        key = session_key or self.session_key
        if key is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT tw_session_drop(%s)", [key])

    @classmethod
    def clear_expired(cls) -> None:
        """Nothing to do: each new session clears away some that have run out."""

    @staticmethod
    def _row(session_key: str | None) -> tuple[str, datetime] | None:
        if not session_key:
            return None
        with prepared() as cursor:
            cursor.execute(_READ, [session_key])
            row: tuple[str, datetime] | None = cursor.fetchone()
        return row


VisitorSource = Callable[[HttpRequest], Visitor]
_visitors: list[VisitorSource] = []


def visitor_source(source: VisitorSource) -> None:
    """Say from where a request comes; how far a proxy is trusted is a setting."""
    _visitors[:] = [source]


class SeenSessionMiddleware(SessionMiddleware):
    """Django's own, whose sessions know the browser they begin in."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.session.visitor = lambda: _visitors[0](request)  # type: ignore[attr-defined]


def sessions_of(user_id: int, present_key: str | None = None) -> Sequence[Seen]:
    """Where somebody is signed in, the present session first, then as they were seen last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tw_sessions_of(%s, %s)", [user_id, present_key or ""])
        return [Seen(row[0], row[1] and str(row[1]), *row[2:]) for row in cursor.fetchall()]


def end_sessions(user_id: int, *, one: UUID | str | None = None, kept_key: str | None = None) -> int:
    """End all sessions of somebody, or the one that is named, but for the kept one; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tw_sessions_end(%s, %s, %s)", [user_id, one, kept_key or ""])
        return int(cursor.fetchone()[0])


def mark_of(session_key: str) -> str:
    """By what the live news know a session without knowing its key."""
    return sha256(session_key.encode()).hexdigest()
