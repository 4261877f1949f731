"""A demo company grown in SQL: whole, the same every time, and not doubled by whatever interrupts it."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker
from stdnum.cn import uscc

from tests.conftest import IS_LONG, cloned, sign_in
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.demo.many import load as loading
from tradewind.demo.many import settling, shelf
from tradewind.demo.many.loading import is_under_way
from tradewind.demo.many.sizes import FIRST, PEOPLE_OF_THE_STORY, SIZES, Chunk, Extent, customers_of
from tradewind.platform.operation import postgres

COUNT = 2_000
# Where the plug is pulled: between rows, indexes, and what is settled at the end.
CUTS = (
    (loading, "mark", 1),
    (loading, "mark", 4),
    (loading, "mark", 12),
    (loading, "mark", 20),
    (shelf, "put_up", 30),
    (shelf, "put_up", 95),
    (settling, "mark", 1),
    (settling, "mark", 6),
    (loading, "close_books", 1),
)
EXTENT = Extent(COUNT, TEST_DAY, at_once=900)  # three chunks, the last a smaller one
ROWS = {
    "customers_customer": COUNT,
    "customers_contact": 3 * COUNT,
    "pipeline_opportunity": COUNT,
    "orders_order": COUNT,
    "activities_activity": 5 * COUNT,
    "organization_person": EXTENT.people,
    "organization_unit": EXTENT.heads,
}
# Rows as they are but for when and in which order the machine wrote them.
SAME = (
    *((table, "t::text") for table in (*shelf.POURED, "organization_assignment", "organization_unit")),
    (
        "ledger_entry",
        "concat_ws('|', measure, credited_on, value, person_id, unit_path, about_id, line)",
    ),
    ("ledger_rollup", "concat_ws('|', measure, month, person_id, unit_path, value)"),
    ("planning_target", "concat_ws('|', plan_id, unit_id, person_id, month, value)"),
)
LOCKS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
UNION ALL SELECT tablename, indexname, indexdef, true FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT relname, array_to_string(reloptions, ','), '', true FROM pg_class WHERE reloptions IS NOT NULL
ORDER BY 1, 2, 3
"""
Owner = psycopg.Connection[tuple[object, ...]]


def load(database: str) -> None:
    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(**{**postgres.address("owner").parameters(), "dbname": database})

    with connect() as owner:  # a poured company is closed after it is poured
        owner.execute("TRUNCATE ledger_month, ledger_monthsum")
    loading.Load(connect, EXTENT, "Asia/Shanghai").run()


def content(owner: Owner) -> dict[str, object]:
    """A checksum of every table that a load fills."""
    return {
        table: one(owner, f"SELECT md5(string_agg({row}, '\n' ORDER BY {row} COLLATE \"C\")) FROM {table} t")  # noqa: S608 our own names
        for table, row in SAME
    }


def one(owner: Owner, query: str) -> Any:
    row = owner.execute(query).fetchone()
    assert row is not None
    return row[0]


def check_whole(owner: Owner) -> None:
    """All rows are there once, the books are right, every lock is back, the marks are gone."""
    for table, count in ROWS.items():
        query = f"SELECT count(*) FROM {table} WHERE id > {FIRST}"  # noqa: S608 our own names
        assert one(owner, query) == count, table
    assert [finding for finding in verify() if not finding.is_right] == []
    assert not is_under_way(owner)


def test_a_company_grows_whole_and_keeps_its_locks(own_database: str, owner: Owner) -> None:
    before = owner.execute(LOCKS).fetchall()
    load(own_database)
    check_whole(owner)
    assert owner.execute(LOCKS).fetchall() == before
    codes = [
        str(code) for (code,) in owner.execute("SELECT credit_code FROM customers_customer WHERE id > 100000")
    ]
    assert len(set(codes)) == COUNT
    assert all(uscc.is_valid(code) for code in codes)
    assert one(owner, "SELECT count(*) FROM customers_contact WHERE mobile NOT LIKE '1380000____'") == 0
    assert one(owner, "SELECT count(DISTINCT name) FROM customers_customer") > COUNT - 10


