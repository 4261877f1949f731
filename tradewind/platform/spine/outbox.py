"""News: what happened is written with the change and told to subscribers afterwards, once each."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.models import Delivery, Event

DELIVER = "spine.deliver"
Subscriber = Callable[[Mapping[str, Any]], None]

_subscribers: dict[str, dict[str, Subscriber]] = {}


def subscribe(event: type, name: str, subscriber: Subscriber) -> None:
    """Register a subscriber under a stable name; it runs as the system, in its own transaction."""
    if _subscribers.setdefault(event.__name__, {}).setdefault(name, subscriber) is not subscriber:
        raise ValueError(f"subscriber {name} is declared twice")


def emit(event: object) -> None:
    """Write a frozen event of ids and values to the outbox and queue its delivery, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULLIF(current_setting('tw.command', true), '')::bigint")
        command_id = cursor.fetchone()[0]
    row = Event.objects.create(kind=type(event).__name__, facts=asdict(event), command_id=command_id)  # type: ignore[call-overload]
    app.configure_task(DELIVER).defer(event_id=row.pk)


def deliver_event(event_id: int) -> int:
    """Tell each subscriber that has not had it yet; returns how many were told. Repeating is harmless."""
    told = 0
    with scope(Actor.system("deliver")):
        event = Event.objects.select_for_update().get(pk=event_id)
        had = set(Delivery.objects.filter(event=event).values_list("subscriber", flat=True))
        for name, subscriber in _subscribers.get(event.kind, {}).items():
            if name not in had:
                Delivery.objects.create(event=event, subscriber=name)
                subscriber(event.facts)
                told += 1
    return told
