"""Questions about activities: around a record, on a day, to do now, and who was not spoken to for long."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OrderBy,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import RowNumber, TruncDate
from django.urls import reverse

from tradewind.domains.activities.models import Activity
from tradewind.domains.activities.policy import ACTIVITIES
from tradewind.domains.activities.values import TOUCHES, Kind, Priority, State, Touch
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger.values import Documented
from tradewind.domains.organization import queries as organization
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.surface.grid.asking import midnight

SHOWN = 50
TO_DO = 20
UNTOUCHED = 10
AHEAD_DAYS = 7
IN_A_CELL = 4
FIRST_HIGH = Case(
    When(priority=Priority.HIGH, then=0),
    When(priority=Priority.LOW, then=2),
    default=1,
    output_field=IntegerField(),
)
IN_ORDER = ("due_on", FIRST_HIGH, F("due_time").asc(nulls_first=True), "id")
WITH = ("customer", "contact", "owner")


@dataclass(frozen=True, slots=True)
class Bucket:
    """The first things of one heap, in the order to do them, and how many there are."""

    items: Sequence[Activity] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Untouched:
    """A customer of mine for whom nothing is planned, and when somebody last spoke to them."""

    public_id: UUID
    name: str
    last_touch: datetime | None


@dataclass(frozen=True, slots=True)
class Todo:
    """Whom to call next: what is late, today's, the next seven days', and who was forgotten."""

    overdue: Bucket
    today: Bucket
    ahead: Bucket
    untouched: Sequence[Untouched]


def visible_activities(actor: Actor) -> QuerySet[Activity]:
    """The activities an actor may see."""
    return Activity.objects.filter(ACTIVITIES.visible(actor))


def activity(actor: Actor, public_id: UUID | str) -> Activity:
    """One visible activity; raises `NotVisible`."""
    return found(visible_activities(actor).select_related(*WITH), public_id)


def around(key: str, row_id: int) -> Q:
    """The activities that belong to a record: its customer's, its contact's, or about the object itself."""
    if key == "customers.customer":
        return Q(customer=row_id)
    if key == "customers.contact":
        return Q(contact=row_id)
    return Q(about_kind=key, about_id=row_id)


def done_around(actor: Actor, key: str, row_id: int) -> list[Activity]:
    """What was done around a record, newest first, at most 50."""
    rows = visible_activities(actor).filter(around(key, row_id), state=State.DONE)
    return list(rows.select_related(*WITH).order_by("-done_at", "-id")[:SHOWN])


def planned_around(actor: Actor, key: str, row_id: int, limit: int) -> list[Activity]:
    """What is planned around a record, the next first."""
    rows = visible_activities(actor).filter(around(key, row_id), state=State.PLANNED)
    return list(rows.select_related(*WITH).order_by(*IN_ORDER)[:limit])


def following(actor: Actor, activity_id: int) -> list[Activity]:
    """The next steps that came out of an activity."""
    return list(visible_activities(actor).filter(previous=activity_id).order_by("id")[:SHOWN])


def described(ids: Iterable[int]) -> Mapping[int, Documented]:
    """Subject and page of activities, by id; those the actor may not see are left out."""
    rows = Activity.objects.filter(id__in=set(ids)).values_list("id", "subject", "public_id")
    return {
        i: Documented(subject, reverse(ACTIVITIES.resource, args=[public])) for i, subject, public in rows
    }


def zone() -> ZoneInfo:
    """The company's time zone."""
    return ZoneInfo(settings.COMPANY_TIME_ZONE)


def todo(actor: Actor) -> Todo:
    """What the acting person has to do, one statement for each heap; overdue work is told nowhere else."""
    today = organization.clock().today()
    last = today + timedelta(days=AHEAD_DAYS)
    mine = visible_activities(actor).filter(owner=actor.person_id or 0, state=State.PLANNED)
    return Todo(
        _bucket(mine.filter(due_on__lt=today)),
        _bucket(mine.filter(due_on=today)),
        _bucket(mine.filter(due_on__gt=today, due_on__lte=last)),
        untouched_customers(actor),
    )


def _bucket(rows: QuerySet[Activity]) -> Bucket:
    counted = rows.select_related(*WITH).annotate(total=Window(Count("*")))
    items = list(counted.order_by(*IN_ORDER)[:TO_DO])
    return Bucket(items, items[0].total if items else 0)


def untouched_customers(actor: Actor, limit: int = UNTOUCHED) -> list[Untouched]:
    """Customers of the acting person without any planned next step, the longest untouched first."""
    about = Activity.objects.filter(customer=OuterRef("pk"))
    touched = about.filter(state=State.DONE, kind__in=TOUCHES).order_by("-done_at").values("done_at")[:1]
    rows = (
        customers.owned_by(actor)
        .filter(~Exists(about.filter(state=State.PLANNED)))
        .annotate(last_touch=Subquery(touched))
        .order_by(F("last_touch").asc(nulls_first=True), "id")
    )
    return [Untouched(*row) for row in rows.values_list("public_id", "name", "last_touch")[:limit]]


def last_touches(actor: Actor, customer_ids: Iterable[int]) -> Mapping[int, Touch]:
    """When each of these customers was last spoken to, as far as the actor sees it; for lists."""
    rows = visible_activities(actor).filter(
        customer__in=set(customer_ids), state=State.DONE, kind__in=TOUCHES
    )
    newest = rows.order_by("customer_id", "-done_at").distinct("customer_id")
    found_rows = newest.values_list("customer_id", "done_at", "kind", "owner_id")
    return {buyer: Touch(at, Kind(kind), person) for buyer, at, kind, person in found_rows if buyer and at}


def calendar(
    actor: Actor, days: Sequence[date], owner_id: int | None, in_a_cell: int = IN_A_CELL
) -> Mapping[date, Bucket]:
    """What is planned and done on each of these days, by one person or everybody visible, in one statement.

    A day holds its first few and says how many there are. Notes are not appointments.
    """
    first, last = days[0], days[-1]
    planned = Q(state=State.PLANNED, due_on__gte=first, due_on__lte=last)
    after = midnight(last + timedelta(days=1))
    done = Q(state=State.DONE, done_at__gte=midnight(first), done_at__lt=after)
    day = Case(When(state=State.DONE, then=TruncDate("done_at", tzinfo=zone())), default=F("due_on"))
    rows = visible_activities(actor).filter(planned | done).exclude(kind=Kind.NOTE)
    if owner_id is not None:
        rows = rows.filter(owner=owner_id)
    order: list[F | OrderBy | str] = [F("due_time").asc(nulls_first=True), "id"]
    ranked = rows.annotate(
        day=day,
        rank=Window(RowNumber(), partition_by=[day], order_by=order),
        total=Window(Count("*"), partition_by=[day]),
    )
    cells: dict[date, Bucket] = {}
    for row in ranked.filter(rank__lte=in_a_cell).select_related(*WITH).order_by("day", "rank"):
        cells[row.day] = Bucket([*cells.get(row.day, Bucket()).items, row], row.total)
    return cells


def reminders_due(now: datetime) -> QuerySet[Activity]:
    """What somebody wanted to be reminded of by now, is still planned, and was not told yet."""
    return Activity.objects.filter(state=State.PLANNED, reminded_at=None, remind_at__lte=now)


def every_activity() -> QuerySet[Activity]:
    """All activities, for those who see all."""
    return Activity.objects.all()
