"""`./tw check`: every check of the source, one after the other; all failures are reported."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tradewind.config.commands.steps import ending_politely, module
from tradewind.platform.operation import checks
from tradewind.platform.operation.console import say
from tradewind.platform.operation.instance import ROOT, Identity, Instance

Problems = list[str]


def run(args: argparse.Namespace) -> int:
    """Run them all; 1 when any found something."""
    if args.fix:
        for argv in (
            module("ruff", "check", "--fix", "--quiet", "."),
            module("ruff", "format", "--quiet", "."),
        ):
            subprocess.run(argv, cwd=ROOT, check=False)
    failed = []
    with ending_politely(), tempfile.TemporaryDirectory(prefix="tradewind-check-") as folder:
        env = checking_environment(Path(folder))
        for name, check in all_checks(env).items():
            began = time.monotonic()
            problems = check()
            say(f"{'ok    ' if not problems else 'FAILED'}  {name}  ({time.monotonic() - began:.1f} s)")
            for line in problems:
                say(f"        {line}")
            if problems:
                failed.append(name)
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nEverything is in order.")
    return 1 if failed else 0


def checking_environment(folder: Path) -> dict[str, str]:
    """The settings read an instance; checks get one of their own, whose database is never started."""
    instance = Instance.create(folder / "instance", Identity("demo", "Check", today=date(2026, 3, 18)))
    env = {**os.environ, "TRADEWIND_HOME": str(instance.home), "TRADEWIND_OWNER": "1"}
    env.pop("DATABASE_URL", None)
    return env


def all_checks(env: dict[str, str]) -> dict[str, Callable[[], Problems]]:
    """Every check by its name, the quick ones first."""

    def tool(*argv: str) -> Callable[[], Problems]:
        return lambda: output_of(list(argv), env)

    linter = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return {
        "format": tool(*module("ruff", "format", "--check", "--quiet", ".")),
        "ruff": tool(*module("ruff", "check", "--quiet", ".")),
        "sizes": lambda: checks.oversized(ROOT),
        "addresses": lambda: checks.foreign_addresses(ROOT),
        "imports": tool(sys.executable, "-c", linter),
        "translations": missing_translations,
        "migrations": tool(*module("tradewind", "_manage", "makemigrations", "--check", "--dry-run")),
        "types": tool(*module("mypy")),
    }


def output_of(argv: list[str], env: dict[str, str]) -> Problems:
    """What a tool says when it is not content."""
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    said = (done.stdout + done.stderr).strip().splitlines()
    return said or [f"{argv[-1]} ended with {done.returncode} and said nothing"]


def missing_translations() -> Problems:
    """Texts without a translation."""
    if find_spec("tradewind.config.translations") is None:
        return []
    return list(import_module("tradewind.config.translations").missing())
