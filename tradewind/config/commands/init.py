"""`./tw init`: a new instance for a real company."""

from __future__ import annotations

import argparse

from tradewind.config.commands.steps import ending_politely, exposure, prepare
from tradewind.config.safety import site_address
from tradewind.platform.operation.console import say
from tradewind.platform.operation.instance import Identity, Instance, holds_instance, home_folder
from tradewind.platform.operation.ownership import running
from tradewind.platform.operation.removal import forget_unfinished


def run(args: argparse.Namespace) -> int:
    """Make the folder, the database and the company, then print the way in."""
    home = home_folder()
    identity = Identity("real", args.company, args.currency, args.timezone)
    if holds_instance(home):
        unfinished = Instance.load(home)
        if unfinished.kind == "real" and not unfinished.is_complete:
            say(f"The set-up of {home} was interrupted; doing it again.")
            forget_unfinished(unfinished)
    instance = Instance.create(home, identity)
    with ending_politely(), running(instance):
        link = prepare(instance, "--administrator").administrator
        instance.mark_complete()
    say(f"{instance.company} is ready in {home}.")
    say("Start it with `./tw serve` and, beside it, `./tw worker`.")
    say(f"The first administrator (admin) chooses a password through: {site_address(exposure().hosts)}{link}")
    say("Served on another port: `./tw link admin --port PORT` prints it anew.")
    return 0
