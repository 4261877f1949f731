"""What activities refuse, and many of them at once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from tests.conftest import acting, system
from tests.stories.test_activities import a_customer, complete, count_of, person, plan, ref, seen
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.activities import commands, many, queries
from tradewind.domains.activities.commands import NextStep
from tradewind.domains.activities.imports import import_activities
from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.policy import ACTIVITIES
from tradewind.domains.activities.values import ActivityRow, Kind, State
from tradewind.domains.customers.models import Contact, Customer
from tradewind.kernel.errors import DomainError, Malformed, Refused, StaleVersion
from tradewind.platform.spine.command import Given, Ref

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 18, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"body": "x" * 4001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"kind": "telepathy"}, "kind"),
        ({"priority": "urgent"}, "priority"),
        ({"due_on": date(1, 1, 1)}, "due_on"),
        ({"due_on": TEST_DAY - timedelta(days=1)}, "due_on"),
        ({"due_on": date(9999, 12, 31)}, "due_on"),
        ({"duration_min": 0}, "duration_min"),
        ({"owner_id": 10**9}, "owner"),
    ],
)
def test_nonsense_is_refused_at_its_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        plan(**values)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"done_on": date(1, 1, 1)}, "done_on"),
        ({"done_on": TEST_DAY + timedelta(days=1)}, "done_on"),
        ({"outcome": "x" * 4001}, "outcome"),
        ({"result": "splendid"}, "result"),
        ({"duration_min": 10**9}, "duration_min"),
        ({"next": NextStep("call", "")}, "subject"),
        ({"next": NextStep("call", "x", date(1, 1, 1))}, "due_on"),
    ],
)
def test_a_completion_that_makes_no_sense_changes_nothing(how: dict[str, Any], field: str) -> None:
    call, before = plan(), count_of()
    with pytest.raises(Malformed) as refusal, transaction.atomic():
        complete(call, **how)
    assert refusal.value.field == field
    assert (seen(call).state, count_of()) == ("planned", before)


def test_a_contact_of_another_customer_is_refused_and_ones_own_brings_the_customer() -> None:
    with system():
        mine = Contact.objects.filter(customer__owner__sign_in="seller")
        one, other = mine.order_by("customer_id", "id").distinct("customer_id")[:2]
    with pytest.raises(Malformed) as refusal:
        plan(customer_id=one.customer_id, contact_id=other.pk)
    assert refusal.value.field == "contact"
    call = plan(contact_id=one.pk)
    assert call.customer_id == one.customer_id
    with acting("seller") as actor, pytest.raises(Malformed):
        commands.edit(actor, ref(call), Given({"customer_id": other.customer_id}))


def test_an_outcome_belongs_to_what_is_done() -> None:
    with acting("seller") as actor, pytest.raises(Refused):
        commands.edit(actor, ref(plan()), Given({"outcome": "很好"}))


def test_completing_twice_is_refused_and_counts_once() -> None:
    call, before = plan(), count_of()
    complete(call)
    with pytest.raises(StaleVersion):
        complete(call)
    with pytest.raises(Refused):
        complete(seen(call))
    assert count_of() - before == 1


# --- many at once ---


def test_many_are_completed_as_one_by_one_and_the_refused_are_named() -> None:
    calls = [plan(subject=f"电话 {n}") for n in range(4)]
    stale, done, foreign = calls[1], calls[2], plan("field")
    complete(done)
    before = count_of()
    refs = [
        ref(calls[0]),
        Ref(stale.public_id, 9),
        ref(seen(done)),
        ref(calls[3]),
        ref(foreign),
        Ref(uuid4(), 1),
    ]
    with acting("seller") as actor:
        outcome = many.complete_many(actor, many.Completions(refs, "一并完成", "reached"))
    assert set(outcome.changed) == {str(calls[0].public_id), str(calls[3].public_id)}
    codes = sorted(error.code for error in outcome.refused.values())
    assert codes == ["activities.wrong_state", "not_found", "not_found", "stale"]
    single = complete(plan(), outcome="一并完成", result="reached")
    rows = [seen(calls[0]), seen(single)]
    assert len({(r.state, r.outcome, r.result, r.version, r.done_at) for r in rows}) == 1
    assert count_of() - before == 3
    assert all(finding.is_right for finding in verify())


def test_many_are_postponed_each_with_its_reminder() -> None:
    near = plan(due_on=TEST_DAY, remind_at=NOON)
    far = plan(due_on=TEST_DAY + timedelta(days=5))
    day = TEST_DAY + timedelta(days=7)
    with acting("seller") as actor:
        outcome = many.postpone(actor, many.Postponement([ref(near), ref(far)], day))
        with pytest.raises(Malformed):
            many.postpone(actor, many.Postponement([ref(far)], TEST_DAY - timedelta(days=1)))
        with pytest.raises(Malformed):
            many.postpone(actor, many.Postponement([Ref(uuid4(), 1)] * 501, day))
    assert len(outcome.changed) == 2
    assert (seen(near).due_on, seen(near).remind_at) == (day, NOON + timedelta(days=7))
    assert seen(far).remind_at is None


def test_an_import_repeated_changes_nothing_and_a_changed_row_counts_anew() -> None:
    rows = [
        ActivityRow("X1", "[1]", Kind.CALL, "电话", "seller", State.DONE, TEST_DAY, done_at=NOON),
        ActivityRow("X2", "[2]", Kind.VISIT, "拜访", "field", State.PLANNED, TEST_DAY),
    ]
    before = count_of()
    with system() as actor:
        first, again = import_activities(actor, rows), import_activities(actor, rows)
    assert (first.created, again.created, again.unchanged) == (2, 0, 2)
    assert count_of() - before == 1
    done = ActivityRow("X2", "[3]", Kind.VISIT, "拜访", "field", State.DONE, TEST_DAY, done_at=NOON)
    with system() as actor:
        assert import_activities(actor, [done]).updated == 1
    assert count_of() - before == 2
    assert all(finding.is_right for finding in verify())


# --- whom to call next ---


def test_the_list_of_what_to_do_is_one_statement_a_heap(django_assert_max_num_queries: Any) -> None:
    with system():
        Activity.objects.filter(owner=person("seller"), state="planned").delete()
        Customer.objects.filter(owner=person("seller")).update(owner=None)
    own = a_customer("seller")
    late = plan(due_on=TEST_DAY)
    with system():
        Activity.objects.filter(pk=late.pk).update(due_on=TEST_DAY - timedelta(days=2))
    low, high = (plan(due_on=TEST_DAY, subject=p, priority=p) for p in ("low", "high"))
    ahead = plan(due_on=TEST_DAY + timedelta(days=7))
    plan(due_on=TEST_DAY + timedelta(days=8))
    with acting("seller") as actor, django_assert_max_num_queries(4):
        todo = queries.todo(actor)
    assert [row.pk for row in todo.overdue.items] == [late.pk]
    assert [row.pk for row in todo.today.items] == [high.pk, low.pk]
    assert ([row.pk for row in todo.ahead.items], todo.ahead.total) == ([ahead.pk], 1)
    assert [(one.name, one.last_touch) for one in todo.untouched] == [(own.name, None)]

    touched = complete(plan(customer_id=own.pk))
    with acting("seller") as actor, django_assert_max_num_queries(1):
        touches = queries.last_touches(actor, [own.pk])
    assert (touches[own.pk].at, touches[own.pk].kind) == (touched.done_at, "call")
    with acting("seller") as actor:
        assert queries.untouched_customers(actor)[0].last_touch == touched.done_at
    plan(customer_id=own.pk)
    with acting("seller") as actor:
        assert queries.untouched_customers(actor) == []


def test_the_calendar_answers_in_one_statement_and_says_how_many_there_are(
    django_assert_max_num_queries: Any,
) -> None:
    days = tuple(TEST_DAY + timedelta(days=n) for n in range(-2, 5))
    with system():
        Activity.objects.filter(due_on=days[-1]).delete()
    for n in range(6):
        plan(due_on=days[-1], subject=f"{n}")
    done = complete(plan(due_on=days[-1], kind="visit"))
    plan(due_on=days[-1], kind="note")
    with acting("seller") as actor, django_assert_max_num_queries(1):
        found = queries.calendar(actor, days, actor.person_id)
    assert ([row.subject for row in found[days[-1]].items], found[days[-1]].total) == (list("0123"), 6)
    assert done.pk in [row.pk for row in found[TEST_DAY].items] or found[TEST_DAY].total > 4
    with acting("manager") as actor:
        team = queries.calendar(actor, days, None, 100)
        assert {row.owner.sign_in for cell in team.values() for row in cell.items} >= {"seller", "manager"}
        assert ACTIVITIES.visible(actor)


def test_every_refusal_has_a_sentence() -> None:
    for code in ("wrong_state", "due_in_past", "contact_elsewhere", "owner_out_of_reach", "done_stays"):
        assert str(DomainError(f"activities.{code}"))
