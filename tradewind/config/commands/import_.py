"""`./tw import PATH --as KIND`: a spreadsheet of one kind of object, or a folder of another system."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tradewind.config.commands.steps import ending_politely, with_django
from tradewind.config.commands.taking_in import take_in_file
from tradewind.platform.operation.console import OperationError, note, say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import running

if TYPE_CHECKING:
    from tradewind.integrations.crm_opportunities.importing import Outcome
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.surface.exchange.models import ImportRun
    from tradewind.platform.surface.resource import Resource

FOLDERS = ("crm-opportunities",)
LISTED = 200  # faults; more say the same again


def run(args: argparse.Namespace) -> int:
    """Import, or with --dry-run do the same and take it back."""
    instance = Instance.load()
    if args.kind in FOLDERS and not args.path.is_dir():
        raise OperationError(f"{args.path} is not a folder with the files to import")
    with ending_politely(), running(instance):
        with_django(instance)
        if args.kind in FOLDERS:
            return report(work(args), args.dry_run)
        return import_file(args)


def work(args: argparse.Namespace) -> Outcome:
    """A folder: one transaction as the system."""
    from tradewind.integrations.crm_opportunities.importing import import_folder
    from tradewind.platform.spine.access.actor import Actor

    with refusing(), acting(Actor.system("import"), undo=args.dry_run) as actor:
        return import_folder(actor, args.path, note)


@contextmanager
def refusing(so: str = "nothing was imported") -> Iterator[None]:
    """What the business or the database refuses is one plain line."""
    from django.db import DatabaseError

    from tradewind.kernel.errors import DomainError, Invalid

    try:
        yield
    except Invalid as refusal:
        raise OperationError(f"{so}: {'; '.join(refusal.problems.values())}") from refusal
    except (DomainError, DatabaseError) as refusal:
        raise OperationError(f"{so}: {refusal}") from refusal


@contextmanager
def acting(actor: Actor, undo: bool = False) -> Iterator[Actor]:
    """The transaction of this actor; with `undo` nothing of it stays."""
    from django.db import transaction

    from tradewind.platform.spine.access.session import scope

    with scope(actor):
        yield actor
        if undo:
            transaction.set_rollback(True)


def report(outcome: Outcome, is_dry_run: bool) -> int:
    """Say what happened, kind by kind; faults go to stderr and nothing was written."""
    for fault in outcome.faults[:LISTED]:
        note(str(fault))
    if outcome.faults:
        hidden = len(outcome.faults) - LISTED
        note(f"… and {hidden} more" if hidden > 0 else "")
        note(f"nothing was imported: {len(outcome.faults)} faults; mend them and import again")
        return 1
    for kind, done in outcome.reports.items():
        say(f"{kind}: {done.created} new, {done.updated} updated, {done.unchanged} unchanged")
        for key in done.conflicts:
            say(f"  left alone, changed here and there: {key}")
    for remark in outcome.remarks:
        say(remark)
    if is_dry_run:
        say("dry run: nothing was written")
    return 0


# -- Spreadsheets --------------------------------------------------------------------------------


def import_file(args: argparse.Namespace) -> int:
    """A spreadsheet: by the steps of the page, or of any length where new ones are recognised for certain."""
    from django.utils.translation import override

    resource = kind_named(args.kind)
    if resource.known is None or args.update:
        return import_by_steps(resource, args)
    if not args.path.is_file():
        raise OperationError(f"{args.path} is not a file")
    so = "nothing was imported" if args.dry_run else "the import stopped; what was made before stays"
    with refusing(so), override("en"):
        return take_in_file(resource, person_named(args.as_person), args)


def import_by_steps(resource: Resource, args: argparse.Namespace) -> int:
    """The steps of the page in one transaction; what was imported can be undone there."""
    from django.utils.translation import override

    from tradewind.platform.surface.exchange import runs
    from tradewind.platform.surface.exchange.sheets import LARGEST

    if not args.path.is_file() or args.path.stat().st_size > LARGEST:
        raise OperationError(f"{args.path} is not a file of at most 10 MB")
    with refusing(), override("en"), acting(person_named(args.as_person), undo=args.dry_run) as actor:
        started = check(resource, actor, args)
        wrong = started.counts["error"]
        if args.dry_run:
            say("dry run: nothing was written")
            return 1 if wrong else 0
        if wrong and not args.keep_good:
            note("nothing was imported: mend these rows, or import the others with --keep-good")
            return 1
        runs.start(started, actor, is_whole=not args.keep_good, at_once=started.total)
        say(started.problem or told(started))
        return 0 if started.state == "done" else 1


def kind_named(word: str) -> Resource:
    """The declared object with this address; raises OperationError for what no file brings in."""
    from tradewind.platform.surface.resource import all_resources

    known = {one.address: one.brought for one in all_resources() if one.is_imported}
    if word not in known:
        raise OperationError(f"there is no kind {word}; known kinds: {', '.join([*FOLDERS, *known])}")
    return known[word]


def person_named(name: str | None) -> Actor:
    """Whoever signs in so, with the rights of today; the system where nobody is named."""
    from tradewind.domains.organization.queries import actor_named
    from tradewind.platform.spine.access.actor import Actor

    if name is None:
        return Actor.system("import")
    with acting(Actor.system("import")):
        actor = actor_named(name)
    if actor.is_nobody:
        raise OperationError(f"nobody here signs in as {name}")
    return actor


def check(resource: Resource, actor: Actor, args: argparse.Namespace) -> ImportRun:
    """Read the file as the page would propose it, and say what would become of its rows."""
    from tradewind.platform.surface.exchange import runs
    from tradewind.platform.surface.exchange.models import ImportLine
    from tradewind.platform.surface.exchange.planning import plan_of

    started = runs.begin(resource, actor, args.path.name, args.path.read_bytes())
    plan = plan_of(started.plan)
    for header, name in zip(started.header, plan.fields, strict=True):
        say(f"{header}: {name or 'left out'}")
    say(f"recognised by: {' + '.join(plan.key) or 'nothing, every row is new'}")
    runs.check(started, actor, plan, at_once=started.total)
    for line in ImportLine.objects.filter(run=started, verdict="error").order_by("number")[:LISTED]:
        problems = "; ".join(f"{label}: {text}" if label else text for label, text, _ in line.problems)
        note(f"row {line.number}: {problems}")
    say(told(started))
    return started


def told(started: ImportRun) -> str:
    """The counts in one line."""
    counts = started.counts
    named = f"{counts['new']} new, {counts['update']} updated, {counts['unchanged']} unchanged"
    return f"{named}, {counts['error']} wrong"
