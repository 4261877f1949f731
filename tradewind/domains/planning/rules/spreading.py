"""Dividing an amount along a tree and along the year, so that what the parts get adds up to the last fen.

Inside, amounts are whole hundredths, so that nothing is lost on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tradewind.domains.planning.values import Rounding, RowKey
from tradewind.kernel.errors import Refused

HUNDREDTHS = 100
QUARTERS = (range(0, 3), range(3, 6), range(6, 9), range(9, 12))


@dataclass(frozen=True, slots=True)
class Part:
    """One of those that share an amount. It never gets less than it `holds`, what is locked in it.

    Without an open cell it gets exactly that. A reserve shares by its weight, but takes no part when an
    amount is shared alike for want of weights, unless nothing else is open.
    """

    weight: Decimal
    holds: int = 0
    is_open: bool = True
    is_reserve: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """One cell: its weight within the year (0 or more) and, when it is locked, what it holds."""

    weight: Decimal
    locked: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A row to spread over. A row without children holds twelve months; the others are sums."""

    key: RowKey
    weight: Decimal
    children: tuple["Node", ...] = ()
    months: tuple[Month, ...] = ()
    is_unit: bool = False
    is_reserve: bool = False


@dataclass
class Spread:
    """What came out: twelve months for every row that holds months, and where weights were missing.

    `alike` are the rows whose children, and `alike_months` those whose months, had no weight to go by and
    were shared alike.
    """

    months: dict[RowKey, tuple[Decimal, ...]] = field(default_factory=dict)
    alike: list[RowKey] = field(default_factory=list)
    alike_months: list[RowKey] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Share:
    """What the parts get, in their order, and whether they shared alike because no weight was above 0."""

    amounts: tuple[int, ...]
    is_alike: bool


def divide(amount: int, parts: Sequence[Part], unit: int, remainder_at: int | None = None) -> Share:
    """Share an amount (hundredths, ≥ 0) by weights, in multiples of `unit`; the sum is exact.

    Largest remainder first, ties by larger weight, then order. What is less than one unit goes to
    `remainder_at`, or to the last open part that shares. A part whose share would be less than it holds gets
    what it holds, and the others share the rest. Raises `Refused` when that cannot be.
    """
    kept = {at: part.holds for at, part in enumerate(parts) if not part.is_open}
    if sum(part.holds for part in parts) > amount:
        locked = Decimal(sum(part.holds for part in parts)) / HUNDREDTHS
        given = Decimal(amount) / HUNDREDTHS
        raise Refused("planning.locked_more", locked=f"{locked:,.2f}", amount=f"{given:,.2f}")
    while True:
        sharing = [at for at in range(len(parts)) if at not in kept]
        rest = amount - sum(kept.values())
        if not sharing:
            if rest:
                raise Refused("planning.nothing_open")
            return Share(tuple(kept[at] for at in range(len(parts))), False)
        weights, is_alike = _weights([parts[at] for at in sharing])
        shared = dict(zip(sharing, _by_largest_remainder(rest // unit, weights), strict=True))
        shared = {at: count * unit for at, count in shared.items()}
        shared[_last(sharing, weights, remainder_at)] += rest % unit
        short = {at: parts[at].holds for at in sharing if shared[at] < parts[at].holds}
        if not short:
            return Share(tuple({**kept, **shared}[at] for at in range(len(parts))), is_alike)
        kept |= short


def _weights(parts: Sequence[Part]) -> tuple[list[int], bool]:
    """Weights as whole numbers of the same proportion; alike, but for reserves, when none is above 0."""
    places = max(max(-int(part.weight.as_tuple().exponent), 0) for part in parts)
    weights = [int(part.weight * 10**places) for part in parts]
    if any(weights):
        return weights, False
    alike = [int(not part.is_reserve) for part in parts]
    return (alike if any(alike) else [1] * len(parts)), True


def _by_largest_remainder(count: int, weights: Sequence[int]) -> list[int]:
    whole = sum(weights)
    given = [count * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(count * weights[at] % whole), -weights[at], at))
    for at in order[: count - sum(given)]:
        given[at] += 1
    return given


def _last(sharing: Sequence[int], weights: Sequence[int], wanted: int | None) -> int:
    """Where the remainder goes: the wanted part where it is open, else the last one with a weight."""
    if wanted is not None and wanted in sharing:
        return wanted
    return next(at for at, weight in zip(reversed(sharing), reversed(weights), strict=True) if weight)


def spread(root: Node, amount: Decimal, rounding: Rounding) -> Spread:
    """Share a year's amount over a row's branch and over the months of every row in it.

    Year by year from row to row, then year → quarters → months. Locked cells keep what they hold. The sum of
    all cells is the amount, exactly. Raises `Refused` when locked cells stand in the way.
    """
    made = Spread()
    _down(root, int(amount * HUNDREDTHS), rounding, made)
    return made


def _down(node: Node, amount: int, rounding: Rounding, made: Spread) -> None:
    if not node.children:
        made.months[node.key] = _over_months(node, amount, rounding, made)
        return
    parts = [Part(child.weight, _held(child), _is_open(child), child.is_reserve) for child in node.children]
    unit = (
        rounding.units
        if all(child.is_unit or child.is_reserve for child in node.children)
        else rounding.people
    )
    wanted = rounding.remainder_row
    at = next((at for at, child in enumerate(node.children) if wanted and _contains(child, wanted)), None)
    share = divide(amount, parts, unit * HUNDREDTHS, at)
    if share.is_alike and amount:
        made.alike.append(node.key)
    for child, part in zip(node.children, share.amounts, strict=True):
        _down(child, part, rounding, made)


def _over_months(node: Node, amount: int, rounding: Rounding, made: Spread) -> tuple[Decimal, ...]:
    months = [_part(month) for month in node.months]
    wanted = rounding.remainder_month - 1 if rounding.remainder_month else None
    quarters = [_together([months[at] for at in quarter]) for quarter in QUARTERS]
    in_quarter = wanted // 3 if wanted is not None else None
    by_quarter = divide(amount, quarters, rounding.quarters * HUNDREDTHS, in_quarter)
    if by_quarter.is_alike and amount:
        made.alike_months.append(node.key)
    amounts: list[int] = []
    for quarter, part in zip(QUARTERS, by_quarter.amounts, strict=True):
        at = wanted - quarter.start if wanted in quarter and wanted is not None else None
        share = divide(part, [months[month] for month in quarter], rounding.months * HUNDREDTHS, at)
        amounts += share.amounts
    return tuple(Decimal(part) / HUNDREDTHS for part in amounts)


def _part(month: Month) -> Part:
    if month.locked is None:
        return Part(month.weight)
    return Part(month.weight, int(month.locked * HUNDREDTHS), is_open=False)


def _together(parts: Sequence[Part]) -> Part:
    weight = sum((part.weight for part in parts), Decimal(0))
    return Part(weight, sum(part.holds for part in parts), any(part.is_open for part in parts))


def _held(node: Node) -> int:
    own = sum(_part(month).holds for month in node.months)
    return own + sum(_held(child) for child in node.children)


def _is_open(node: Node) -> bool:
    if node.children:
        return any(_is_open(child) for child in node.children)
    return any(month.locked is None for month in node.months)


def _contains(node: Node, wanted: RowKey) -> bool:
    return node.key == wanted or any(_contains(child, wanted) for child in node.children)
