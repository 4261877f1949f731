"""Changes of plans: drafting, spreading amounts, single cells and locks, and the way into force."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tradewind.domains.ledger import queries as ledger
from tradewind.domains.ledger.values import Dimension, Question
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.values import UnitNode
from tradewind.domains.planning import queries
from tradewind.domains.planning.events import PlanApproved
from tradewind.domains.planning.models import Plan, Target
from tradewind.domains.planning.policy import PLANS
from tradewind.domains.planning.rules import shape, spreading, states
from tradewind.domains.planning.rules.outline import Line, Place
from tradewind.domains.planning.rules.shape import Cells, History, Shape
from tradewind.domains.planning.rules.states import State
from tradewind.domains.planning.values import MONTHS, Kind, Method, PlanId, Rounding, RowKey
from tradewind.kernel.errors import Malformed, Refused
from tradewind.kernel.period import Period
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch, command
from tradewind.platform.spine.outbox import emit

ZERO = Decimal(0)
UnitPerson = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A year's amount, or growth over last year's actual (a fraction), for one unit and all below it."""

    year: int
    measure: str
    unit: str
    amount: Decimal | None = None
    growth_rate: Decimal | None = None
    by: Method = Method.EQUAL
    over: Method = Method.WORKDAYS
    rounding: Rounding = field(default_factory=Rounding)


@dataclass(frozen=True, slots=True)
class Respread:
    """Share a row's year anew among everything below it; without `amount`, what it has now.

    `weights` of the rows right below go with the method weights, `month_weights` (twelve) with months.
    """

    row: RowKey
    amount: Decimal | None = None
    by: Method = Method.PRESENT
    over: Method = Method.PRESENT
    rounding: Rounding = field(default_factory=Rounding)
    weights: Mapping[RowKey, Decimal] = field(default_factory=dict)
    month_weights: Sequence[Decimal] = ()


@dataclass(frozen=True, slots=True)
class Spreading:
    """The plan that was spread, and the rows whose parts or months were shared alike for want of weights."""

    plan_id: PlanId
    alike: tuple[RowKey, ...]
    alike_months: tuple[RowKey, ...]


@dataclass(frozen=True, slots=True)
class CellValue:
    """What one month (1 to 12) of a person or of a unit's reserve should hold."""

    row: RowKey
    month: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class CellRange:
    """A month of a row, or with `month` None its whole year; of a unit, everything below it."""

    row: RowKey
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A step of the plan's life; why, where somebody says so."""

    reason: str = ""


@batch("planning.plan.create")
def create(actor: Actor, given: NewPlan) -> Spreading:
    """Draft a plan: rows for the unit, the units below and whoever carries targets there, with all cells."""
    rounding, flow = states.check_rounding(given.rounding), queries.flow_of(given.measure)
    if given.year not in range(2000, 2101):
        raise Malformed("planning.bad_year", field="year")
    root = _unit(actor, given.unit)
    if (given.amount is None) == (given.growth_rate is None):
        raise Malformed("planning.amount_or_growth", field="amount")
    plan = Plan(year=given.year, measure=flow.key, root_id=root.id, state=State.DRAFT)
    if given.growth_rate is not None:
        plan.base, plan.growth_rate = _base(actor, plan, root), given.growth_rate
        amount = states.grown(plan.base, given.growth_rate, rounding.units)
    else:
        amount = given.amount or ZERO
    states.check_amount(amount, rounding.units, flow.places)
    plan.save()
    whole = RowKey(Kind.UNIT, root.code)
    return _spread(actor, plan, Respread(whole, amount, given.by, given.over, rounding))


@command("planning.plan.spread", on=PLANS)
def spread(actor: Actor, plan: Plan, given: Respread) -> Spreading:
    """Share a row's amount anew. Locked cells, closed months, rows outside stay; the sums above follow.

    Whoever began to carry targets in the row's units since gets a row.
    """
    states.check_open(State(plan.state))
    states.check_rounding(given.rounding)
    return _spread(actor, plan.change(), given, queries.closed_months(plan.year))


