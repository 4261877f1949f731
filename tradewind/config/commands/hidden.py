"""Steps that run in a process of their own, because the settings are read once per process.

They work as the owner of the database, which a serving process never does. The parent reads their
answer, one line of JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module

from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import Instance

SETTINGS = "tradewind.config.settings"


def run(args: argparse.Namespace) -> int:
    """Run the hidden step named first."""
    name, *rest = args.words
    steps: dict[str, Callable[[Sequence[str]], int]] = {
        "_prepare": prepare,
        "_load_demo": load_demo,
        "_serve": serve,
        "_live": live,
        "_work": work,
        "_manage": manage,
    }
    if name not in steps:
        raise OperationError(f"unknown command: {name}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    return steps[name](rest)


def prepare(words: Sequence[str]) -> int:
    """Bring the database to the present version. With --administrator also make the first sign-in link."""
    startup = import_module("tradewind.config.startup")
    instance = Instance.load()
    startup.prepare(instance)
    link = startup.first_administrator(instance) if "--administrator" in words else ""
    accounts = startup.demo_accounts() if instance.kind == "demo" else []
    answer({"administrator": link, "accounts": accounts})
    return 0


def load_demo(words: Sequence[str]) -> int:
    """Fill a prepared demo: `_load_demo SIZE DATE`."""
    startup = import_module("tradewind.config.startup")
    instance = Instance.load()
    startup.prepare(instance)
    startup.load_demo(instance, words[0], date.fromisoformat(words[1]))
    answer({"administrator": "", "accounts": startup.demo_accounts()})
    return 0


def serve(words: Sequence[str]) -> int:
    """Serve the pages until told to stop: `_serve HOST PORT`."""
    return int(import_module("tradewind.config.web").pages(words[0], int(words[1])))


def live(words: Sequence[str]) -> int:
    """Serve the live news until told to stop: `_live HOST PORT`."""
    return int(import_module("tradewind.config.web").live(words[0], int(words[1])))


def work(words: Sequence[str]) -> int:
    """Run background jobs until told to stop."""
    del words
    return int(import_module("tradewind.config.worker").main() or 0)


def manage(words: Sequence[str]) -> int:
    """Django's own commands, for developers."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tw _manage", *words])
    return 0


def answer(content: object) -> None:
    """The last line of stdout is the answer; whatever was printed before is only progress."""
    sys.stdout.write("\n" + json.dumps(content, ensure_ascii=True) + "\n")
    sys.stdout.flush()
