"""A table out of a spreadsheet or delimited text, every cell as the text that a person sees."""

import json
import subprocess
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradewind.kernel.errors import WORDING, Malformed, declare, phrase

LARGEST = 10_000_000
"""Bytes of a file."""
WAITS_S = 30
SAMPLES, LOOKED_AT = 3, 200
READER = Path(__file__).with_name("reader.py")

declare(
    {
        "import.no_file": phrase("Choose a file first."),
        "import.too_big": phrase("A file may have at most 10 MB. Split it, or leave out columns."),
        "import.too_many": phrase("A file may have at most %(largest)s rows. Split it."),
        "import.too_wide": phrase("A file may have at most %(largest)s columns; this one has %(columns)s."),
        "import.long_cell": phrase("A cell in row %(row)s is longer than %(largest)s characters."),
        "import.bomb": phrase("This file unpacks to far more than it looks. Split it, or save it anew."),
        "import.damaged": phrase(
            "This file cannot be read: it is damaged, or far larger than it looks."
            " Open it in your spreadsheet program, save it anew and try again."
        ),
        "import.not_a_table": phrase(
            "This is not a table. Take an Excel or OpenDocument spreadsheet, or a CSV file."
        ),
        "import.password": phrase("This file is protected by a password. Save it without one."),
        "import.macros": phrase("This file contains macros. Save it as .xlsx, which has none."),
        "import.empty": phrase("This file is empty."),
        "import.no_rows": phrase("There is no row below the header."),
        "import.no_header": phrase(
            "Row %(row)s should name the columns, but holds no names. Put the names in the first row."
        ),
        "import.no_name": phrase("Column %(column)s has no name in row %(row)s."),
        "import.same_header": phrase("Two columns are called “%(name)s”. Rename one of them."),
        "import.bad_quotes": phrase("The quotation marks in row %(row)s do not pair."),
        "import.encoding": phrase(
            "The characters of this file are neither UTF-8 nor GB18030. Save it as UTF-8."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number in the file."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. `sheet` is the name of the sheet read; `others` counts the sheets left alone."""

    header: Sequence[str]
    rows: Sequence[Row]
    sheet: str = ""
    others: int = 0

    def samples(self) -> list[list[str]]:
        """The first few different values of each column, shortened."""
        first = self.rows[:LOOKED_AT]
        columns = (
            dict.fromkeys(row.cells[at][:60] for row in first if row.cells[at])
            for at in range(len(self.header))
        )
        return [list(values)[:SAMPLES] for values in columns]

    def packed(self) -> bytes:
        """For keeping between the steps of an import."""
        rows = [[row.number, *row.cells] for row in self.rows]
        return zlib.compress(json.dumps([self.header, rows, self.sheet, self.others]).encode())


def unpacked(content: bytes) -> Table:
    """A kept table."""
    header, rows, sheet, others = json.loads(zlib.decompress(content))
    return Table(header, [Row(number, cells) for number, *cells in rows], sheet, others)


def read(content: bytes) -> Table:
    """The table of a file, read in a process of its own. Raises `Malformed` for whatever is no table."""
    if len(content) > LARGEST:
        raise Malformed("import.too_big", field="file")
    answer = _asked(content)
    if "problem" in answer:
        code = answer["problem"] if answer["problem"] in WORDING else "import.damaged"
        raise Malformed(code, field="file", **answer["facts"])
    rows = [Row(number, cells) for number, *cells in answer["rows"]]
    return Table(answer["header"], rows, answer["sheet"], answer["others"])


def _asked(content: bytes) -> dict[str, Any]:
    """A reader that dies or takes too long has met a bad file."""
    argv = [sys.executable, "-I", str(READER)]
    damaged = {"problem": "import.damaged", "facts": {}}
    try:
        done = subprocess.run(argv, input=content, capture_output=True, env={}, timeout=WAITS_S, check=False)
    except subprocess.TimeoutExpired:
        return damaged
    if done.returncode != 0:
        return damaged
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
