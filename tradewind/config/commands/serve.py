"""`./tw serve`: the pages of a real instance."""

from __future__ import annotations

import argparse
import os

from tradewind.config import sign_in
from tradewind.config.commands.steps import Listening, ending_politely, exposure, live, prepare, remember, web
from tradewind.config.safety import Exposure, site_address
from tradewind.domains.organization.values import ROLE_NAMES
from tradewind.platform.operation.console import OperationError, say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import running
from tradewind.platform.operation.ports import require_free
from tradewind.platform.operation.supervisor import Supervisor


def run(args: argparse.Namespace) -> int:
    """Prepare, refuse what is not safe, then serve until told to stop."""
    instance = real_instance()
    reach = exposure(args.bind)
    refuse_unsafe(reach)
    at = Listening(args.bind, args.port, args.port + 1)
    require_free(at.host, at.port, at.live_port)
    with ending_politely(), running(instance):
        prepare(instance)
        require_free(at.host, at.port, at.live_port)
        remember(instance, at)
        children = [web(instance, at), live(instance, at)]
        return Supervisor(children, lambda: announce(instance, reach, args.port)).run()


def announce(instance: Instance, reach: Exposure, port: int) -> None:
    """Where it is, and for whom."""
    where = site_address(reach.hosts, reach.bind, port)
    only = ", reachable from this machine only" if reach.is_local else f" through {reach.bind} port {port}"
    say(f"Tradewind serves {instance.company} at {where}/{only}")
    for line in sign_in.described(os.environ, ROLE_NAMES):
        say(f"  sign-in: {line}")


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


def refuse_unsafe(reach: Exposure) -> None:
    """What can be reached from elsewhere is served only with safe settings, and nothing with half ones."""
    problems = reach.unsafe() if not reach.is_local else []
    problems += sign_in.problems(os.environ)
    if problems:
        lines = "\n".join(f"  - {line}" for line in problems)
        raise OperationError(f"these settings are not safe, or not complete:\n{lines}")
