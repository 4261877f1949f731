"""Gates that `flows/` set before commands: what waits stays as it is, what needs approval is asked for."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from tradewind.domains.approvals import queries
from tradewind.domains.approvals.subjects import Subject, attname
from tradewind.kernel.errors import Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Gate
from tradewind.platform.surface.resource import Resource


def frozen(resource: Resource) -> Gate:
    """Refuse any change of an object while a request about it is in review."""

    def check(actor: Actor, row: Any, given: Any) -> None:
        _refuse_any(resource, [row.pk])

    return check


def frozen_many(resource: Resource) -> Gate:
    """The same before a command on many objects by id."""

    def check(actor: Actor, row: Any, given: Sequence[int]) -> None:
        _refuse_any(resource, given)

    return check


def _refuse_any(resource: Resource, ids: Sequence[int]) -> None:
    for waiting in queries.pending(resource.key, ids).values():
        raise Refused("approvals.frozen", number=waiting.number, url=waiting.url)


def asked_first(subject: Subject) -> Gate:
    """Refuse people the direct change of the proposed fields, at the field, while a process is active.

    The system passes: it applies what was approved, and brings in what an outside system decided.
    """

    def check(actor: Actor, row: Any, given: Any) -> None:
        names = {attname(column): column for column in subject.columns}
        touched = [n for n in names if n in given.values and given.values[n] != getattr(row, n)]
        if actor.person_id is None or not touched or not subject.concerns(row):
            return
        if queries.edition_in_force(subject.key) is not None:
            url = reverse("approval_ask", args=[subject.key, row.public_id])
            from django.utils.translation import gettext

            raise Refused("approvals.ask_first", field=touched[0], action=gettext(subject.action), url=url)

    return check
