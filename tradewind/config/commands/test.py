"""`./tw test`: every test, on a database made for this run and thrown away after it."""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from datetime import date
from pathlib import Path

from tradewind.config.commands.steps import ending_politely, load_demo, module, prepare
from tradewind.platform.operation import postgres
from tradewind.platform.operation.instance import ROOT, Identity, Instance
from tradewind.platform.operation.ownership import running
from tradewind.platform.operation.supervisor import leashed

TEST_DAY = date(2026, 3, 18)  # tests have one fixed date
SPREAD = ["-n", "2"]
EMPTY = "tradewind_empty"  # the company before anything was entered, for tests to copy


def run(args: argparse.Namespace) -> int:
    """Run pytest with the given arguments; it works on a demo instance of its own."""
    rest = [word for word in args.rest if word != "--"]
    spread = [] if any(word.startswith(("-n", "--pdb")) for word in rest) else SPREAD
    env = {**os.environ}
    if args.long:
        env["TRADEWIND_LONG"] = "1"
    env.pop("DATABASE_URL", None)  # tests create and drop databases: never on a server that holds a company
    with ending_politely(), tempfile.TemporaryDirectory(prefix="tradewind-test-") as folder:
        os.environ.pop("DATABASE_URL", None)
        instance = Instance.create(Path(folder) / "instance", Identity("demo", "Test", today=TEST_DAY))
        env["TRADEWIND_HOME"] = str(instance.home)
        Path(folder).chmod(0o711)
        argv = leashed(module("pytest", *spread, *rest))
        with running(instance):
            prepare(instance)
            postgres.copy_database(instance, EMPTY)
            load_demo(instance, "small", str(TEST_DAY))
            return subprocess.run(argv, cwd=ROOT, env=env, check=False).returncode
