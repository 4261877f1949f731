"""A table file of any length, in constant memory: its header, then its rows in portions."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tradewind.kernel.errors import WORDING, Malformed, declare, phrase
from tradewind.platform.surface.exchange.sheets import Row

STREAMER = Path(__file__).with_name("streamer.py")

declare({"import.stray_cell": phrase("Column %(column)s has no name, but this row has something there.")})


@dataclass(slots=True)
class Stream:
    """An opened file. `share` of it, from 0 to 1, has been read; `stray`: rows with a cell under no name.

    process: the number of the process that reads it.
    """

    pieces: Iterator[dict[str, Any]]
    header: list[str]
    process: int
    share: float = 0
    stray: dict[int, str] = field(default_factory=dict)

    def portions(self, largest: int) -> Iterator[list[Row]]:
        """Rows in the file's order, so many at once. Raises `Malformed` where it cannot be read on.

        `stray` names of these rows those with a cell in a column without a name, and the column.
        """
        portion: list[Row] = []
        self.stray = {}
        for piece in self.pieces:
            for number, *cells in piece["rows"]:
                if len(cells) > len(self.header):
                    self.stray[number] = cells.pop()
                portion.append(Row(number, cells))
            self.share = float(piece["share"])
            if len(portion) >= largest:
                yield portion
                portion, self.stray = [], {}
        if portion:
            yield portion


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """The file, read by a process of its own. Raises `Malformed` for what is no table."""
    argv = [sys.executable, "-I", str(STREAMER)]
    with (
        path.open("rb") as file,
        subprocess.Popen(
            argv, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        ) as child,
    ):
        assert child.stdout is not None  # noqa: S101 a pipe, as asked
        try:
            pieces = _pieces(child, child.stdout)
            yield Stream(pieces, next(pieces)["header"], child.pid)
        finally:
            child.kill()


def _pieces(child: "subprocess.Popen[bytes]", printed: IO[bytes]) -> Iterator[dict[str, Any]]:
    for line in printed:
        piece: dict[str, Any] = json.loads(line)
        if "problem" in piece:
            code = piece["problem"] if piece["problem"] in WORDING else "import.damaged"
            raise Malformed(code, field="file", **piece["facts"])
        yield piece
    if child.wait() != 0:
        raise Malformed("import.damaged", field="file")
