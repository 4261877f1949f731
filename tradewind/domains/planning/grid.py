"""A plan as the page draws it: rows, columns, and which rows are shown when there are very many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import get_month_names
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from tradewind.domains.planning.queries import PlanRow
from tradewind.domains.planning.rules.outline import Line
from tradewind.domains.planning.values import MONTHS, Kind

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
    """The rows shown, the columns' names, and whether people are left out for room."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[GridRow, ...]
    is_shortened: bool


def grid(rows: Sequence[PlanRow], can_edit: bool, closed: Collection[int] = ()) -> Grid:
    """The rows as drawn, people included while they fit on one page; `closed` months are not typed in."""
    shown = list(rows)
    is_shortened = len(shown) > MOST_ROWS
    if is_shortened:
        top = shown[0].line.id
        shown = [row for row in shown if row.line.key.kind is Kind.UNIT or row.line.parent == top]
    parents = {row.line.parent for row in shown}
    if not can_edit:
        shown = [row for row in shown if row.line.key.kind is not Kind.RESERVE or row.total]
    editable = frozenset(MONTHS) - frozenset(closed) if can_edit else frozenset()
    drawn = tuple(_row(row, row.line.id in parents, editable, is_shortened) for row in shown)
    return Grid(_columns(), drawn, is_shortened)


def _columns() -> tuple[tuple[str, str], ...]:
    """Months, each quarter's sum after its three, the year last."""
    names = get_month_names("abbreviated", context="stand-alone", locale=to_locale(get_language() or "en"))
    columns: list[tuple[str, str]] = []
    for quarter in range(4):
        columns += [("month", names[month]) for month in range(quarter * 3 + 1, quarter * 3 + 4)]
        columns.append(("quarter", f"Q{quarter + 1}"))
    return (*columns, ("year", _("Full year")))


def _row(row: PlanRow, has_children: bool, editable: Collection[int], is_shortened: bool) -> GridRow:
    line = row.line
    is_leaf = line.key.kind is not Kind.UNIT
    cells: list[GridCell] = []
    for quarter, total in enumerate(row.quarters):
        for month in range(quarter * 3 + 1, quarter * 3 + 4):
            cell = row.months[month - 1]
            may = month in editable and is_leaf
            cells.append(GridCell(plain(cell.value), f"{cell.value:f}", month, "month", cell.is_locked, may))
        cells.append(GridCell(plain(total), f"{total:f}", kind="quarter"))
    cells.append(GridCell(plain(row.total), f"{row.total:f}", kind="year"))
    return GridRow(
        line.id,
        line.parent,
        line.depth + 1,
        line.key.kind,
        line.key.unit,
        line.key.person,
        label_of(line),
        has_children,
        is_shortened and not is_leaf and line.depth > 0,
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
