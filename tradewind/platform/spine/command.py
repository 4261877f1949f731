"""Commands: the only writers. Each checks right, version and gates, locks, and records who, what, why."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, transaction

from tradewind.kernel.errors import StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import Scope, found
from tradewind.platform.spine.models import Command, Recorded
from tradewind.platform.spine.trace import request_id

Row = TypeVar("Row", bound=Recorded)
Given = TypeVar("Given")
Result = TypeVar("Result")
Gate = Callable[[Actor, Any, Any], None]
FollowUp = Callable[[Actor, Any], object]


@dataclass(frozen=True, slots=True)
class Ref(Generic[Row]):
    """An object as the actor last saw it: its public id and the version it had then."""

    public_id: UUID | str
    version: int


@dataclass(frozen=True, slots=True)
class Declared:
    """One command as `./tw describe` prints it: right, gates before it, follow-ups after it."""

    name: str
    right: str
    gates: list[Gate]
    follow_ups: list[FollowUp]


_declared: dict[str, Declared] = {}


def command(
    name: str, on: Scope, turn: str = ""
) -> Callable[[Callable[[Actor, Row, Given], Result]], Callable[[Actor, Ref[Row], Given], Result]]:
    """A change of one object: the body gets the row, visible to the actor, locked, at the seen version.

    Commands with the same `turn` wait for each other before they lock anything: those that change several
    rows of one structure, such as a tree.
    """
    declared = _declare(name, name)

    def decorate(
        body: Callable[[Actor, Row, Given], Result],
    ) -> Callable[[Actor, Ref[Row], Given], Result]:
        @wraps(body)
        def run(actor: Actor, ref: Ref[Row], given: Given) -> Result:
            actor.require(declared.right)
            with transaction.atomic():
                take_turn(turn)
                row = _locked(actor, on, ref)
                with _recorded(actor, name, on.resource, row.pk, _why(given)):
                    return _perform(declared, body, actor, row, given)

        return _named(run, name)

    return decorate


def batch(
    name: str, right: str = "", turn: str = ""
) -> Callable[[Callable[[Actor, Given], Result]], Callable[[Actor, Given], Result]]:
    """A change of no one object in particular: creating, importing, or following another command."""
    declared = _declare(name, right or name)

    def decorate(body: Callable[[Actor, Given], Result]) -> Callable[[Actor, Given], Result]:
        @wraps(body)
        def run(actor: Actor, given: Given) -> Result:
            actor.require(declared.right)
            with transaction.atomic(), _recorded(actor, name, "", None, _why(given)):
                take_turn(turn)
                return _perform(declared, lambda a, _, g: body(a, g), actor, None, given)

        return _named(run, name)

    return decorate


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


def _locked(actor: Actor, on: Scope, ref: Ref[Row]) -> Row:
    rows = on.model._default_manager.filter(on.visible(actor)).select_for_update(of=("self",), no_key=True)
    row = found(rows, ref.public_id)
    if row.version != ref.version:  # type: ignore[attr-defined]
        raise StaleVersion("stale")
    return row  # type: ignore[return-value]


@contextmanager
def _recorded(actor: Actor, name: str, resource: str, object_id: int | None, why: str) -> Iterator[None]:
    """Write the command row and name it to the history trigger while the body runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('tw.command', true)")
        parent = cursor.fetchone()[0] or ""
        row = Command.objects.create(
            name=name,
            actor=actor.name,
            person_id=actor.person_id,
            resource=resource,
            object_id=object_id,
            parent_id=parent or None,
            why=why,
            request=request_id.get(),
        )
        cursor.execute("SELECT set_config('tw.command', %s, true)", [str(row.pk)])
        yield
        cursor.execute("SELECT set_config('tw.command', %s, true)", [parent])
