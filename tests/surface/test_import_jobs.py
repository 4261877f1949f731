"""Large files are jobs: with progress, stopped when asked, killed and done again; effects come once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils.translation import override

from tests.conftest import IS_LONG, acting, system
from tests.surface.bringing import CUSTOMER, ROWS, begun, brought_in, checked, fields_of
from tradewind.domains.customers.commands import create_customer, create_customers
from tradewind.domains.customers.models import Customer
from tradewind.domains.organization.models import Grant
from tradewind.kernel.errors import Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given
from tradewind.platform.surface.exchange import runs, work
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun
from tradewind.platform.surface.exchange.planning import plan_of
from tradewind.platform.surface.exchange.runs import work_later
from tradewind.platform.surface.exchange.writing import Placed, Portion, write

Owner = psycopg.Connection[tuple[Any, ...]]
MANY = 1_300


class Killed(BaseException):
    """The end of a worker, wherever it is."""


def waiting_to_be_written(is_whole: bool, language: str = "zh-hans") -> int:
    """A checked file of many customers, whose rows a job is to write; the id of the import."""
    rows = [[f"大客户{number}", "A" if number % 7 else "Z"] for number in range(MANY)]
    rows = [row for row in rows if row[1] == "A"] if is_whole else rows
    with override(language), acting("manager") as actor:
        run = begun(actor, CUSTOMER, ["名称", "等级"], *rows)
        runs.check(run, actor, plan_of(run.plan), at_once=run.total)
        runs.start(run, actor, is_whole=is_whole)
        assert run.state == "running"
        return run.pk


def standing(run_id: int) -> ImportRun:
    with system():
        return ImportRun.objects.get(pk=run_id)


def made() -> int:
    with system():
        names = list(Customer.objects.filter(name__startswith="大客户").values_list("name", flat=True))
    assert len(names) == len(set(names)), "somebody was made twice"
    return len(names)


def right_rows(count: int = MANY) -> int:
    return sum(1 for number in range(count) if number % 7)


@contextmanager
def around_each_portion(before: Callable[[int], object], after: Callable[[int], object]) -> Iterator[None]:
    """Something happens before and after the worker writes a portion; both hear its number."""
    numbers = count(1)

    def write_and_tell(actor: Actor, portion: Portion) -> Placed:
        number = next(numbers)
        before(number)
        placed = write(actor, portion)
        after(number)
        return placed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "write", write_and_tell)
        yield


@contextmanager
def dying_in_portion(number: int) -> Iterator[None]:
    """The worker dies when it has written this portion and not yet said so."""

    def die(at: int) -> None:
        if at == number:
            raise Killed

    with around_each_portion(lambda at: None, die):
        yield


def beside(act: Callable[[], Any]) -> Any:
    """Somebody else does this, on a connection of their own."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_a_large_file_is_checked_by_a_job_and_the_page_hears_how_far_it_is(owner: Owner) -> None:
    with acting("manager") as actor:
        run = begun(
            actor, CUSTOMER, ["名称"], *[[f"甲{number}"] for number in range(runs.CHECKED_AT_ONCE + 1)]
        )
        runs.check(run, actor, plan_of(run.plan))
        assert run.state == "checking"
    queued = "SELECT args ->> 'run_id', status FROM procrastinate_jobs WHERE task_name = 'exchange.work'"
    assert owner.execute(queued).fetchall() == [(str(run.pk), "todo")]
    work_later(run.pk)
    assert (standing(run.pk).state, standing(run.pk).counts["new"]) == ("checked", runs.CHECKED_AT_ONCE + 1)


@pytest.mark.parametrize("portion", [1, 2, 3])
def test_a_killed_worker_leaves_whole_portions_and_its_job_goes_on_with_the_rest(
    own_database: str, portion: int
) -> None:
    run_id = waiting_to_be_written(is_whole=False)
    with dying_in_portion(portion), pytest.raises(Killed):
        work_later(run_id)
    assert standing(run_id).done == (portion - 1) * work.PORTION
    work_later(run_id)
    after = standing(run_id)
    assert (after.state, after.counts["new"], after.counts["error"]) == (
        "done",
        right_rows(),
        MANY - right_rows(),
    )
    assert made() == right_rows()
    work_later(run_id)
    assert made() == right_rows(), "a job that runs once more finds nothing to do"


