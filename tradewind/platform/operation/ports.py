"""Is a port free, and if not, which one is?"""

from __future__ import annotations

import errno
import socket
import time
import urllib.error
import urllib.request

from tradewind.platform.operation.console import OperationError

PREDECESSOR_ENDS_WITHIN_S = 2.0


def is_free(host: str, port: int) -> bool:
    """Can we listen there? Asked without sharing: the web server would quietly share a taken port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise OperationError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    return True


def require_free(host: str, *ports: int) -> None:
    """Refuse a taken port and offer free ones; a predecessor that is just ending gets a moment.

    Several ports are neighbours, named by the first.
    """
    until = time.monotonic() + PREDECESSOR_ENDS_WITHIN_S
    while taken := [port for port in ports if not is_free(host, port)]:
        if time.monotonic() > until:
            free = _free_from(host, ports[0] + 1, len(ports))
            offer = f"; port {free} is free: --port {free}" if free else ""
            raise OperationError(f"port {taken[0]} on {host} is taken by another program{offer}")
        time.sleep(0.1)


def next_free(host: str, port: int) -> int:
    """This port, or the next one that is free."""
    free = _free_from(host, port, 1)
    if free is None:
        raise OperationError(f"no port from {port} on is free on {host}")
    return free


def _free_from(host: str, start: int, count: int) -> int | None:
    """The first of so many neighbouring ports that are free."""
    starts = range(start, min(start + 100, 65537 - count))
    return next((p for p in starts if all(is_free(host, p + n) for n in range(count))), None)


def answers(url: str) -> bool:
    """Does the page come back without an error?"""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    # By a name that is always allowed, whatever address the server listens on.
    asked = urllib.request.Request(url, headers={"Host": "localhost"})  # noqa: S310 - our own server
    try:
        with direct.open(asked, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
