"""`./tw bench`: how quick the program is, beside plain SQL and as the company grows."""

from __future__ import annotations

import argparse
from importlib import import_module

from tradewind.config.commands.steps import ending_politely


def run(args: argparse.Namespace) -> int:
    """Measure; the work stands beside the program, in `benchmarks/`."""
    with ending_politely():
        return int(import_module("benchmarks.command").run(args))
