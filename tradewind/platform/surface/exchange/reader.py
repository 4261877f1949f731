"""Reads one table file and prints it as JSON: a program of its own, because files may be hostile.

A few kilobytes can claim a terabyte of cells and abort whoever opens them. This process holds no secret,
no connection and a limited share of memory and time; when it dies, the file was bad. It imports nothing
of ours, so that it starts quickly: `python -I reader.py < file`. What it prints is read in sheets.py.
Files of any length are read by streamer.py, with what is here.
"""

import csv
import io
import json
import re
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from typing import Any

ROWS, COLUMNS = 20_000, 200
CELL, NAME, TEXT = 32_767, 200, 20_000_000
"""Characters in a cell, in the name of a column, in the whole table."""
UNPACKED, FILES = 200_000_000, 2_000
PLAIN, RATIO = 20_000_000, 100
"""Beyond so many bytes a workbook that is packed tighter than this was made to keep us busy."""
MEMORY, SECONDS = 1 << 30, 20
HEADER_WITHIN = 10
"""Rows looked at for the header: a title may stand above it."""
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = (",", "\t", ";")
SAMPLE = 100_000

Numbered = Iterator[tuple[int, list[str]]]


class Bad(Exception):
    """The file cannot be read; `code` says why, `facts` fill the sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts


def main() -> int:
    """Read stdin, print the table or the problem."""
    limit(MEMORY, SECONDS)
    try:
        answer = table(sys.stdin.buffer.read())
    except Bad as bad:
        answer = {"problem": bad.code, "facts": bad.facts}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    return 0


def limit(memory: int, seconds: int) -> None:
    """No more memory and time than an honest file needs; where the system cannot say so, the clock does."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return


def table(content: bytes) -> dict[str, Any]:
    """Header, rows with their numbers in the file, and the sheet they come from. Raises `Bad`."""
    if not content.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Bad("import.empty")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        check_archive(content, UNPACKED)
        return _whole(content)
    if content.startswith(COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Bad("import.password")
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            raise Bad("import.macros")
        return _whole(content)
    text = _decoded(content)
    return {**_tabled(lines_of(_file(text), text[:SAMPLE])), "sheet": "", "others": 0}


def _whole(content: bytes) -> dict[str, Any]:
    rows, name, others = sheet_of(content)
    return {**_tabled(rows), "sheet": name, "others": others}


# -- Workbooks -----------------------------------------------------------------------------------


def check_archive(content: bytes, most: int) -> None:
    """Unpack everything once, counting up to `most` bytes, whatever the archive claims. Raises `Bad`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Bad("import.damaged") from None
    names = {member.filename for member in members}
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise Bad("import.not_a_table")
    if "xl/vbaProject.bin" in names or any(name.startswith("Basic/") for name in names):
        raise Bad("import.macros")
    claimed = sum(member.file_size for member in members)
    if len(members) > FILES or claimed > most or claimed > max(PLAIN, RATIO * len(content)):
        raise Bad("import.bomb")
    left = most
    for member in members:
        if member.flag_bits & 1:
            raise Bad("import.password")
        left -= _unpacked(content, member, left)


def _unpacked(content: bytes, member: zipfile.ZipInfo, allowed: int) -> int:
    """How many bytes a member really unpacks to. Raises `Bad` beyond what is allowed or claimed."""
    at = member.header_offset
    begins = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little")
    begins += int.from_bytes(content[at + 28 : at + 30], "little")
    packed = content[begins : begins + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise Bad("import.damaged")
    opened, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    try:
        while packed and not opened.eof:
            size += len(opened.decompress(packed, 1 << 20))
            packed = opened.unconsumed_tail
            if size > allowed or size > member.file_size:
                raise Bad("import.bomb")
    except zlib.error:
        raise Bad("import.damaged") from None
    return size


def sheet_of(content: bytes) -> tuple[Numbered, str, int]:
    """The first visible sheet that holds anything: its rows, its name, and how many more there are."""
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [
            one.name
            for one in book.sheets_metadata
            if one.typ is SheetTypeEnum.WorkSheet and one.visible is SheetVisibleEnum.Visible
        ]
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if sheet.start is None:
                continue
            rows = ((row, [shown(cell) for cell in cells]) for row, cells in _placed(sheet))
            return rows, name, len(names) - 1
    except PasswordError:
        raise Bad("import.password") from None
    except CalamineError:
        raise Bad("import.damaged") from None
    except BaseException:  # noqa: BLE001 a panic of the library is no ordinary exception
        raise Bad("import.damaged") from None
    raise Bad("import.empty")


def _placed(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows with the numbers that the spreadsheet shows."""
    before = [""] * sheet.start[1]  # it leaves out the empty columns in front, but not the empty rows
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, before + cells


def shown(cell: Any) -> str:
    """A cell as text, as a person sees it: 15 digits of a number, days and times as ISO."""
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return _number(cell)
    if isinstance(cell, datetime):
        has_time = cell.time() != time()
        return f"{cell:%Y-%m-%d %H:%M:%S}" if has_time else cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else ""


def _number(value: float) -> str:
    """Spreadsheets keep and show 15 digits; what is behind them is noise of their arithmetic."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    text = f"{Decimal(format(value, '.15g')):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _text(text: str) -> str:
    """Without the characters nobody sees: control characters and the mark of byte order."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    if text.isprintable():
        return text.strip()
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


# -- Text files ----------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else GB18030. Raises `Bad`."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        raise Bad("import.not_a_table")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        check_text(text[:SAMPLE])
        return text
    raise Bad("import.encoding")


def check_text(sample: str) -> None:
    if sample.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "%pdf", "{\\rtf")):
        raise Bad("import.not_a_table")


