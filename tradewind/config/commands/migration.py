"""`./tw migration APP NAME`: write the migration of changed models; no database is asked."""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

from tradewind.config.commands.check import checking_environment
from tradewind.config.commands.steps import module
from tradewind.platform.operation.instance import ROOT


def run(args: argparse.Namespace) -> int:
    """Django's makemigrations under settings whose database is never started."""
    with tempfile.TemporaryDirectory(prefix="tradewind-migration-") as folder:
        env = {**checking_environment(Path(folder)), "PYTHONWARNINGS": "ignore::RuntimeWarning"}
        argv = module("tradewind", "_manage", "makemigrations", args.app, "-n", args.name)
        return subprocess.run(argv, cwd=ROOT, env=env, check=False).returncode