@command("planning.plan.set_cell", on=PLANS)
def set_cell(actor: Actor, plan: Plan, given: CellValue) -> PlanId:
    """Set one month. A person's difference is taken from the unit's reserve or given to it, so that the
    unit stays as it was; only a change of a reserve changes the sums above."""
    states.check_open(State(plan.state))
    if given.row.kind is Kind.UNIT:
        raise Malformed("planning.not_a_cell", field="row")
    _require_open(plan, given.month)
    value = states.check_value(given.value, queries.flow_of(plan.measure).places)
    cell = _cell(plan, given.row, given.month)
    if cell.is_locked:
        raise Refused("planning.cell_locked", field="value")
    if given.row.kind is Kind.PERSON and value != cell.value:
        reserve = _cell(plan, RowKey(Kind.RESERVE, given.row.unit), given.month)
        left = reserve.value + cell.value - value
        if reserve.is_locked:
            raise Refused("planning.reserve_locked", field="value")
        if left < 0:
            raise Refused("planning.reserve_too_small", field="value", reserve=f"{reserve.value:,.2f}")
        reserve.value = left
        reserve.save(update_fields=["value"])
    cell.value = value
    cell.save(update_fields=["value"])
    return PlanId(plan.change().pk)


@command("planning.plan.lock", on=PLANS)
def lock(actor: Actor, plan: Plan, given: CellRange) -> PlanId:
    """Keep cells as they are when amounts are spread."""
    states.check_open(State(plan.state))
    _cells(plan, given).update(is_locked=True)
    return PlanId(plan.change().pk)


@command("planning.plan.unlock", on=PLANS)
def unlock(actor: Actor, plan: Plan, given: CellRange) -> PlanId:
    """Let cells change again; those of closed months stay as they are."""
    states.check_open(State(plan.state))
    if given.month is not None:
        _require_open(plan, given.month)
    _cells(plan, given).filter(month__gte=ledger.open_from()).update(is_locked=False)
    return PlanId(plan.change().pk)


@command("planning.plan.submit", on=PLANS)
def submit(actor: Actor, plan: Plan, given: Move) -> PlanId:
    """Hand a draft over for approval; nothing in it changes while it waits."""
    state = states.next_state(State(plan.state), "submit")
    if not Target.objects.filter(plan=plan, value__gt=0).exists():
        raise Refused("planning.empty")
    return PlanId(plan.change(state=state.value, submitted_by_id=actor.person_id).pk)


@command("planning.plan.reopen", on=PLANS)
def reopen(actor: Actor, plan: Plan, given: Move) -> PlanId:
    """Take a submitted plan back to work on it; one that is in force stays as it is."""
    state = states.next_state(State(plan.state), "reopen")
    return PlanId(plan.change(state=state.value, submitted_by_id=None).pk)


@command("planning.plan.approve", on=PLANS)
def approve(actor: Actor, plan: Plan, given: Move) -> PlanId:
    """Put a plan in force: its targets bind and are locked. No two in force may hold the same units.

    Whoever submitted it does not approve it, nor does anybody standing in for them.
    """
    state = states.next_state(State(plan.state), "approve")
    if plan.submitted_by_id in actor.selves:
        raise Refused("planning.own_request")
    _one_at_a_time()
    others = Plan.objects.filter(year=plan.year, measure=plan.measure, state__in=states.IN_FORCE)
    paths = [path for (path,) in others.values_list("root__path")]
    if states.overlap(plan.root.path, paths):
        raise Refused("planning.overlaps")
    today = organization.clock().today()
    plan.change(state=state.value, approved_by_id=actor.person_id, approved_on=today)
    emit(PlanApproved(plan.pk, plan.year, plan.measure))
    return PlanId(plan.pk)


@command("planning.plan.close", on=PLANS)
def close(actor: Actor, plan: Plan, given: Move) -> PlanId:
    """Put a plan of a past year away; it stays readable and is still tracked against."""
    state = states.next_state(State(plan.state), "close")
    if organization.clock().today().year <= plan.year:
        raise Refused("planning.year_running")
    return PlanId(plan.change(state=state.value).pk)


