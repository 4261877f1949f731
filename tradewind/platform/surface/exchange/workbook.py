"""Spreadsheets that people download: no cell of them ever runs."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from tradewind.platform.surface.shell.numbers import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NARROW, WIDE = 10, 40
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a header that stays in sight, and rows of text and exact numbers."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def workbook(*sheets: Sheet) -> bytes:
    """The file. Text that a spreadsheet would run stays text, also when somebody edits its cell."""
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, OPTIONS) as book:
        bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        day, moment = (book.add_format({"num_format": shape}) for shape in (DAY, MOMENT))
        for one in sheets:
            page = book.add_worksheet(one.name[:31])
            page.freeze_panes(1, 0)
            for at, words in enumerate(one.header):
                page.set_column(at, at, min(max(len(words) * 2, NARROW), WIDE))
                page.write_string(0, at, words, bold)
            for line, row in enumerate(one.rows, start=1):
                for at, value in enumerate(row):
                    if isinstance(value, Decimal):
                        page.write_number(line, at, value)
                    elif isinstance(value, date):
                        page.write_datetime(line, at, value, moment if isinstance(value, datetime) else day)
                    elif value not in ("", None):
                        text = str(value)
                        page.write_string(line, at, text, quoted if harmless(text) != text else None)
    return held.getvalue()


def download(content: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    """A file to keep, never to be shown in place."""
    from urllib.parse import quote

    made = HttpResponse(content, content_type=kind)
    made["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return made
