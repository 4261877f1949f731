"""The processes in which clients work, so that they share nothing with each other but the machine."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from benchmarks.clients import Client, Task

PROCESSES = 2
WARM_UP_S, WARM_UP_AT_MOST = 0.3, 8  # beyond the fifth execution PostgreSQL may keep a plan for good
PATIENCE_S = 900
Work = Callable[[Client], list[float]]
Answer = list[list[float]] | str
"""Of a process: the times of each of its clients, or what went wrong."""


@dataclass(frozen=True)
class Measured:
    """What clients went through: seconds of every request, and all requests in a second."""

    seconds: Sequence[float]
    per_second: float


class CrewError(Exception):
    """A client could not do its work."""


class Crew:
    """Two processes with up to a few clients each; one client alone has a process to itself."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs,), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in self._pipes:
            with suppress(OSError):
                pipe.send(None)
        for process in self._processes:
            process.join(5)
            process.kill()

    def prepare(self, task: Task, clients: int, warm_up: float = WARM_UP_S) -> None:
        """Connect so many clients and let them warm up for some seconds. Raises `CrewError`."""
        for place, pipe in enumerate(self._pipes):
            pipe.send((task, range(place, clients, PROCESSES), clients, warm_up))
        answers = [_heard(pipe) for pipe in self._pipes]
        if any(isinstance(answer, str) for answer in answers):
            for pipe, answer in zip(self._pipes, answers, strict=True):
                if not isinstance(answer, str):
                    pipe.send(None)
        _collected(answers)

    def run(self, seconds: float) -> Measured:
        """Let those that were prepared ask for so long. Raises `CrewError`."""
        for pipe in self._pipes:
            pipe.send(seconds)
        told = _collected([_heard(pipe) for pipe in self._pipes])
        rates = sum(len(times) / sum(times) for times in told)
        return Measured([each for times in told for each in times], rates)


def _heard(pipe: Connection) -> Answer:
    return pipe.recv() if pipe.poll(PATIENCE_S) else "the clients do not answer any more"


def _collected(answers: Sequence[Answer]) -> list[list[float]]:
    for answer in answers:
        if isinstance(answer, str):
            raise CrewError(answer)
    return [times for answer in answers if not isinstance(answer, str) for times in answer]


def _work(pipe: Connection) -> None:
    """A process of clients, until told to end."""
    while True:
        try:
            order = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        if order is None:
            return
        try:
            _serve(pipe, *order)
        except Exception as error:  # noqa: BLE001 whatever it is, who asked must hear of it
            pipe.send(f"{type(error).__name__}: {error}")


def _serve(pipe: Connection, task: Task, numbers: Sequence[int], of: int, warm_up: float) -> None:
    clients = [task.client(number, of) for number in numbers]
    try:
        _at_once(clients, lambda client: _warm_up(client, warm_up))
        pipe.send([])
        seconds: float | None = pipe.recv()
        if seconds is None:
            return
        pipe.send(_at_once(clients, lambda client: _times(client, seconds)))
    finally:
        for client in clients:
            client.close()


def _warm_up(client: Client, seconds: float) -> list[float]:
    until = time.perf_counter() + seconds
    for _ in range(WARM_UP_AT_MOST):
        client.once()
        if time.perf_counter() > until:
            break
    return []


def _times(client: Client, seconds: float) -> list[float]:
    """Seconds of each request, at least of two."""
    times: list[float] = []
    began = last = time.perf_counter()
    while last - began < seconds or len(times) < 2:
        client.once()
        now = time.perf_counter()
        times.append(now - last)
        last = now
    return times


def _at_once(clients: Sequence[Client], work: Work) -> list[list[float]]:
    """Every client in a thread of its own; the first error is raised when all have ended."""
    results: list[list[float]] = [[] for _ in clients]
    errors: list[Exception] = []

    def run(place: int, client: Client) -> None:
        try:
            results[place] = work(client)
        except Exception as error:  # noqa: BLE001 raised below
            errors.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results
