"""`./tw bench`: which cases on which instances, one after the other, and where the answers go."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg

from benchmarks import cold, measuring, plans
from benchmarks.arithmetic import ratio
from benchmarks.cases import GROUPS, Case, Fetch, all_cases
from benchmarks.clients import Ask
from benchmarks.crew import Crew
from benchmarks.inside import asked
from benchmarks.instances import HOME, SMALL, customers_of, instance_of, sizes_in
from benchmarks.measuring import Bench, Finding
from benchmarks.people import facts_from
from benchmarks.report import page
from benchmarks.site import Site, serving
from benchmarks.sweeping import swept
from benchmarks.table import line, show
from tradewind.platform.operation import postgres
from tradewind.platform.operation.console import OperationError, note, say
from tradewind.platform.operation.instance import ROOT, Instance
from tradewind.platform.operation.ownership import running

BULK = {
    "import.10k": ("导入 10,000 个客户", "Bring in 10,000 customers"),
    "import.100k": ("导入 100,000 个客户", "Bring in 100,000 customers"),
    "import.1m": ("导入 1,000,000 个客户", "Bring in 1,000,000 customers"),
    "sync.1": ("台账：更正 1 张订单", "Ledger: correct 1 order"),
    "sync.500": ("台账：更正 500 张订单", "Ledger: correct 500 orders"),
}
LONG = ("import.1m",)
"""Ten minutes alone, and so only where it is named itself."""
COLD = ("start", "memory")
PLANS = "plans"
NAMES = (*GROUPS, "import", "sync", *COLD, PLANS)


@dataclass
class Outcome:
    """Everything found, for the raw file and the report."""

    facts: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    cold: dict[int, dict[str, Any]] = field(default_factory=dict)
    plans: dict[int, dict[str, Any]] = field(default_factory=dict)
    reach: dict[int, dict[str, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """All raw figures."""
        return {
            "machine": self.facts,
            "reach": self.reach,
            "findings": [one.as_json() for one in self.findings],
            "cold": self.cold,
            "policies": {size: made["policies"] for size, made in self.plans.items()},
        }


def run(args: argparse.Namespace) -> int:
    """Measure what is named, by default everything but the plans, on the sizes asked for."""
    unknown = [name for name in args.names if name.partition(".")[0] not in NAMES]
    if unknown:
        raise OperationError(f"there is no case {unknown[0]}; there are {', '.join(NAMES)}")
    home: Path = args.home or HOME
    sizes = args.sizes.split(",") if args.sizes else sizes_in(home) or [SMALL]
    outcome = Outcome(machine())
    if outcome.facts["load_before"] > (os.cpu_count() or 1) / 2:
        note(
            f"this machine is busy (load {outcome.facts['load_before']}): times will be longer than they are"
        )
    try:
        for size in sorted(sizes, key=customers_of):
            _measure(instance_of(size, home), args, outcome)
    finally:
        if outcome.findings or outcome.cold or outcome.plans:  # also of a run that was stopped
            _keep(home, args, outcome)
    return 0


def _measure(instance: Instance, args: argparse.Namespace, outcome: Outcome) -> None:
    """One instance: cold first, since then nobody else may use it."""
    names = args.names or [name for name in NAMES if name != PLANS]
    found = cold.measured(instance) if set(names) & set(COLD) else None
    with running(instance) as server:
        outcome.facts["postgresql"] = _version(instance)
        facts = facts_from(asked(instance, "facts"))
        note(f"measuring {facts.customers:,} customers in {instance.home}")
        outcome.reach[facts.customers] = {who: one.samples["rows"] for who, one in facts.readers.items()}
        if found is not None:
            outcome.cold[facts.customers] = vars(found)
        with serving(instance, server) as site:
            cases = all_cases(facts, _fetching(site))
            meant = [case for case in cases if _is_meant(case.name, names)]
            outcome.findings += _over_http(instance, site, meant, facts.customers, args.seconds)
        outcome.findings += _in_bulk(instance, facts.customers, names, args.seconds)
        if PLANS in names:
            reading = [_told(case) for case in cases if not _is_change(case)]
            outcome.plans[facts.customers] = asked(instance, "plans", {"cases": reading})


def _is_meant(name: str, names: Sequence[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in names)


def _is_change(case: Case) -> bool:
    return case.asks[0].method != "GET" or bool(case.asks[0].stages)


def _told(case: Case) -> dict[str, Any]:
    """A case as the inside reads it."""
    ask = case.asks[0]
    words = {"path": ask.path, "body": ask.body, "stages": list(ask.stages)}
    return {"key": case.key, "who": case.who, **words}


def _fetching(site: Site) -> Fetch:
    return lambda who, path: json.loads(site.fetch(who, Ask(path), **{"Accept-Encoding": "identity"})[1])


def _over_http(
    instance: Instance, site: Site, cases: Sequence[Case], customers: int, seconds: float
) -> Iterator[Finding]:
    if not cases:
        return
    counted = asked(instance, "statements", {"cases": [_told(case) for case in cases]})
    owner = postgres.address("owner", instance).parameters()
    with swept(owner), Crew() as crew:
        bench = Bench(site, crew, owner, seconds, customers)
        for case in sorted(cases, key=_is_change):  # what is written last slows nothing that is read
            found = measuring.measured(bench, case, counted[case.key])
            yield found
            note(line(found))


def _in_bulk(instance: Instance, customers: int, names: Sequence[str], seconds: float) -> Iterator[Finding]:
    wanted = [name for name in BULK if _is_meant(name, names) and (name not in LONG or name in names)]
    if not wanted:
        return
    times = asked(instance, "bulk", {"seconds": seconds, "names": wanted})
    for name, both in times.items():
        app, floor = (measuring.speed_of(both[side]) for side in ("app", "floor"))
        of = ratio(app.p50_ms, floor.p50_ms)
        found = Finding(name, "system", BULK[name], customers, app, floor, ratio=of)
        yield found
        note(line(found))


# -- The machine, and what is kept -------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
    }


def _version(instance: Instance) -> str:
    with psycopg.connect(**postgres.address("login", instance).parameters()) as connection:
        row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else ""


def _keep(home: Path, args: argparse.Namespace, outcome: Outcome) -> None:
    """The table on the terminal; raw figures, report and plans as files."""
    show(outcome.findings, outcome.cold)
    report: Path = args.report or home / "report.html"
    report.parent.mkdir(parents=True, exist_ok=True)
    raw, text = report.with_suffix(".json"), report.with_suffix(".plans.txt")
    raw.write_text(json.dumps(outcome.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    report.write_text(page(outcome.as_json()), encoding="utf-8")
    say(f"\n{report}\n{raw}")
    if outcome.plans:
        text.write_text(plans.written(outcome.plans), encoding="utf-8")
        say(str(text))
