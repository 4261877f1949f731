"""One transaction, one actor: the database role and reach that every statement inside runs under."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import all_scopes

_current: ContextVar[Actor | None] = ContextVar("tradewind_actor", default=None)
_memory: ContextVar[dict[object, object] | None] = ContextVar("tradewind_memory", default=None)


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
        with transaction.atomic():
            _take(actor)
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
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role'), set_config('role', 'tw_wide', true)")
            former = cursor.fetchone()[0]
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [former])


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


def _take(actor: Actor | None) -> None:
    with connection.cursor() as cursor:
        _settle(cursor, actor)


def _settle(cursor: CursorWrapper, actor: Actor | None) -> None:
    settings = {"role": _role(actor), "tw.person": "" if actor is None else str(actor.person_id or "")}
    for declared in all_scopes():
        reach = None if actor is None or actor.is_wide else actor.reach(declared.resource)
        name = declared.resource.replace(".", "_")
        settings[f"tw.persons_{name}"] = _array(reach.persons) if reach else "{}"
        settings[f"tw.units_{name}"] = _array(reach.units) if reach else "{}"
    columns = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    cursor.execute(f"SELECT {columns}", [part for pair in settings.items() for part in pair])


def _role(actor: Actor | None) -> str:
    if actor is None:
        return "none"
    return "tw_wide" if actor.is_wide else "tw_app"


def _array(ids: tuple[int, ...]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"