def test_the_cast_feels_at_home_and_new_rows_come_after(own_database: str, owner: Owner) -> None:
    load(own_database)
    mean = COUNT * 0.95 / one(owner, "SELECT count(DISTINCT owner_id) FROM customers_customer")
    xiaoyu = (
        "FROM customers_customer c JOIN organization_person p ON p.id = c.owner_id AND p.sign_in = 'seller'"
    )
    assert mean / 2 < one(owner, f"SELECT count(*) {xiaoyu}") < mean * 2
    planned = one(owner, "SELECT count(DISTINCT person_id) FROM planning_target WHERE person_id > 100000")
    assert planned == EXTENT.people - EXTENT.heads
    browser = sign_in("manager")
    for address in ("/", "/customers", "/overview", "/opportunities/board"):
        assert browser.get(address, follow=True).status_code == 200, address
    assert (
        one(owner, "SELECT nextval(pg_get_serial_sequence('customers_customer', 'id'))") == FIRST + COUNT + 1
    )


@pytest.mark.parametrize("cut", CUTS if IS_LONG else CUTS[1::3])
def test_what_is_cut_off_goes_on_where_it_stopped(
    expected: dict[str, object],
    own_database: str,
    owner: Owner,
    monkeypatch: pytest.MonkeyPatch,
    cut: tuple[Any, str, int],
) -> None:
    of, name, at = cut
    with monkeypatch.context() as patched:
        patched.setattr(of, name, cutting(getattr(of, name), at))
        with pytest.raises(CutOffError):
            load(own_database)
    assert is_under_way(owner)
    load(own_database)
    check_whole(owner)
    assert content(owner) == expected


class CutOffError(Exception):
    """As if somebody pulled the plug: whatever transaction is open is rolled back."""


def cutting(act: Callable[..., Any], at: int) -> Callable[..., Any]:
    """The act works until it is called for the `at`-th time; that time it does its work and dies."""
    calls = 0

    def cut(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            raise CutOffError
        return act(*given)

    return cut


@pytest.fixture(scope="module")
def expected(django_db_setup: None, django_db_blocker: DjangoDbBlocker, worker_id: str) -> dict[str, object]:
    """What a load of its own made, in one go; every other must make the same."""
    with django_db_blocker.unblock(), cloned(f"test_{worker_id}_in_one_go") as name:
        load(name)
        parameters = {**postgres.address("owner").parameters(), "dbname": name}
        with psycopg.connect(**parameters, autocommit=True) as opened:
            return content(opened)


def test_two_loads_make_the_same_company(
    expected: dict[str, object], own_database: str, owner: Owner
) -> None:
    load(own_database)
    assert content(owner) == expected


def test_sizes_have_names_or_numbers() -> None:
    assert [customers_of(name) for name in SIZES] == [0, 100_000, 1_000_000]
    assert customers_of("10000") == 10_000
    for wrong in ("huge", "", "-5", "12", "９９９９", "99999999999"):
        with pytest.raises(ValueError, match="a size is"):
            customers_of(wrong)


@pytest.mark.parametrize("size", [1, 2, 7_907, 7_919, 15_838, 50_000])
def test_every_rank_has_one_place(size: int) -> None:
    chunk = Chunk(0, 1, size)
    ranks = [place * chunk.step % size for place in range(size)]
    assert sorted(ranks) == list(range(size))
    assert [rank * chunk.inverse % size for rank in ranks] == list(range(size))


@pytest.mark.parametrize(("size", "people"), [("medium", 1_000), ("large", 10_000)])
def test_people_follow_from_customers(size: str, people: int) -> None:
    extent = Extent(customers_of(size), TEST_DAY)
    assert extent.people + PEOPLE_OF_THE_STORY == people
    assert extent.heads < extent.people / 5
