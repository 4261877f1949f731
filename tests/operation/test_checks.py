"""The checks of the source find what was planted."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tradewind.platform.operation import checks


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for folder in ("tradewind/x/migrations", "tests", "benchmarks", "frontend/src"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def lines(number: int) -> str:
    return "x = 1\n" * number


@pytest.mark.parametrize(
    ("path", "text", "finding"),
    [
        ("tradewind/x/long.py", lines(401), "401 lines"),
        ("tests/long.py", "def f() -> None:\n" + "    x = 1\n" * 40, "f has 41 lines"),
        ("benchmarks/many.py", "def f(a, b, c, *, d, e, f, g): ...\n", "f takes 7 arguments"),
        (
            "tradewind/x/nested.py",
            "class A:\n    async def f(self, a, b, c, d, e, f, *g): ...\n",
            "takes 7 arguments",
        ),
        ("frontend/src/app.js", lines(401), "401 lines"),
    ],
)
def test_what_is_too_large_is_found(source: Path, path: str, text: str, finding: str) -> None:
    (source / path).write_text(text, encoding="utf-8")
    (problem,) = checks.oversized(source)
    assert problem.startswith(f"{path}:")
    assert finding in problem


def test_what_just_fits_and_what_is_generated_is_left_alone(source: Path) -> None:
    fits = "class A:\n    def f(self, a, b, c, d, e, f):\n" + "        x = 1\n" * 39
    (source / "tradewind/x/fits.py").write_text(fits + lines(400 - 41), encoding="utf-8")
    (source / "tradewind/x/migrations/0001_initial.py").write_text(lines(900), encoding="utf-8")
    assert checks.oversized(source) == []


def test_addresses_of_registries_and_machines_are_found(source: Path) -> None:
    planted = [
        "https://files" + ".pythonhosted.org/x",
        "see /" + "home/somebody/x",
        "pip --index-url" + " http://x",
    ]
    (source / "notes.txt").write_text("\n".join([*planted, "all is well"]), encoding="utf-8")
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=source, check=True)
    assert [problem.split(":")[1] for problem in checks.foreign_addresses(source)] == ["1", "2", "3"]
