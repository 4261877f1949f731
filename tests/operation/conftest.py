"""Real folders, real processes, a real PostgreSQL; nothing is imitated."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tradewind.platform.operation.instance import ROOT, Identity, Instance
from tradewind.platform.operation.unprivileged import SYSTEM_FOLDER, find_place, name_of

Starter = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that the database's user can reach; pytest's own is closed to everybody else."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    path = Path(tempfile.mkdtemp(prefix="tw-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def instance(folder: Path) -> Iterator[Instance]:
    """A new instance without a database yet."""
    made = Instance.create(folder / "instance", Identity("demo", "海风公司"))
    yield made
    if os.geteuid() == 0:
        shutil.rmtree(SYSTEM_FOLDER / f"run-{name_of(find_place(made.home).folder)}", ignore_errors=True)


@pytest.fixture
def start() -> Iterator[Starter]:
    """Start one of the helper programs of this folder; whatever is left of them is killed in the end."""
    started: list[subprocess.Popen[str]] = []

    def run(program: str, *words: str | Path) -> subprocess.Popen[str]:
        argv = [sys.executable, "-m", f"tests.operation.{program}", *map(str, words)]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipe = subprocess.PIPE
        process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=env)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def heard(process: subprocess.Popen[str]) -> str:
    """The next line that a helper program says."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, "the program ended without a word"
    return line


def eventually(question: Callable[[], object], seconds: float = 10) -> None:
    """Wait until the answer is yes."""
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.02)
