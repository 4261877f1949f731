"""Throw away what was only a demo, or never finished. A finished real instance is never touched."""

from __future__ import annotations

import shutil
from pathlib import Path

from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import nobody_else
from tradewind.platform.operation.postgres import external, own_cluster
from tradewind.platform.operation.unprivileged import SYSTEM_FOLDER

# Only what we made: the folder may hold more. The locks stay, for whoever comes next; the secrets go last.
OURS = ("run", "log", "files", "database.json", "loading.json", "secrets.json")


def remove_demo(instance: Instance) -> None:
    """Remove a demo with its database."""
    if instance.kind != "demo":
        raise OperationError(f"{instance.home} holds a real company; it is not removed")
    remove(instance)


def forget_unfinished(instance: Instance) -> None:
    """Remove a real instance whose set-up never reached its end: nobody can have worked in it."""
    if instance.is_complete:
        raise OperationError(f"{instance.home} holds a real company; it is not removed")
    if external() is not None:
        (instance.home / "instance.json").unlink()
        return
    remove(instance)


def remove(instance: Instance) -> None:
    """Stop the server and remove what is ours, in an order that can be cut off anywhere and continued."""
    if external() is not None:
        raise OperationError("the database in DATABASE_URL is not ours to empty; give the demo an empty one")
    home = instance.home
    with nobody_else(home):
        cluster = own_cluster(instance)
        cluster.stop()
        (home / "completed.json").unlink(missing_ok=True)
        if cluster.place.data.exists():
            delete(cluster.place.discarded)
            cluster.place.data.rename(cluster.place.discarded)
        (home / "instance.json").unlink()
        delete(cluster.place.discarded)
        delete(cluster.place.socket)
        if SYSTEM_FOLDER in cluster.place.folder.parents:
            delete(cluster.place.folder)
        for name in OURS:
            delete(home / name)


def delete(path: Path) -> None:
    """A file or a whole folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
