"""Who keeps the embedded server alive.

Every command that needs the database is a user of it. One of them is its owner: it starts the server,
restarts it and adopts one that runs without an owner. When the owner goes, another user takes over; the last
user stops the server. Two locks in the instance folder decide it; the kernel frees them however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import psycopg

from tradewind.platform.operation import postmaster, roles
from tradewind.platform.operation.cluster import Cluster
from tradewind.platform.operation.console import OperationError, note
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.postgres import DATABASE, Address, address, external, own_cluster

WATCH_S = 0.05  # how soon a killed server is noticed
TAKE_OVER_S = 0.5  # how soon a lost owner is noticed
LOG_CHECK_S = 60
ATTACH_WITHIN_S = 180


class Lock:
    """A lock on a file that ends with the process, also by kill -9."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, kind: int) -> bool:
        """Take it (LOCK_SH or LOCK_EX) without waiting; a failed change from shared loses the shared one."""
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take_within(self, kind: int, seconds: float) -> bool:
        """The same, trying for a while."""
        until = time.monotonic() + seconds
        while not self.take(kind):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def free(self) -> None:
        """Give it back and close the file."""
        os.close(self._descriptor)

    def release(self) -> None:
        """Give it back for the others; it may be taken again."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)


class Server:
    """One command's hold on the database of an instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.owns = False
        self._cluster: Cluster | None = None
        self._users: Lock | None = None
        self._owner: Lock | None = None
        self._ending = threading.Event()
        self._watch = threading.Thread(target=self._keep_alive, name="database", daemon=True)

    def address(self) -> Address:
        """The owner's address."""
        return address("owner", self.instance)

    @property
    def pid(self) -> int | None:
        """The embedded server's main process, if it runs."""
        found = postmaster.living(self._own.place.data) if self._cluster else None
        return found.pid if found else None

    @property
    def _own(self) -> Cluster:
        if self._cluster is None:
            raise OperationError("the database is not ours to run")
        return self._cluster

    # -- Attach and detach ---------------------------------------------------------------------

    def attach(self) -> Self:
        """Count as a user, own the server if nobody does, and wait until the database is usable."""
        named = external()
        if named is not None:
            set_up_external(named, self.instance)
            return self
        self._cluster = own_cluster(self.instance)
        self._users, self._owner = locks(self.instance.home)
        if not self._users.take_within(fcntl.LOCK_SH, ATTACH_WITHIN_S):
            raise OperationError(f"another command is rebuilding or stopping {self.instance.home}")
        until = time.monotonic() + ATTACH_WITHIN_S
        while not self._try_to_own() and not can_sign_in(self.instance):
            if time.monotonic() > until:
                raise OperationError(f"the database does not answer (see {self._own.log})")
            time.sleep(0.05)
        self._watch.start()
        return self

    def detach(self) -> None:
        """Stop the server when nobody else uses it, else leave it to the others."""
        if self._cluster is None or self._users is None or self._owner is None:
            return
        self._ending.set()
        if self._watch.is_alive():
            self._watch.join()
        try:
            if not self._users.take(fcntl.LOCK_EX):
                self._cluster.let_go()
            elif self.owns or self._owner.take_within(fcntl.LOCK_EX, 5):
                # With the exclusive lock on the users nobody new comes in until the server has stopped.
                self._cluster.stop()
        finally:
            self.owns = False
            self._owner.free()
            self._users.free()

    # -- Owning --------------------------------------------------------------------------------

    def _try_to_own(self) -> bool:
        if self._owner is None or not self._owner.take(fcntl.LOCK_EX):
            return False
        try:
            self._bring_up()
        except BaseException:
            self._owner.release()
            raise
        self.owns = True
        return True

    def _bring_up(self) -> None:
        self._own.bring_up()
        roles.set_up_embedded(self._own.connect, DATABASE, self.instance.secrets().passwords)

    def _keep_alive(self) -> None:
        """Watch the server as its owner, or wait to become the owner."""
        told, next_log_check = 0.0, time.monotonic() + LOG_CHECK_S
        while not self._ending.wait(WATCH_S if self.owns else TAKE_OVER_S):
            try:
                if not self.owns:
                    if self._try_to_own():
                        note("this process now looks after the database")
                elif not self._own.is_alive:
                    note("the database server ended; starting it again")
                    self._bring_up()
                if time.monotonic() > next_log_check:
                    next_log_check = time.monotonic() + LOG_CHECK_S
                    self._own.limit_log()
            except (OperationError, OSError, psycopg.Error) as error:
                if time.monotonic() - told > 30:
                    told = time.monotonic()
                    note(str(error))
                self._ending.wait(0.2)


def locks(home: Path) -> tuple[Lock, Lock]:
    """The lock every user shares and the lock of the one owner."""
    return Lock(home / "users.lock"), Lock(home / "owner.lock")


def can_sign_in(instance: Instance) -> bool:
    """Is the database there with its roles? Asked as the last role that the set-up makes."""
    try:
        psycopg.connect(**address("login", instance).parameters(), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def set_up_external(named: Address, instance: Instance) -> None:
    """Prepare the database that DATABASE_URL names; no server is started."""
    try:
        with psycopg.connect(**named.parameters(), autocommit=True, connect_timeout=10) as owner:
            roles.set_up_external(owner, instance.secrets().passwords)
    except psycopg.OperationalError as error:
        raise OperationError(f"the database in DATABASE_URL does not answer: {error}") from error


@contextlib.contextmanager
def running(instance: Instance) -> Iterator[Server]:
    """The database of this instance, up for as long as the block runs."""
    server = Server(instance)
    try:
        yield server.attach()
    finally:
        server.detach()


@contextlib.contextmanager
def nobody_else(home: Path) -> Iterator[None]:
    """Hold the instance alone, its server stopped; refused while any command uses it."""
    users, owner = locks(home)
    try:
        if not users.take_within(fcntl.LOCK_EX, 2) or not owner.take_within(fcntl.LOCK_EX, 2):
            raise OperationError(f"{home} is in use by another command; stop that one first")
        yield
    finally:
        owner.free()
        users.free()
