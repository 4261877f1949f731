"""How far a load is, on stderr: a bar for whoever watches, plain lines for a log."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from tradewind.platform.operation.console import note

EVERY_S = 20


class Progress:
    """One line for each step: which table, how many rows, how fast, how long still."""

    def __init__(self, steps: int) -> None:
        self.steps, self.step = steps, 0
        self.what, self.rows, self.total = "", 0.0, 0.0
        self.began = self.told = time.monotonic()
        self.bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description:<34}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self.is_watched = sys.stderr.isatty()
        self.task = self.bar.add_task("", total=None, rate="")

    def __enter__(self) -> Self:
        if self.is_watched:
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_watched:
            self.bar.stop()

    def begin(self, what: str, total: float, there: float = 0) -> None:
        """A step begins, of so many rows (or acts), of which some are there already."""
        self.step += 1
        self.what, self.rows, self.total, self.there = f"{self.step}/{self.steps} {what}", there, total, there
        self.began = self.told = time.monotonic()
        self.bar.reset(self.task, total=int(total), completed=int(there), description=self.what, rate="")

    def add(self, rows: float) -> None:
        """So many more are there."""
        self.rows += rows
        self.bar.update(self.task, completed=int(self.rows), rate=f"{self.rate:,.0f}/s")
        if not self.is_watched and time.monotonic() - self.told > EVERY_S:
            self.told = time.monotonic()
            left = (self.total - self.rows) / self.rate if self.rate else 0
            note(f"{self.what}: {self.rows:,.0f} of {self.total:,.0f}, {self.rate:,.0f}/s, {left:.0f} s left")

    @property
    def rate(self) -> float:
        """Rows a second since the step began."""
        return (self.rows - self.there) / max(time.monotonic() - self.began, 0.001)

    def end(self) -> None:
        """The step is done."""
        self.bar.update(self.task, completed=int(self.total))
        line = f"{self.what}: {self.rows:,.0f} in {time.monotonic() - self.began:.1f} s"
        if self.is_watched:
            self.bar.console.print(f"tradewind: {line}", highlight=False)
        else:
            note(line)
