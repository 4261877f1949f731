"""The instances that are measured: one folder for each size, made when missing."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

from tradewind.config.commands.demo import demo_instance, fill
from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import ROOT, Instance, holds_instance
from tradewind.platform.operation.ownership import running

HOME = ROOT / "build" / "bench"
SMALL = "small"
THOUSANDS = {"": 1, "k": 1_000, "m": 1_000_000}
SIZE = re.compile(r"(\d+)([km]?)")


def sizes_in(home: Path) -> list[str]:
    """The sizes that are there already, the smallest first."""
    folders = home.iterdir() if home.is_dir() else ()
    found = [one.name for one in folders if _is_size(one.name) and _is_ready(one)]
    return sorted(found, key=customers_of)


def customers_of(size: str) -> int:
    """How many customers a size asks for, like 10k or 1m; 0 for the small demo. Raises OperationError."""
    if size == SMALL:
        return 0
    read = SIZE.fullmatch(size)
    if read is None:
        raise OperationError(f"{size!r} is no size; write it like 10k, 100k or 1m, or {SMALL}")
    return int(read[1]) * THOUSANDS[read[2]]


def instance_of(size: str, home: Path) -> Instance:
    """The instance with so many customers; makes the missing one, which takes minutes for a large one."""
    folder = home / size
    word = str(customers_of(size) or SMALL)
    if _is_ready(folder):
        found = Instance.load(folder)
        if found.kind != "demo":
            raise OperationError(f"{folder} holds a real company; it is not measured")
        return found
    home.mkdir(parents=True, exist_ok=True)
    asked = argparse.Namespace(size=word, today=None, fresh=False)
    os.environ["TRADEWIND_HOME"] = str(folder)
    made = demo_instance(asked)
    with running(made):
        fill(made, asked)
    return made


def _is_size(name: str) -> bool:
    return name == SMALL or SIZE.fullmatch(name) is not None


def _is_ready(folder: Path) -> bool:
    return holds_instance(folder) and Instance.load(folder).is_complete
