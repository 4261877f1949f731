"""The demo company on a fixed day, in a database of its own for each test process, as tw_login."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.utils import translation
from hypothesis import settings as exploration
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

from tests.faults.times import pytest_terminal_summary
from tradewind.domains.organization.queries import actor_named
from tradewind.platform.operation import postgres, roles
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.models import User

IS_LONG = os.environ.get("TRADEWIND_LONG") == "1"
REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
__all__ = ["pytest_terminal_summary"]  # printed by the process that collects the reports
BACKEND = "tradewind.domains.organization.entry.SignIns"
# Tests that share an instance too dear to be made twice stay on one process.
TOGETHER = ("tests/faults/", "tests/browser/test_real_company", "tests/browser/")
_clones = count()

exploration.register_profile("short", max_examples=500, deadline=None)
exploration.register_profile("long", max_examples=10_000, deadline=None)
exploration.load_profile("long" if IS_LONG else "short")


class KeepTogether(LoadScopeScheduling):  # type: ignore[misc]
    """Spread tests over the processes, but those of one instance over one of them only."""

    def _split_scope(self, nodeid: str) -> str:
        return next((start for start in TOGETHER if nodeid.startswith(start)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> KeepTogether:
    """Instead of pytest-xdist's own."""
    return KeepTogether(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write kept answers anew, such as openapi.json")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("long") and not IS_LONG:
            item.add_marker(pytest.mark.skip(reason="a long exploration; run ./tw test --long"))


@contextmanager
def cloned(name: str, of: str = postgres.DATABASE) -> Iterator[str]:
    """A copy of a database (by default the demo company's), set as the one Django connects to."""
    owner = postgres.address("owner").parameters()
    connections.close_all()  # a database in use cannot be copied
    template, target = sql.Identifier(of), sql.Identifier(name)
    with psycopg.connect(**{**owner, "dbname": "postgres"}, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(target))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(target, template))
        with psycopg.connect(**{**owner, "dbname": name}) as clone:
            roles.prepare_database(clone)
        former = str(settings.DATABASES["default"]["NAME"])
        _connect_to(name)
        try:
            yield name
        finally:
            connections.close_all()
            _connect_to(former)
            server.execute(sql.SQL("DROP DATABASE {}").format(target))


def _connect_to(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[None]:
    """One copy for the whole test process; each test is rolled back."""
    with django_db_blocker.unblock(), cloned(f"test_{worker_id}"):
        yield


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[str]:
    """A copy for one test that really commits, with as many connections as it likes."""
    with django_db_blocker.unblock(), cloned(f"test_{worker_id}_{next(_clones)}") as name:
        yield name


@pytest.fixture
def owner(own_database: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The owner's own connection to that copy, for looking behind the locks."""
    parameters = {**postgres.address("owner").parameters(), "dbname": own_database}
    with psycopg.connect(**parameters, autocommit=True) as opened:
        yield opened


@contextmanager
def acting(sign_in: str) -> Iterator[Actor]:
    """A transaction as one of the cast."""
    with scope(actor_named(sign_in)) as actor:
        yield actor


@contextmanager
def system() -> Iterator[Actor]:
    """A transaction as the system."""
    with scope(Actor.system("test")) as actor:
        yield actor


@pytest.fixture(autouse=True)
def _chinese_again() -> Iterator[None]:
    """A request in English leaves its language behind in the thread."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


SignedIn = Callable[[str], Client]


def sign_in(name: str) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    with scope(Actor.nobody()):
        client.force_login(User.objects.get(username=name), backend=BACKEND)
    return client


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    """Browsers of the cast: signed_in("manager")."""
    return sign_in


def database_role() -> str:
    """The role that statements run under right now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])
