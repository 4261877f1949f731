"""Questions about plans: which there are, what stands in one, how far everybody is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg, BoolAnd
from django.db.models import Q, QuerySet, Sum

from tradewind.domains.ledger import queries as ledger
from tradewind.domains.ledger.values import Dimension, Flow, Question
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.values import UnitNode
from tradewind.domains.planning.models import Plan, Target
from tradewind.domains.planning.policy import PLANS, TARGETS
from tradewind.domains.planning.rules.outline import Line, Names, Path, Place, alone, outline
from tradewind.domains.planning.rules.progress import period_days, progress, tracked
from tradewind.domains.planning.rules.shape import Cell
from tradewind.domains.planning.rules.states import IN_FORCE
from tradewind.domains.planning.values import MONTHS, Days, Kind, Progress, TrackedPeriod
from tradewind.kernel.errors import Malformed, NotVisible
from tradewind.kernel.period import Period, month_key, months_in, period_of, quarter_key, year_key
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found

ZERO = Decimal(0)
BOOKINGS = "bookings"


@dataclass(frozen=True, slots=True)
class PlanCard:
    """One line of the list of plans: `total` is what its reader sees of it."""

    plan: Plan
    flow: Flow
    total: Decimal


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of a plan with its twelve months; a unit's are sums, locked when all below is."""

    line: Line
    months: tuple[Cell, ...]

    @property
    def quarters(self) -> tuple[Decimal, ...]:
        """The four sums of three months."""
        values = [cell.value for cell in self.months]
        return tuple(sum(values[at : at + 3], ZERO) for at in range(0, 12, 3))

    @property
    def total(self) -> Decimal:
        """The sum of the year."""
        return sum((cell.value for cell in self.months), ZERO)


@dataclass(frozen=True, slots=True)
class TrackedRow:
    """A row of the tracking table: what was aimed for, what was reached, and where it leads."""

    line: Line
    progress: Progress


@dataclass(frozen=True, slots=True)
class Tracking:
    """Everything the actor tracks in a period, from the top row down, and all of it together.

    `has_plan`: a plan is in force. `is_announced`: the make-up days of the year are known.
    """

    period: TrackedPeriod
    flow: Flow
    days: Days
    rows: tuple[TrackedRow, ...]
    total: Progress
    has_plan: bool
    is_announced: bool


def flow_of(key: str) -> Flow:
    """The measure with this key; raises `NotVisible` when there is none, `Malformed` for a ratio."""
    measure = ledger.measure(key)
    if not isinstance(measure, Flow):
        raise Malformed("planning.not_a_flow", field="measure", measure=key)
    return measure


def visible_plans(actor: Actor) -> QuerySet[Plan]:
    """Plans in force; drafts and submitted ones only for whoever drafts plans."""
    rows = Plan.objects.filter(PLANS.visible(actor)).select_related("root")
    return rows if actor.can("planning.plan.create") else rows.filter(state__in=IN_FORCE)


def plan(actor: Actor, public_id: UUID | str) -> Plan:
    """One visible plan; raises `NotVisible`."""
    return found(visible_plans(actor), public_id)


def plan_with_id(actor: Actor, plan_id: int) -> Plan:
    """The plan that a command has just made."""
    return visible_plans(actor).get(pk=plan_id)


def plans(actor: Actor) -> list[PlanCard]:
    """All plans the actor may see, the latest year first."""
    rows = list(visible_plans(actor).order_by("-year", "measure", "-id"))
    seen = Target.objects.filter(TARGETS.visible(actor), plan__in=[row.pk for row in rows])
    totals = dict(seen.order_by().values_list("plan_id").annotate(Sum("value")))
    return [PlanCard(row, flow_of(row.measure), totals.get(row.pk, ZERO)) for row in rows]


# -- The rows of a plan ------------------------------------------------------------------------------


def plan_rows(actor: Actor, plan: Plan, unit: str = "") -> list[PlanRow]:
    """The rows of a plan that the actor sees, or of one unit (code) in it; each the sum of the rows in it."""
    lines, cells = plan_cells(actor, plan, unit)
    return [PlanRow(line, _summed([cells[place] for place in line.places])) for line in lines]


def plan_total(actor: Actor, plan: Plan) -> Decimal:
    """The sum of all targets in a plan that the actor sees."""
    rows = Target.objects.filter(TARGETS.visible(actor), plan=plan)
    return rows.aggregate(total=Sum("value"))["total"] or ZERO


def plan_cells(
    actor: Actor, plan: Plan, unit: str = "", fresh: Iterable[tuple[int, int | None]] = ()
) -> tuple[list[Line], dict[Place, list[Cell]]]:
    """The rows of a plan, or of one unit (code) in it, and the twelve cells of every place; three statements.

    `fresh` are units and people to come, with empty cells.
    """
    units = {node.id: node for node in organization.unit_tree()}
    top = next((node.id for node in units.values() if node.code == unit), plan.root_id)
    inside = [node.id for node in units.values() if top in node.path]
    rows = Target.objects.filter(TARGETS.visible(actor), plan=plan, unit__in=inside)
    cells: dict[Place, list[Cell]] = {}
    for unit_id, person_id, values, locks in _twelve(rows, "unit_id", "person_id"):
        path = _cut(actor, units[unit_id].path, top)
        if path:
            cells[Place(path, person_id)] = list(map(Cell, values, locks))
    for unit_id, person_id in fresh:
        cells[Place(_cut(actor, units[unit_id].path, top), person_id)] = [Cell() for _ in MONTHS]
    return _lines(actor, cells, units), cells


