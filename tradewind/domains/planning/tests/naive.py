"""A second way to divide, slow and plain: fractions, one unit at a time, no shortcuts."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tradewind.domains.planning.rules.spreading import Month, Node, Part
from tradewind.domains.planning.values import Rounding

Key = object


def share(amount: int, parts: Sequence[Part], unit: int, remainder_at: int | None) -> list[int] | None:
    """Amounts in hundredths, or None where locked cells stand in the way."""
    given = {at: part.holds for at, part in enumerate(parts) if not part.is_open}
    if amount < sum(part.holds for part in parts):
        return None
    while len(given) < len(parts):
        rest = amount - sum(given.values())
        tried = _one_by_one(
            rest, {at: p for at, p in enumerate(parts) if at not in given}, unit, remainder_at
        )
        below = [at for at, got in tried.items() if got < parts[at].holds]
        if not below:
            return [(given | tried)[at] for at in range(len(parts))]
        given |= {at: parts[at].holds for at in below}
    return [given[at] for at in range(len(parts))] if sum(given.values()) == amount else None


def _one_by_one(
    rest: int, open_parts: dict[int, Part], unit: int, remainder_at: int | None
) -> dict[int, int]:
    weights = {at: Fraction(part.weight) for at, part in open_parts.items()}
    if sum(weights.values()) == 0:
        weights = {at: Fraction(not part.is_reserve) for at, part in open_parts.items()}
    if sum(weights.values()) == 0:
        weights = dict.fromkeys(open_parts, Fraction(1))
    units = rest // unit
    due = {at: units * weight / sum(weights.values()) for at, weight in weights.items()}
    got = {at: due[at].numerator // due[at].denominator for at in due}
    waiting = set(due)
    while sum(got.values()) < units:
        luckiest = min(waiting, key=lambda at: (got[at] - due[at], -weights[at], at))
        got[luckiest] += 1
        waiting.remove(luckiest)
    amounts = {at: count * unit for at, count in got.items()}
    last = remainder_at if remainder_at in amounts else max(at for at in amounts if weights[at])
    amounts[last] += rest - units * unit
    return amounts


def spread(node: Node, amount: int, rounding: Rounding) -> dict[Key, list[int]] | None:
    """Hundredths by month for every row that holds months, or None."""
    if not node.children:
        months = _months(node.months, amount, rounding)
        return None if months is None else {node.key: months}
    parts = [Part(c.weight, sum(held(c)), None in cells(c), c.is_reserve) for c in node.children]
    is_between_units = all(c.is_unit or c.is_reserve for c in node.children)
    unit = rounding.units if is_between_units else rounding.people
    at = next((i for i, c in enumerate(node.children) if rounding.remainder_row in keys(c)), None)
    amounts = share(amount, parts, unit * 100, at)
    made: dict[Key, list[int]] = {}
    for child, part in zip(node.children, amounts or [], strict=amounts is not None):
        below = spread(child, part, rounding)
        if below is None:
            return None
        made |= below
    return None if amounts is None else made


def _months(months: Sequence[Month], amount: int, rounding: Rounding) -> list[int] | None:
    parts = [Part(m.weight, int((m.locked or Decimal(0)) * 100), is_open=m.locked is None) for m in months]
    chosen = None if rounding.remainder_month is None else rounding.remainder_month - 1
    threes = [parts[at : at + 3] for at in (0, 3, 6, 9)]
    quarters = [
        Part(
            sum((p.weight for p in three), Decimal(0)),
            sum(p.holds for p in three),
            any(p.is_open for p in three),
        )
        for three in threes
    ]
    by_quarter = share(amount, quarters, rounding.quarters * 100, None if chosen is None else chosen // 3)
    made: list[int] = []
    for number, three in enumerate(threes):
        at = chosen % 3 if chosen is not None and chosen // 3 == number else None
        inside = share(by_quarter[number], three, rounding.months * 100, at) if by_quarter else None
        if inside is None:
            return None
        made += inside
    return made


def cells(node: Node) -> list[Decimal | None]:
    own = [month.locked for month in node.months]
    return own + [cell for child in node.children for cell in cells(child)]


def held(node: Node) -> list[int]:
    return [int(cell * 100) for cell in cells(node) if cell is not None]


def keys(node: Node) -> list[Key]:
    return [node.key] + [key for child in node.children for key in keys(child)]
