"""A file of any length, brought in from the command line: progress, counts, and the rows left out."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewind.platform.operation.console import OperationError, note, say

if TYPE_CHECKING:
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.surface.exchange.intake import Left, Took
    from tradewind.platform.surface.exchange.streams import Stream
    from tradewind.platform.surface.resource import Resource


def take_in_file(resource: Resource, actor: Actor, args: argparse.Namespace) -> int:
    """Make what is new in the file, each portion in a transaction; with --dry-run in one that is taken back.

    Returns 1 where rows were refused.
    """
    from tradewind.config.commands.import_ import acting
    from tradewind.platform.surface.exchange.intake import Way, plan_for, take_in
    from tradewind.platform.surface.exchange.streams import opened

    with ExitStack() as open_now:
        stream = open_now.enter_context(opened(args.path))
        with acting(actor):
            plan = plan_for(resource, actor, stream.header)
        beside = open_now.enter_context(Beside(args.path, stream.header))
        for header, name in zip(stream.header, plan.fields, strict=True):
            say(f"{header}: {name or 'left out'}")
        if args.dry_run:
            open_now.enter_context(acting(actor, undo=True))
        tell = open_now.enter_context(telling(stream))

        def came(took: Took, left: Sequence[Left]) -> None:
            beside.write(left)
            tell(took)

        way = Way(nullcontext if args.dry_run else lambda: acting(actor), came)
        took = take_in(resource, actor, args.path.name, stream, plan, way)
    say(f"{took.made} new, {took.known} known already, {took.refused} refused")
    for file in beside.written:
        say(f"  {file}")
    if args.dry_run:
        say("dry run: nothing was written")
    return 1 if took.refused else 0


class Beside:
    """The rows that were not made, beside the file that was read: `NAME.refused.csv` and `NAME.known.csv`.

    Each row has its number, the field, the reason, and the cells as they came, so that it can be mended and
    brought in again. Files of an earlier run are replaced.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        from tradewind.platform.surface.shell.numbers import harmless

        self.files = {known: path.with_suffix(f".{word}.csv") for known, word in WORDS.items()}
        self.before = len(OWN) if list(header[: len(OWN)]) == OWN else 0  # of a file that was mended
        self.header, self.written = [harmless(name) for name in header[self.before :]], list[Path]()
        self.open = ExitStack()
        self.writers: dict[bool, Any] = {}

    def __enter__(self) -> Beside:
        for file in self.files.values():
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise OperationError(f"{file} cannot be replaced: {error.strerror}") from error
        return self

    def __exit__(self, *error: object) -> None:
        self.open.close()

    def write(self, left: Sequence[Left]) -> None:
        """These rows too."""
        from tradewind.platform.surface.shell.numbers import harmless

        for one in left:
            cells = [one.row.number, one.field, one.why, *one.row.cells[self.before :]]
            self._writer(one.is_known).writerow([harmless(cell) for cell in cells])

    def _writer(self, is_known: bool) -> Any:
        if is_known not in self.writers:
            file = self.files[is_known]
            opened = self.open.enter_context(file.open("w", encoding="utf-8-sig", newline=""))
            self.writers[is_known] = csv.writer(opened)
            self.writers[is_known].writerow([*OWN, *self.header])
            self.written.append(file)
        return self.writers[is_known]


WORDS = {False: "refused", True: "known"}
OWN = ["row", "field", "reason"]
"""What stands before the cells of such a file."""
EVERY_S = 20


@contextmanager
def telling(stream: Stream) -> Iterator[Any]:
    """Say on stderr how far it is: a bar for whoever watches, a line now and then for a log."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    began = told = time.monotonic()
    rows = 0
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("", total=1.0)

        def tell(took: Took) -> None:
            nonlocal rows, told
            rows += took.made + took.known + took.refused
            line = f"{rows:,} rows, {rows / (time.monotonic() - began):,.0f}/s"
            bar.update(task, completed=stream.share, description=line)
            if bar.disable and time.monotonic() - told > EVERY_S:
                told = time.monotonic()
                note(f"{line}, {stream.share:.0%}")

        yield tell
