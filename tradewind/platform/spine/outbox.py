"""News: what happened is written with the change and told to subscribers afterwards, once each."""

from collections.abc import Callable, Mapping, Sequence
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
    emit_all([event])


def emit_all(events: Sequence[object]) -> None:
    """Write many events and queue their deliveries, in as many statements as one."""
    if not events:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULLIF(current_setting('tw.command', true), '')::bigint")
        command_id = cursor.fetchone()[0]
    rows = Event.objects.bulk_create(
        Event(kind=type(event).__name__, facts=asdict(event), command_id=command_id)  # type: ignore[call-overload]
        for event in events
    )
    jobs: list[dict[str, Any]] = [{"event_id": row.pk} for row in rows]
    app.configure_task(DELIVER).batch_defer(*jobs)


def deliver_event(event_id: int) -> int:
    """Tell each subscriber that has not had it yet; returns how many were told. Repeating is harmless.

    Each is told in a transaction of its own; one that fails is told again later and holds up no other.
    """
    with scope(Actor.system("deliver")):
        kind = Event.objects.get(pk=event_id).kind
    told, failure = 0, None
    for name in _subscribers.get(kind, {}):
        try:
            told += _tell(event_id, name)
        except Exception as error:  # noqa: BLE001 whatever it is, the others are told first
            failure = error
    if failure is not None:
        raise failure
    return told


def _tell(event_id: int, name: str) -> int:
    with scope(Actor.system("deliver")):
        event = Event.objects.select_for_update(no_key=True).get(pk=event_id)
        if Delivery.objects.filter(event=event, subscriber=name).exists():
            return 0
        Delivery.objects.create(event=event, subscriber=name)
        _subscribers[event.kind][name](event.facts)
    return 1
