"""Months are closed: nothing is dated into them, corrections follow, and verify knows what they held."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from tests.conftest import acting, system
from tests.stories.staff import move
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.activities import commands as activities
from tradewind.domains.ledger.closing import Closing, Reopening, close_month, reopen_month
from tradewind.domains.ledger.models import Entry, Month
from tradewind.domains.ledger.queries.months import first_to_close, open_from
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import DomainError, NotAllowed
from tradewind.kernel.period import months_before
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import Given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_books")]

DAY = timedelta(days=1)
RUNNING = TEST_DAY.replace(day=1)
LAST = (RUNNING - DAY).replace(day=1)
BEFORE = (LAST - DAY).replace(day=1)


def close(month: date, with_earlier: bool = True) -> int:
    with acting("finance") as actor:
        return close_month(actor, Closing(month, with_earlier))


def reopen(month: date, why: str = "发票补录") -> int:
    with acting("director") as actor:
        return reopen_month(actor, Reopening(month, why))


def is_sound() -> bool:
    return [one for one in verify() if not one.is_right] == []


@contextmanager
def refused(code: str, field: str = "") -> Iterator[None]:
    with pytest.raises(DomainError) as caught:
        yield
    assert (caught.value.code, caught.value.field) == (code, field or caught.value.field)


def kept() -> dict[tuple[date, str], tuple[int, Decimal]]:
    """What the closed months hold now."""
    found: dict[tuple[date, str], tuple[int, Decimal]] = {}
    with system():
        rows = Entry.objects.filter(credited_on__lt=open_from())
        for day, measure, value in rows.values_list("credited_on", "measure", "value"):
            count, total = found.get((day.replace(day=1), measure), (0, Decimal(0)))
            found[day.replace(day=1), measure] = count + 1, total + value
    return found


def test_the_demo_company_has_closed_all_but_three_months_before_this_one() -> None:
    with system():
        closed = Month.objects.filter(is_closed=False)
        assert closed.latest("starts_on").starts_on == months_before(TEST_DAY, 4)
        assert closed.count() > 6


def test_months_are_closed_in_order_by_finance_and_reopened_by_the_director_the_last_first() -> None:
    with system():
        assert open_from() == date.min
        first = first_to_close()
    with refused("ledger.earlier_months_open", "month"):
        close(BEFORE, with_earlier=False)
    with refused("ledger.month_running", "month"):
        close(RUNNING)
    assert close(first, with_earlier=False) == 1
    closed = close(LAST)
    assert closed > 6
    with refused("ledger.month_is_closed", "month"):
        close(LAST)
    with refused("ledger.later_months_closed", "month"):
        reopen(BEFORE)
    with refused("ledger.reason_missing", "reason"):
        reopen(LAST, "  ")
    reopen(LAST)
    with refused("ledger.no_month_closed", "month"):
        reopen(LAST)
    with system():
        assert open_from() == LAST
        row = Month.objects.get(starts_on=LAST)
        assert (row.is_closed, row.reason, row.version) == (False, "发票补录", 2)
    assert close(LAST, with_earlier=False) == 1
    with acting("seller") as actor, pytest.raises(NotAllowed):
        close_month(actor, Closing(LAST))
    with acting("finance") as actor, pytest.raises(NotAllowed):
        reopen_month(actor, Reopening(LAST, "x"))
    assert is_sound()


def a_won_deal_of(month: date) -> Opportunity:
    with system():
        rows = Opportunity.objects.filter(state="won", closed_on__gte=month, customer__isnull=False)
        return rows.filter(closed_on__lt=(month + 32 * DAY).replace(day=1)).order_by("id")[0]


def test_what_changed_of_a_closed_month_counts_today_with_a_note_and_the_closed_month_stays() -> None:
    close(LAST)
    before, deal = kept(), a_won_deal_of(LAST)
    with system():
        last_entry = Entry.objects.latest("id").pk
        with widened("an error is found in the record"):
            Opportunity.objects.filter(pk=deal.pk).update(value=F("value") + 1000)
        from tradewind.domains.ledger import commands as ledger
        from tradewind.domains.orders.following import follow_deals
        from tradewind.domains.pipeline.measures import FLOWS

    with system() as actor:
        ledger.sync(FLOWS, [deal.pk])
        follow_deals(actor, (deal.pk,))
    assert kept() == before
    with system():
        fresh = Entry.objects.filter(pk__gt=last_entry)
        assert {row.credited_on for row in fresh} == {TEST_DAY}
        assert {row.corrects_on for row in fresh} == {deal.closed_on}
        assert {row.measure for row in fresh} == {"won_value", "bookings"}
        assert sum(row.value for row in fresh if row.measure == "bookings") == 1000
    assert is_sound()


def test_nothing_new_happens_in_a_closed_month() -> None:
    close(LAST)
    with acting("seller") as actor, refused("ledger.month_closed", "done_on"):
        activities.log(actor, Given({"kind": "call", "subject": "补录", "done_on": RUNNING - DAY}))
    with acting("seller") as actor:
        activities.log(actor, Given({"kind": "call", "subject": "今天", "done_on": TEST_DAY}))
    assert is_sound()


def test_credits_of_closed_months_stay_with_the_unit_of_then_until_they_are_reopened() -> None:
    close(BEFORE)
    before = kept()
    with system():
        there = Entry.objects.filter(person__sign_in="seller", credited_on__gte=BEFORE, reverses=None)
        assert there.filter(credited_on__lt=LAST).exists()
    move("seller", "hz1", BEFORE)
    assert kept() == before
    assert is_sound()
    with system():
        mine = Entry.objects.filter(person__sign_in="seller", reverses=None, reversed_by=None)
        assert set(mine.filter(credited_on__gte=LAST).values_list("unit__code", flat=True)) == {"hz1"}
        assert set(mine.filter(credited_on__lt=LAST).values_list("unit__code", flat=True)) == {"sh1"}
    assert reopen(BEFORE) > 0
    with system():
        mine = Entry.objects.filter(person__sign_in="seller", reverses=None, reversed_by=None)
        since = mine.filter(credited_on__gte=BEFORE, credited_on__lt=LAST)
        assert set(since.values_list("unit__code", flat=True)) == {"hz1"}
    assert is_sound()


COPY = """
INSERT INTO ledger_entry (measure, credited_on, value, person_id, unit_id, unit_path, about_id, source_id,
                          line, posting, split_rate)
