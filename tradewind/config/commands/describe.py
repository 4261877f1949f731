"""`./tw describe NAME`: what was declared under a name: rights, gates, follow-ups, policy, date rule."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import chain

from tradewind.config.commands.steps import with_django
from tradewind.platform.operation.console import OperationError, say
from tradewind.platform.operation.instance import Instance


def run(args: argparse.Namespace) -> int:
    """Print one declaration, or all names; the database is not asked."""
    with_django(Instance.load())
    described = dict(declarations())
    if args.name is None:
        for name in sorted(described):
            say(name)
        return 0
    if args.name not in described:
        raise OperationError(f"nothing is declared as {args.name}; `./tw describe` lists all names")
    for fact, value in described[args.name].items():
        say(f"{fact:<14}{value}")
    for line in made_of(args.name):
        say(line)
    return 0


def made_of(name: str) -> Iterator[str]:
    """What a declared object became, line by line; nothing for other names."""
    from tradewind.config.made import description
    from tradewind.platform.surface.resource import all_resources

    return chain.from_iterable(description(one) for one in all_resources() if one.key == name)


def declarations() -> Iterator[tuple[str, dict[str, str]]]:
    """Every declared name with its facts."""
    from tradewind.domains.ledger.measures import all_measures
    from tradewind.domains.ledger.values import Flow
    from tradewind.platform.spine.access.scopes import all_scopes
    from tradewind.platform.spine.command import all_commands

    for command in all_commands():
        gates, after = command.gates, command.follow_ups
        yield (
            command.name,
            {
                "kind": "command",
                "right": command.right,
                "gates": ", ".join(gate.__name__ for gate in gates) or "none",
                "follow-ups": ", ".join(upper.__name__ for upper in after) or "none",
            },
        )
    for measure in all_measures():
        facts = {"kind": "measure", "name": measure.name, "unit": measure.unit.value}
        if isinstance(measure, Flow):
            facts |= {"tax": measure.tax.value, "dated": measure.date_rule, "counts": measure.source.key}
        else:
            facts |= {"sum of": ", ".join(measure.numerator), "over": ", ".join(measure.denominator)}
        yield measure.key, facts
    for scope in all_scopes():
        facts = {"kind": "resource", "table": scope.table, "kept as": scope.keeping.value}
        yield scope.resource, facts | {"visible when": scope.policy_sql()}
