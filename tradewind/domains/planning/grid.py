"""A plan as the page draws it: rows, columns, and which rows are shown when there are very many."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import get_month_names
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from tradewind.domains.planning.queries import PlanRow
from tradewind.domains.planning.rules.outline import Line
from tradewind.domains.planning.values import Kind

MOST_ROWS = 400  # on one page; a larger plan opens unit by unit


@dataclass(frozen=True, slots=True)
class GridCell:
    """One number of the grid. `month` is 1 to 12, or 0 for the sums of quarters and the year."""

    text: str
    value: str
    month: int = 0
    kind: str = "month"
    is_locked: bool = False
    can_edit: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the grid, its cells in the order of the columns."""

    id: str
    parent: str
    level: int
    kind: str
    unit: str
    person: str
    label: str
    has_children: bool
    can_open: bool
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows shown, the columns' names, the units above them, and whether people are left out for room."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[GridRow, ...]
    above: tuple[tuple[str, str], ...]
    is_shortened: bool


def grid(rows: Sequence[PlanRow], unit: str, can_edit: bool) -> Grid:
    """The rows of one unit (code; else all), people included while they fit on one page."""
    top = next((row for row in rows if row.line.key.kind is Kind.UNIT and row.line.key.unit == unit), None)
    inside = [row for row in rows if top is None or row.line.id == top.line.id or _is_below(row, top)]
    is_shortened = len(inside) > MOST_ROWS
    if is_shortened:
        near = top.line.id if top else ""
        inside = [row for row in inside if row.line.key.kind is Kind.UNIT or row.line.parent == near]
    parents = {row.line.parent for row in inside}
    base = inside[0].line.depth if inside else 0
    if not can_edit:
        inside = [row for row in inside if row.line.key.kind is not Kind.RESERVE or row.total]
    drawn = tuple(_row(row, base, row.line.id in parents, can_edit, is_shortened) for row in inside)
    return Grid(_columns(), drawn, _above(rows, top), is_shortened)


def _is_below(row: PlanRow, top: PlanRow) -> bool:
    return row.line.places[0] in top.line.places and row.line.depth > top.line.depth


def _above(rows: Sequence[PlanRow], top: PlanRow | None) -> tuple[tuple[str, str], ...]:
    if top is None:
        return ()
    found = [
        row
        for row in rows
        if row.line.key.kind is Kind.UNIT
        and row.line.depth < top.line.depth
        and set(top.line.places) <= set(row.line.places)
    ]
    return tuple((row.line.key.unit, row.line.label) for row in found)


def _columns() -> tuple[tuple[str, str], ...]:
    """Months, each quarter's sum after its three, the year last."""
    names = get_month_names("abbreviated", context="stand-alone", locale=to_locale(get_language() or "en"))
    columns: list[tuple[str, str]] = []
    for quarter in range(4):
        columns += [("month", names[month]) for month in range(quarter * 3 + 1, quarter * 3 + 4)]
        columns.append(("quarter", f"Q{quarter + 1}"))
    return (*columns, ("year", _("Full year")))


def _row(row: PlanRow, base: int, has_children: bool, can_edit: bool, is_shortened: bool) -> GridRow:
    line = row.line
    is_leaf = line.key.kind is not Kind.UNIT
    cells: list[GridCell] = []
    for quarter, total in enumerate(row.quarters):
        for month in range(quarter * 3 + 1, quarter * 3 + 4):
            cell = row.months[month - 1]
            may = can_edit and is_leaf
            cells.append(GridCell(plain(cell.value), f"{cell.value:f}", month, "month", cell.is_locked, may))
        cells.append(GridCell(plain(total), f"{total:f}", kind="quarter"))
    cells.append(GridCell(plain(row.total), f"{row.total:f}", kind="year"))
    return GridRow(
        line.id,
        line.parent,
        line.depth - base + 1,
        line.key.kind,
        line.key.unit,
        line.key.person,
        label_of(line),
        has_children,
        is_shortened and not is_leaf and line.depth > base,
        tuple(cells),
    )


def plain(value: Decimal) -> str:
    """A number for a narrow column: 12,000, or 12,000.50 where there is something behind the point."""
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def label_of(line: Line) -> str:
    """What a row is called; the reserve has a name of its own."""
    return _("Reserve") if line.key.kind is Kind.RESERVE else line.label


def line_with_id(rows: Sequence[PlanRow], row_id: str) -> Line | None:
    """The row with this id on the page, or None."""
    return next((row.line for row in rows if row.line.id == row_id), None)
