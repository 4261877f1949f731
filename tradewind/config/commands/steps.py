"""What the commands share: the hidden steps as functions, and the children that serve."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from tradewind.config.safety import DEFAULT_PORT, LOCAL, Exposure, named_hosts
from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import Instance, write_json
from tradewind.platform.operation.ports import answers
from tradewind.platform.operation.supervisor import Child, leashed

SERVED = "served.json"
JOB_ENDS_WITHIN_S = 60  # a job under way is finished; killed in the middle it would run again


@dataclass(frozen=True)
class Prepared:
    """What a hidden step answers."""

    administrator: str
    accounts: list[tuple[str, str, str]]


def prepare(instance: Instance, *options: str) -> Prepared:
    """Bring the database to the present version, as its owner."""
    return step(instance, "_prepare", *options)


def load_demo(instance: Instance, size: str, today: str) -> Prepared:
    """Fill the demo, as the owner."""
    return step(instance, "_load_demo", size, today)


def step(instance: Instance, *words: str) -> Prepared:
    """Run one hidden step; its progress and its errors go to our stderr."""
    env = {**os.environ, "TRADEWIND_HOME": str(instance.home), "TRADEWIND_OWNER": "1"}
    # Out of reach of Ctrl-C at the terminal, which is for us: we end it, and it ends with us.
    argv = leashed(module("tradewind", *words))
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, env=env, text=True, start_new_session=True)
    try:
        output, _ = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode != 0:
        raise OperationError("preparing the database failed; the lines above say why")
    said = json.loads(output.strip().splitlines()[-1])
    accounts = [(str(a), str(b), str(c)) for a, b, c in said["accounts"]]
    return Prepared(str(said["administrator"]), accounts)


def module(*words: str) -> list[str]:
    """A Python module as a program, on this very interpreter."""
    return [sys.executable, "-m", *words]


def with_django(instance: Instance) -> None:
    """Load the settings of a set-up instance in this process, signed in as the pages are."""
    if not instance.is_complete:
        raise OperationError(f"{instance.home} (TRADEWIND_HOME) was not set up to its end; do that first")
    os.environ["TRADEWIND_HOME"] = str(instance.home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradewind.config.settings")
    import django

    django.setup()


@dataclass(frozen=True)
class Listening:
    """Where the pages listen, and beside them, on a port of its own, the live news."""

    host: str
    port: int
    live_port: int


def web(instance: Instance, at: Listening) -> Child:
    """The pages."""
    host, port = at.host, at.port
    argv = module("tradewind", "_serve", host, str(port))
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not bound
    reachable = f"[{reachable}]" if ":" in reachable and not reachable.startswith("[") else reachable
    env = serving(instance) | ports(at)
    return Child("web", argv, env, lambda: answers(f"http://{reachable}:{port}/readyz"))


def live(instance: Instance, at: Listening) -> Child:
    """The live news. Pages do not wait for them: without them they ask by themselves now and then."""
    argv = module("tradewind", "_live", at.host, str(at.live_port))
    return Child("live", argv, serving(instance) | ports(at))


def remember(instance: Instance, at: Listening) -> None:
    """Write down where this instance is served, for links made later by another command."""
    write_json(instance.home / SERVED, {"host": at.host, "port": at.port}, mode=0o600)


def served(instance: Instance) -> tuple[str, int]:
    """Host and port at which this instance is served, or was last; the usual ones when it never was."""
    try:
        told = json.loads((instance.home / SERVED).read_text(encoding="utf-8"))
        return str(told["host"]), int(told["port"])
    except (OSError, ValueError, KeyError):
        return LOCAL, DEFAULT_PORT


def ports(at: Listening) -> dict[str, str]:
    """What pages and live news must know of each other."""
    return {"TRADEWIND_PORT": str(at.port), "TRADEWIND_LIVE_PORT": str(at.live_port)}


def jobs(instance: Instance) -> Child:
    """The background jobs."""
    argv = module("tradewind", "_work")
    return Child("worker", argv, serving(instance), ends_within_s=JOB_ENDS_WITHIN_S)


def serving(instance: Instance) -> dict[str, str]:
    """The environment of a serving process; never the owner's."""
    settings = "tradewind.config.settings"
    return {"TRADEWIND_HOME": str(instance.home), "TRADEWIND_OWNER": "", "DJANGO_SETTINGS_MODULE": settings}


def exposure(bind: str = LOCAL) -> Exposure:
    """Who can reach pages that listen there, as the environment says."""
    hosts = named_hosts(os.environ.get("TRADEWIND_HOSTS", ""))
    return Exposure(bind, hosts, os.environ.get("TRADEWIND_HTTPS") == "1")


@contextmanager
def ending_politely() -> Iterator[None]:
    """SIGTERM and a closed terminal end a command like Ctrl-C does: everything it started is stopped."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    watched = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants to outlive the terminal
        watched.append(signal.SIGHUP)
    former = {number: signal.signal(number, stop) for number in watched}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
