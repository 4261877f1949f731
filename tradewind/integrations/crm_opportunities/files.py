"""Reading the four files: every fault is named by file, line and column, and none is imported."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

COLUMNS = {
    "accounts.csv": (
        "account",
        "sector",
        "year_established",
        "revenue",
        "employees",
        "office_location",
        "subsidiary_of",
    ),
    "products.csv": ("product", "series", "sales_price"),
    "sales_teams.csv": ("sales_agent", "manager", "regional_office"),
    "sales_pipeline.csv": (
        "opportunity_id",
        "sales_agent",
        "product",
        "account",
        "deal_stage",
        "engage_date",
        "close_date",
        "close_value",
    ),
}
STAGES = {"Prospecting": "prospecting", "Engaging": "engaging", "Won": "won", "Lost": "lost"}
T = TypeVar("T")
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
LONGEST_TEXT = 200
# What our columns and codes hold: codes are made of names with a word before them.
LONGEST = {
    "sector": 80,
    "office_location": 80,
    "series": 80,
    "product": 80,
    "opportunity_id": 80,
    "sales_agent": 70,
    "manager": 70,
    "regional_office": 70,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the files; `line` counts the header as 1, 0 means the file itself."""

    file: str
    line: int
    column: str
    problem: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.column}: {self.problem}" if self.column else f"{place}: {self.problem}"


@dataclass(slots=True)
class Reader:
    """Rows of one file as they are asked for, and the faults found on the way."""

    file: str
    line: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def rows(self, folder: Path) -> Iterator[Mapping[str, str]]:
        """Each row by column name, trimmed; stops with a fault when the file cannot be read."""
        try:
            with (folder / self.file).open(encoding="utf-8-sig", newline="") as opened:
                lines = csv.DictReader(opened, strict=True)
                if not self._has_good_header(lines.fieldnames or ()):
                    return
                for row in lines:
                    self.line = lines.line_num
                    if None in row or None in row.values():
                        self.fault("", "this line has another number of columns than the header")
                        continue
                    self.cells = {name: row[name].strip() for name in COLUMNS[self.file]}
                    self._check_texts()
                    yield self.cells
        except FileNotFoundError:
            self.fault("", "this file is missing")
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.fault("", f"cannot be read: {error}")

    def _has_good_header(self, header: Sequence[str]) -> bool:
        missing = [name for name in COLUMNS[self.file] if name not in header]
        double = sorted({name for name in header if header.count(name) > 1})
        if missing:
            self.fault("", f"columns are missing: {', '.join(missing)}")
        if double:
            self.fault("", f"columns stand twice: {', '.join(double)}")
        return not missing and not double

    def _check_texts(self) -> None:
        for column, cell in self.cells.items():
            longest = LONGEST.get(column, LONGEST_TEXT)
            if len(cell) > longest:
                self.fault(column, f"is longer than {longest} characters")
            if "\x00" in cell:
                self.fault(column, "holds a character that no text may hold")

    def fault(self, column: str, problem: str) -> None:
        self.faults.append(Fault(self.file, self.line, column, problem))

    def text(self, column: str) -> str:
        """A cell that must say something."""
        cell = self.cells[column]
        if not cell:
            self.fault(column, "is empty")
        return cell

    def unique(self, column: str, key: str) -> None:
        """A key that no earlier line may have."""
        first = self.seen.setdefault(key, self.line)
        if first != self.line:
            self.fault(column, f"{self.cells[column]!r} stands in line {first} already")

    def day(self, column: str) -> date | None:
        """A date as the files write it, month/day/year; None where empty."""
        return self._parsed(column, _day, "a date like 10/20/2016")

    def amount(self, column: str) -> Decimal | None:
        """An amount ≥ 0 with at most two decimals; None where empty."""
        return self._parsed(column, _amount, "an amount from 0, written like 1054 or 1054.50")

    def whole(self, column: str) -> int | None:
        """A whole number ≥ 0; None where empty."""
        return self._parsed(column, _whole, "a whole number")

    def source(self) -> str:
        """The row as the file has it, for the comparison with a later import."""
        return json.dumps(self.cells, ensure_ascii=False, sort_keys=True)

    def _parsed(self, column: str, parse: Callable[[str], T], wanted: str) -> T | None:
        cell = self.cells[column]
        if not cell:
            return None
        try:
            return parse(cell)
        except ValueError:
            self.fault(column, f"{cell!r} is not {wanted}")
            return None


def _day(cell: str) -> date:
    return datetime.strptime(cell, "%m/%d/%Y").date()  # noqa: DTZ007 a day has no zone


def _amount(cell: str) -> Decimal:
    if AMOUNT.fullmatch(cell) is None:
        raise ValueError(cell)
    return Decimal(cell)


def _whole(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 10):
        raise ValueError(cell)
    return int(cell)