def _one_at_a_time() -> None:
    """Two plans approved at the same moment would not see each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tradewind.plans'))")


# -- Spreading ---------------------------------------------------------------------------------------


def _spread(actor: Actor, plan: Plan, given: Respread, closed: Collection[int] = ()) -> Spreading:
    """What stands in `closed` months stays, whether or not somebody locked it; a new plan fills its year."""
    fresh = _missing(actor, plan, given.row) if given.row.kind is Kind.UNIT else set()
    lines, stored = queries.plan_cells(actor, plan, given.row.unit, fresh)
    cells = shape.with_closed(stored, closed)
    line = _line(lines, given.row)
    amount = given.amount
    if amount is None:
        amount = sum((cell.value for place in line.places for cell in cells[place]), ZERO)
    unit = given.rounding.people if given.row.kind is Kind.PERSON else given.rounding.units
    amount = states.check_amount(amount, unit, queries.flow_of(plan.measure).places)
    wanted = shape.check_shape(_shape(actor, plan, given))
    made = spreading.spread(shape.node(line, lines, cells, wanted), amount, given.rounding)
    places = {line.key: line.places[0] for line in lines}
    _write(plan, {places[key]: months for key, months in made.months.items()}, cells, fresh)
    return Spreading(PlanId(plan.pk), tuple(made.alike), tuple(made.alike_months))


def _line(lines: Sequence[Line], row: RowKey) -> Line:
    found = next((line for line in lines if line.key == row), None)
    if found is None:
        raise Malformed("planning.unknown_row", field="row")
    return found


def _unit(actor: Actor, code: str) -> UnitNode:
    found = next((unit for unit in organization.unit_tree() if unit.code == code), None)
    if found is None:
        raise Malformed("planning.unknown_unit", field="unit", unit=code)
    return found


def _missing(actor: Actor, plan: Plan, row: RowKey) -> set[UnitPerson]:
    """Units and carriers below a row that have no cells in this plan yet."""
    top = _unit(actor, row.unit).id
    units = {unit.id for unit in organization.unit_tree() if top in unit.path}
    on = max(date(plan.year, 1, 1), min(organization.clock().today(), date(plan.year, 12, 31)))
    known = Target.objects.filter(plan=plan, month=date(plan.year, 1, 1))
    held = set(known.filter(unit__in=units, person=None).values_list("unit_id", flat=True))
    carrying = set(known.exclude(person=None).values_list("person_id", flat=True))
    fresh: set[UnitPerson] = {(unit, None) for unit in units - held}
    return fresh | {
        (member.unit_id, member.person_id)
        for member in organization.carriers(on)
        if member.unit_id in units and member.person_id not in carrying
    }


def _shape(actor: Actor, plan: Plan, given: Respread) -> Shape:
    history = History()
    if Method.HISTORY in (given.by, given.over):
        history = _history(actor, plan)
    workdays: list[int] = []
    if given.over is Method.WORKDAYS:
        calendar = organization.calendar(date(plan.year, 1, 1), date(plan.year, 12, 31))
        workdays = [sum(day.month == month for day in calendar.days) for month in MONTHS]
    return Shape(given.by, given.over, given.weights, given.month_weights, history, workdays)


def _last_year(plan: Plan) -> Period:
    return Period(date(plan.year - 1, 1, 1), date(plan.year, 1, 1))


def _base(actor: Actor, plan: Plan, root: UnitNode) -> Decimal:
    """What the branch reached last year, as it was."""
    asked = Question(plan.measure, period=_last_year(plan), unit=root.code)
    return ledger.figure(actor, asked).total or ZERO


def _history(actor: Actor, plan: Plan) -> History:
    units: dict[int, Decimal] = {}
    people: dict[int, Decimal] = {}
    for credit in ledger.credited(actor, plan.measure, _last_year(plan)):
        if credit.person_id is not None:
            people[credit.person_id] = people.get(credit.person_id, ZERO) + credit.value
        for unit in credit.unit_path:
            units[unit] = units.get(unit, ZERO) + credit.value
    asked = Question(plan.measure, Dimension.MONTH, period=_last_year(plan), unit=plan.root.code)
    by_month = {row.key: row.value or ZERO for row in ledger.figure(actor, asked).rows}
    months = [by_month.get(f"{plan.year - 1}-{month:02}", ZERO) for month in MONTHS]
    return History(units, people, months)


_INSERT = """
INSERT INTO planning_target (plan_id, unit_id, person_id, month, value, is_locked)
SELECT %(plan)s, unit, person, make_date(%(year)s, month, 1), value, false
FROM unnest(%(units)s::bigint[], %(people)s::bigint[], %(months)s::int[], %(values)s::numeric[])
     g (unit, person, month, value)
