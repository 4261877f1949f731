"""Reads one table file of any length and prints it piece by piece: a program of its own, like reader.py.

`python -I streamer.py < file` prints as JSON the header, then rows with the share of the file read so far, or
what is wrong with it. Text is read as it comes; a workbook, which holds 1,048,576 rows at most, is unpacked
as a whole. What it prints is read in streams.py.
"""

import codecs
import io
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.append(
    str(Path(__file__).resolve().parents[4])
)  # behind everything else: an isolated Python knows none

from tradewind.platform.surface.exchange.reader import (
    COMPOUND,
    SAMPLE,
    Bad,
    Numbered,
    at,
    check_archive,
    check_header,
    check_text,
    headed,
    letter,
    limit,
    lines_of,
    sheet_of,
)

MEMORY, LARGE, PIECE = 8 << 30, 4 << 30, 1_000
"""Bytes, for a workbook of a million rows, and unpacked; rows printed in one line."""


def main() -> int:
    """Read stdin, print it in pieces."""
    limit(MEMORY, 0)
    try:
        for piece in _pieces(sys.stdin.buffer):
            _print(piece)
    except Bad as bad:
        _print({"problem": bad.code, "facts": bad.facts})
    return 0


def _print(piece: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(piece, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


def _pieces(raw: Any) -> Iterator[dict[str, Any]]:
    """The header, then the rows. One with a cell in a column without a name has that cell's place behind."""
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    start = raw.read(4)
    raw.seek(0)
    is_book = start == b"PK\x03\x04" or COMPOUND.startswith(start or b"-")
    if start == b"PK\x03\x04":
        check_archive(raw.read(), LARGE)
        raw.seek(0)
    text = io.TextIOWrapper(raw, encoding="utf-8" if is_book else _encoding(raw), newline="")
    rows, name, others = sheet_of(raw.read()) if is_book else (_streamed(text), "", 0)
    number, header, rest = headed(rows)
    kept = [place for place, words in enumerate(header) if words]
    names = [header[place] for place in kept]
    check_header(names, kept, number)
    yield {"header": names, "sheet": name, "others": others}
    while piece := [_kept(row, cells, kept) for row, cells in islice(rest, PIECE)]:
        yield {"rows": piece, "share": 1 if is_book else raw.tell() / size}


def _kept(row: int, cells: list[str], kept: list[int]) -> list[Any]:
    line = [row, *(at(cells, place) for place in kept)]
    if sum(map(bool, cells)) > sum(map(bool, line[1:])):
        line.append(next(letter(place) for place, cell in enumerate(cells) if cell and place not in kept))
    return line


def _streamed(text: io.TextIOWrapper) -> Numbered:
    """The rows of a text file of any length, as they are asked for."""
    try:
        sample = text.read(SAMPLE)
    except UnicodeDecodeError:
        raise Bad("import.encoding") from None
    if "\x00" in sample:
        raise Bad("import.not_a_table")
    check_text(sample)
    text.seek(0)
    return lines_of(text, sample)


def _encoding(raw: Any) -> str:
    """Chosen like for a small file, by reading the whole of it once."""
    start = raw.read(2)
    raw.seek(0)
    if start in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while part := raw.read(1 << 20):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    finally:
        raw.seek(0)
    return "utf-8-sig"


if __name__ == "__main__":
    sys.exit(main())
