"""`./tw` and the environment it prepares."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tradewind.platform.operation import environment
from tradewind.platform.operation.instance import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program in a folder with an awkward name, its environment ready."""
    root = tmp_path / "信风 的 folder"
    (root / ".venv" / "bin").mkdir(parents=True)
    installed = root / ".venv" / "installed"
    installed.mkdir()
    for name in ("tw", environment.BASE_LOCK, environment.DEV_LOCK):
        shutil.copy(ROOT / name, root)
    for lock in (environment.BASE_LOCK, environment.DEV_LOCK):
        shutil.copy(ROOT / lock, installed)
    shutil.copytree(ROOT / "tradewind", root / "tradewind", ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (installed / "translations").touch()
    # The packages are those of the environment the tests run in.
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", root / ".venv")
    (root / ".venv" / "lib").symlink_to(Path(sys.prefix) / "lib")
    return root


def run(command: Path, *words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(command), *words],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_works_through_links_from_any_folder(copy: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "argparse.py").write_text(
        "raise SystemExit('imported from the working folder')", encoding="utf-8"
    )
    (elsewhere / "first").symlink_to(copy / "tw")
    (elsewhere / "second").symlink_to("first")
    done = run(elsewhere / "second", "--help", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    assert "init" in done.stdout


def test_a_python_that_is_too_old_is_named(copy: Path, tmp_path: Path) -> None:
    old = tmp_path / "old python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    old.chmod(0o755)
    (copy / ".venv" / "installed" / environment.BASE_LOCK).unlink()
    done = run(copy / "tw", "--help", cwd=tmp_path, TW_PYTHON=str(old))
    assert done.returncode == 1
    assert "3.11" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_any_python_the_way_to_get_one_is_shown(copy: Path, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "readlink", "cmp", "find"):
        (tools / name).symlink_to(str(shutil.which(name)))
    (copy / ".venv" / "bin" / "python").unlink()
    done = run(copy / "tw", "demo", cwd=tmp_path, PATH=str(tools), TW_PYTHON="")
    assert done.returncode == 1
    assert "apt install python3 python3-venv" in done.stderr


def test_a_refusal_is_one_plain_line(copy: Path, tmp_path: Path) -> None:
    done = run(copy / "tw", "serve", cwd=tmp_path, TRADEWIND_HOME=str(tmp_path / "nothing here"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("tradewind: there is no instance in")
    assert len(done.stderr.splitlines()) == 1


def test_a_deleted_or_shortened_package_file_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    (packages / "sails").mkdir(parents=True)
    (packages / "sails-1.dist-info").mkdir()
    module = packages / "sails" / "__init__.py"
    module.write_text("x = 1\n", encoding="ascii")
    (packages / "sails-1.dist-info" / "RECORD").write_text(
        "sails/__init__.py,sha256=x,6\nsails/__pycache__/a.pyc,,\nsails-1.dist-info/RECORD,,\n",
        encoding="ascii",
    )
    monkeypatch.setattr(environment, "VENV", tmp_path)
    assert environment.damaged_file() is None
    module.write_text("x", encoding="ascii")
    assert environment.damaged_file() == module
    module.unlink()
    assert environment.damaged_file() == module
