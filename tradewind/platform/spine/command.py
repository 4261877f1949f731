"""Commands: the only writers. Each checks right, version and gates, locks, and records who, what, why."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from itertools import product
from typing import Any, Generic, TypeVar, cast
from uuid import UUID, uuid4

from django.db import connection, transaction

from tradewind.kernel.errors import DomainError, NotAllowed, NotVisible, StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import Scope, found
from tradewind.platform.spine.models import Recorded
from tradewind.platform.spine.news import TELL
from tradewind.platform.spine.prepared import prepared
from tradewind.platform.spine.trace import request_id

Row = TypeVar("Row", bound=Recorded)
Input = TypeVar("Input")
Result = TypeVar("Result")
Gate = Callable[[Actor, Any, Any], None]
FollowUp = Callable[[Actor, Any], object]


@dataclass(frozen=True, slots=True)
class Ref(Generic[Row]):
    """An object as the actor last saw it: its public id and the version it had then."""

    public_id: UUID | str
    version: int


@dataclass(frozen=True, slots=True)
class Given:
    """Parsed values by model field name, and why; `public_id`, where named, makes repeating harmless."""

    values: Mapping[str, object]
    reason: str = ""
    public_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """One command as `./tw describe` prints it: right, gates before it, follow-ups after it."""

    name: str
    right: str
    gates: list[Gate]
    follow_ups: list[FollowUp]


_declared: dict[str, Declared] = {}


def command(
    name: str, on: Scope, turn: str = "", right: str = ""
) -> Callable[[Callable[[Actor, Row, Input], Result]], Callable[[Actor, Ref[Row], Input], Result]]:
    """A change of one object: the body gets the row, visible to the actor, locked, at the seen version.

    Commands with the same `turn` wait for each other before they lock anything: those that change several
    rows of one structure, such as a tree. `right`: where it is another's.
    """
    declared = _declare(name, right or name)

    def decorate(
        body: Callable[[Actor, Row, Input], Result],
    ) -> Callable[[Actor, Ref[Row], Input], Result]:
        @wraps(body)
        def run(actor: Actor, ref: Ref[Row], given: Input) -> Result:
            actor.require(declared.right)
            with transaction.atomic():
                take_turn(turn)
                row = _locked(actor, on, ref, declared.right)
                with recorded(actor, name, on.resource, row.pk, _why(given)):
                    return _perform(declared, body, actor, row, given)

        return _named(run, name)

    return decorate


def batch(
    name: str, right: str = "", turn: str = ""
) -> Callable[[Callable[[Actor, Input], Result]], Callable[[Actor, Input], Result]]:
    """A change of no one object in particular: creating, importing, or following another command."""
    declared = _declare(name, right or name)

    def decorate(body: Callable[[Actor, Input], Result]) -> Callable[[Actor, Input], Result]:
        @wraps(body)
        def run(actor: Actor, given: Input) -> Result:
            actor.require(declared.right)
            with transaction.atomic(), recorded(actor, name, "", None, _why(given)):
                take_turn(turn)
                return _perform(declared, lambda a, _, g: body(a, g), actor, None, given)

        return _named(run, name)

    return decorate


def creation(
    name: str, on: Scope, right: str = ""
) -> Callable[[Callable[[Actor, Given], Result]], Callable[[Actor, Given], Result]]:
    """The making of one object: its id is drawn first, so that the record of the act names it.

    The body finds `id` (and `public_id`, where one was asked for) among the given values. `right`: where it
    is another's.
    """
    declared = _declare(name, right or name)

    def decorate(body: Callable[[Actor, Given], Result]) -> Callable[[Actor, Given], Result]:
        @wraps(body)
        def run(actor: Actor, given: Given) -> Result:
            actor.require(declared.right)
            with transaction.atomic():
                (drawn,) = _with_ids(on, [given])
                with recorded(actor, name, on.resource, cast(int, drawn.values["id"]), given.reason):
                    return _perform(declared, lambda a, _, g: body(a, g), actor, None, drawn)

        return _named(run, name)

    return decorate


Makings = Callable[[Actor, Sequence[Given]], Sequence[Result]]


def creations(
    name: str, of: Callable[[Actor, Given], Result], on: Scope
) -> Callable[[Makings[Result]], Makings[Result]]:
    """The making of many objects, set-based: the body gets them all, each with its `id` drawn.

    `of` makes one: its right opens this, its gates and follow-ups apply to each, and the record of acts
    names each object as if it had been made by itself. Returns the objects in the given order.
    """
    single = _declared[command_name(of)]
    _declare(name, single.right)

    def decorate(body: Makings[Result]) -> Makings[Result]:
        @wraps(body)
        def run(actor: Actor, given: Sequence[Given]) -> Sequence[Result]:
            actor.require(single.right)
            why = given[0].reason if given else ""
            with transaction.atomic(), recorded(actor, name, on.resource, None, why):
                drawn = _with_ids(on, given)
                ids = [cast(int, one.values["id"]) for one in drawn]
                acts = record_each(actor, single.name, on, ids, why)
                for one, check in product(drawn, single.gates):
                    check(actor, None, one)
                made = body(actor, drawn)
                if single.follow_ups:
                    _follow(single, on, actor, zip(acts, made, strict=True))
                return made

        return _named(run, name)

    return decorate


def _follow(single: Declared, on: Scope, actor: Actor, made: Iterable[tuple[int, object]]) -> None:
    """Each follow-up is recorded under the act of its own object."""
    parent = _current()
    for act, row in made:
        with _under(act, parent, on.resource):
            for follow_up in single.follow_ups:
                follow_up(actor, row)


def record_each(actor: Actor, name: str, on: Scope, ids: Sequence[int], why: str) -> list[int]:
    """Write the act on each of these objects, below the command that is running; returns the acts' ids."""
    facts = [name, actor.known_as, actor.person_id, on.resource, why, request_id.get(), list(ids)]
    with prepared() as cursor:
        cursor.execute(_EACH, facts)
        return [int(act) for (act,) in cursor.fetchall()]


