"""Children are kept alive, and none is left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.operation.conftest import Starter, eventually, heard
from tradewind.platform.operation import ports, postmaster
from tradewind.platform.operation.console import OperationError


def family(record: Path) -> tuple[int, int]:
    """Parent and child as they noted themselves."""
    eventually(lambda: record.exists() and record.read_text(encoding="ascii").endswith("\n"))
    parent, child = record.read_text(encoding="ascii").split()
    return int(parent), int(child)


def is_gone(*pids: int) -> bool:
    return not any(postmaster.is_running(pid) for pid in pids)


@pytest.fixture
def supervised(start: Starter, tmp_path: Path) -> tuple[subprocess.Popen[str], Path]:
    record = tmp_path / "pids"
    supervisor = start("family", "supervise", record)
    assert heard(supervisor) == "ready"
    family(record)
    return supervisor, record


def test_a_killed_child_comes_back_and_its_own_children_go(
    supervised: tuple[subprocess.Popen[str], Path],
) -> None:
    supervisor, record = supervised
    parent, child = family(record)
    os.kill(parent, signal.SIGKILL)
    eventually(lambda: family(record)[0] != parent)
    assert is_gone(child)
    assert supervisor.poll() is None


def test_everything_ends_with_a_supervisor_that_was_killed(
    supervised: tuple[subprocess.Popen[str], Path],
) -> None:
    supervisor, record = supervised
    supervisor.kill()
    supervisor.wait()
    eventually(lambda: is_gone(*family(record)))


@pytest.mark.parametrize("polite", [signal.SIGTERM, signal.SIGINT])
def test_a_polite_request_stops_everything_within_seconds(
    supervised: tuple[subprocess.Popen[str], Path], polite: signal.Signals
) -> None:
    supervisor, record = supervised
    began = time.monotonic()
    supervisor.send_signal(polite)
    assert heard(supervisor) == "stopped"
    assert supervisor.wait(5) == 0
    assert time.monotonic() - began < 5
    assert is_gone(*family(record))


def test_a_taken_port_is_named_and_a_free_one_offered() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OperationError, match=rf"port {port} .*--port \d+"):
            ports.require_free("127.0.0.1", port)
        with pytest.raises(OperationError, match=rf"port {port} "):
            ports.require_free("127.0.0.1", port - 1, port)
        assert ports.next_free("127.0.0.1", port) > port
    ports.require_free("127.0.0.1", port)
