"""The web server's first process: loads the application once, its workers are copies of it.

A killed worker is then replaced in a tenth of a second, and two of them need little more memory than one.
"""

import gc
import multiprocessing
import os
import sys
from importlib import import_module

TARGET = "tradewind.config.wsgi:application"
WORKERS = 2
THREADS = 4
ENDS_WITHIN_S = 5  # a worker that hangs does not hold up the end


def main(host: str, port: int) -> int:
    """Serve until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradewind.config.settings")
    if sys.platform == "linux":  # elsewhere a copied process is not safe, and each worker loads by itself
        multiprocessing.set_start_method("fork")
        load()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=ENDS_WITHIN_S,
    ).serve()
    return 0


def load() -> None:
    """Everything a request needs; no connection is opened, so that no two workers share one."""
    import_module("tradewind.config.wsgi")
    import_module("tradewind.config.urls")
    gc.collect()
    gc.freeze()  # what the copies share stays shared
