"""Spreadsheets for tests: honest ones, and ones that mean harm."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_FORMATS = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm", time: "hh:mm"}


def csv_of(*rows: Sequence[object], encoding: str = "utf-8") -> bytes:
    """Comma-separated, quoted where needed."""

    def cell(value: object) -> str:
        text = str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text

    return "".join(",".join(map(cell, row)) + "\r\n" for row in rows).encode(encoding)


def xlsx_of(*rows: Sequence[Any], formats: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet; `formats` are number formats by column."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for at, value in enumerate(row):
                named = _FORMATS.get(type(value)) or (formats[at] if at < len(formats) and line else "")
                shown = book.add_format({"num_format": named}) if named else None
                if type(value) in _FORMATS:
                    sheet.write_datetime(line, at, value, shown)
                elif isinstance(value, str):
                    sheet.write_string(line, at, value, shown)
                else:
                    sheet.write(line, at, value, shown)
    return held.getvalue()


def with_sheet(body: bytes) -> bytes:
    """A workbook whose only sheet holds this XML."""
    whole = _HEAD + body + b"</sheetData></worksheet>"
    return changed(lambda name, content: whole if name == SHEET else content)


def changed(change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """A workbook whose parts were tampered with."""
    made = io.BytesIO()
    honest = zipfile.ZipFile(io.BytesIO(xlsx_of(["a", "b"], [1, 2])))
    with honest, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in honest.namelist():
            archive.writestr(name, change(name, honest.read(name)))
        for name, content in more.items():
            archive.writestr(name, content)
    return made.getvalue()


def ods_of(*rows: Sequence[str]) -> bytes:
    """An OpenDocument spreadsheet of text cells."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0"'
        f' xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="T">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return made.getvalue()
