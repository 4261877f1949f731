"""The web servers' first processes: each loads its application once, its workers are copies of it.

A killed worker is then replaced in a tenth of a second, and two of them need little more memory than one.
"""

import gc
import multiprocessing
import os
import sys
from importlib import import_module
from typing import Any

WORKERS = 2
THREADS = 4
ENDS_WITHIN_S = 5  # a worker that hangs does not hold up the end
STREAMS_END_WITHIN_S = 1  # an open stream has no end of its own, and its browser comes again


def pages(host: str, port: int) -> int:
    """Serve pages and API until told to stop."""
    load("tradewind.config.wsgi", "tradewind.config.urls", "pypinyin")
    from granian.constants import Interfaces
    from granian.log import LogLevels

    return _serve(
        "tradewind.config.wsgi:application",
        host,
        port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        workers_kill_timeout=ENDS_WITHIN_S,
        log_level=LogLevels.warning,
    )


def live(host: str, port: int) -> int:
    """Serve the live news until told to stop; its open streams hold no thread."""
    load("tradewind.config.asgi")
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels

    from tradewind.platform.services.live.hub import AT_MOST

    return _serve(
        "tradewind.config.asgi:application",
        host,
        port,
        interface=Interfaces.ASGI,
        loop=Loops.asyncio,
        backpressure=AT_MOST + 100,  # the rest is refused instead of left waiting
        workers_kill_timeout=STREAMS_END_WITHIN_S,
        log_level=LogLevels.error,  # cutting the streams at the end is no news
    )


def load(*modules: str) -> None:
    """Everything a request needs; no connection is opened, so that no two workers share one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradewind.config.settings")
    if sys.platform != "linux":  # a copied process is not safe there, and each worker loads by itself
        return
    multiprocessing.set_start_method("fork")
    for module in modules:
        import_module(module)
    gc.collect()
    gc.freeze()  # what the copies share stays shared


def _serve(target: str, host: str, port: int, **kind: Any) -> int:
    from granian import Granian

    Granian(
        target,
        address=host,
        port=port,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        **kind,
    ).serve()
    return 0