def test_all_or_nothing_killed_is_nothing_and_then_all(own_database: str) -> None:
    run_id = waiting_to_be_written(is_whole=True)
    with dying_in_portion(2), pytest.raises(Killed):
        work_later(run_id)
    assert (standing(run_id).state, made()) == ("running", 0)
    work_later(run_id)
    assert (standing(run_id).state, made()) == ("done", standing(run_id).total)


def test_progress_of_all_or_nothing_is_seen_before_it_is_done(own_database: str) -> None:
    run_id, seen = waiting_to_be_written(is_whole=True), list[int]()
    with around_each_portion(lambda _: seen.append(beside(lambda: standing(run_id).done)), lambda _: None):
        work_later(run_id)
    assert seen == [0, 500, 1000]


@pytest.mark.parametrize(("is_whole", "state", "done"), [(False, "stopped", 500), (True, "checked", 0)])
def test_it_stops_between_two_portions_when_asked(
    own_database: str, is_whole: bool, state: str, done: int
) -> None:
    run_id = waiting_to_be_written(is_whole)
    with around_each_portion(lambda _: beside(lambda: stop(run_id)), lambda _: None):
        work_later(run_id)
    after = standing(run_id)
    assert (after.state, after.problem) == (state, "已按您的要求停止。")
    assert sum(after.counts.values()) == (done or after.total)
    assert made() == right_rows(done)


def stop(run_id: int) -> None:
    with acting("manager"):
        runs.ask_to_stop(ImportRun.objects.get(pk=run_id))


def test_two_workers_on_one_job_have_its_effects_once(own_database: str) -> None:
    run_id = waiting_to_be_written(is_whole=False)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: beside(lambda: work_later(run_id)), range(3)))
    after = standing(run_id)
    assert (after.state, after.done, made()) == ("done", MANY, right_rows())
    assert sum(after.counts.values()) == MANY


def test_whoever_lost_the_right_meanwhile_imports_nothing(own_database: str) -> None:
    run_id = waiting_to_be_written(is_whole=False)
    with system():
        Grant.objects.filter(person__sign_in="manager").update(role="seller")
    work_later(run_id)
    after = standing(run_id)
    assert (after.state, after.problem, made()) == ("checked", "您没有此操作的权限。", 0)


def test_a_job_acts_as_the_person_with_the_reach_of_that_person(own_database: str) -> None:
    run_id = waiting_to_be_written(is_whole=False)
    work_later(run_id)
    with system():
        row = Customer.objects.filter(name__startswith="大客户")[0]
        assert (row.owner and row.owner.sign_in, row.unit and row.unit.code) == ("manager", "sh1")


def test_a_job_speaks_the_language_of_whoever_asked(own_database: str) -> None:
    run_id = waiting_to_be_written(is_whole=False, language="en")
    work_later(run_id)
    with system():
        told = ImportLine.objects.filter(run_id=run_id, verdict="error").values_list("problems", flat=True)[0]
    assert told[0][0] == "Grade"
    assert "Select a valid choice" in told[0][1]


def test_what_broke_is_told_and_what_was_written_stays(own_database: str) -> None:
    run_id = waiting_to_be_written(is_whole=False)
    with dying_in_portion(2), pytest.raises(Killed):
        work_later(run_id)
    runs.give_up(run_id, Refused("import.broke"))
    after = standing(run_id)
    assert (after.state, after.problem != "", after.done) == ("stopped", True, 500)


