"""`./tw link NAME`: a one-time link with which a person chooses a password."""

from __future__ import annotations

import argparse

from tradewind.config.commands.steps import ending_politely, exposure, served, with_django
from tradewind.config.safety import LOCAL, is_loopback, site_address
from tradewind.platform.operation.console import OperationError, note, say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import running


def run(args: argparse.Namespace) -> int:
    """Print the link, under the address by which people reach the site."""
    instance = Instance.load()
    with ending_politely(), running(instance):
        with_django(instance)
        from tradewind.config.links import one_time_path
        from tradewind.kernel.errors import NotVisible

        try:
            path = one_time_path(args.name)
        except NotVisible:
            raise OperationError(f"nobody here signs in as {args.name}") from None
    host, port = served(instance)
    bind = host if is_loopback(host) else LOCAL
    say(f"{site_address(exposure().hosts, bind, args.port or port)}{path}")
    note("it works once, for 30 minutes")
    return 0