def closed_months(year: int) -> frozenset[int]:
    """The months (1 to 12) of a year that are closed; their targets stay as they are."""
    since = ledger.open_from()
    return frozenset(month for month in MONTHS if date(year, month, 1) < since)


def units_above(actor: Actor, plan: Plan, unit: str) -> list[tuple[str, str]]:
    """Code and name of the plan's units above one of them, from the top down."""
    tree = {node.id: node for node in organization.unit_tree()}
    path = next((node.path for node in tree.values() if node.code == unit), ())
    return [(tree[one].code, tree[one].name) for one in _cut(actor, path, plan.root_id)[:-1]]


def rows_around(actor: Actor, plan: Plan, unit: str) -> list[PlanRow]:
    """What a change in one unit (code) may touch: its people and reserve, its sums and those above it."""
    tree = {node.id: node for node in organization.unit_tree()}
    seen = Target.objects.filter(TARGETS.visible(actor), plan=plan)
    cells: dict[Place, list[Cell]] = {}
    for unit_id, person_id, values, locks in _twelve(seen.filter(unit__code=unit), "unit_id", "person_id"):
        path = _cut(actor, tree[unit_id].path, plan.root_id)
        cells[Place(path, person_id)] = list(map(Cell, values, locks))
    sums: dict[int, list[Cell]] = {}
    by_month = seen.order_by("month").values_list("unit_id", "month")
    for unit_id, _, value, is_locked in by_month.annotate(Sum("value"), locked=BoolAnd("is_locked")):
        sums.setdefault(unit_id, []).append(Cell(value, is_locked))
    rows = []
    for line in _lines(actor, cells, tree):
        below = [own for unit_id, own in sums.items() if line.unit_id in tree[unit_id].path]
        is_unit = line.key.kind is Kind.UNIT
        rows.append(PlanRow(line, _summed(below if is_unit else [cells[line.places[0]]])))
    return rows


def _twelve(rows: QuerySet[Target], *by: str) -> Iterable[tuple[int, int | None, list[Decimal], list[bool]]]:
    """Places with their values and locks from January to December."""
    places = rows.order_by().values_list(*by)
    return places.annotate(
        twelve=ArrayAgg("value", order_by="month"), locks=ArrayAgg("is_locked", order_by="month")
    )


def _summed(places: Sequence[Sequence[Cell]]) -> tuple[Cell, ...]:
    return tuple(
        Cell(sum((cell.value for cell in month), ZERO), all(cell.is_locked for cell in month))
        for month in zip(*places, strict=True)
    )


def _cut(actor: Actor, path: Path, top: int | None = None) -> Path:
    """The part of a unit path that the actor looks at, from `top` or their own highest unit down.

    Empty when none of it is theirs. Whoever sees no unit, only themselves, keeps the unit alone.
    """
    reach = actor.reach(TARGETS.resource)
    if not (reach.everything or reach.units):
        return path[-1:]
    units = set(path) if reach.everything else set(reach.units)
    inside = next((at for at, unit in enumerate(path) if unit in units), len(path))
    wanted = path.index(top) if top in path else (0 if top is None else -1)
    if top is not None and wanted < 0:
        return ()
    return path[max(inside, wanted) :]


def _lines(actor: Actor, places: Iterable[Place], units: Mapping[int, UnitNode]) -> list[Line]:
    places = list(places)
    people = organization.people_named({place.person_id for place in places if place.person_id})
    names = Names(units, {person_id: (name.key, name.label) for person_id, name in people.items()})
    reach = actor.reach(TARGETS.resource)
    return outline(places, names) if reach.everything or reach.units else alone(places, names)


# -- How far everybody is ----------------------------------------------------------------------------


def tracking(
    actor: Actor, period: str = "", unit: str = "", measure: str = BOOKINGS, with_people: bool = True
) -> Tracking:
    """Targets in force against the ledger, as it was, for a month, quarter or year (default: this month).

    `unit` narrows to one unit of the actor's with those below; without people each unit is one row, summed
    by the database. Raises `Malformed` for a period that is none, `NotVisible` for a unit out of reach. At
    most six statements, whatever the size.
    """
    today = organization.clock().today()
    asked, flow = tracked(period or month_key(today)), flow_of(measure)
    days, is_announced = _days(asked, today)
    tree = {node.id: node for node in organization.unit_tree()}
    top = _top(actor, tree, unit)
    reach = actor.reach(TARGETS.resource)
    is_folded = not with_people and (reach.everything or bool(reach.units))
    targets = _targets(actor, asked, measure, top, is_folded)
    actuals = _actuals(actor, asked, measure, top, is_folded)
    places = [place for place in {**targets, **actuals} if place.person_id or targets.get(place) or is_folded]
    rows = []
    for line in _lines(actor, places, tree):
        if is_folded and line.key.kind is not Kind.UNIT:
            continue
        aims = sum((targets.get(place, ZERO) for place in line.places), ZERO)
        reached = sum((actuals.get(place, ZERO) for place in line.places), ZERO)
        rows.append(TrackedRow(line, progress(aims, reached, days)))
    total = progress(sum(targets.values(), ZERO), sum(actuals.values(), ZERO), days)
    has_plan = bool(targets) or _has_plan(actor, asked.first.year, measure)
    return Tracking(asked, flow, days, tuple(rows), total, has_plan, is_announced)


