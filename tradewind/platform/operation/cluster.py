"""One PostgreSQL server on one data folder: made, started as a direct child, adopted, stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from tradewind.platform.operation import postmaster
from tradewind.platform.operation.console import OperationError, note
from tradewind.platform.operation.postmaster import Postmaster
from tradewind.platform.operation.unprivileged import Place, make_private

# For two cores and four gigabytes. fsync stays on: what was acknowledged survives kill -9 and power cuts.
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u ",
    "log_min_messages": "warning",
}
LARGEST_LOG = 8 * 2**20
STARTS_WITHIN_S = 60  # without a sign of life; recovery is a sign of life
MEMORY_IN_USE_S = 30
left_running: list[
    subprocess.Popen[bytes]
] = []  # handed to other processes; kept so that Python does not complain


class MemoryInUseError(Exception):
    """Backends of the former server are still ending."""


class Cluster:
    """The server of one place. Whoever calls this holds the owner's lock."""

    def __init__(self, place: Place, binaries: Path, log: Path, password: str) -> None:
        self.place = place
        self.binaries = binaries
        self.log = log
        self.password = password
        self._child: subprocess.Popen[bytes] | None = None
        self._adopted: Postmaster | None = None

    # -- Life ----------------------------------------------------------------------------------

    def bring_up(self) -> None:
        """Adopt the running server or start one; returns when it answers."""
        if not self.is_alive:
            self._child, self._adopted = None, postmaster.living(self.place.data)
            if self._adopted is None:
                self._start_patiently()
        self._wait_until_it_answers()

    @property
    def is_alive(self) -> bool:
        """Does the server we started or adopted still run?"""
        if self._child is not None:
            return self._child.poll() is None
        return self._adopted is not None and self._adopted.is_alive

    def stop(self) -> None:
        """End it cleanly: open transactions are rolled back, everything committed is on disk."""
        running = postmaster.living(self.place.data)
        if running is not None:
            running.interrupt(signal.SIGINT)
            if not self._ended_within(running, 60):
                note("the database does not stop; ending it at once, it recovers at the next start")
                running.interrupt(signal.SIGQUIT)
                self._ended_within(running, 10)
        self._child = self._adopted = None

    def let_go(self) -> None:
        """Leave the server running for the other commands."""
        if self._child is not None:
            left_running.append(self._child)
        self._child = self._adopted = None

    def answers(self) -> bool:
        """Does the server accept a real connection?"""
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise OperationError("the database refuses the password in secrets.json") from error
            return False
        return True

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """A superuser's connection, each statement its own transaction."""
        return psycopg.connect(
            host=str(self.place.socket),
            port=5432,
            user="postgres",
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def limit_log(self) -> None:
        """Keep one former log beside the present one. The server appends, so cutting it is safe."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            shutil.copyfile(self.log, self.log.with_suffix(".1.log"))
            os.truncate(self.log, 0)

    # -- Starting ------------------------------------------------------------------------------

    def _start_patiently(self) -> None:
        """Start; backends of a killed server may hold its memory for a moment longer."""
        until = time.monotonic() + MEMORY_IN_USE_S
        while True:
            try:
                self._start()
                return
            except MemoryInUseError:
                if time.monotonic() > until:
                    raise OperationError("processes of the former database server do not end") from None
                if time.monotonic() > until - MEMORY_IN_USE_S * 2 / 3:
                    for pid in postmaster.leftovers(self.place.data):
                        os.kill(pid, signal.SIGKILL)
                time.sleep(0.1)

    def _start(self) -> None:
        self._make_data()
        make_private(self.place.socket, self.place.runner)
        postmaster.disown(self.place.data, self.place.socket)
        self.limit_log()
        settings = {**SETTINGS, "unix_socket_directories": quoted(self.place.socket)}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with self.log.open("ab") as log:
            began = log.seek(0, os.SEEK_END)
            # Its own session: Ctrl-C at the terminal is for us, we stop the server when we are done with it.
            self._child = self._spawn(["postgres", "-D", str(self.place.data), *options], log.fileno())
        while not (self.place.data / "postmaster.pid").exists() or not self._is_listed(self._child.pid):
            if self._child.poll() is not None:
                raise self._failure(began)
            time.sleep(0.01)
        # The lock file is written before the memory check, so look once more.
        while not self.answers():
            if self._child.poll() is not None:
                raise self._failure(began)
            time.sleep(0.02)

    def _is_listed(self, pid: int) -> bool:
        found = postmaster.recorded(self.place.data)
        return found is not None and found.pid == pid

    def _spawn(self, argv: list[str], output: int) -> subprocess.Popen[bytes]:
        env = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        return subprocess.Popen(
            [str(self.binaries / argv[0]), *argv[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={**env, "LC_ALL": "C"},
            start_new_session=True,
            user=self.place.runner.uid,
            group=self.place.runner.gid,
            extra_groups=self.place.runner.groups,
        )

    def _failure(self, began: int) -> Exception:
        with self.log.open("rb") as log:
            log.seek(began)
            said = log.read().decode(errors="replace")
        self._child = None
        if "pre-existing shared memory block" in said:
            return MemoryInUseError()
        tail = "\n".join("    " + line for line in said.strip().splitlines()[-8:])
        return OperationError(f"the database server does not start (see {self.log}):\n{tail}")

    def _wait_until_it_answers(self) -> None:
        told, began = 0.0, time.monotonic()
        while not self.answers():
            if not self.is_alive:
                raise OperationError(f"the database server ended while starting (see {self.log})")
            waited = time.monotonic() - began
            if waited > told + STARTS_WITHIN_S / 6:
                told = waited
                note(f"the database is recovering ({waited:.0f} s)")
            time.sleep(0.02)

    def _ended_within(self, running: Postmaster, seconds: float) -> bool:
        if self._child is not None and self._child.pid == running.pid:
            try:
                self._child.wait(seconds)
            except subprocess.TimeoutExpired:
                return False
            return True
        return running.wait(seconds)

    # -- Making --------------------------------------------------------------------------------

    def _make_data(self) -> None:
        """Make the data folder when there is none: beside, then renamed, so that a killed initdb heals."""
        data, folder = self.place.data, self.place.folder
        if data.exists():
            if data.stat().st_uid not in {os.geteuid(), self.place.runner.uid}:
                raise OperationError(f"{data} belongs to another user; run as that user")
            return
        note("making the database")
        if folder != self.log.parent.parent:
            make_private_parent(folder)
        for leftover in (*folder.glob("postgres.new*"), self.place.discarded):
            shutil.rmtree(leftover, ignore_errors=True)
        # A name of its own: the initdb of a killed command may still be writing into the former one.
        fresh = folder / f"postgres.new-{os.getpid()}"
        make_private(fresh, self.place.runner)
        self._run_initdb(fresh)
        (fresh / "cluster").rename(data)
        shutil.rmtree(fresh)

    def _run_initdb(self, fresh: Path) -> None:
        password = fresh / "password"
        password.touch(mode=0o600)
        password.write_text(self.password, encoding="ascii")
        self.place.runner.own(password)
        options = ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        options += [
            "-U",
            "postgres",
            "--auth=scram-sha-256",
            f"--pwfile={password}",
            "-D",
            str(fresh / "cluster"),
        ]
        with self.log.open("ab") as log:
            began = log.tell()
            making = self._spawn(["initdb", *options], log.fileno())
            try:
                making.wait()
            except BaseException:
                making.kill()
                making.wait()
                raise
            if making.returncode != 0:
                raise self._failure(began)


def make_private_parent(folder: Path) -> None:
    """The folder of a database that lies outside its instance: root's, passable."""
    folder.parent.mkdir(mode=0o755, exist_ok=True)
    folder.mkdir(mode=0o711, exist_ok=True)


def quoted(folder: Path) -> str:
    """One entry of a comma-separated list, as PostgreSQL reads folder names."""
    return '"' + str(folder).replace('"', '""') + '"'
