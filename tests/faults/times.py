"""The table of recovery times at the end of a run; the run's own conftest takes it in."""

from __future__ import annotations

from statistics import median

import pytest

TIMES = "times until it answered"
FACTS = "under load"
ASKED = ("database", "worker", "web")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the rounds recorded, one line for each kind of fault."""
    recorded = [
        item
        for reports in list(terminalreporter.stats.values())
        for report in reports
        if getattr(report, "when", "") == "call"
        for item in report.user_properties
    ]
    rounds: dict[str, list[dict[str, float]]] = {}
    for fault, times in (value for name, value in recorded if name == TIMES):
        rounds.setdefault(fault, []).append(times)
    if not rounds:
        return
    terminalreporter.section(f"{TIMES}, seconds: median / longest")
    terminalreporter.write_line(f"{'killed':<28}{'rounds':>7}" + "".join(f"{name:>16}" for name in ASKED))
    for fault, all_times in rounds.items():
        cells = [[times[name] for times in all_times] for name in ASKED]
        shown = "".join(f"{median(cell):>9.2f} /{max(cell):>5.2f}" for cell in cells)
        terminalreporter.write_line(f"{fault:<28}{len(all_times):>7}{shown}")
    for facts in (value for name, value in recorded if name == FACTS):
        terminalreporter.write_line(f"{FACTS}: {facts}")
