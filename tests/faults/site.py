"""A real instance with real processes: set up, started, killed and looked at from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.faults import processes
from tradewind.config.commands.steps import module
from tradewind.platform.operation import postmaster
from tradewind.platform.operation.instance import ROOT, Instance
from tradewind.platform.operation.ports import answers, is_free
from tradewind.platform.operation.postgres import address
from tradewind.platform.operation.supervisor import leashed
from tradewind.platform.operation.unprivileged import find_place

HANG_S = 120.0  # nothing takes as long; beyond it, it hangs
JOBS = "procrastinate_jobs (queue_name, task_name, args, priority)"
PROBE = f"INSERT INTO {JOBS} VALUES (%s, %s, %s, 9) RETURNING id"  # noqa: S608 - our own words
HARMLESS = ("default", "procrastinate.builtin_tasks.remove_old_jobs", '{"max_hours": 9999}')


class Site:
    """One company on this machine, under the commands that an operator types."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "instance"
        self.port = free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.run("init", "--company", "海风公司")
        self.instance = Instance.load(self.home)

    # -- Commands ------------------------------------------------------------------------------

    def command(self, name: str, *argv: str) -> subprocess.Popen[bytes]:
        """Start a program on this instance; what it says is kept in a file. It ends with the test."""
        env = {**os.environ, "TRADEWIND_HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        with self.log(name).open("ab") as log:
            return subprocess.Popen(leashed(argv), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)

    def run(self, *words: str) -> None:
        """One command of `./tw`, to its end and in good order."""
        self.ended(self.command(words[0], *module("tradewind", *words)), words[0])

    def let_in(self, password: str, names: list[str]) -> None:
        """Give people a password."""
        self.ended(self.command("let_in", *module("tests.faults.let_in", password, *names)), "let_in")

    def ended(self, process: subprocess.Popen[bytes], name: str) -> None:
        """It ends, and in good order."""
        assert process.wait(HANG_S * 2) == 0, self.said(name)

    def start(self, name: str) -> None:
        """`serve` or `worker`, to be kept running."""
        words = ["serve", "--port", str(self.port)] if name == "serve" else [name]
        self.running[name] = self.command(name, *module("tradewind", *words))

    def revive(self) -> None:
        """What systemd does: start again whatever ended."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name)

    def stop(self) -> dict[str, int]:
        """End everything politely; the exit codes by name."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        return {name: process.wait(HANG_S * 2) for name, process in self.running.items()}

    def kill(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        for process in self.running.values():
            process.kill()
            process.wait()
        server = postmaster.living(find_place(self.home).data) if self.home.exists() else None
        if server is not None:
            server.interrupt(signal.SIGQUIT)
            server.wait(10)

    def log(self, name: str) -> Path:
        """Where a command's words are kept."""
        return self.folder / f"{name}.log"

    def said(self, name: str) -> str:
        """What a command has said so far."""
        return self.log(name).read_text(encoding="utf-8", errors="replace")

    # -- Its processes -------------------------------------------------------------------------

    def web_master(self) -> int:
        """The web server's first process."""
        return processes.child_running(self.running["serve"].pid, "_serve")

    def web_workers(self) -> list[int]:
        """The processes that answer requests."""
        return [
            pid
            for pid in processes.children(self.web_master())
            if "tracker" not in processes.command_line(pid)
        ]

    def job_worker(self) -> int:
        """The process that works on jobs."""
        return processes.child_running(self.running["worker"].pid, "_work")

    def postmaster(self) -> int:
        """The database's first process."""
        server = postmaster.living(find_place(self.home).data)
        assert server is not None
        return server.pid

    def backends(self) -> list[int]:
        """The database's processes behind the pages' connections."""
        return [
            pid for pid in processes.children(self.postmaster()) if "tw_login" in processes.command_line(pid)
        ]

    # -- Does it answer? -----------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def database(self, **options: Any) -> psycopg.Connection[Any]:
        """The owner's connection, which sees everything."""
        return psycopg.connect(**address("owner", self.instance).parameters(), connect_timeout=5, **options)

    def ask(self, question: str, *facts: object) -> list[tuple[Any, ...]]:
        """Rows of one query."""
        with self.database(autocommit=True) as connection:
            return connection.execute(question.encode(), facts).fetchall()

    def times_until_all_answer(self, began: float) -> dict[str, float]:
        """Seconds since the fault until the database, a job and the pages, with both processes, answer."""
        probe = Probe(self)
        questions: dict[str, Callable[[], bool]] = {
            "database": self.has_database, "worker": probe.is_done, "web": self.has_web
        }  # fmt: skip
        times: dict[str, float] = {}
        while len(times) < len(questions):
            self.revive()
            for name, question in questions.items():
                if name not in times and question():
                    times[name] = time.monotonic() - began
            missing = sorted(questions.keys() - times.keys())
            assert time.monotonic() < began + HANG_S, f"does not come back: {missing}"
            time.sleep(0.05)
        return times

    def has_database(self) -> bool:
        """Does it answer?"""
        try:
            return self.ask("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False

    def has_web(self) -> bool:
        """Do the pages answer, out of two processes?"""
        try:
            return len(self.web_workers()) == 2 and answers(f"{self.address}/readyz")
        except StopIteration:
            return False


class Probe:
    """A job that does nothing; once it is gone, a worker has had it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.id: int | None = None

    def is_done(self) -> bool:
        """Queue it when the database lets us, then ask whether it is gone."""
        try:
            if self.id is None:
                self.id = self.site.ask(PROBE, *HARMLESS)[0][0]
            return not self.site.ask("SELECT FROM procrastinate_jobs WHERE id = %s", self.id)
        except psycopg.OperationalError:
            return False


def free_port() -> int:
    """A port nobody uses at the moment, nor its neighbour, where the live news are."""
    while True:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            port = int(trial.getsockname()[1])
        if port < 65535 and is_free("127.0.0.1", port + 1):
            return port


def kill_9(pid: int) -> None:
    """As the kernel does when memory is short."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
