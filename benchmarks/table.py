"""The findings in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.arithmetic import exponent, is_steep
from benchmarks.measuring import Finding

COLUMNS = (
    *("case", "as", "p50 ms", "p95 ms", "/s", "/s of 8", "floor ms", "floor /s of 8", "ratio", "ratio of 8"),
    *("web ms", "db ms", "SQL", "gzip kB", "raw kB", "same"),
)


def line(found: Finding) -> str:
    """One finding in one line, while the next one is measured."""
    if found.app is None or found.floor is None:
        return f"{found.name} as {found.who}: {found.problem}"
    times = f"{found.app.p50_ms:.2f} ms, floor {found.floor.p50_ms:.2f} ms"
    return f"{found.name} as {found.who}: {times}, ratio {_number(found.ratio)}"


def growth(findings: Sequence[Finding]) -> dict[tuple[str, str], float | None]:
    """The exponent of each case over the sizes, by case and asker."""
    times: dict[tuple[str, str], dict[int, float]] = {}
    for found in findings:
        if found.app is not None:
            times.setdefault((found.name, found.who), {})[found.customers] = found.app.p50_ms
    return {key: exponent(points) for key, points in times.items()}


def show(findings: Sequence[Finding], cold: Mapping[int, Mapping[str, Any]]) -> None:
    """A table for each size, growth, then start and memory."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=180)
    for customers in sorted({found.customers for found in findings}):
        table = Table(title=f"{customers:,} customers")
        for at, name in enumerate(COLUMNS):
            table.add_column(name, justify="left" if at < 2 else "right")
        for found in findings:
            if found.customers == customers:
                table.add_row(*_cells(found))
        console.print(table)
    for (name, who), slope in growth(findings).items():
        if slope is not None:
            steep = "   <<< grows faster than the rows" if is_steep(slope) else ""
            console.print(f"{name:<22} {who:<9} grows with rows ^ {slope:.2f}{steep}")
    for customers, facts in cold.items():
        idle = ", ".join(f"{part} {size:.0f}" for part, size in facts["idle_mb"].items())
        start = f"start {facts['start_s']:.1f} s (database alone {facts['database_s']:.1f} s)"
        console.print(
            f"{customers:,} customers: {start}; idle {sum(facts['idle_mb'].values()):.0f} MB ({idle})"
        )


def _cells(found: Finding) -> list[str]:
    if found.app is None or found.floor is None:
        return [found.name, found.who, f"failed: {found.problem[:60]}"]
    app, floor = found.app, found.floor
    return [
        found.name,
        found.who,
        _number(app.p50_ms),
        _number(app.p95_ms),
        _number(app.per_second),
        _number(app.per_second_of_many or None),
        _number(floor.p50_ms),
        _number(floor.per_second_of_many or None),
        _number(found.ratio),
        _number(found.ratio_of_many),
        _number(found.web_cpu_ms),
        _number(found.database_cpu_ms),
        "" if found.statements is None else str(found.statements),
        "" if found.bytes_sent is None else f"{found.bytes_sent / 1000:.1f}",
        "" if found.bytes_raw is None else f"{found.bytes_raw / 1000:.1f}",
        {True: "yes", False: "NO", None: ""}[found.agrees],
    ]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
