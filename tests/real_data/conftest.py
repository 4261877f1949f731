"""A real company's deals, imported once per test process; skipped, loudly, where the files are not."""

import csv
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.conftest import REAL_DATA, cloned, system
from tradewind.config.commands.test import EMPTY
from tradewind.domains.ledger import rules
from tradewind.domains.ledger.queries import figure
from tradewind.integrations.crm_opportunities.importing import Outcome, import_folder

FOLDER = REAL_DATA / "crm_maven"
Edit = Callable[[dict[str, str]], None]


@pytest.fixture(scope="session")
def files() -> Path:
    """The folder of the four files."""
    if not FOLDER.is_dir():
        warnings.warn(f"the real data is not at {FOLDER}: its figures go untested", stacklevel=1)
        pytest.skip(f"no real data at {FOLDER}")
    return FOLDER


@pytest.fixture(scope="session")
def template(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, files: Path, worker_id: str
) -> Iterator[tuple[str, Outcome]]:
    """An empty company after the import, to be copied by each test."""
    with django_db_blocker.unblock(), cloned(f"maven_{worker_id}", of=EMPTY) as name:
        with system() as actor:
            outcome = import_folder(actor, files)
        yield name, outcome


@pytest.fixture
def maven(template: tuple[str, Outcome], django_db_blocker: DjangoDbBlocker) -> Iterator[Outcome]:
    """A copy for one test, which may change and commit what it likes."""
    name, outcome = template
    with django_db_blocker.unblock(), cloned(f"{name}_copy", of=name):
        yield outcome


@pytest.fixture(scope="module")
def read_only(template: tuple[str, Outcome], django_db_blocker: DjangoDbBlocker) -> Iterator[Outcome]:
    """A copy for all tests of a module that change nothing."""
    name, outcome = template
    with django_db_blocker.unblock(), cloned(f"{name}_read", of=name):
        yield outcome


@pytest.fixture
def folder(files: Path, tmp_path: Path) -> Path:
    """A copy of the files to change."""
    return Path(shutil.copytree(files, tmp_path / "文件 夹"))


def edit(folder: Path, name: str, key: str, change: Edit) -> None:
    """Change the row whose first column is this key."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for row in rows:
        if next(iter(row.values())) == key:
            change(row)
    with (folder / name).open("w", encoding="utf-8", newline="") as opened:
        written = csv.DictWriter(opened, list(rows[0]))
        written.writeheader()
        written.writerows(rows)


def again(folder: Path) -> Outcome:
    with system() as actor:
        return import_folder(actor, folder)


def total(measure: str) -> str:
    with system() as actor:
        return rules.written(figure(actor, rules.question(measure)).total) or ""
