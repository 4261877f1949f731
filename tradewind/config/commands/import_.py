"""`./tw import PATH --as KIND`: files of another system, all of them or nothing."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tradewind.config.commands.steps import ending_politely, with_django
from tradewind.platform.operation.console import OperationError, note, say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import running

if TYPE_CHECKING:
    from tradewind.integrations.crm_opportunities.importing import Outcome

KINDS = ("crm-opportunities",)
LISTED = 200  # faults; more say the same again


def run(args: argparse.Namespace) -> int:
    """Import, or with --dry-run do the same and take it back."""
    if args.kind not in KINDS:
        raise OperationError(f"there is no kind {args.kind}; known kinds: {', '.join(KINDS)}")
    if not args.path.is_dir():
        raise OperationError(f"{args.path} is not a folder with the files to import")
    instance = Instance.load()
    with ending_politely(), running(instance):
        with_django(instance)
        outcome = work(args)
    return report(outcome, args.dry_run)


def work(args: argparse.Namespace) -> Outcome:
    """One transaction as the system."""
    from django.db import DatabaseError, transaction

    from tradewind.integrations.crm_opportunities.importing import import_folder
    from tradewind.kernel.errors import DomainError
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope

    try:
        with scope(Actor.system("import")) as actor:
            outcome = import_folder(actor, args.path, note)
            if args.dry_run:
                transaction.set_rollback(True)
    except (DomainError, DatabaseError) as refusal:
        raise OperationError(f"nothing was imported: {refusal}") from refusal
    return outcome


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
