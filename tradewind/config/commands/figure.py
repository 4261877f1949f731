"""`./tw figure`: a figure in the terminal, or as the API's JSON; the same function behind all three."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from tradewind.config.commands.steps import ending_politely, with_django
from tradewind.platform.operation.console import OperationError, say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import running

if TYPE_CHECKING:
    from tradewind.domains.ledger.values import Answer, Explanation


def run(args: argparse.Namespace) -> int:
    """Answer as the system, which sees everything."""
    instance = Instance.load()
    with ending_politely(), running(instance):
        with_django(instance)
        from tradewind.kernel.errors import DomainError

        try:
            return answer(args)
        except DomainError as refusal:
            raise OperationError(str(refusal)) from refusal


def answer(args: argparse.Namespace) -> int:
    """Ask, then print as a table or as JSON."""
    from tradewind.domains.ledger.queries import explain, figure
    from tradewind.domains.ledger.queries import question as question_of
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope

    if not args.explain and (args.key is not None or args.part or args.after):
        raise OperationError("--key, --part and --after belong to --explain")
    question = question_of(args.measure, args.by or "", args.level, (args.start, args.end))
    with scope(Actor.system("figure")) as actor:
        if args.explain:
            made = explain(actor, question, args.key, args.part, args.after)
            print_explanation_as_json(made) if args.json else print_explanation(made)
        else:
            found = figure(actor, question)
            print_answer_as_json(found) if args.json else print_answer(found)
    return 0


def print_answer_as_json(found: Answer) -> None:
    """As the API answers."""
    from tradewind.domains.ledger.api import answer_as_json

    print_json(answer_as_json(found))


def print_explanation_as_json(made: Explanation) -> None:
    """As the API explains."""
    from tradewind.domains.ledger.api import explanation_as_json

    print_json(explanation_as_json(made))


def print_json(content: object) -> None:
    """One JSON document on stdout."""
    say(json.dumps(content, ensure_ascii=False, indent=2))


def print_answer(found: Answer) -> None:
    """Rows, then the total."""
    from tradewind.platform.surface.shell.numbers import shown

    unit = found.measure.unit
    if not found.rows:
        say(shown(found.total, unit))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_footer=True)
    table.add_column("key", "total")
    table.add_column("name", "")
    table.add_column(found.measure.key, shown(found.total, unit), justify="right")
    for row in found.rows:
        table.add_row(escape(row.key or '""'), escape(row.label), shown(row.value, unit))
    Console().print(table)


def print_explanation(made: Explanation) -> None:
    """Entries, part by part."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from tradewind.domains.ledger import measures
    from tradewind.platform.surface.shell.numbers import shown

    for part in made.parts:
        unit = measures.flow(part.measures[0]).unit
        table = Table(title=" + ".join(part.measures), show_footer=True)
        for name in ("entry", "on", "measure", "person", "customer", "about"):
            table.add_column(name)
        table.add_column("value", shown(part.total, unit), justify="right")
        for item in part.items:
            words = (
                str(item.entry),
                str(item.on),
                item.measure,
                item.person,
                item.customer,
                item.about.label,
            )
            table.add_row(*map(escape, words), shown(item.value, unit))
        Console().print(table)
        if part.next:
            say(f"more: --after {part.next}")
