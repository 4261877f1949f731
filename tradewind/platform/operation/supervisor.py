"""Keep the child processes of a command alive, and leave none behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tradewind.platform.operation.console import note

LEASH = Path(__file__).with_name("leash.py")
WATCH_S = 0.05
QUICK_DEATH_S = 5  # a child that ended sooner is started again with a growing pause
LONGEST_PAUSE_S = 10.0
READY_CHECK_S = 0.2
SLOW_START_S = 30
ENDS_WITHIN_S = 8


@dataclass(frozen=True)
class Child:
    """What to keep alive. `is_ready` is asked until it says yes, after the first start only.

    `ends_within_s`: how long it may take to finish what is under way when told to stop; then it is killed.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] | None = None
    ends_within_s: float = ENDS_WITHIN_S


class Keeper:
    """One child with its whole process group."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self.is_ready = child.is_ready is None
        self._quick_deaths = 0
        self._started_at = 0.0
        self._start_at = 0.0
        self._next_check = 0.0
        self._told_slow = False

    def look_after(self) -> None:
        """One round: start it, start it again, ask whether it is ready."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._start_at:
                self._start()
        elif has_ended(self.process):
            self._bury(now)
        elif not self.is_ready and now >= self._next_check:
            self._next_check = now + READY_CHECK_S
            self._ask(now)

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to the whole group, so that workers of a dead master hear it too."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def terminate(self) -> None:
        """Ask the child itself to end; it looks after its own workers."""
        if self.process is not None and not has_ended(self.process):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGTERM)

    def is_gone(self) -> bool:
        """Has the child ended?"""
        return self.process is None or has_ended(self.process)

    def clear_away(self) -> None:
        """Kill what is left of the group, then take notice of the child's end."""
        self.tell(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()
        self.process = None

    def _start(self) -> None:
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(
            leashed(self.child.argv),
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self.child.env},
            start_new_session=True,
        )

    def _bury(self, now: float) -> None:
        self.clear_away()
        lived = now - self._started_at
        self._quick_deaths = self._quick_deaths + 1 if lived < QUICK_DEATH_S else 0
        pause = min(LONGEST_PAUSE_S, 0.25 * 2**self._quick_deaths) if self._quick_deaths > 1 else 0.0
        self._start_at = now + pause
        when = f"in {pause:.1f} s" if pause else "at once"
        note(f"{self.child.name} ended after {lived:.0f} s; starting it again {when}")

    def _ask(self, now: float) -> None:
        if self.child.is_ready is not None and self.child.is_ready():
            self.is_ready = True
        elif now - self._started_at > SLOW_START_S and not self._told_slow:
            self._told_slow = True
            note(f"{self.child.name} is not ready after {SLOW_START_S} s; still waiting")


class Supervisor:
    """Runs in the main thread: the kernel ties children to the thread that started them."""

    def __init__(self, children: Sequence[Child], when_ready: Callable[[], None] | None = None) -> None:
        self._keepers = [Keeper(child) for child in children]
        self._when_ready = when_ready
        self._stopping = False

    def run(self) -> int:
        """Keep everything alive until SIGINT or SIGTERM, then stop it all."""
        with self._signals():
            try:
                while not self._stopping:
                    self._round()
                    time.sleep(WATCH_S)
            finally:
                self._stop_all()
        return 0

    def pids(self) -> dict[str, int]:
        """The running children by name."""
        return {
            keeper.child.name: keeper.process.pid for keeper in self._keepers if keeper.process is not None
        }

    def _round(self) -> None:
        for keeper in self._keepers:
            keeper.look_after()
        if self._when_ready is not None and all(keeper.is_ready for keeper in self._keepers):
            self._when_ready()
            self._when_ready = None

    def _stop_all(self) -> None:
        began = time.monotonic()
        for keeper in self._keepers:
            keeper.terminate()
        for keeper in sorted(self._keepers, key=lambda keeper: keeper.child.ends_within_s):
            while not keeper.is_gone() and time.monotonic() < began + keeper.child.ends_within_s:
                time.sleep(WATCH_S)
            keeper.clear_away()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._stopping = True

        watched = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants to outlive the terminal
            watched.append(signal.SIGHUP)
        former = {number: signal.signal(number, ask_to_stop) for number in watched}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def leashed(argv: Sequence[str]) -> list[str]:
    """The same program, ending with this process. To be started by the main thread."""
    return [sys.executable, "-I", str(LEASH), str(os.getpid()), *argv]


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Has it ended? Without taking notice: until then its number, and its group's, go to nobody else."""
    if process.returncode is not None:
        return True
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except (AttributeError, ChildProcessError):  # macOS before Python 3.13; or somebody else took notice
        return process.poll() is not None
