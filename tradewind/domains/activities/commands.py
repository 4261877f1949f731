"""Changes of one activity: planning, logging, editing, doing, handing on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, cast

from tradewind.domains.activities import rules
from tradewind.domains.activities.choices import KINDS, PRIORITIES, RESULTS
from tradewind.domains.activities.events import ActivityAssigned
from tradewind.domains.activities.measures import FLOWS
from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.policy import ACTIVITIES
from tradewind.domains.activities.queries import zone
from tradewind.domains.activities.values import Priority, State
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import Malformed, Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, command, creation
from tradewind.platform.spine.outbox import emit

NEVER_EMPTY = ("owner_id", "due_on", "priority", "kind")
TEXTS = ("body", "outcome")
CHOSEN = {"kind": KINDS, "priority": PRIORITIES, "result": {"": "", **RESULTS}}
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What follows from an activity: it keeps its customer, contact, owner and what it is about."""

    kind: str
    subject: str
    due_on: date | None = None
    due_time: time | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """How it went. Without a day it was done now; `next` is planned in the same act."""

    outcome: str = ""
    result: str = ""
    done_on: date | None = None
    duration_min: int | None = None
    next: NextStep | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reassignment:
    """Who does it from now on."""

    person_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Nothing but a reason, which may be empty."""

    reason: str = ""


@creation("activities.activity.plan", on=ACTIVITIES)
def plan(actor: Actor, given: Given) -> Activity:
    """Something to do, by default on the next workday and by whoever plans it."""
    today = organization.clock().today()
    values = _new(actor, given.values, rules.next_workday(today))
    rules.check_due(values["due_on"], today)
    made = Activity.objects.create(**values)
    _tell(actor, made)
    return made


@creation("activities.activity.log", on=ACTIVITIES)
def log(actor: Actor, given: Given) -> Activity:
    """Something that is done already: today, or on `done_on` up to a year ago. It counts at once."""
    clock, values = organization.clock(), cast(Values, dict(given.values))
    done_on = _done_on(values.pop("done_on", None), clock.today())
    values = _new(actor, {**values, "due_on": done_on}, done_on)
    at = rules.done_at(done_on, values.get("due_time"), clock.now(), zone())
    made = Activity.objects.create(**{**values, "state": State.DONE.value, "done_at": at})
    ledger.sync(FLOWS, [made.pk])
    return made


@command("activities.activity.edit", on=ACTIVITIES)
def edit(actor: Actor, activity: Activity, given: Given) -> Activity:
    """New facts. What is done stays with its owner and is counted anew; a moved plan moves its reminder."""
    values = {n: v for n, v in given.values.items() if not (n in NEVER_EMPTY and v in (None, ""))}
    is_done = activity.state == State.DONE
    if not is_done and any(
        values.get(n, "") not in ("", getattr(activity, n)) for n in ("outcome", "result")
    ):
        raise Refused("activities.not_done_yet", field="outcome")
    values = _checked(actor, values, activity)
    if values.get("owner_id", activity.owner_id) == activity.owner_id:
        values.pop("owner_id", None)
        values.pop("unit_id", None)
    elif is_done:
        raise Refused("activities.done_stays", field="owner")
    values |= _moved(activity, values)
    activity.change(**values)
    if is_done:
        ledger.sync(FLOWS, [activity.pk])
    if "owner_id" in values:
        _tell(actor, activity)
    return activity


@command("activities.activity.reassign", on=ACTIVITIES)
def reassign(actor: Actor, activity: Activity, given: Reassignment) -> Activity:
    """Give what is planned to somebody else, who is told; it then lies in their unit."""
    if activity.state == State.DONE:
        raise Refused("activities.done_stays")
    unit_id = _unit_of(actor, given.person_id, activity.customer_id)
    activity.change(owner_id=given.person_id, unit_id=unit_id)
    _tell(actor, activity)
    return activity


@command("activities.activity.complete", on=ACTIVITIES)
def complete(actor: Actor, activity: Activity, given: Completion) -> Activity:
    """It is done: with its outcome, and what follows from it planned in the same act."""
    state, clock = rules.next_state(State(activity.state), "complete"), organization.clock()
    done_on = _done_on(given.done_on, clock.today())
    activity.change(
        state=state.value,
        done_at=rules.done_at(done_on, activity.due_time, clock.now(), zone()),
        outcome=rules.check_text(given.outcome, "outcome") or activity.outcome,
        result=one_of("result", given.result) or activity.result,
        duration_min=rules.check_duration(given.duration_min) or activity.duration_min,
    )
    ledger.sync(FLOWS, [activity.pk])
    if given.next:
        plan(actor, Given(_following(activity, given.next)))
    return activity


@command("activities.activity.cancel", on=ACTIVITIES)
def cancel(actor: Actor, activity: Activity, given: Why) -> Activity:
    """It will not be done."""
    return activity.change(state=rules.next_state(State(activity.state), "cancel").value)


@command("activities.activity.reopen", on=ACTIVITIES)
def reopen(actor: Actor, activity: Activity, given: Why) -> Activity:
    """It is to be done after all; if it counted, it no longer does. Its outcome stays readable."""
    activity.change(state=rules.next_state(State(activity.state), "reopen").value, done_at=None)
    ledger.sync(FLOWS, [activity.pk])
    return activity


def _done_on(asked: date | None, today: date) -> date:
    """The day it was done. Raises `Malformed` or, for a day in a closed month, `Refused` at its field."""
    done_on = rules.check_done_on(asked or today, today)
    if done_on < today:
        ledger.require_open(done_on, "done_on")
    return done_on


def one_of(field: str, word: str) -> str:
    """A word of a closed list. Raises `Malformed` at its field."""
    if word not in CHOSEN[field]:
        raise Malformed("activities.unknown_word", field=field, word=word[:40])
    return word


def _following(activity: Activity, step: NextStep) -> Values:
    kept = ("customer_id", "contact_id", "owner_id", "about_kind", "about_id", "about_label")
    asked = {"kind": step.kind, "subject": step.subject, "due_on": step.due_on, "due_time": step.due_time}
    return {**{name: getattr(activity, name) for name in kept}, **asked, "previous_id": activity.pk}


def _new(actor: Actor, given: Mapping[str, Any], due_on: date) -> Values:
    values = {
        **given,
        "due_on": given.get("due_on") or due_on,
        "priority": given.get("priority") or Priority.NORMAL.value,
        "owner_id": given.get("owner_id") or actor.person_id,
        "subject": given.get("subject", ""),
    }
    return _checked(actor, values, None)


def _checked(actor: Actor, values: Values, row: Activity | None) -> Values:
    """The values, each fit to be kept. Raises `Malformed` at the field of the first that is not."""
    made = dict(values)
    if "subject" in made:
        made["subject"] = rules.check_subject(made["subject"])
    made |= {name: rules.check_text(made[name], name) for name in TEXTS if made.get(name)}
    made |= {name: one_of(name, made[name]) for name in CHOSEN if name in made}
    rules.check_duration(made.get("duration_min"))
    made |= _whom(made, row)
    if "owner_id" in made:
        buyer = made.get("customer_id", row.customer_id if row else None)
        is_same = row is not None and made["owner_id"] == row.owner_id
        made["unit_id"] = row.unit_id if row and is_same else _unit_of(actor, made["owner_id"], buyer)
    return made


def _whom(values: Mapping[str, Any], row: Activity | None) -> Values:
    """A contact brings its customer along. Raises `Malformed` when they do not belong together."""
    contact = values.get("contact_id", row.contact_id if row else None)
    buyer = values.get("customer_id", row.customer_id if row else None)
    if contact is None or not {"contact_id", "customer_id"} & values.keys():
        return {}
    employer = customers.customers_of_contacts([contact]).get(contact)
    if employer is None or buyer not in (None, employer):
        raise Malformed("activities.contact_elsewhere", field="contact")
    return {"customer_id": employer}


def _unit_of(actor: Actor, owner_id: int | None, customer_id: int | None) -> int:
    """Where the person works today. The owner of a customer may ask anybody to help there."""
    unit_id = organization.units_today([owner_id]).get(owner_id) if owner_id else None
    if unit_id is None:
        raise Malformed("activities.owner_without_unit", field="owner")
    if not (ACTIVITIES.reaches(actor, owner_id, unit_id) or customers.is_owner(actor, customer_id)):
        raise Malformed("activities.owner_out_of_reach", field="owner")
    return unit_id


def _moved(activity: Activity, values: Mapping[str, Any]) -> Values:
    """What another day or another reminder brings along."""
    due_on = values.get("due_on", activity.due_on)
    if due_on == activity.due_on or activity.state != State.PLANNED:
        is_new = values.get("remind_at", activity.remind_at) != activity.remind_at
        return {"reminded_at": None} if is_new else {}
    rules.check_due(due_on, organization.clock().today())
    if values.get("remind_at", activity.remind_at) != activity.remind_at:
        return {"reminded_at": None}
    moved = rules.moved_reminder(activity.remind_at, activity.due_on, due_on)
    return {"remind_at": moved, "reminded_at": None}


def _tell(actor: Actor, activity: Activity) -> None:
    """Whoever gets something to do from somebody else hears of it."""
    if activity.owner_id != actor.person_id and actor.person_id is not None:
        emit(ActivityAssigned(activity.pk, activity.owner_id, actor.person_id, activity.version))
