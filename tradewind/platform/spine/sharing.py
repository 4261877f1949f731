"""Sharing single rows with people and teams: the two commands of each resource that says `shared`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from tradewind.kernel.errors import NotAllowed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import Scope
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import Ref, command
from tradewind.platform.spine.models import Recorded, Share


@dataclass(frozen=True, slots=True)
class Sharing:
    """With whom: a person, or everybody who works in a unit (ids); to read, or to change as well."""

    person_id: int | None = None
    unit_id: int | None = None
    may_change: bool = False
    reason: str = ""


Changing = Callable[[Actor, Ref[Any], Sharing], int]


@dataclass(frozen=True, slots=True)
class Sharings:
    """The commands that share one resource's rows and stop sharing them."""

    share: Changing
    unshare: Changing


_sharings: dict[str, Sharings] = {}


def sharings(on: Scope) -> Sharings:
    """Make the commands `share` and `unshare` of a resource. Both return the id of the row."""

    @command(f"{on.resource}.share", on=on)
    def share(actor: Actor, row: Recorded, given: Sharing) -> int:
        _check_own(actor, on, row)
        with widened("shares are written by these two alone, and read by functions of the database"):
            Share.objects.update_or_create(
                resource=on.resource,
                object_id=row.pk,
                person_id=given.person_id,
                unit_id=given.unit_id,
                defaults={"may_change": given.may_change},
            )
        return int(row.pk)

    @command(f"{on.resource}.unshare", on=on, right=f"{on.resource}.share")
    def unshare(actor: Actor, row: Recorded, given: Sharing) -> int:
        _check_own(actor, on, row)
        with widened("shares are written by these two alone, and read by functions of the database"):
            Share.objects.filter(
                resource=on.resource, object_id=row.pk, person_id=given.person_id, unit_id=given.unit_id
            ).delete()
        return int(row.pk)

    made = _sharings[on.resource] = Sharings(share, unshare)
    return made


def sharings_of(resource: str) -> Sharings | None:
    """The commands that share rows of a resource, where it has them."""
    return _sharings.get(resource)


def may_share(actor: Actor, on: Scope, row: Any) -> bool:
    """Whoever it was shared with does not share it further: only within whose reach it lies."""
    person = getattr(row, on.owner)
    unit = getattr(row, on.unit) if on.unit else None
    return actor.can(f"{on.resource}.share") and person is not None and on.reaches(actor, person, unit)


def shares_of(on: Scope, row_id: int) -> list[Sharing]:
    """With whom a row is shared; nothing for a row that the acting party may not see."""
    with connection.cursor() as cursor:
        reader = sql.Identifier(f"tw_shares_of_{on.table}")
        cursor.execute(sql.SQL("SELECT * FROM {}(%s)").format(reader), [row_id])
        return [Sharing(person, unit, may_change) for person, unit, may_change in cursor.fetchall()]


def _check_own(actor: Actor, on: Scope, row: Any) -> None:
    if not may_share(actor, on, row):
        raise NotAllowed("not_allowed")
