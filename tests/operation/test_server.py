"""The embedded server: started, adopted, killed, healed."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from tests.operation.conftest import Starter, eventually, heard
from tradewind.platform.operation import postmaster
from tradewind.platform.operation.cluster import Cluster
from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import Identity, Instance
from tradewind.platform.operation.ownership import Server, nobody_else, running
from tradewind.platform.operation.postgres import Role, address, own_cluster
from tradewind.platform.operation.removal import remove_demo
from tradewind.platform.operation.unprivileged import SYSTEM_FOLDER, find_place


def sign_in(instance: Instance, role: Role) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(**address(role, instance).parameters(), autocommit=True)


def server_pid(instance: Instance) -> int | None:
    found = postmaster.living(find_place(instance.home).data)
    return found.pid if found else None


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("end\n", timeout=30)


def kill(server: Server) -> None:
    """Kill the server and wait until another one runs."""
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: server.pid not in {pid, None})


def wait_for_more(numbers: list[int]) -> None:
    enough = len(numbers) + 50
    eventually(lambda: len(numbers) > enough)


def test_the_roles_are_as_narrow_as_designed(instance: Instance) -> None:
    with running(instance):
        with sign_in(instance, "owner") as owner:
            owner.execute("CREATE TABLE deal (id int)")
            owner.execute("GRANT SELECT ON deal TO tw_app")
            settings = "SELECT datcollate, datlocale, pg_encoding_to_char(encoding) FROM pg_database"
            assert owner.execute(f"{settings} WHERE datname = 'tradewind'").fetchone() == (
                "C",
                "C.UTF-8",
                "UTF8",
            )
            assert owner.execute("SHOW fsync").fetchone() == ("on",)
        with sign_in(instance, "login") as login:
            for forbidden in ("SELECT * FROM deal", "CREATE TABLE mine (id int)", "SET ROLE tw_owner"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    login.execute(forbidden)
            with login.transaction():
                login.execute("SELECT set_config('role', 'tw_app', true)")
                assert login.execute("SELECT * FROM deal").fetchall() == []
        with sign_in(instance, "jobs") as jobs, pytest.raises(psycopg.errors.InsufficientPrivilege):
            jobs.execute("SET ROLE tw_wide")


def test_a_path_with_spaces_and_chinese_characters_too_long_for_a_socket(folder: Path) -> None:
    home = folder / "信风 销售管理系统的 实例文件夹" / "很长的文件夹名字" / ("数据 " * 8).strip()
    instance = Instance.create(home, Identity("demo", "海风公司"))
    with running(instance), sign_in(instance, "login") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("tw_login",)
    remove_demo(instance)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the database's user cannot reach")
def test_a_folder_closed_to_the_server_keeps_its_rights(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    instance = Instance.create(closed / "instance", Identity("demo", "海风公司"))
    with running(instance), sign_in(instance, "login") as connection:
        connection.execute("SELECT 1")
    place = find_place(instance.home).folder
    assert place.parent == SYSTEM_FOLDER
    assert closed.stat().st_mode & 0o777 == 0o700
    remove_demo(instance)
    assert not place.exists()


def test_kill_9_under_load_loses_nothing_that_was_acknowledged(instance: Instance) -> None:
    acknowledged: list[int] = []
    enough = threading.Event()

    def write() -> None:
        number = 0
        while not enough.is_set():
            try:
                with sign_in(instance, "owner") as connection:
                    while not enough.is_set():
                        number += 1
                        connection.execute("INSERT INTO receipt VALUES (%s)", [number])
                        acknowledged.append(number)
            except psycopg.Error:
                time.sleep(0.01)

    with running(instance) as server:
        with sign_in(instance, "owner") as connection:
            connection.execute("CREATE TABLE receipt (number int)")
        writer = threading.Thread(target=write)
        writer.start()
        for _ in range(3):
            wait_for_more(acknowledged)
            kill(server)
        wait_for_more(acknowledged)
        enough.set()
        writer.join()
        with sign_in(instance, "owner") as connection:
            stored = {number for (number,) in connection.execute("SELECT number FROM receipt")}
    assert set(acknowledged) <= stored


def test_an_orphan_is_adopted_and_stopped_in_the_end(instance: Instance, start: Starter) -> None:
    first = start("holder", instance.home)
    pid = int(heard(first))
    first.kill()
    first.wait()
    assert server_pid(instance) == pid
    with running(instance) as server:
        assert server.owns
        assert server.pid == pid
    assert server_pid(instance) is None


def test_another_command_takes_over_when_the_owner_is_killed(instance: Instance, start: Starter) -> None:
    owner = start("holder", instance.home)
    pid = int(heard(owner))
    with running(instance) as server:
        assert not server.owns
        owner.kill()
        owner.wait()
        assert server.pid == pid
        kill(server)
        eventually(lambda: server.owns)
    assert server_pid(instance) is None


def test_the_last_user_stops_the_server_whoever_started_it(instance: Instance, start: Starter) -> None:
    owner, guest = start("holder", instance.home), start("holder", instance.home)
    assert heard(owner) == heard(guest)
    end(owner)
    with sign_in(instance, "login") as connection:
        connection.execute("SELECT 1")
    end(guest)
    assert server_pid(instance) is None


def test_a_killed_server_that_stays_as_a_zombie_is_replaced(instance: Instance, start: Starter) -> None:
    pid = int(heard(start("careless", instance.home)))
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not postmaster.is_running(pid))
    os.kill(pid, 0)  # it is still in the process table
    with running(instance) as server, sign_in(instance, "login") as connection:
        assert server.pid not in {None, pid}
        connection.execute("SELECT 1")


def test_a_pid_file_that_names_a_stranger_is_not_believed(instance: Instance) -> None:
    with running(instance):
        pass
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pid_file = find_place(instance.home).data / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n1\n5432\n\n\n", encoding="ascii")
        with running(instance) as server:
            assert server.pid not in {None, stranger.pid}
        assert stranger.poll() is None
        stranger.kill()


def test_a_killed_initdb_heals(instance: Instance) -> None:
    half = find_place(instance.home).folder / "postgres.new-1" / "cluster"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    with running(instance), sign_in(instance, "login") as connection:
        connection.execute("SELECT 1")
    assert not half.exists()


def test_nobody_removes_an_instance_that_is_in_use(instance: Instance) -> None:
    server = Server(instance).attach()
    try:
        with pytest.raises(OperationError, match="in use"), nobody_else(instance.home):
            pass
    finally:
        server.detach()


@pytest.fixture
def foreign_server(folder: Path) -> Iterator[Cluster]:
    """A server that knows nothing of us, with one ordinary user who owns one database."""
    cluster = own_cluster(Instance.create(folder / "other", Identity("demo", "Other")))
    cluster.bring_up()
    with cluster.connect("postgres") as administrator:
        administrator.execute("CREATE ROLE boss LOGIN PASSWORD 'p@ss'")
        administrator.execute("CREATE DATABASE sales OWNER boss")
    yield cluster
    cluster.stop()


def test_a_database_of_ones_own_is_set_up_through_its_owner(
    instance: Instance, foreign_server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = quote(str(foreign_server.place.socket), safe="")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://boss:p%40ss@{socket}/sales")
    with pytest.raises(OperationError, match="CREATEROLE"), running(instance):
        pass
    with foreign_server.connect("postgres") as administrator:
        administrator.execute("ALTER ROLE boss CREATEROLE")
    for _ in range(2):
        with running(instance), sign_in(instance, "login") as login:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute("CREATE TABLE mine (id int)")
            with login.transaction():
                login.execute("SELECT set_config('role', 'tw_wide', true)")
                login.execute("CREATE TEMPORARY TABLE staging (id int)")
    assert not (instance.home / "postgres").exists()
