"""Which processes a running instance has, read from /proc."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")


def children(pid: int) -> list[int]:
    """The living children of a process, oldest first."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            state = stat(int(entry.name))
            if state is not None and state[0] not in "ZX" and int(state[1]) == pid:
                found.append(int(entry.name))
    return sorted(found)


def stat(pid: int) -> list[str] | None:
    """State, parent and so on; None when it has ended. The name before them may hold anything."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def command_line(pid: int) -> str:
    """How it was started, or what it calls itself."""
    try:
        return (PROC / str(pid) / "cmdline").read_text(errors="replace").replace("\0", " ").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def child_running(pid: int, words: str) -> int:
    """The child with these words in its command line."""
    return next(child for child in children(pid) if words in command_line(child))