"""
_UPDATE = """
UPDATE planning_target t SET value = g.value
FROM unnest(%(units)s::bigint[], %(people)s::bigint[], %(months)s::int[], %(values)s::numeric[])
     g (unit, person, month, value)
WHERE t.plan_id = %(plan)s AND t.unit_id = g.unit AND t.month = make_date(%(year)s, g.month, 1)
  AND COALESCE(t.person_id, 0) = COALESCE(g.person, 0)
"""


def _write(plan: Plan, made: Mapping[Place, Sequence[Decimal]], cells: Cells, fresh: set[UnitPerson]) -> None:
    """Insert the cells of new rows and change those that differ, in a statement each."""
    differing: list[tuple[Place, int, Decimal]] = []
    new: list[tuple[Place, int, Decimal]] = []
    for place, values in made.items():
        is_new = (place.path[-1], place.person_id) in fresh
        for month, value, cell in zip(MONTHS, values, cells[place], strict=True):
            if is_new:
                new.append((place, month, value))
            elif value != cell.value:
                differing.append((place, month, value))
    with connection.cursor() as cursor:
        for statement, rows in ((_INSERT, new), (_UPDATE, differing)):
            if rows:
                cursor.execute(statement, _columns(plan, rows))


def _columns(plan: Plan, cells: Sequence[tuple[Place, int, Decimal]]) -> dict[str, Any]:
    return {
        "plan": plan.pk,
        "year": plan.year,
        "units": [place.path[-1] for place, _, _ in cells],
        "people": [place.person_id for place, _, _ in cells],
        "months": [month for _, month, _ in cells],
        "values": [value for _, _, value in cells],
    }


# -- Cells -------------------------------------------------------------------------------------------


def _require_open(plan: Plan, month: int) -> None:
    if month in queries.closed_months(plan.year):
        named = f"{plan.year}-{month:02}"
        raise Refused("planning.month_closed", field="month", month=named, who=ledger.who_reopens())


def _cell(plan: Plan, row: RowKey, month: int) -> Target:
    if month not in MONTHS:
        raise Malformed("planning.bad_month", field="month")
    cells = _cells(plan, CellRange(row, month))
    return cells[0]


def _cells(plan: Plan, given: CellRange) -> QuerySet[Target]:
    """The stored cells of a row; raises `Malformed` where the plan has none."""
    if given.month is not None and given.month not in MONTHS:
        raise Malformed("planning.bad_month", field="month")
    rows = Target.objects.filter(plan=plan)
    if given.row.kind is Kind.UNIT:
        branch = organization.branch_ids(given.row.unit)
        rows = rows.filter(unit__in=branch)
    elif given.row.kind is Kind.PERSON:
        rows = rows.filter(unit__code=given.row.unit, person__sign_in=given.row.person)
    else:
        rows = rows.filter(unit__code=given.row.unit, person=None)
    if given.month is not None:
        rows = rows.filter(month=date(plan.year, given.month, 1))
    if not rows.exists():
        raise Malformed("planning.unknown_row", field="row")
    return rows
