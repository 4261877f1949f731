"""Checks of the source that no tool brings along: sizes, and addresses that belong to one machine only."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_ARGUMENTS = 6
PYTHON_FOLDERS = ("tradewind", "tests", "benchmarks")
FRONTEND_TEXT = {".js", ".mjs", ".ts", ".css", ".html"}

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Written in pieces, so that this file passes its own check.
FOREIGN = {
    "a package registry": re.compile(
        "|".join(["files" + r"\.pythonhosted\.org", "registry" + r"\.npmjs\.org", "pypi" + r"\.org/simple"])
        + r"|(--index-url|--extra-index-url|--find-links)[ =]\S"
    ),
    "a folder of one machine": re.compile(
        "/" + r"(home|Users)/[a-z][\w.-]+/" + "|/" + r"root/[\w.]" + "|/" + "work/"
    ),
}


def oversized(root: Path) -> list[str]:
    """Everything larger than the house rules allow, as `path:line: what`."""
    return [problem for path in python_files(root) for problem in oversized_in(path, root)] + [
        problem for path in frontend_files(root) for problem in too_long(path, root)
    ]


def python_files(root: Path) -> Iterator[Path]:
    """Our own Python, generated migrations left out."""
    for folder in PYTHON_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.relative_to(root).parts:
                yield path


def frontend_files(root: Path) -> Iterator[Path]:
    """Our own front-end sources."""
    for path in sorted((root / "frontend" / "src").rglob("*")):
        if path.is_file() and path.suffix in FRONTEND_TEXT:
            yield path


def oversized_in(path: Path, root: Path) -> Iterator[str]:
    """What is too large in one Python file."""
    yield from too_long(path, root)
    where = path.relative_to(root)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if not isinstance(node, Function):
            continue
        # Decorators stand above the `def` line and do not count; the docstring does.
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield f"{where}:{node.lineno}: {node.name} has {lines} lines, at most {LONGEST_FUNCTION}"
        arguments = argument_count(node)
        if arguments > MOST_ARGUMENTS:
            yield f"{where}:{node.lineno}: {node.name} takes {arguments} arguments, at most {MOST_ARGUMENTS}"


def too_long(path: Path, root: Path) -> Iterator[str]:
    """One file's length."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > LONGEST_FILE:
        yield f"{path.relative_to(root)}:1: {lines} lines, at most {LONGEST_FILE}"


def argument_count(function: Function) -> int:
    """Arguments that a caller gives; `self` and `cls` are not among them."""
    given = [*function.args.posonlyargs, *function.args.args]
    own = 1 if given and given[0].arg in {"self", "cls"} else 0
    extra = (function.args.vararg is not None) + (function.args.kwarg is not None)
    return len(given) - own + len(function.args.kwonlyargs) + extra


def foreign_addresses(root: Path) -> list[str]:
    """Registry addresses and folders of one machine in files under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode != 0 and (root / ".git").exists():
        return [f"git does not list the files: {listed.stderr.strip()}"]
    problems = []
    for name in filter(None, listed.stdout.split("\0")):
        try:
            text = (root / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue  # pictures and other binary files; files deleted but not yet committed
        for number, line in enumerate(text.splitlines(), start=1):
            problems += [
                f"{name}:{number}: names {what}" for what, sign in FOREIGN.items() if sign.search(line)
            ]
    return problems
