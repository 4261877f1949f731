"""By what weights an amount is shared among the rows of a plan and the months of a year."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tradewind.domains.planning.rules.outline import Line, Place
from tradewind.domains.planning.rules.spreading import Month, Node
from tradewind.domains.planning.values import Kind, Method, RowKey
from tradewind.kernel.errors import Malformed

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Cell:
    """The target of one month, and whether it is locked."""

    value: Decimal = ZERO
    is_locked: bool = False


Cells = Mapping[Place, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class History:
    """Last year's actuals: of units with those below as it was, of people, and of the whole plan by month."""

    units: Mapping[int, Decimal] = field(default_factory=dict)
    people: Mapping[int, Decimal] = field(default_factory=dict)
    months: Sequence[Decimal] = (ZERO,) * 12


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows (`by`) and months (`over`) share, and what is needed to know it.

    `rows` are own weights of the rows right below the spread one; deeper down, rows share as planned now.
    """

    by: Method
    over: Method
    rows: Mapping[RowKey, Decimal] = field(default_factory=dict)
    months: Sequence[Decimal] = ()
    history: History = field(default_factory=History)
    workdays: Sequence[int] = ()


def with_closed(cells: Cells, closed: Collection[int]) -> Cells:
    """The cells with those of closed months (1 to 12) locked."""
    if not closed:
        return cells
    return {
        place: [
            replace(cell, is_locked=cell.is_locked or at in closed) for at, cell in enumerate(year, start=1)
        ]
        for place, year in cells.items()
    }


def check_shape(shape: Shape) -> Shape:
    """Workdays share months only; own weights are 0 or more, and not all 0. Raises `Malformed`."""
    if shape.by is Method.WORKDAYS:
        raise Malformed("planning.bad_method", field="by")
    if shape.by is Method.WEIGHTS:
        _check_weights(list(shape.rows.values()), "weights")
    if shape.over is Method.WEIGHTS:
        if len(shape.months) != 12:
            raise Malformed("planning.weights_missing", field="months")
        _check_weights(shape.months, "months")
    return shape


def _check_weights(weights: Sequence[Decimal], field: str) -> None:
    if any(not weight.is_finite() or weight < 0 for weight in weights):
        raise Malformed("planning.weight_negative", field=field)
    if not any(weights):
        raise Malformed("planning.weights_missing", field=field)


def node(line: Line, lines: Sequence[Line], cells: Cells, shape: Shape) -> Node:
    """A row and everything below it, ready to be spread over."""
    children: dict[str, list[Line]] = {}
    for one in lines:
        children.setdefault(one.parent, []).append(one)

    def made(one: Line, above: Line | None) -> Node:
        weight = _row_weight(one, above is line, cells, shape)
        if one.key.kind is Kind.UNIT:
            below = tuple(made(child, one) for child in children[one.id])
            return Node(one.key, weight, below, is_unit=True)
        months = _months(cells[one.places[0]], shape)
        return Node(one.key, weight, (), months, is_reserve=one.key.kind is Kind.RESERVE)

    return made(line, None)


def _row_weight(line: Line, is_named: bool, cells: Cells, shape: Shape) -> Decimal:
    kind = line.key.kind
    if shape.by is Method.WEIGHTS and is_named:
        return shape.rows.get(line.key, ZERO)
    if shape.by in (Method.WEIGHTS, Method.PRESENT):
        return sum((cell.value for place in line.places for cell in cells[place]), ZERO)
    if kind is Kind.RESERVE:
        return ZERO
    if shape.by is Method.EQUAL:
        return ONE
    past = shape.history.units if kind is Kind.UNIT else shape.history.people
    return max(ZERO, past.get(line.person_id or line.unit_id, ZERO))


def _months(cells: Sequence[Cell], shape: Shape) -> tuple[Month, ...]:
    weights: Sequence[Decimal] = (ONE,) * 12
    if shape.over is Method.HISTORY:
        weights = [max(ZERO, value) for value in shape.history.months]
    elif shape.over is Method.WORKDAYS:
        weights = [Decimal(days) for days in shape.workdays]
    elif shape.over is Method.WEIGHTS:
        weights = shape.months
    elif shape.over is Method.PRESENT:
        weights = [cell.value for cell in cells]
    return tuple(
        Month(weight, cell.value if cell.is_locked else None)
        for weight, cell in zip(weights, cells, strict=True)
    )
