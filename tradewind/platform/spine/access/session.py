"""One transaction, one actor: the database role and reach that every statement inside runs under."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from contextvars import ContextVar

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from tradewind.platform.spine.access.actor import NOTHING, Actor, Reach, array
from tradewind.platform.spine.access.scopes import POOL, all_scopes
from tradewind.platform.spine.lost import is_connection_lost
from tradewind.platform.spine.prepared import prepared

AUDITS = "audit.act.view"
"""The right to search the record of acts; the database asks for it, too."""
_current: ContextVar[Actor | None] = ContextVar("tradewind_actor", default=None)
_memory: ContextVar[dict[object, object] | None] = ContextVar("tradewind_memory", default=None)

UNCHANGED: Mapping[str, str] = {}
NOBODY_YET = {"tw.user": ""}
"""A scope begins without a sign-in; reading a session or a token names it."""


@contextmanager
def scope(actor: Actor) -> Iterator[Actor]:
    """Open the transaction of one actor at the edge: a request, a job, an import, a command line.

    Role and reach end with it, also inside an outer transaction; a query afterwards is refused by the
    database, not answered with an empty page.
    """
    former = _current.get()
    is_outermost = not connection.in_atomic_block
    token, memory_token = _current.set(actor), _memory.set({})
    try:
        with ExitStack() as opened:
            _open(opened, actor, is_outermost)
            yield actor
            if not is_outermost and not connection.needs_rollback:
                _take(former)
    finally:
        _memory.reset(memory_token)
        _current.reset(token)


def memory() -> dict[object, object]:
    """What this scope has looked up already, forgotten with it; for facts that are asked again and again.

    Whoever changes such a fact forgets it here. Outside every scope nothing is remembered.
    """
    remembered = _memory.get()
    return {} if remembered is None else remembered


def become(actor: Actor) -> None:
    """Name the actor of a transaction that began as nobody; once, so that reach never grows twice."""
    former = _current.get()
    if former is None or not former.is_nobody:
        raise RuntimeError("an actor is set once, in a scope that began as nobody")
    _current.set(actor)
    _take(actor)


@contextmanager
def widened(reason: str) -> Iterator[None]:
    """See every row for one statement that would be wrong otherwise; give the caller counts or verdicts.

    `reason` says why in the code; tests/permissions lists every use.
    """
    if not reason:
        raise ValueError("say why the statement must see every row")
    with nullcontext() if connection.in_atomic_block else transaction.atomic(), _wide():
        yield


@contextmanager
def _wide() -> Iterator[None]:
    with prepared() as cursor:
        cursor.execute("SELECT current_setting('role'), set_config('role', 'tw_wide', true)")
        former = cursor.fetchone()[0]
    try:
        yield
    finally:
        # After an error of the database the role goes back with the savepoint that undoes it.
        if connection.connection.info.transaction_status == TransactionStatus.INTRANS:
            with prepared() as cursor:
                cursor.execute("SELECT set_config('role', %s::text, true)", [former])


@contextmanager
def aside(actor: Actor) -> Iterator[CursorWrapper]:
    """A short transaction on a connection of its own, committed whatever becomes of the one around it.

    For news of long work, which others must see before it is done. It waits for nobody: what it writes
    must not be touched by the transaction around it.
    """
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            _settle(cursor, actor)
            yield cursor
        other.commit()
    finally:
        other.close()


def _open(opened: ExitStack, actor: Actor, is_outermost: bool) -> None:
    """Begin; where the database was started anew since the last transaction, on a new connection."""
    try:
        opened.enter_context(transaction.atomic())
        _take(actor, NOBODY_YET)
    except (DatabaseError, InterfaceError) as error:
        if not (is_outermost and is_connection_lost(error)):
            raise
        with suppress(DatabaseError, InterfaceError):
            opened.close()
        connection.close()
        opened.enter_context(transaction.atomic())
        _take(actor, NOBODY_YET)


def _take(actor: Actor | None, begun: Mapping[str, str] = UNCHANGED) -> None:
    with prepared() as cursor:
        _settle(cursor, actor, begun)


def _settle(cursor: CursorWrapper, actor: Actor | None, begun: Mapping[str, str] = UNCHANGED) -> None:
    """Take the actor's role and reach. Resources of one reach share one setting (sql/access.sql reads it)."""
    settings = {"role": _role(actor), "tw.person": "" if actor is None else str(actor.person_id or "")}
    settings["tw.selves"] = array(actor.selves if actor else ())
    settings["tw.teams"] = array(actor.units if actor else ())
    reaches, places = _places(actor)
    settings["tw.reach"] = f" {places} "
    settings["tw.audits"] = "yes" if actor is not None and actor.can(AUDITS) else ""
    settings["tw.guarded"] = f" {_guarded(actor)} "
    settings["tw.pool"] = f" {_pools(actor)} "
    for number, reach in enumerate(reaches):
        settings[f"tw.persons_{number}"], settings[f"tw.units_{number}"] = reach.written
    settings.update(begun)
    columns = ", ".join(["set_config(%s::text, %s::text, true)"] * len(settings))
    cursor.execute(f"SELECT {columns}", [part for pair in settings.items() for part in pair])


def _places(actor: Actor | None) -> tuple[list[Reach], str]:
    """The different reaches, and by resource the place of its own, or `all`; the first one is not named."""
    places: dict[int, int] = {}
    reaches: list[Reach] = []
    named = []
    if actor is None or actor.is_wide:
        return [NOTHING], ""
    for declared in all_scopes():
        reach = actor.reach(declared.resource)
        if reach.everything:
            named.append((declared.resource, "all"))
            continue
        if id(reach) not in places:
            places[id(reach)] = len(reaches)
            reaches.append(reach)
        if places[id(reach)]:
            named.append((declared.resource, str(places[id(reach)])))
    return reaches or [NOTHING], "  ".join(f"{name.replace('.', '_')}={place}" for name, place in named)


def _guarded(actor: Actor | None) -> str:
    """Of which resources the actor may know every column."""
    known = (one.resource for one in all_scopes() if one.guarded and actor and not one.hidden_from(actor))
    return "  ".join(name.replace(".", "_") for name in known)


def _pools(actor: Actor | None) -> str:
    """Whose rows without an owner are open to the actor."""
    if actor is None or actor.is_wide:
        return ""
    free = (one.resource for one in all_scopes() if one.unowned)
    pools = (one for one in free if actor.can(f"{one}.view") and actor.can(f"{one}.{POOL}"))
    return "  ".join(name.replace(".", "_") for name in pools)


def _role(actor: Actor | None) -> str:
    if actor is None:
        return "none"
    return "tw_wide" if actor.is_wide else "tw_app"
