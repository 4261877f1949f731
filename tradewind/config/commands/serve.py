"""`./tw serve`: the pages of a real instance."""

from __future__ import annotations

import argparse

from tradewind.config.commands.steps import Prepared, ending_politely, prepare, web
from tradewind.platform.operation.console import OperationError, say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import running
from tradewind.platform.operation.ports import require_free
from tradewind.platform.operation.supervisor import Supervisor


def run(args: argparse.Namespace) -> int:
    """Prepare, refuse what is not safe, then serve until told to stop."""
    instance = real_instance()
    require_free(args.bind, args.port)
    with ending_politely(), running(instance):
        refuse_unsafe(prepare(instance))
        require_free(args.bind, args.port)
        child = web(instance, args.bind, args.port)
        return Supervisor(
            [child], lambda: say(f"Tradewind serves {instance.company} on port {args.port}")
        ).run()


def real_instance() -> Instance:
    """The instance to serve: real, and set up to its end."""
    instance = Instance.load()
    if instance.kind == "demo":
        raise OperationError(f"{instance.home} (TRADEWIND_HOME) holds a demo; run it with `./tw demo`")
    if not instance.is_complete:
        raise OperationError(
            f"the set-up of {instance.home} was interrupted; run `./tw init --company NAME` again"
        )
    return instance


def refuse_unsafe(prepared: Prepared) -> None:
    """A real instance is served only with safe settings."""
    if prepared.unsafe:
        lines = "\n".join(f"  - {line}" for line in prepared.unsafe)
        raise OperationError(f"these settings are not safe for a real company:\n{lines}")
