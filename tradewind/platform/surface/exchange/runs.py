"""One import from file to result: read, checked, run, undone. Small ones at once, others as a job."""

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import get_language, override
from procrastinate.contrib.django import app

from tradewind.kernel.errors import DomainError, NotAllowed, Refused, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.later import actor_now
from tradewind.platform.spine.access.session import aside, scope
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun
from tradewind.platform.surface.exchange.planning import Plan, checked, propose, remember
from tradewind.platform.surface.exchange.policy import RUNS
from tradewind.platform.surface.exchange.sheets import read
from tradewind.platform.surface.exchange.states import AT_WORK, State
from tradewind.platform.surface.exchange.undoing import kept, may_undo
from tradewind.platform.surface.exchange.work import Pace, Stop, work
from tradewind.platform.surface.resource import Resource, resource_named
from tradewind.platform.surface.shell.middleware import sentence

CHECKED_AT_ONCE, WRITTEN_AT_ONCE = 2_000, 500
"""Rows; more are a job, unless whoever asks waits for as many as there are."""
WORK = "exchange.work"

declare(
    {
        "import.gone": phrase("The file is no longer kept here. Upload it again."),
        "import.broke": phrase("Something broke on our side. Try again, or tell your administrator."),
        "import.nothing_to_undo": phrase("There is nothing to undo."),
    }
)


def own_runs(actor: Actor, resource: Resource) -> QuerySet[ImportRun]:
    """The imports that this person made, newest first; nobody else's, however far the person sees."""
    mine = ImportRun.objects.filter(RUNS.visible(actor), person_id=actor.person_id, resource=resource.key)
    return mine.defer("table").order_by("-id")


def begin(resource: Resource, actor: Actor, name: str, content: bytes) -> ImportRun:
    """Read a file and propose how to understand it. Raises `Malformed` for what is no table."""
    actor.require(f"{resource.key}.import")
    table = read(content)
    return ImportRun.objects.create(
        resource=resource.key,
        person_id=actor.person_id,
        language=get_language() or "",
        file_name=name[-200:],
        table=table.packed(),
        header=list(table.header),
        samples=table.samples(),
        sheet=table.sheet[:200],
        other_sheets=table.others,
        plan=propose(resource.brought, actor, table.header).as_json(),
        total=len(table.rows),
    )


def check(run: ImportRun, actor: Actor, plan: Plan, at_once: int = CHECKED_AT_ONCE) -> None:
    """Say what would become of each row under this plan. Raises `Invalid` for a plan that makes no sense."""
    resource = resource_named(run.resource).brought
    checked(resource, run.header, plan)
    remember(resource, actor, run.header, plan)
    _begin_work(run, "check", plan=plan.as_json())
    _work(run, actor, at_once)


def start(run: ImportRun, actor: Actor, is_whole: bool, at_once: int = WRITTEN_AT_ONCE) -> None:
    """Write the rows: all or nothing, or those that are right."""
    if run.table is None:
        raise Refused("import.gone")
    _begin_work(run, "run", is_whole=is_whole)
    _work(run, actor, at_once)


def undo(run: ImportRun, actor: Actor) -> None:
    """Take it back: former values return and what was made goes, where nobody touched it since.

    Asked for again, it tries what had to stay the first time.
    """
    if not may_undo(run):
        raise Refused("import.nothing_to_undo")
    kept(run).update(undone="")
    _begin_work(run, "undo")
    _work(run, actor, WRITTEN_AT_ONCE)


def ask_to_stop(run: ImportRun) -> None:
    """The work ends between two portions."""
    if run.state in AT_WORK:
        run.change(is_cancel_asked=True)


def _begin_work(run: ImportRun, verb: str, **values: object) -> None:
    run.move(verb, **values, done=0, problem="", is_cancel_asked=False, started_at=Now(), ended_at=None)


def _work(run: ImportRun, actor: Actor, at_once: int) -> None:
    if run.total > at_once:
        app.configure_task(WORK).defer(run_id=run.pk)
    else:
        work(run.pk, actor, Pace())
    run.refresh_from_db()


def work_later(run_id: int) -> None:
    """The job: as the person who asked, if they still may. Repeating it is harmless."""
    with scope(Actor.system("import")):
        run = ImportRun.objects.defer("table").get(pk=run_id)
    actor = Actor.system("import") if run.person_id is None else actor_now(run.person_id)
    if not actor.can(f"{run.resource}.import"):
        give_up(run_id, NotAllowed("not_allowed"))
        return
    work(run_id, actor, Pace(lambda: scope(actor), lambda done: _tell(actor, run_id, done)))


def _tell(actor: Actor, run_id: int, done: int) -> None:
    """Beside the transaction of the work, so that others see it."""
    said = "UPDATE exchange_importrun SET done = %s WHERE id = %s RETURNING is_cancel_asked"
    with aside(actor) as cursor:
        cursor.execute(said, [done, run_id])
        row = cursor.fetchone()
    if row is not None and row[0]:
        raise Stop


def give_up(run_id: int, refusal: DomainError) -> None:
    """Say why the work ended, so that nobody waits for ever. What was written stays written."""
    with scope(Actor.system("import")):
        run = ImportRun.objects.select_for_update(no_key=True).get(pk=run_id)
        if run.state not in AT_WORK:
            return
        is_half = run.state == State.RUNNING and not run.is_whole and run.done > 0
        with override(run.language):
            problem = sentence(refusal)
        run.move("stop" if is_half else "give_up", problem=problem, ended_at=Now())


def forget() -> tuple[int, int]:
    """Files after a day, lines after a month; what was imported stays known by its counts."""
    day_ago, month_ago = Now() - timedelta(days=1), Now() - timedelta(days=30)
    old = ImportRun.objects.filter(created_at__lt=day_ago, table__isnull=False).exclude(state__in=AT_WORK)
    waiting = old.filter(state__in=(State.MAPPING, State.CHECKED))
    waiting.update(state=State.EXPIRED)
    files = old.update(table=None)
    lines, _ = ImportLine.objects.filter(run__created_at__lt=month_ago).delete()
    return files, lines
