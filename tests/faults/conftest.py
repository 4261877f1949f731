"""A real instance whose processes are killed."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.faults import files
from tests.faults.load import PASSWORD
from tests.faults.site import Site
from tradewind.platform.operation.unprivileged import SYSTEM_FOLDER, find_place, name_of


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """A company set up, its deals imported, its managers let in; pages and worker run."""
    if sys.platform != "linux":
        pytest.skip("reads /proc")
    folder = Path(tempfile.mkdtemp(prefix="tw-"))
    folder.chmod(0o711)  # the database's user passes through; pytest's own folder is closed to it
    made = Site(folder)
    try:
        source = files.sources(folder / "files")
        made.start("serve")
        made.run("import", str(source), "--as", "crm-opportunities")
        made.let_in(PASSWORD, files.managers(source))
        made.start("worker")
        made.times_until_all_answer(time.monotonic())
        yield made
    finally:
        made.kill()
        short = SYSTEM_FOLDER / f"run-{name_of(find_place(made.home).folder)}"
        shutil.rmtree(short, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what the processes said."""
    report = yield
    made = item.funcargs.get("site")
    for name in ("serve", "worker", "import"):
        if report.failed and isinstance(made, Site) and made.log(name).exists():
            report.sections.append((name, made.said(name)[-4000:]))
    return report