SELECT measure, credited_on, value, person_id, unit_id, unit_path, about_id, source_id, line, posting + 900, 1
FROM ledger_entry WHERE credited_on < %(day)s ORDER BY id LIMIT 1
"""
BY_HAND = (
    COPY,
    "UPDATE ledger_rollup SET value = value + 1 WHERE month < %(day)s",
    "UPDATE ledger_rollup SET month = '2020-01-01' WHERE month >= %(day)s",
    "DELETE FROM ledger_rollup WHERE month < %(day)s",
    "INSERT INTO ledger_rollup (measure, month, unit_id, unit_path, value) "
    "SELECT measure, month, unit_id, unit_path, 0 FROM ledger_rollup WHERE month < %(day)s LIMIT 1",
    "UPDATE ledger_month SET is_closed = false",
    "DELETE FROM ledger_month",
    "INSERT INTO ledger_month (public_id, version, starts_on, is_closed, reason, command_id) "
    "VALUES (gen_random_uuid(), 1, '2030-01-01', true, '', 1)",
    "UPDATE ledger_monthsum SET value = 0",
    "DELETE FROM ledger_monthsum",
    "SELECT tw_close_months('2030-01-01', '2030-01-01', NULL)",
    "SELECT tw_reopen_month((%(day)s::date - interval '1 month')::date, NULL, 'x')",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "TRUNCATE ledger_rollup",
)


@pytest.mark.parametrize("role", ["tw_wide", "tw_app"])
@pytest.mark.parametrize("statement", BY_HAND)
def test_raw_sql_of_the_application_changes_no_closed_month(role: str, statement: str) -> None:
    close(LAST)
    before = kept()
    with acting("director" if role == "tw_wide" else "seller"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role')")
            assert cursor.fetchone() == (role,)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {"day": RUNNING})
    assert kept() == before
    assert is_sound()


def test_the_same_entry_by_hand_is_taken_on_an_open_day() -> None:
    """The trigger refuses the month, not the statement."""
    close(BEFORE)
    with system(), connection.cursor() as cursor:
        cursor.execute(COPY.replace("credited_on < %(day)s", "credited_on >= %(day)s"), {"day": RUNNING})
        assert cursor.rowcount == 1
        transaction.set_rollback(True)
