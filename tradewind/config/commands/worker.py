"""`./tw worker`: the background jobs of an instance."""

from __future__ import annotations

import argparse

from tradewind.config.commands.serve import real_instance
from tradewind.config.commands.steps import ending_politely, jobs, prepare
from tradewind.platform.operation.console import say
from tradewind.platform.operation.ownership import running
from tradewind.platform.operation.supervisor import Supervisor


def run(args: argparse.Namespace) -> int:
    """Prepare, then work until told to stop."""
    del args
    instance = real_instance()
    with ending_politely(), running(instance):
        prepare(instance)
        return Supervisor([jobs(instance)], lambda: say(f"Tradewind works for {instance.company}")).run()
