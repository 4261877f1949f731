"""Charts as inline SVG: bars of ratios, lines of growth. Colours are those of the page around them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

BAR, GAP, LABEL, WIDTH = 16, 6, 330, 900
PLOT_W, PLOT_H, EDGE = 280, 170, 40
Points = Mapping[int, float]
"""Milliseconds by number of customers."""


def bars(rows: Sequence[tuple[str, float, str]], unit: str = "×") -> str:
    """One bar for each (label, value, class), all on one scale from zero."""
    largest = max((value for _, value, _ in rows), default=1.0) or 1.0
    height = len(rows) * (BAR + GAP) + GAP
    drawn = [_bar(at, row, largest, unit) for at, row in enumerate(rows)]
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img">{"".join(drawn)}</svg>'


def _bar(at: int, row: tuple[str, float, str], largest: float, unit: str) -> str:
    label, value, tone = row
    top = GAP + at * (BAR + GAP)
    long = max((WIDTH - LABEL - 70) * value / largest, 1)
    base = top + BAR - 4
    return (
        f'<text x="{LABEL - 8}" y="{base}" text-anchor="end">{escape(label)}</text>'
        f'<rect class="{escape(tone)}" x="{LABEL}" y="{top}" width="{long:.1f}" height="{BAR}" rx="2"/>'
        f'<text x="{LABEL + long + 6:.1f}" y="{base}">{short(value)}{escape(unit)}</text>'
    )


def lines(title: str, series: Mapping[str, Points]) -> str:
    """Growth of one case, both axes by powers of ten; each series has its name as its class."""
    values = [value for points in series.values() for value in points.values() if value > 0]
    sizes = sorted({size for points in series.values() for size in points if size > 0})
    if len(sizes) < 2 or not values:
        return ""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    across = (math.log10(sizes[0]), math.log10(sizes[-1]))
    down = (low, max(high, low + 1))
    parts = [_grid(sizes, across, down)]
    parts += [_line(name, points, across, down) for name, points in series.items()]
    head = f'<text class="title" x="{EDGE}" y="14">{escape(title)}</text>'
    return f'<svg class="plot" viewBox="0 0 {PLOT_W} {PLOT_H}" role="img">{head}{"".join(parts)}</svg>'


def _x(size: float, across: tuple[float, float]) -> float:
    return EDGE + (math.log10(size) - across[0]) / (across[1] - across[0]) * (PLOT_W - EDGE - 14)


def _y(value: float, down: tuple[int, int]) -> float:
    return PLOT_H - 22 - (math.log10(value) - down[0]) / (down[1] - down[0]) * (PLOT_H - 46)


def _grid(sizes: Sequence[int], across: tuple[float, float], down: tuple[int, int]) -> str:
    drawn = []
    for power in range(down[0], down[1] + 1):
        y = _y(10.0**power, down)
        drawn.append(f'<path class="grid" d="M{EDGE} {y:.1f}H{PLOT_W - 14}"/>')
        drawn.append(f'<text x="{EDGE - 4}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for size in sizes:
        x = _x(size, across)
        drawn.append(f'<text x="{x:.1f}" y="{PLOT_H - 6}" text-anchor="middle">{round_size(size)}</text>')
    return "".join(drawn)


def _line(name: str, points: Points, across: tuple[float, float], down: tuple[int, int]) -> str:
    at = [(_x(size, across), _y(value, down)) for size, value in sorted(points.items()) if value > 0]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at)
    dots = "".join(f'<circle class="{escape(name)}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in at)
    return f'<path class="line {escape(name)}" d="{path}"/>{dots}'


def short(value: float) -> str:
    """A number as short as it can be read: 0.35, 4.2, 120."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def round_size(size: int) -> str:
    """So many customers, in two or three characters: 120, 10k, 1m."""
    for unit, word in ((1_000_000, "m"), (1_000, "k")):
        if size >= unit:
            return f"{size / unit:.0f}{word}"
    return str(size)
