"""A call is planned, reminded of, made, and leads to a visit: it counts once, for whoever made it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import acting, system
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.activities import commands, queries
from tradewind.domains.activities.commands import Completion, NextStep, Reassignment, Why
from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.tasks import notify_assigned, notify_reminder, remind_people
from tradewind.domains.customers.commands import create_customer
from tradewind.domains.customers.models import Customer
from tradewind.domains.ledger import rules as figures
from tradewind.domains.ledger.queries import figure
from tradewind.domains.organization.models import Person, Unit
from tradewind.kernel.errors import Malformed, NotAllowed, NotVisible, Refused
from tradewind.platform.services.notify.models import Notification
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.spine.models import Command, Event

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 18, 4, tzinfo=UTC)


def count_of(sign_in: str = "director") -> Decimal:
    with acting(sign_in) as actor:
        return figure(actor, figures.question("activities")).total or Decimal(0)


def person(sign_in: str) -> int:
    with system():
        return Person.objects.get(sign_in=sign_in).pk


def a_customer(owner: str = "") -> Customer:
    with system() as actor:
        if not owner:
            return Customer.objects.filter(owner=None).order_by("id")[0]
        return create_customer(actor, Given({"name": f"{owner}的客户", "owner_id": person(owner)}))


def plan(who: str = "seller", **values: Any) -> Activity:
    with acting(who) as actor:
        return commands.plan(actor, Given({"kind": "call", "subject": "回访试用情况", **values}))


def ref(activity: Activity) -> Ref[Activity]:
    return Ref(activity.public_id, activity.version)


def complete(activity: Activity, who: str = "seller", **how: Any) -> Activity:
    with acting(who) as actor:
        return commands.complete(actor, ref(activity), Completion(**how))


def unit_of(activity: Activity) -> str:
    with system():
        return Unit.objects.get(pk=activity.unit_id).code


def seen(activity: Activity) -> Activity:
    with system():
        return Activity.objects.get(pk=activity.pk)


def tell(about: Activity, kind: str, subscriber: Any) -> int:
    """Deliver what the outbox holds about an activity, as the worker does."""
    with system():
        events = list(Event.objects.filter(kind=kind, facts__activity_id=about.pk).order_by("id"))
        for event in events:
            subscriber(event.facts)
        return len(events)


def told_about(activity: Activity) -> list[Notification]:
    with system():
        url = f"/activities/{activity.public_id}"
        return list(Notification.objects.filter(url=url).order_by("id"))


def test_a_call_is_planned_reminded_of_made_and_leads_to_a_visit() -> None:
    buyer, before = a_customer(), count_of()
    call = plan(customer_id=buyer.pk, due_on=TEST_DAY, remind_at=NOON - timedelta(minutes=1))
    assert (call.state, call.owner_id, unit_of(call)) == ("planned", person("seller"), "sh1")

    remind_people(0)
    remind_people(0)
    assert seen(call).version == call.version, "being reminded makes no open form stale"
    assert tell(call, "ReminderDue", notify_reminder) == 1
    assert tell(call, "ReminderDue", notify_reminder) == 1, "told again, it is still one notification"
    (told,) = told_about(call)
    assert (told.person_id, told.facts) == (person("seller"), {"subject": "回访试用情况"})

    step = NextStep("visit", "上门演示", TEST_DAY + timedelta(days=2))
    complete(call, outcome="  要求看演示 ", result="appointment", duration_min=12, next=step)
    done = seen(call)
    assert (done.state, done.outcome, done.result, done.duration_min) == (
        "done",
        "要求看演示",
        "appointment",
        12,
    )
    with system():
        (visit,) = Activity.objects.filter(previous=call.pk)
    assert (visit.kind, visit.state, visit.due_on) == ("visit", "planned", TEST_DAY + timedelta(days=2))
    assert (visit.customer_id, visit.owner_id) == (buyer.pk, call.owner_id)

    assert count_of() - before == 1
    assert count_of("seller") >= 1
    assert all(finding.is_right for finding in verify())
    with system():
        acts = dict(Command.objects.filter(object_id=call.pk).values_list("name", "id"))
        assert (
            Command.objects.get(name="activities.activity.plan", object_id=visit.pk).parent_id
            == (acts["activities.activity.complete"])
        )


def test_what_is_logged_counts_on_its_day_and_no_longer_when_it_is_reopened() -> None:
    yesterday, before = TEST_DAY - timedelta(days=1), count_of()
    with acting("seller") as actor:
        logged = commands.log(
            actor, Given({"kind": "visit", "subject": "拜访", "done_on": yesterday, "outcome": "见到总经理"})
        )
        asked = figures.question("activities", days=(yesterday, yesterday))
        assert figure(actor, asked).total == count_on(yesterday)
    assert logged.due_on == yesterday
    assert count_of() - before == 1
    with acting("seller") as actor:
        commands.reopen(actor, ref(logged), Why())
    assert count_of() == before
    assert seen(logged).outcome == "见到总经理"
    assert complete(seen(logged)).outcome == "见到总经理"
    assert count_of() - before == 1
    assert all(finding.is_right for finding in verify())


def count_on(day: date) -> int:
    rows = Activity.objects.filter(owner=person("seller"), state="done")
    return sum(row.done_at.astimezone(queries.zone()).date() == day for row in rows if row.done_at)


def test_moving_a_plan_moves_its_reminder_and_reminds_again() -> None:
    at = NOON - timedelta(hours=1)
    call = plan(due_on=TEST_DAY, remind_at=at)
    remind_people(0)
    with acting("seller") as actor:
        later = TEST_DAY + timedelta(days=3)
        moved = commands.edit(actor, ref(call), Given({"due_on": later, "remind_at": at}))
        assert (moved.remind_at, moved.reminded_at) == (at + timedelta(days=3), None)
        set_anew = commands.edit(actor, ref(moved), Given({"remind_at": NOON}))
        assert (set_anew.remind_at, set_anew.reminded_at) == (NOON, None)


def test_what_is_done_is_corrected_but_stays_with_whoever_did_it() -> None:
    before, done = count_of(), complete(plan())
    with acting("manager") as actor:
        with pytest.raises(Refused):
            commands.edit(actor, ref(done), Given({"owner_id": person("wu.qiang")}))
        with pytest.raises(Refused):
            commands.reassign(actor, ref(done), Reassignment(person("wu.qiang")))
        buyer = a_customer()
        fixed = commands.edit(
            actor, ref(done), Given({"customer_id": buyer.pk, "outcome": "补记", "owner_id": done.owner_id})
        )
        assert fixed.outcome == "补记"
    assert count_of() - before == 1
    assert all(finding.is_right for finding in verify())


def test_whoever_gets_something_to_do_hears_of_it_once() -> None:
    task = plan("manager", owner_id=person("seller"), kind="task", subject="补充报价依据")
    assert tell(task, "ActivityAssigned", notify_assigned) == 1
    with acting("manager") as actor:
        given_on = commands.reassign(actor, ref(task), Reassignment(person("wu.qiang")))
    assert given_on.unit_id == task.unit_id
    tell(task, "ActivityAssigned", notify_assigned)
    told = told_about(task)
    assert [one.person_id for one in told] == [person("seller"), person("wu.qiang")]
    assert told[0].facts == {"subject": "补充报价依据", "by": "林岚"}
    assert tell(plan(), "ActivityAssigned", notify_assigned) == 0, "what one plans for oneself is no news"


def test_a_reminder_of_what_was_done_meanwhile_is_not_told() -> None:
    call = plan(due_on=TEST_DAY, remind_at=NOON)
    remind_people(0)
    complete(call)
    assert tell(call, "ReminderDue", notify_reminder) == 1
    assert told_about(call) == []


# --- who may see and do what ---

ROWS = ("own", "team", "other unit", "own customer")
VISIBLE = {
    "director": (True, True, True, True),
    "manager": (True, True, False, False),
    "seller": (True, False, False, True),
    "field": (False, False, True, False),
}


def an_activity(row: str) -> Activity:
    if row == "own customer":  # of the other unit, at a customer of the seller
        return plan("director", owner_id=person("chu.ning"), customer_id=a_customer("seller").pk)
    owner = {"own": "seller", "team": "wu.qiang", "other unit": "field"}[row]
    return plan("director", owner_id=person(owner))


@pytest.mark.parametrize("who", VISIBLE)
@pytest.mark.parametrize("row", ROWS)
def test_an_activity_is_seen_by_its_owner_unit_and_the_customers_owner(who: str, row: str) -> None:
    activity, expected = an_activity(row), VISIBLE[who][ROWS.index(row)]
    with acting(who) as actor:
        assert Activity.objects.filter(pk=activity.pk).exists() == expected, "the database"
        shown = queries.visible_activities(actor).filter(pk=activity.pk).exists()
        assert shown == expected, "the filter"
        if expected:
            commands.complete(actor, ref(activity), Completion())
        else:
            with pytest.raises(NotVisible):
                commands.complete(actor, ref(activity), Completion())


def test_one_gives_work_to_people_within_reach_or_at_ones_own_customer() -> None:
    with pytest.raises(Malformed) as refusal:
        plan(owner_id=person("field"))
    assert refusal.value.field == "owner"
    helped = plan(owner_id=person("field"), customer_id=a_customer("seller").pk)
    assert unit_of(helped) == "hz1"
    with pytest.raises(Malformed):
        plan("manager", owner_id=person("field"))
    assert unit_of(plan("director", owner_id=person("field"))) == "hz1"


def test_a_role_without_the_right_plans_nothing() -> None:
    with acting("hr") as actor, pytest.raises(NotAllowed):
        commands.plan(actor, Given({"kind": "call", "subject": "x"}))


def test_the_database_lets_nobody_move_an_activity_out_of_reach() -> None:
    call = plan()
    with acting("seller"), pytest.raises(DatabaseError), transaction.atomic():
        Activity.objects.filter(pk=call.pk).update(owner_id=person("field"), unit_id=None)


# --- bad input ---


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
