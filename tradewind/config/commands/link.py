"""`./tw link NAME`: a one-time link with which a person chooses a password."""

from __future__ import annotations

import argparse

from tradewind.config.commands.steps import ending_politely, with_django
from tradewind.platform.operation.console import OperationError, say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import running


def run(args: argparse.Namespace) -> int:
    """Print the path; it is added to the address under which people reach the site."""
    instance = Instance.load()
    with ending_politely(), running(instance):
        with_django(instance)
        from tradewind.config.links import one_time_path
        from tradewind.kernel.errors import NotVisible

        try:
            path = one_time_path(args.name)
        except NotVisible:
            raise OperationError(f"nobody here signs in as {args.name}") from None
    say(f"{path}   (append it to the address of your site; it works once, for a day)")
    return 0