def people_in(actor: Actor, unit: str = "") -> int:
    """How many people work today in a unit (code) with those below it, or all in the reach of targets."""
    reach = actor.reach(TARGETS.resource)
    if not (unit or reach.everything):
        return len(reach.persons)
    return organization.people_below(actor, unit)


def _days(asked: TrackedPeriod, today: date) -> tuple[Days, bool]:
    calendar = organization.calendar(asked.first, asked.last)
    return period_days(calendar, asked.first, asked.last, today), not calendar.unannounced


def _top(actor: Actor, tree: Mapping[int, UnitNode], code: str) -> int | None:
    if not code:
        return None
    named = next((node for node in tree.values() if node.code == code), None)
    reach = actor.reach(TARGETS.resource)
    if named is None or not (reach.everything or named.id in reach.units):
        raise NotVisible("not_found")
    return named.id


def _in_force(actor: Actor, measure: str) -> Q:
    return TARGETS.visible(actor) & Q(plan__measure=measure, plan__state__in=IN_FORCE)


def _targets(
    actor: Actor, asked: TrackedPeriod, measure: str, top: int | None, is_folded: bool
) -> dict[Place, Decimal]:
    """By the unit of today's tree, and by person unless each unit is one row."""
    rows = Target.objects.filter(_in_force(actor, measure), month__range=(asked.first, asked.last))
    by = ("unit__path",) if is_folded else ("unit__path", "person_id")
    found: dict[Place, Decimal] = {}
    for whole, *person, value in rows.order_by().values_list(*by).annotate(Sum("value")):
        path = _cut(actor, tuple(whole), top)
        if path:
            found[Place(path, *person)] = value
    return found


def _actuals(
    actor: Actor, asked: TrackedPeriod, measure: str, top: int | None, is_folded: bool
) -> dict[Place, Decimal]:
    period = Period.through(asked.first, asked.last)
    found: dict[Place, Decimal] = {}
    for credit in ledger.credited(actor, measure, period, by_person=not is_folded):
        path = _cut(actor, credit.unit_path, top)
        if path:
            place = Place(path, credit.person_id)
            found[place] = found.get(place, ZERO) + credit.value
    return found


def _has_plan(actor: Actor, year: int, measure: str) -> bool:
    return visible_plans(actor).filter(year=year, measure=measure, state__in=IN_FORCE).exists()


def my_progress(actor: Actor, measure: str = BOOKINGS) -> dict[str, Progress]:
    """Where the person acting stands in this month, quarter and year, by the period's key, in that order."""
    own = Target.objects.filter(_in_force(actor, measure), person=actor.person_id)
    year = _this_year()
    asked = Question(measure, Dimension.MONTH, period=year, person=actor.name)
    actuals = {row.key: row.value or ZERO for row in ledger.figure(actor, asked).rows}
    return _by_period(_monthly_sums(own, year), actuals)


def whole_progress(
    actor: Actor, actuals: Mapping[str, Decimal], unit: str = "", measure: str = BOOKINGS
) -> dict[str, Progress]:
    """Where a unit (code) with all below, or the whole company, stands in this month, quarter and year.

    `actuals` is what the ledger says of this year's months, by key. The same targets as in `tracking`.
    """
    rows = Target.objects.filter(_in_force(actor, measure))
    if unit:
        rows = rows.filter(unit__in=organization.unit_ids_below(unit))
    return _by_period(_monthly_sums(rows, _this_year()), actuals)


def _this_year() -> Period:
    today = organization.clock().today()
    return Period.through(date(today.year, 1, 1), date(today.year, 12, 31))


def _monthly_sums(rows: QuerySet[Target], year: Period) -> dict[str, Decimal]:
    inside = rows.filter(month__range=(year.start, year.last))
    sums = inside.order_by().values_list("month").annotate(Sum("value"))
    return {month_key(month): value for month, value in sums}


def _by_period(targets: Mapping[str, Decimal], actuals: Mapping[str, Decimal]) -> dict[str, Progress]:
    """This month, quarter and year from the months in them."""
    today = organization.clock().today()
    found = {}
    for key in (month_key(today), quarter_key(today), year_key(today)):
        period, months = tracked(key), months_in(period_of(key))
        aims = sum((targets.get(month, ZERO) for month in months), ZERO)
        reached = sum((actuals.get(month, ZERO) for month in months), ZERO)
        found[key] = progress(aims, reached, _days(period, today)[0])
    return found