def lines_of(opened: io.TextIOBase, sample: str) -> Numbered:
    """The rows of a delimited text, which begins with the sample, with the line where each begins."""
    csv.field_size_limit(CELL)
    said = re.match(r"sep=([,;\t])\r?\n", sample)  # some programs say it themselves, in a line of its own
    reader = csv.reader(opened, delimiter=said[1] if said else _delimiter(sample), strict=True)
    number = 1
    try:
        for cells in reader:
            if "\x00" in "".join(cells):
                raise Bad("import.not_a_table")
            if not (said and number == 1):
                yield number, [_text(cell) for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        code = "import.long_cell" if "field larger" in str(error) else "import.bad_quotes"
        raise Bad(code, row=number, largest=CELL) from None
    except UnicodeDecodeError:
        raise Bad("import.encoding") from None


def _delimiter(text: str) -> str:
    """The delimiter that splits most of the first rows, and into the same number of columns, else a comma.

    That it splits them counts first: rows may end where their last value does, and hold the others as text.
    """

    def agreement(delimiter: str) -> tuple[int, int, int]:
        try:
            rows = [len(row) for row in islice(csv.reader(_file(text), delimiter=delimiter), 20)]
        except csv.Error:
            return 0, 0, 0
        widths = Counter(width for width in rows if width > 1)
        most, width = max(((count, width) for width, count in widths.items()), default=(0, 0))
        return widths.total(), most, width

    return max(DELIMITERS, key=agreement)


def _file(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")


# -- The table -----------------------------------------------------------------------------------


def _tabled(rows: Numbered) -> dict[str, Any]:
    """Header and rows, within the limits; rows and columns without anything are left out."""
    number, header, rest = headed(rows)
    body = list(_counted(rest))
    if not body:
        raise Bad("import.no_rows")
    width = max(len(header), *(len(cells) for _, cells in body))
    kept = [p for p in range(width) if at(header, p) or any(at(cells, p) for _, cells in body)]
    names = [at(header, place) for place in kept]
    check_header(names, kept, number)
    return {"header": names, "rows": [[row, *(at(cells, place) for place in kept)] for row, cells in body]}


def headed(rows: Numbered) -> tuple[int, list[str], Numbered]:
    """The header with its number, and the rows below it that hold anything."""
    filled = ((row, cells) for row, cells in rows if any(cells))
    first = list(islice(filled, HEADER_WITHIN))
    if not first:
        raise Bad("import.empty")
    wide = [at for at, (_, cells) in enumerate(first) if sum(map(bool, cells)) > 1]
    at = wide[0] if wide else 0
    number, header = first[at]
    _check_width(header)
    return number, header, chain(first[at + 1 :], filled)


def _counted(rows: Numbered) -> Numbered:
    """The rows below the header, counted and measured while they come."""
    text = 0
    for count, (row, cells) in enumerate(rows, start=1):
        if count > ROWS:
            raise Bad("import.too_many", largest=f"{ROWS:,}")
        _check_width(cells)
        text += sum(map(len, cells))
        if text > TEXT:
            raise Bad("import.bomb")
        yield row, cells


def _check_width(cells: list[str]) -> None:
    columns = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    if columns > COLUMNS:
        raise Bad("import.too_wide", columns=f"{columns:,}", largest=COLUMNS)


def at(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def check_header(names: list[str], places: list[int], number: int) -> None:
    if not any(c.isalpha() for name in names for c in name) or max(map(len, names)) > NAME:
        raise Bad("import.no_header", row=number)
    for name, place in zip(names, places, strict=True):
        if not name:
            raise Bad("import.no_name", row=number, column=letter(place))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Bad("import.same_header", name=twice)


def letter(place: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        letters, place = chr(65 + rest) + letters, place - 1
    return letters


if __name__ == "__main__":
    sys.exit(main())
