"""What is done with measured times: percentiles, medians of rounds, ratios, growth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

NOISE = 0.15
"""An exponent counts as steeper than linear only beyond this much above 1."""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of the values do not exceed.

    Always one that was measured. Raises ValueError without values or for another share.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("a percentile is of at least one value, between 0 and 1")
    at = max(math.ceil(share * len(values)) - 1, 0)
    return sorted(values)[at]


def middle(values: Sequence[float]) -> float:
    """The median of rounds; between the two middle ones of an even number. Raises without any."""
    return float(median(values))


def ratio(of: float, over: float) -> float | None:
    """How many times as much; None over nothing."""
    return of / over if over > 0 else None


def exponent(times: Mapping[int, float]) -> float | None:
    """How time grows with rows: 0 not at all, 1 in proportion, 2 with the square.

    The slope of log(time) over log(rows) by least squares; None for fewer than two sizes.
    """
    points = [(math.log(rows), math.log(time)) for rows, time in times.items() if rows > 0 and time > 0]
    if len(points) < 2:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else None


def is_steep(slope: float | None) -> bool:
    """Does it grow faster than the rows do, beyond noise?"""
    return slope is not None and slope > 1 + NOISE
