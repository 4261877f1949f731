"""A demo from nothing to its first answer, and the memory it holds when nobody asks."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass

import psutil

from benchmarks.site import FIRST_PORT, HOST
from tradewind.config.commands.steps import module
from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import ROOT, Instance
from tradewind.platform.operation.ownership import running
from tradewind.platform.operation.ports import answers, next_free
from tradewind.platform.operation.postmaster import living
from tradewind.platform.operation.supervisor import leashed
from tradewind.platform.operation.unprivileged import find_place

STARTS_WITHIN_S, IDLE_S, ENDS_WITHIN_S = 180, 4, 60
PARTS = {"_serve": "web", "_live": "live news", "_work": "jobs"}


@dataclass(frozen=True)
class Cold:
    """Seconds to the first answer, those of the database alone, and megabytes (PSS) by part."""

    start_s: float
    database_s: float
    idle_mb: dict[str, float]


def measured(instance: Instance) -> Cold:
    """Start the database alone, stop it, then start everything. The instance must not be in use."""
    began = time.perf_counter()
    with running(instance):
        database_s = time.perf_counter() - began
    port = next_free(HOST, FIRST_PORT)
    env = {**os.environ, "TRADEWIND_HOME": str(instance.home), "PYTHONPATH": str(ROOT)}
    argv = leashed(module("tradewind", "demo", "--port", str(port)))
    began = time.perf_counter()
    process = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        while not answers(f"http://{HOST}:{port}/readyz"):
            if process.poll() is not None or time.perf_counter() - began > STARTS_WITHIN_S:
                raise OperationError("the demo does not start")
            time.sleep(0.02)
        start_s = time.perf_counter() - began
        time.sleep(IDLE_S)
        return Cold(round(start_s, 3), round(database_s, 3), _memory(process.pid, instance))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _memory(pid: int, instance: Instance) -> dict[str, float]:
    """Megabytes by part; what processes share is counted once."""
    main = psutil.Process(pid)
    found: dict[str, float] = {}
    for one in [main, *main.children(recursive=True)]:
        words = one.cmdline()
        part = next((name for word, name in PARTS.items() if word in words), "command")
        found[part] = found.get(part, 0.0) + _megabytes(one)
    server = living(find_place(instance.home).data)
    if server is not None:
        first = psutil.Process(server.pid)
        found["database"] = sum(map(_megabytes, [first, *first.children(recursive=True)]))
    return {part: round(size, 1) for part, size in found.items()}


def _megabytes(process: psutil.Process) -> float:
    try:
        told = process.memory_full_info()
    except psutil.Error:
        return 0.0
    return float(getattr(told, "pss", told.rss)) / 1e6
