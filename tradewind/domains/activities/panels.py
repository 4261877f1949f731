"""What activities add to the records of other objects: the composer, what is planned, what was done."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.domains.activities import queries, rules
from tradewind.domains.activities.choices import ICONS, KINDS, RESULTS
from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.values import Kind, State
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger.values import Documented
from tradewind.domains.organization import queries as organization
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.resource.record import Happening, Panel, add_panel, add_timeline

PINNED = 8
CONTACTS = 20
CUSTOMER, CONTACT, ACTIVITY = "customers.customer", "customers.contact", "activities.activity"
Described = Callable[[Iterable[int]], Mapping[int, Documented]]
_described: dict[str, Described] = {}


def followable(key: str, described: Described) -> None:
    """Let activities be about objects of this resource; `described` names them and their pages by id."""
    _described[key] = described


def is_followable(key: str) -> bool:
    """May activities be written around objects of this resource?"""
    return key in (CUSTOMER, CONTACT, *_described)


def about(activity: Activity) -> Documented | None:
    """What it is about and the page of that, as far as the reader may see it."""
    if activity.about_id is None:
        return None
    described = _described.get(activity.about_kind)
    seen = described([activity.about_id]) if described else {}
    return seen.get(activity.about_id, Documented(activity.about_label, ""))


def follow(key: str) -> None:
    """Put the composer, what is planned and what was done on the records of a declared object."""
    add_panel(key, Panel("centre", "activities/_composer.html", lambda actor, row: around(actor, key, row)))
    add_timeline(key, lambda actor, row: told(actor, key, row.pk))


def around(actor: Actor, key: str, row: Any) -> dict[str, Any]:
    """What the composer shows on a record: its choices, and the planned steps above the timeline."""
    today = organization.clock().today()
    planned = queries.planned_around(actor, key, row.pk, PINNED + 1)
    buyer = {CUSTOMER: row.pk, CONTACT: None}.get(key, getattr(row, "customer_id", None))
    return {
        "key": key,
        "id": row.public_id,
        "once": uuid4(),
        "can_plan": actor.can("activities.activity.plan"),
        "can_complete": actor.can("activities.activity.complete"),
        "kinds": kinds(),
        "days": days(today),
        "today": today,
        "contacts": customers.contacts_at(actor, buyer, CONTACTS) if buyer else [],
        "planned": [line(one, today) for one in planned[:PINNED]],
        "has_more": len(planned) > PINNED,
        "all_url": f"{reverse('activities.activity.list')}?view=planned"
        + (f"&customer={row.public_id}" if key == CUSTOMER else ""),
        "given": {"kind": Kind.CALL.value, "due": "tomorrow"},
    }


def kinds() -> list[dict[str, Any]]:
    """Every kind with its picture."""
    return [{"value": kind, "label": label, "icon": ICONS[kind]} for kind, label in KINDS.items()]


def days(today: date) -> list[dict[str, Any]]:
    """The days offered by one click."""
    words = {"today": _("Today"), "tomorrow": _("Tomorrow"), "next_week": _("Next Monday")}
    return [{"value": key, "label": words[key], "on": on} for key, on in rules.quick_days(today).items()]


def line(activity: Activity, today: date) -> dict[str, Any]:
    """One activity in a list of a page."""
    return {
        "id": activity.public_id,
        "url": reverse(ACTIVITY, args=[activity.public_id]),
        "complete_url": reverse("activity_complete", args=[activity.public_id]),
        "version": activity.version,
        "icon": ICONS[activity.kind],
        "kind": KINDS[activity.kind],
        "subject": activity.subject,
        "customer": activity.customer,
        "contact": activity.contact,
        "owner": activity.owner,
        "due_on": activity.due_on,
        "due_time": activity.due_time,
        "state": activity.state,
        "is_done": activity.state == State.DONE,
        "is_high": activity.priority == "high",
        "is_today": activity.due_on == today,
        "is_overdue": rules.is_overdue(State(activity.state), activity.due_on, today),
    }


def told(actor: Actor, key: str, row_id: int) -> Sequence[Happening]:
    """What was done around a record, for its timeline."""
    return [_happening(one) for one in queries.done_around(actor, key, row_id)]


def _happening(activity: Activity) -> Happening:
    at = activity.done_at
    assert isinstance(at, datetime)  # noqa: S101 the database keeps it for whatever is done
    result = str(RESULTS[activity.result]) if activity.result else ""
    facts = {"kind": KINDS[activity.kind], "whom": activity.contact, "subject": activity.subject}
    words = _("%(kind)s with %(whom)s: %(subject)s") if activity.contact else _("%(kind)s: %(subject)s")
    return Happening(
        at,
        ICONS[activity.kind],
        activity.owner.name,
        words % facts,
        " · ".join(filter(None, (result, activity.outcome))),
        reverse(ACTIVITY, args=[activity.public_id]),
    )


def _own(actor: Actor, row: Activity) -> dict[str, Any]:
    """What the record of an activity says above all: what it is about, what led to it, what came of it."""
    previous = None
    if row.previous_id is not None:
        previous = queries.visible_activities(actor).filter(pk=row.previous_id).first()
    today = organization.clock().today()
    return {
        "is_overdue": rules.is_overdue(State(row.state), row.due_on, today),
        "days_late": (today - row.due_on).days,
        "about": about(row),
        "previous": _link(previous) if previous else None,
        "following": [_link(one) for one in queries.following(actor, row.pk)],
    }


def _link(activity: Activity) -> dict[str, Any]:
    return {"url": reverse(ACTIVITY, args=[activity.public_id]), "label": activity.subject}


def _acts(actor: Actor, row: Activity) -> dict[str, Any]:
    may = {
        verb: (State(row.state), verb) in rules.MOVES and actor.can(f"{ACTIVITY}.{verb}")
        for verb in ("complete", "cancel", "reopen")
    }
    urls = {verb: reverse(f"activity_{verb}", args=[row.public_id]) for verb in may}
    return {"may": may, "urls": urls, "version": row.version}


follow(CUSTOMER)
follow(CONTACT)
add_panel(ACTIVITY, Panel("actions", "activities/_actions.html", _acts))
add_panel(ACTIVITY, Panel("head", "activities/_head.html", _own))
