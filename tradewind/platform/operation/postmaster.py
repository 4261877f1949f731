"""What PostgreSQL's pid file says, and whether the process behind it is really there."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
NEVER_A_PID = 2**22 + 1  # above the largest number the kernel gives out


@dataclass(frozen=True)
class Postmaster:
    """The main process of one server."""

    pid: int
    data: Path

    @property
    def is_alive(self) -> bool:
        """Is this process running, not a zombie, and does it serve this data folder?"""
        return is_running(self.pid) and serves(self.pid, self.data)

    def interrupt(self, number: signal.Signals) -> None:
        """Send a signal; one that died meanwhile is fine."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, seconds: float) -> bool:
        """Wait for its end; True when it came."""
        until = time.monotonic() + seconds
        while self.is_alive:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True


def recorded(data: Path) -> Postmaster | None:
    """The server that the pid file names, dead or alive."""
    try:
        first = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]
        return Postmaster(abs(int(first)), data)
    except (FileNotFoundError, IndexError, ValueError):
        return None


def living(data: Path) -> Postmaster | None:
    """The server that runs on this data folder right now."""
    found = recorded(data)
    return found if found is not None and found.is_alive else None


def is_running(pid: int) -> bool:
    """Does the process run? A zombie only waits for somebody to take notice of its end."""
    with suppress(ChildProcessError, OSError):
        os.waitpid(pid, os.WNOHANG)  # in a container we may be the parent of every orphan
    try:
        # The state follows the name, which stands in brackets and may hold anything.
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        if PROC.joinpath("self").exists():
            return False
    asked = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip() != "" and not asked.stdout.strip().startswith("Z")


def serves(pid: int, data: Path) -> bool:
    """Every PostgreSQL process works inside its data folder; a stranger with a reused number does not."""
    try:
        return (PROC / str(pid) / "cwd").readlink() == data.resolve()
    except PermissionError:
        return False
    except (FileNotFoundError, ProcessLookupError):
        if PROC.joinpath("self").exists():
            return False
    asked = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in asked.stdout


def leftovers(data: Path) -> Iterator[int]:
    """Processes of a dead server that have not noticed its end yet."""
    for entry in PROC.iterdir() if PROC.joinpath("self").exists() else ():
        if entry.name.isdigit() and serves(int(entry.name), data) and is_running(int(entry.name)):
            yield int(entry.name)


def disown(data: Path, socket_folder: Path) -> None:
    """Clear the lock files of a dead server.

    PostgreSQL itself believes any living process with the recorded number, zombies included. The pid file
    is not deleted but made to name nobody: it also guards against backends that still use the memory.
    """
    for path in (data / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock"):
        with suppress(FileNotFoundError):
            lines = path.read_text(encoding="utf-8").splitlines()
            owner = data.stat()
            fresh = path.with_name(path.name + ".new")
            fresh.unlink(missing_ok=True)
            fresh.write_text("\n".join([str(NEVER_A_PID), *lines[1:]]) + "\n", encoding="utf-8")
            fresh.chmod(0o600)
            os.chown(fresh, owner.st_uid, owner.st_gid)
            fresh.rename(path)
