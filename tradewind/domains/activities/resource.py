"""Activities, declared: their lists, records, forms, API and export come from here."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from tradewind.domains.activities import rules
from tradewind.domains.activities.commands import edit, plan
from tradewind.domains.activities.policy import ACTIVITIES
from tradewind.domains.activities.values import Kind, Priority, State
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.queries import OnDay
from tradewind.kernel.errors import phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.columns import Field, Written
from tradewind.platform.surface.columns import Kind as Values
from tradewind.platform.surface.resource import Resource, Switch, View
from tradewind.platform.surface.resource.telling import tell

WHAT, WHEN, HOW = phrase("What"), phrase("When"), phrase("How it went")
PLANNED = Q(state=State.PLANNED.value)


def _today(day: date) -> date:
    return day


def _sunday(day: date) -> date:
    return rules.monday(day) + timedelta(days=rules.WEEK - 1)


def _is(condition: Q) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def _defaults(actor: Actor) -> Mapping[str, object]:
    """A new one is for its maker, on the next workday."""
    due_on = rules.next_workday(organization.clock().today())
    owner = organization.public_id_of(actor)
    return {"owner": owner, "kind": Kind.CALL.value, "due_on": due_on, "priority": Priority.NORMAL.value}


ACTIVITY = Resource(
    scope=ACTIVITIES,
    address="activities",
    one=phrase("Activity"),
    many=phrase("Activities"),
    about=phrase("Calls, visits, meetings, tasks: what you plan to do for whom, and what came of it."),
    icon="checklist",
    title="subject",
    fields=(
        Field("subject", section=WHAT),
        Field("kind", section=WHAT, bulk=True),
        Field("customer", section=WHAT),
        Field("contact", shown=False, section=WHAT),
        Field("about_label", shown=False, written=Written.NEVER, section=WHAT),
        Field("body", shown=False, section=WHAT),
        Field("due_on", section=WHEN, bulk=True),
        Field("due_time", section=WHEN, help=phrase("Empty: some time that day")),
        Field("remind_at", shown=False, section=WHEN),
        Field("priority", shown=False, section=WHEN, bulk=True, tones={"high": "warn"}),
        Field("owner", section=WHEN, bulk=True),
        Field("unit", shown=False, written=Written.NEVER, section=WHEN),
        Field(
            "state",
            written=Written.NEVER,
            section=HOW,
            tones={State.PLANNED.value: "info", State.DONE.value: "good"},
        ),
        Field(
            "is_overdue",
            kind=Values.BOOL,
            label=phrase("Overdue"),
            of=_is(PLANNED & Q(due_on__lt=OnDay(_today))),
            shown=False,
            hidden=True,
        ),
        Field(
            "result",
            written=Written.LATER,
            section=HOW,
            tones={
                "reached": "info",
                "appointment": "good",
                "interested": "good",
                "quote": "good",
                "not_reached": "warn",
                "not_interested": "bad",
            },
        ),
        Field("outcome", written=Written.LATER, section=HOW),
        Field("duration_min", shown=False, section=HOW),
        Field("done_at", written=Written.NEVER, section=HOW),
        Field(
            "is_due",
            kind=Values.BOOL,
            label=phrase("Due by today"),
            of=_is(PLANNED & Q(due_on__lte=OnDay(_today))),
            shown=False,
            hidden=True,
        ),
        Field(
            "is_this_week",
            kind=Values.BOOL,
            label=phrase("This week"),
            of=_is(Q(due_on__gte=OnDay(rules.monday), due_on__lte=OnDay(_sunday))),
            shown=False,
            hidden=True,
        ),
    ),
    search=("subject", "customer__name", "about_label"),
    facts=("state", "due_on", "owner"),
    sort="-due_on",
    views=(
        View("today", phrase("My day"), {"owner": ("me",), "is_due": ("true",)}, "due_on"),
        View("overdue", phrase("Overdue"), {"is_overdue": ("true",)}, "due_on"),
        View("week", phrase("This week"), {"is_this_week": ("true",)}, "due_on"),
        View("planned", phrase("Planned"), {"state": ("planned",)}, "due_on"),
        View("done", phrase("Done"), {"state": ("done",)}, "-done_at"),
    ),
    switches=(Switch(phrase("Calendar"), "activity_calendar", "calendar"),),
    create=plan,
    edit=edit,
    defaults=_defaults,
)

tell(
    {
        "activities.activity.plan": phrase("Planned"),
        "activities.activity.log": phrase("Logged as done"),
        "activities.activity.complete": phrase("Done"),
        "activities.activity.complete_many": phrase("Done"),
        "activities.activity.cancel": phrase("Cancelled"),
        "activities.activity.reopen": phrase("Reopened"),
        "activities.activity.reassign": phrase("Handed on"),
        "activities.activity.postpone": phrase("Moved to another day"),
    }
)

RESOURCES = (ACTIVITY,)
