"""A supervised family: the supervisor keeps alive a parent, whose child is deaf to polite requests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from tradewind.platform.operation.console import say
from tradewind.platform.operation.supervisor import Child, Supervisor


def supervise(record: str) -> None:
    """The supervisor."""
    argv = [sys.executable, "-m", "tests.operation.family", "parent", record]
    Supervisor([Child("family", argv)], lambda: say("ready")).run()
    say("stopped")


def parent(record: str) -> None:
    """Start the child, note both process ids, wait."""
    argv = [sys.executable, "-m", "tests.operation.family", "child", record]
    with subprocess.Popen(argv) as child:
        Path(record).write_text(f"{os.getpid()} {child.pid}\n", encoding="ascii")

        def end(number: int, frame: FrameType | None) -> None:
            del number, frame
            child.kill()

        signal.signal(signal.SIGTERM, end)
        child.wait()


def child(record: str) -> None:
    """Deaf to polite requests."""
    del record
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


if __name__ == "__main__":
    {"supervise": supervise, "parent": parent, "child": child}[sys.argv[1]](sys.argv[2])