def _with_ids(on: Scope, given: Sequence[Given]) -> list[Given]:
    return [
        Given({**one.values, "id": pk, "public_id": one.public_id or uuid4()}, one.reason, one.public_id)
        for pk, one in zip(_next_ids(on, len(given)), given, strict=True)
    ]


def _next_ids(on: Scope, count: int) -> list[int]:
    drawn = "SELECT nextval(pg_get_serial_sequence(%s::text, 'id')) FROM generate_series(1, %s::int)"
    with prepared() as cursor:
        cursor.execute(drawn, [on.table, count])
        return [int(pk) for (pk,) in cursor.fetchall()]


def take_turn(name: str) -> None:
    """Wait until no other transaction holds this turn, and hold it to the end of this one; "" is no turn.

    Taken before rows are locked, so that no two wait for each other.
    """
    if name:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tradewind.turn.' || %s))", [name])


def gate(lower: Callable[..., object], check: Gate) -> None:
    """Let an upper domain refuse a lower command in its transaction; wired in `flows/` only."""
    _declared[command_name(lower)].gates.append(check)


def after(lower: Callable[..., object], upper: FollowUp) -> None:
    """Run an upper command with the lower one's result: same transaction, same actor, in this order."""
    _declared[command_name(lower)].follow_ups.append(upper)


def command_name(function: Callable[..., object]) -> str:
    """The stable name of a command function; raises AttributeError for anything else."""
    name: str = function.command_name  # type: ignore[attr-defined]
    return name


def right_of(function: Callable[..., object]) -> str:
    """The right that opens a command function."""
    return _declared[command_name(function)].right


def all_commands() -> Iterator[Declared]:
    """Every declared command, by name."""
    return iter(sorted(_declared.values(), key=lambda declared: declared.name))


def _declare(name: str, right: str) -> Declared:
    if name in _declared:
        raise ValueError(f"command {name} is declared twice")
    return _declared.setdefault(name, Declared(name, right, [], []))


