"""The work of an import: judging, writing, undoing, in portions.

In a job each portion is a transaction of its own that also says how far it came, so that a killed worker's
job goes on where it stopped. All-or-nothing is one transaction; killed, it begins anew.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext, override

from tradewind.kernel.errors import Refused, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.exchange.judging import Judge, Judged, counted
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun
from tradewind.platform.surface.exchange.planning import plan_of
from tradewind.platform.surface.exchange.sheets import unpacked
from tradewind.platform.surface.exchange.states import State, Verdict
from tradewind.platform.surface.exchange.undoing import to_undo, undo_lines
from tradewind.platform.surface.exchange.writing import Placed, Portion, lines_of, write
from tradewind.platform.surface.resource import Resource, resource_named
from tradewind.platform.surface.shell.middleware import sentence

PORTION = 500
OUTCOME = ("label", "verdict", "problems", "changes", "object_id", "object_version", "before")
declare(
    {
        "import.some_wrong": phrase("Nothing was imported: %(count)s rows are wrong."),
        "import.stopped": phrase("Stopped, as you asked."),
    }
)


class Stop(Exception):
    """Whoever asked for the import asked to stop it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How work is done: `step` opens the transaction of a portion, `tell` says how many rows are done.

    `tell` raises `Stop` when somebody asked for it.
    """

    step: Callable[[], AbstractContextManager[object]] = nullcontext
    tell: Callable[[int], None] = lambda done: None


@dataclass(frozen=True, slots=True)
class Task:
    """One import, who works on it and how."""

    run_id: int
    resource: Resource
    actor: Actor
    pace: Pace

    def held(self, state: State) -> ImportRun | None:
        """The import, held against other workers until the transaction ends; None when it is elsewhere."""
        with connection.cursor() as cursor:
            held = "SELECT pg_advisory_xact_lock(hashtext('tradewind.import'), %s)"
            cursor.execute(held, [self.run_id % 2**31])
        return ImportRun.objects.filter(pk=self.run_id, state=state).first()

    def judged(self, run: ImportRun, tell: Callable[[int], None] = lambda done: None) -> list[Judged]:
        """Every row of the file with its verdict of this moment, in the order in which they are written.

        It is the same however often the work begins anew: it comes from the file alone.
        """
        assert run.table is not None  # noqa: S101 kept until the work is done
        plan = plan_of(run.plan)
        lines = Judge(self.resource, self.actor, plan).judge(unpacked(bytes(run.table)).rows, tell)
        if self.resource.arrange is None:
            return lines
        cells = [dict(zip(plan.fields, line.row.cells, strict=True)) for line in lines]
        return [lines[place] for place in self.resource.arrange(cells)]

    def keep(self, run: ImportRun, lines: Sequence[Judged], placed: Placed) -> None:
        """Write down what became of these rows, instead of what was written before."""
        ImportLine.objects.bulk_create(
            lines_of(run, self.actor, self.resource, lines, placed),
            batch_size=PORTION,
            update_conflicts=True,
            unique_fields=["run", "number"],
            update_fields=OUTCOME,
        )

    def portion(self, run: ImportRun, lines: Sequence[Judged]) -> Portion:
        """Some rows, to be written."""
        reason = gettext("Import of %(file)s") % {"file": run.file_name}
        return Portion(self.resource, lines, run.public_id, reason)


def work(run_id: int, actor: Actor, pace: Pace) -> None:
    """Do whatever the import waits for; nothing when it waits for nothing."""
    with pace.step():
        run = ImportRun.objects.defer("table").get(pk=run_id)
    task = Task(run_id, resource_named(run.resource).brought.seen_by(actor), actor, pace)
    write_down = _write_all if run.is_whole else _write_right
    does = {State.CHECKING: _check, State.RUNNING: write_down, State.UNDOING: _undo}
    if State(run.state) in does:
        with override(run.language):
            does[State(run.state)](task)


def _check(task: Task) -> None:
    with task.pace.step():
        run = task.held(State.CHECKING)
        if run is None:
            return
        try:
            lines = task.judged(run, task.pace.tell)
        except Stop:
            run.move("give_up", problem=sentence(Refused("import.stopped")))
            return
        task.keep(run, lines, {})
        run.move("finish", counts=counted(lines), done=run.total)


def _write_all(task: Task) -> None:
    """Everything or nothing, in one transaction."""
    with task.pace.step():
        run = task.held(State.RUNNING)
        if run is None:
            return
        lines, placed = task.judged(run), dict[int, tuple[int, int]]()
        try:
            with transaction.atomic():
                _refuse_wrong(lines)
                for begin in range(0, len(lines), PORTION):
                    part = lines[begin : begin + PORTION]
                    placed.update(write(task.actor, task.portion(run, part)))
                    _refuse_wrong(lines)
                    task.pace.tell(begin + len(part))
        except (Refused, Stop) as end:
            refusal = end if isinstance(end, Refused) else Refused("import.stopped")
            task.keep(run, lines, {})
            run.move("give_up", problem=sentence(refusal), counts=counted(lines), done=0)
            return
        task.keep(run, lines, placed)
        run.move("finish", counts=counted(lines), done=run.total, table=None, ended_at=Now())


def _refuse_wrong(lines: Sequence[Judged]) -> None:
    count = sum(line.verdict is Verdict.ERROR for line in lines)
    if count:
        raise Refused("import.some_wrong", count=count)


def _write_right(task: Task) -> None:
    """The rows that are right, in portions; judged again when the work goes on after a break."""
    with task.pace.step():
        run = task.held(State.RUNNING)
        if run is None:
            return
        lines = task.judged(run)
    for begin in range(run.done, len(lines), PORTION):
        with task.pace.step():
            run = task.held(State.RUNNING)
            if run is None or run.done != begin:  # another worker goes on with it
                return
            if run.is_cancel_asked:
                stopped = sentence(Refused("import.stopped"))
                run.move("stop", problem=stopped, table=None, ended_at=Now())
                return
            part = lines[begin : begin + PORTION]
            task.keep(run, part, write(task.actor, task.portion(run, part)))
            before = run.counts if begin else {}
            counts = {verdict: before.get(verdict, 0) + new for verdict, new in counted(part).items()}
            run.change(done=begin + len(part), counts=counts)
    with task.pace.step():
        run = task.held(State.RUNNING)
        if run is not None:
            run.move("finish", table=None, ended_at=Now())


def _undo(task: Task) -> None:
    while True:
        with task.pace.step():
            run = task.held(State.UNDOING)
            if run is None:
                return
            lines = list(to_undo(run)[:PORTION])
            if not lines or run.is_cancel_asked:
                run.move("give_up" if lines else "finish", ended_at=Now())
                return
            reason = gettext("The import of %(file)s was undone") % {"file": run.file_name}
            undo_lines(task.resource, task.actor, lines, reason)
            ImportLine.objects.bulk_update(lines, ["undone"])
            run.change(done=run.done + len(lines))