WORKER = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tradewind.config.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from tradewind.platform.surface.exchange.runs import work_later
from tradewind.platform.surface.exchange.writing import Placed, Portion, write
print("at work", flush=True)
work_later(int(sys.argv[2]))
"""


@pytest.mark.parametrize("is_whole", [False, True])
def test_workers_killed_at_any_moment_have_the_effects_once(own_database: str, is_whole: bool) -> None:
    choice = random.Random(20261122)  # noqa: S311
    run_id = waiting_to_be_written(is_whole)
    for _ in range(100 if IS_LONG else 5):
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, own_database, str(run_id)],
            stdout=subprocess.PIPE,
            env={**os.environ, "TRADEWIND_OWNER": ""},
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(choice.uniform(0, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        done = standing(run_id)
        if is_whole and done.state == "running":
            assert made() == 0
        elif not is_whole:
            assert made() == right_rows(done.done)
    work_later(run_id)
    after = standing(run_id)
    assert after.state == "done"
    assert made() == (after.total if is_whole else right_rows())
    assert sum(after.counts.values()) == after.total


def test_what_is_removed_stays_in_the_history(owner: Any) -> None:
    with acting("manager") as actor:
        run = brought_in(actor, CUSTOMER, ["名称"], ["丙"])
        (pk,) = Customer.objects.filter(name="丙").values_list("pk", flat=True)
        runs.undo(run, actor)
    asked = (
        "SELECT h.op, h.old ->> 'name', c.name"
        " FROM spine_history h JOIN spine_command c ON c.id = h.command_id"
        " WHERE h.table_name = 'customers_customer' AND h.row_id = %s"
    )
    assert owner.execute(asked, [pk]).fetchall() == [("delete", "丙", "customers.customer.remove")]
    named = "SELECT count(*) FROM spine_command WHERE name = 'customers.customer.remove' AND object_id = %s"
    assert owner.execute(named, [pk]).fetchone() == (1,)


def test_files_are_forgotten_after_a_day_and_lines_after_a_month(owner: Any) -> None:
    with acting("manager") as actor:
        waiting = checked(actor, CUSTOMER, *ROWS)
        done = brought_in(actor, CUSTOMER, *ROWS)
    ages = {waiting.pk: "25 hours", done.pk: "31 days"}
    for pk, age in ages.items():
        owner.execute(
            "UPDATE exchange_importrun SET created_at = now() - %s::interval WHERE id = %s", [age, pk]
        )
    with system():
        runs.forget()
        kept = {run.pk: (run.state, run.table, run.counts["new"]) for run in ImportRun.objects.all()}
        assert kept == {waiting.pk: ("expired", None, 3), done.pk: ("done", None, 3)}
        assert not ImportLine.objects.filter(run=done).exists()
        assert ImportLine.objects.filter(run=waiting).count() == 3


GIVEN = (
    {"name": "甲", "grade": "A", "credit_code": "91350100m000100y43", "life_stage": "active"},
    {"name": "乙", "employees": 12, "revenue_millions": Decimal("1.50"), "note": "x"},
    {"name": "丙", "life_stage": "prospect"},
)


def test_one_by_one_and_set_based_give_equal_customers_and_equal_records(owner: Any) -> None:
    def acts_of(pks: list[int]) -> list[Any]:
        asked = "SELECT name, actor, person_id, why FROM spine_command WHERE object_id = %s AND resource = %s"
        return [owner.execute(asked, [pk, CUSTOMER]).fetchall() for pk in pks]

    with acting("manager") as actor:
        given = [Given({**one, "owner_id": actor.person_id}, "why") for one in GIVEN]
        singles = [create_customer(actor, one) for one in given]
        kept = [fields_of(Customer.objects.get(pk=row.pk)) for row in singles]
        Customer.objects.filter(credit_code=singles[0].credit_code).update(credit_code="")
        many = create_customers(actor, given)
        assert [fields_of(Customer.objects.get(pk=row.pk)) for row in many] == kept
        assert [row.code for row in many] == sorted(row.code for row in many)
    assert acts_of([row.pk for row in many]) == acts_of([row.pk for row in singles])
    assert all(len(acts) == 1 for acts in acts_of([row.pk for row in many]))
