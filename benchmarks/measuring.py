"""One case measured: the program and its floor in turn, round by round, so that noise meets both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.arithmetic import middle, percentile, ratio
from benchmarks.cases import MANY, Case
from benchmarks.clients import HttpTask, Reader, Refusal, SqlTask, Task
from benchmarks.crew import WARM_UP_S, Crew, CrewError, Measured
from benchmarks.site import Site, Spent

ROUNDS = 3
SLOW_S = 0.5


@dataclass(frozen=True)
class Speed:
    """Milliseconds of one client's request, the median of rounds; requests in a second of 1 and 8 clients."""

    p50_ms: float
    p95_ms: float
    per_second: float
    per_second_of_many: float


@dataclass(frozen=True)
class Finding:
    """What was found about one case on one instance. Without a floor or an answer the rest is None.

    Processor time and bytes are of one request; `statements` without BEGIN, COMMIT and the check of the
    connection.
    """

    name: str
    who: str
    said: tuple[str, str]
    customers: int
    app: Speed | None = None
    floor: Speed | None = None
    ratio: float | None = None
    ratio_of_many: float | None = None
    web_cpu_ms: float | None = None
    database_cpu_ms: float | None = None
    statements: int | None = None
    bytes_sent: int | None = None
    bytes_raw: int | None = None
    agrees: bool | None = None
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the file of raw figures."""
        return asdict(self)


@dataclass(frozen=True)
class Bench:
    """What measuring needs: the pages, the clients, the owner's way to the database, seconds for each."""

    site: Site
    crew: Crew
    owner: dict[str, Any]
    seconds: float
    customers: int


def measured(bench: Bench, case: Case, statements: int | None) -> Finding:
    """Everything about one case; a case that fails says why instead."""
    try:
        sent, raw, agrees = _looked_at(bench, case)
        app, floor, cpu = _timed(bench, case)
    except (CrewError, Refusal) as problem:
        return Finding(case.name, case.who, case.said, bench.customers, problem=str(problem)[:300])
    return Finding(
        case.name,
        case.who,
        case.said,
        bench.customers,
        app,
        floor,
        ratio(app.p50_ms, floor.p50_ms),
        ratio(floor.per_second_of_many, app.per_second_of_many) or None,
        round(cpu.web * 1000, 3),
        round(cpu.database * 1000, 3),
        statements,
        sent,
        raw,
        agrees,
    )


def _looked_at(bench: Bench, case: Case) -> tuple[int | None, int | None, bool | None]:
    """Bytes as browsers get them and unpacked, and whether the floor's answer is the same one."""
    ask = case.asks[0]
    if ask.method != "GET" or ask.stages:
        return None, None, None
    _, packed = bench.site.fetch(case.who, ask)
    _, raw = bench.site.fetch(case.who, ask, **{"Accept-Encoding": "identity"})
    if case.app is None or case.plain is None:
        return len(packed), len(raw), None
    reader = Reader(bench.owner, case.floor)
    try:
        is_same = case.app(json.loads(raw)) == case.plain(reader.answer())
    finally:
        reader.close()
    return len(packed), len(raw), is_same


def _timed(bench: Bench, case: Case) -> tuple[Speed, Speed, Spent]:
    both: tuple[Task, ...] = (
        HttpTask(bench.site.door(case.who), case.asks),
        SqlTask(bench.owner, case.floor),
    )
    one: tuple[list[Measured], list[Measured]] = ([], [])
    many: tuple[list[Measured], list[Measured]] = ([], [])
    web = database = 0.0
    for clients, rounds in ((1, one), (MANY, many)):
        for _ in range(ROUNDS):
            for place, task in enumerate(both):
                if clients == MANY and place == 1 and _is_slow(one[1]):
                    continue
                bench.crew.prepare(task, clients, min(WARM_UP_S, bench.seconds / ROUNDS))
                before = bench.site.spent()
                rounds[place].append(bench.crew.run(bench.seconds / ROUNDS))
                if place == 0:
                    after = bench.site.spent()
                    web, database = web + after.web - before.web, database + after.database - before.database
    requests = sum(len(found.seconds) for found in (*one[0], *many[0]))
    cpu = Spent(web / requests, database / requests)
    return _speed(one[0], many[0]), _speed(one[1], many[1]), cpu


def _is_slow(found: Sequence[Measured]) -> bool:
    """So slow that many clients at once would measure their waiting for each other, for minutes."""
    return middle([percentile(one.seconds, 0.5) for one in found]) > SLOW_S


def _speed(one: Sequence[Measured], many: Sequence[Measured]) -> Speed:
    return Speed(
        p50_ms=round(middle([percentile(found.seconds, 0.5) for found in one]) * 1000, 3),
        p95_ms=round(middle([percentile(found.seconds, 0.95) for found in one]) * 1000, 3),
        per_second=round(middle([found.per_second for found in one]), 2),
        per_second_of_many=round(middle([found.per_second for found in many]), 2) if many else 0.0,
    )


def speed_of(times: Sequence[float]) -> Speed:
    """Of work that one client does at a time, from its seconds."""
    each = percentile(times, 0.5)
    return Speed(round(each * 1000, 3), round(percentile(times, 0.95) * 1000, 3), round(1 / each, 2), 0.0)
