"""What the guides name is there: every link, every path, every file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tradewind.platform.operation.instance import ROOT

LINK = re.compile(r"\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
SUFFIXES = {".css", ".html", ".js", ".json", ".lock", ".md", ".po", ".py", ".sql", ".toml", ".webp"}
NOT_HERE = {"var/", ".venv/bin/python"}  # made on each machine
NOT_SEARCHED = {".git", ".venv", "node_modules", "dist", "build", "var"}


def guides() -> Iterator[Path]:
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from sorted((ROOT / "tradewind").rglob("README.md"))


def files() -> Iterator[str]:
    for top in sorted(ROOT.iterdir()):
        if top.name in NOT_SEARCHED:
            continue
        yield top.name
        for path in top.rglob("*"):
            if not NOT_SEARCHED.intersection(path.parts):
                yield path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def endings() -> set[str]:
    """Every path as it may be named: whole, or from any folder on; `rules.py`, `pipeline/rules.py`, …"""
    named = set[str]()
    for path in files():
        parts = path.split("/")
        named.update("/".join(parts[start:]) for start in range(len(parts)))
    return named


def paths_in(text: str) -> Iterator[str]:
    for span in SPAN.findall(FENCE.sub("", text)):
        for word in str(span).split():
            word = word.removeprefix("./")
            if PATH.fullmatch(word) and ("/" in word or Path(word).suffix in SUFFIXES):
                yield word


@pytest.mark.parametrize("guide", list(guides()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_guide_names_what_is_there(guide: Path, endings: set[str]) -> None:
    text = guide.read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link]
    broken = [link for link in links if link and not (guide.parent / link).exists()]
    unknown = [path for path in paths_in(text) if path not in NOT_HERE and path.rstrip("/") not in endings]
    assert (broken, unknown) == ([], [])


def test_a_name_that_is_not_there_is_found(endings: set[str]) -> None:
    assert list(paths_in("`docs/nowhere.md`, `./tw demo`, `given.values`")) == ["docs/nowhere.md"]
    assert "docs/nowhere.md" not in endings
    assert "pipeline/rules.py" in endings
