"""Who comes, moves and leaves within some days, and which positions wait for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from tradewind.domains.organization.charts import open_units, openings_of
from tradewind.domains.organization.models import MAIN, Assignment
from tradewind.domains.organization.policy import ASSIGNMENTS
from tradewind.platform.spine.access.actor import Actor


@dataclass(frozen=True, slots=True)
class StaffChange:
    """What changes for a person on a day; `before` is None for who comes, `after` for who leaves.

    Somebody may also stay in the unit and change the position there.
    """

    on: date
    person: str
    public_id: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A position that is meant for more people than hold it."""

    unit: str
    unit_public_id: str
    title: str
    count: int


def staff_changes(actor: Actor, first: date, last: date) -> Sequence[StaffChange]:
    """Each change of a main assignment from one day to another, both included, by day: one statement."""
    rows = (
        Assignment.objects.filter(MAIN)
        .filter(ASSIGNMENTS.visible(actor))
        .filter(Q(starts_on__range=(first, last)) | Q(ends_on__range=(first, last)))
    )
    before: dict[tuple[int, date], Assignment] = {}
    after: dict[tuple[int, date], Assignment] = {}
    for row in rows.select_related("person", "unit"):
        after[row.person_id, row.starts_on] = row
        if row.ends_on is not None:
            before[row.person_id, row.ends_on] = row
    made = []
    for key in before.keys() | after.keys():
        if first <= key[1] <= last:
            person = (before.get(key) or after[key]).person
            units = [side[key].unit.name if key in side else None for side in (before, after)]
            made.append(StaffChange(key[1], person.name, str(person.public_id), *units))
    return sorted(made, key=lambda change: (change.on, change.person))


def vacancies(actor: Actor, day: date) -> Sequence[Vacancy]:
    """Every position with too few people on a day, in the order of the units: three statements."""
    units = {unit.pk: unit for unit in open_units(actor, day)}
    found = [(units[unit_id], opening) for unit_id, opening in openings_of(actor, day, units)]
    waiting = [(unit, opening) for unit, opening in found if opening.vacancies]
    waiting.sort(key=lambda pair: (pair[0].path, pair[1].title))
    return [Vacancy(unit.name, str(unit.public_id), one.title, one.vacancies) for unit, one in waiting]