def _named(run: Callable[..., Result], name: str) -> Callable[..., Result]:
    run.command_name = name  # type: ignore[attr-defined]
    return run


def _why(given: object) -> str:
    return str(getattr(given, "reason", ""))


def _perform(
    declared: Declared, body: Callable[..., Result], actor: Actor, row: object, given: object
) -> Result:
    for check in declared.gates:
        check(actor, row, given)
    result = body(actor, row, given)
    for follow_up in declared.follow_ups:
        follow_up(actor, result)
    return result


def _locked(actor: Actor, on: Scope, ref: Ref[Row], right: str) -> Row:
    """What is out of sight looks missing; what is only read is not to be changed, says the database, too."""
    rows = on.model._default_manager.filter(on.visible(actor))
    try:
        row = found(rows.select_for_update(of=("self",), no_key=True), ref.public_id)
    except NotVisible:
        found(rows, ref.public_id)
        raise NotAllowed("not_allowed") from None
    if not on.may(actor, right, row):
        raise NotAllowed("not_allowed")
    if row.version != ref.version:  # type: ignore[attr-defined]
        raise StaleVersion("stale")
    return row  # type: ignore[return-value]


def locked_many(
    actor: Actor, on: Scope, public_ids: Collection[str], right: str
) -> tuple[dict[str, Any], dict[str, DomainError]]:
    """Many rows to be changed, locked in one order, by public id; and why the others may not be."""
    asked = on.model._default_manager.filter(on.visible(actor), public_id__in=list(public_ids)).order_by("pk")
    rows: Iterable[Any] = asked.filter(on.within(actor, right)).select_for_update(of=("self",), no_key=True)
    held = {str(row.public_id): row for row in rows}
    missing = [one for one in public_ids if one not in held]
    seen = {str(one) for one in asked.values_list("public_id", flat=True)} if missing else set()
    return held, {
        one: NotAllowed("not_allowed") if one in seen else NotVisible("not_found") for one in missing
    }


# Writes the act, names it to the history trigger and tells open pages. What ran before comes back.
_BEGIN = f"""
WITH act AS (
    INSERT INTO spine_command (name, actor, person_id, resource, object_id, parent_id, why, request)
    VALUES (%s::text, %s::text, %s::bigint, %s::text, %s::bigint,
            NULLIF(current_setting('tw.command', true), '')::bigint, %s::text, %s::text)
    RETURNING id, current_setting('tw.command', true) AS former
)
SELECT former, set_config('tw.command', id::text, true), {TELL} FROM act
"""  # noqa: S608 a constant of ours
_EACH = """
INSERT INTO spine_command (name, actor, person_id, resource, object_id, parent_id, why, request)
SELECT %s::text, %s::text, %s::bigint, %s::text, one.id,
       NULLIF(current_setting('tw.command', true), '')::bigint, %s::text, %s::text
FROM unnest(%s::bigint[]) WITH ORDINALITY AS one (id, place) ORDER BY place RETURNING id
"""
_UNDER = f"SELECT set_config('tw.command', %s::text, true), {TELL}"
_END = "SELECT set_config('tw.command', %s::text, true)"


@contextmanager
def recorded(actor: Actor, name: str, resource: str, object_id: int | None, why: str = "") -> Iterator[None]:
    """Write the command row and name it to the history trigger while the body runs; tell open pages."""
    told = resource or name.rpartition(".")[0]
    facts = [name, actor.known_as, actor.person_id, resource, object_id, why, request_id.get(), told]
    with prepared() as cursor:
        cursor.execute(_BEGIN, facts)
        parent = cursor.fetchone()[0] or ""
        yield
        cursor.execute(_END, [parent])


def _current() -> str:
    """The command that is running, as the history trigger reads it; empty without one."""
    with prepared() as cursor:
        cursor.execute("SELECT current_setting('tw.command', true)")
        return cursor.fetchone()[0] or ""


@contextmanager
def _under(command_id: int, parent: str, told: str) -> Iterator[None]:
    with prepared() as cursor:
        cursor.execute(_UNDER, [str(command_id), told])
        yield
        cursor.execute(_END, [parent])
