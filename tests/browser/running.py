"""Tradewind as people run it: its commands as processes, each instance in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tradewind.platform.operation.instance import ROOT
from tradewind.platform.operation.ports import answers, is_free
from tradewind.platform.operation.supervisor import leashed
from tradewind.platform.operation.unprivileged import SYSTEM_FOLDER, find_place, name_of

STARTS_WITHIN_S = 120
ENDS_WITHIN_S = 30
NOT_OURS = ("DATABASE_URL", "TRADEWIND_OWNER", "TRADEWIND_HOSTS", "TRADEWIND_HTTPS", "DJANGO_SETTINGS_MODULE")


@dataclass
class Site:
    """One instance folder and the processes that serve it."""

    home: Path
    port: int
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def tw(self, *words: str) -> str:
        """Run a command to its end; what it printed."""
        done = subprocess.run(
            command(*words), env=self.environment(), cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def start(self, *words: str) -> None:
        """Start a command that runs until it is told to stop."""
        log = (self.home.parent / f"{words[0]}.log").open("w", encoding="utf-8")
        with log:
            self.processes.append(
                subprocess.Popen(
                    leashed(command(*words)), env=self.environment(), cwd=ROOT, text=True, stdout=log
                )
            )

    def wait_until_ready(self) -> None:
        until = time.monotonic() + STARTS_WITHIN_S
        while not answers(f"{self.address}/readyz"):
            assert all(process.poll() is None for process in self.processes), "a process ended by itself"
            assert time.monotonic() < until, "the pages did not come up in time"
            time.sleep(0.1)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(ENDS_WITHIN_S)

    def environment(self) -> dict[str, str]:
        env = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        return env | {"TRADEWIND_HOME": str(self.home), "PYTHONPATH": str(ROOT)}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "tradewind", *words]


def free_port() -> int:
    """A free port whose neighbour, for the live news, is free too."""
    while True:
        with socket.socket() as asked:
            asked.bind(("127.0.0.1", 0))
            port = int(asked.getsockname()[1])
        if port < 65535 and is_free("127.0.0.1", port + 1):
            return port


@contextmanager
def site() -> Iterator[Site]:
    """A place for one instance; processes and files are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tw-browser-"))
    folder.chmod(0o711)  # the database runs as somebody else
    made = Site(folder / "instance", free_port())
    try:
        yield made
    finally:
        made.stop()
        if os.geteuid() == 0 and made.home.exists():
            shutil.rmtree(SYSTEM_FOLDER / f"run-{name_of(find_place(made.home).folder)}", ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
