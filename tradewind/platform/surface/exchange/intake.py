"""The wide door: files of any length bring in what is new, a portion at a time, each by a few statements.

Every row is read and judged as the page would, with the same words for what is wrong. Nothing that is there
is changed: what the object itself recognises for certain (`Resource.known`) is left as it is, and so is an
earlier row of the file. Each portion is one transaction. Stopped or killed in the middle and run again, what
was made is recognised, so the rest follows and nothing comes twice.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.utils.translation import gettext

from tradewind.kernel.errors import Malformed, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import take_turn
from tradewind.platform.surface.exchange.judging import Judge, Judged
from tradewind.platform.surface.exchange.planning import Plan, checked, needed, propose
from tradewind.platform.surface.exchange.sheets import Row
from tradewind.platform.surface.exchange.states import Verdict
from tradewind.platform.surface.exchange.streams import Stream
from tradewind.platform.surface.exchange.writing import Portion, write_down
from tradewind.platform.surface.resource import Resource
from tradewind.platform.surface.shell.middleware import sentence

PORTION = 10_000
"""Rows of one transaction: larger ones are no faster, and hold their turn and their memory longer."""

declare(
    {"import.no_column": phrase("No column of this file is the field “%(name)s”, which every row needs.")}
)


@dataclass(frozen=True, slots=True)
class Took:
    """How many rows were made, were there already, and were refused."""

    made: int = 0
    known: int = 0
    refused: int = 0

    def __add__(self, more: "Took") -> "Took":
        return Took(self.made + more.made, self.known + more.known, self.refused + more.refused)


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was not made: the field by which it is known or wrong, and why."""

    row: Row
    field: str
    why: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Way:
    """How the work is done: `step` opens the transaction of a portion, `tell` hears what came of it."""

    step: Callable[[], AbstractContextManager[object]] = nullcontext
    tell: Callable[[Took, Sequence[Left]], None] = lambda took, left: None


@dataclass(frozen=True, slots=True)
class Intake:
    """One file for one kind of object, under one name; `seed` makes the public ids of its rows."""

    resource: Resource
    actor: Actor
    name: str
    seed: UUID

    def take(self, plan: Plan, rows: Sequence[Row], stray: dict[int, str]) -> tuple[Took, list[Left]]:
        """Make what is new of these rows, in the transaction that is open."""
        take_turn(f"{self.resource.key}.import")  # what another import makes now would be made twice
        lines = Judge(self.resource, self.actor, plan).judge_new(
            [row for row in rows if row.number not in stray]
        )
        fresh = [one for one in lines if one.verdict is Verdict.NEW and not one.is_known]
        reason = gettext("Import of %(file)s") % {"file": self.name}
        write_down(self.actor, Portion(self.resource, fresh, self.seed, reason))
        left = sorted([*self._stray(rows, stray), *self._left(lines)], key=lambda one: one.row.number)
        known = sum(one.is_known for one in left)
        return Took(len(rows) - len(left), known, len(left) - known), left

    def _left(self, lines: Iterable[Judged]) -> Iterable[Left]:
        for line in lines:
            if line.verdict is Verdict.NEW and not line.is_known:
                continue
            for name, why in list(line.problems.items())[:1]:
                yield Left(line.row, self._called(name), why, line.is_known)

    def _stray(self, rows: Iterable[Row], stray: dict[int, str]) -> Iterable[Left]:
        for row in rows:
            if row.number in stray:
                column = stray[row.number]
                yield Left(row, "", sentence(Malformed("import.stray_cell", column=column)), is_known=False)

    def _called(self, name: str) -> str:
        column = self.resource.columns.get(name)
        return column.label if column is not None else ""


def plan_for(resource: Resource, actor: Actor, header: Sequence[str]) -> Plan:
    """How the columns are understood: as the page proposes, and every row is a new object.

    Raises `Malformed` where none is the field without which nothing is made.
    """
    actor.require(f"{resource.key}.import")
    plan = checked(resource, header, propose(resource, actor, header))
    missing = next((c for c in needed(resource, actor) if c.name not in plan.fields), None)
    if missing is not None:
        raise Malformed("import.no_column", name=missing.label)
    return replace(plan, key=())


def take_in(resource: Resource, actor: Actor, name: str, stream: Stream, plan: Plan, way: Way) -> Took:
    """Bring in the whole file; returns the counts. Raises `Malformed` where the file cannot be read on."""
    intake, total = Intake(resource, actor, name, uuid4()), Took()
    for rows in stream.portions(PORTION):
        with way.step():
            took, left = intake.take(plan, rows, stream.stray)
        total += took
        way.tell(took, left)
    return total
