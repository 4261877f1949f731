"""`./tw bench`: its arithmetic by worked examples, and one small run that is real."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.arithmetic import exponent, is_steep, middle, percentile, ratio
from benchmarks.charts import round_size, short
from benchmarks.instances import customers_of, sizes_in
from benchmarks.plans import findings, own_ms
from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import ROOT
from tradewind.platform.operation.unprivileged import SYSTEM_FOLDER, find_place, name_of


def test_a_percentile_is_one_of_the_measured_values() -> None:
    twenty = [float(n) for n in range(20, 0, -1)]
    assert percentile(twenty, 0.5) == 10
    assert percentile(twenty, 0.95) == 19
    assert percentile(twenty, 0) == 1
    assert percentile(twenty, 1) == 20
    assert percentile([7.5], 0.95) == 7.5


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.1), ([1.0], -0.1)])
def test_a_percentile_of_nothing_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


def test_one_slow_round_of_three_does_not_count() -> None:
    assert middle([4.0, 90.0, 5.0]) == 5
    assert middle([4.0, 6.0]) == 5


def test_a_ratio_over_nothing_is_none() -> None:
    assert ratio(30.0, 2.0) == 15
    assert ratio(30.0, 0.0) is None


def test_growth_is_the_exponent_of_rows() -> None:
    sizes = (10_000, 100_000, 1_000_000)
    assert exponent(dict.fromkeys(sizes, 5.0)) == pytest.approx(0)
    assert exponent({n: n / 1000 for n in sizes}) == pytest.approx(1)
    assert exponent({n: (n / 1000) ** 2 for n in sizes}) == pytest.approx(2)
    # By hand: log10 of 1, 2, 8 is 0, 0.30103, 0.90309; over steps of one the slope is (0.90309 - 0) / 2.
    assert exponent({10_000: 1.0, 100_000: 2.0, 1_000_000: 8.0}) == pytest.approx(0.451545, abs=1e-6)
    assert exponent({10_000: 1.0}) is None


def test_only_what_grows_faster_than_the_rows_is_marked() -> None:
    assert not is_steep(None)
    assert not is_steep(1.1)
    assert is_steep(1.2)


def test_sizes_are_read_as_people_write_them(tmp_path: Path) -> None:
    assert [customers_of(size) for size in ("small", "500", "10k", "1m")] == [0, 500, 10_000, 1_000_000]
    with pytest.raises(OperationError, match="10k"):
        customers_of("huge")
    assert sizes_in(tmp_path / "nothing") == []
    assert [round_size(n) for n in (120, 10_120, 1_000_120)] == ["120", "10k", "1m"]
    assert [short(value) for value in (0.347, 4.26, 42.61, 1234.5)] == ["0.35", "4.3", "42.6", "1,234"]


def test_a_plan_tells_what_to_look_at() -> None:
    scan = {
        "Node Type": "Seq Scan",
        "Relation Name": "orders_order",
        "Actual Rows": 40,
        "Rows Removed by Filter": 10_000,
        "Actual Loops": 2,
        "Actual Total Time": 15.0,
    }
    above = {"Node Type": "Sort", "Actual Rows": 40, "Actual Total Time": 32.0, "Plans": [scan]}
    assert own_ms(scan) == 30
    assert own_ms(above) == 2
    assert findings(scan) == ["reads 20080 rows of orders_order", "takes 30 ms"]
    assert findings(above) == []


def bench(*words: str | Path) -> subprocess.CompletedProcess[str]:
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("TRADEWIND_", "DATABASE_"))
    }
    argv = [sys.executable, "-m", "tradewind", "bench", *map(str, words)]
    env |= {"PYTHONPATH": str(ROOT)}
    return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_an_unknown_case_is_named(tmp_path: Path) -> None:
    done = bench("lists", "--home", tmp_path)
    assert done.returncode == 1
    assert "there is no case lists; there are list, search" in done.stderr


def test_a_small_run_answers_with_figures_and_writes_the_report(folder: Path) -> None:
    report = folder / "found.html"
    try:
        done = bench("record.customer", "create", "--home", folder, "--seconds", "0.3", "--report", report)
        assert done.returncode == 0, done.stderr
        check_figures(json.loads(report.with_suffix(".json").read_text(encoding="utf-8")))
        page = report.read_text(encoding="utf-8")
        assert "一个客户 · One customer" in page
        assert "http" not in page.replace("HTTP", ""), "the report needs nothing from elsewhere"
    finally:
        if os.geteuid() == 0:
            place = find_place(folder / "small")
            shutil.rmtree(SYSTEM_FOLDER / f"run-{name_of(place.folder)}", ignore_errors=True)


def check_figures(found: dict[str, Any]) -> None:
    """Times and counts are there and make sense; how long anything takes is nobody's promise here."""
    keys = {(one["name"], one["who"]) for one in found["findings"]}
    assert keys == {("record.customer", "seller"), ("create", "seller")}
    for one in found["findings"]:
        assert one["problem"] == ""
        assert 0 < one["app"]["p50_ms"] <= one["app"]["p95_ms"]
        assert one["floor"]["per_second_of_many"] > 0
        assert one["ratio"] == pytest.approx(one["app"]["p50_ms"] / one["floor"]["p50_ms"])
        assert one["statements"] > 3
        assert one["agrees"] is (None if one["name"] == "create" else True)
    assert {"cores", "python", "postgresql", "commit", "at"} <= found["machine"].keys()
