"""Figures: one function behind the page, the API and the command line, and what each is made of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tradewind.domains.catalog import queries as catalog
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import measures, rules
from tradewind.domains.ledger.models import Entry, Rollup
from tradewind.domains.ledger.policy import ENTRIES, ROLLUPS
from tradewind.domains.ledger.values import Answer, Credited, Dimension, Question, Row
from tradewind.domains.organization import queries as organization
from tradewind.kernel.period import Period, fiscal_quarter_key, fiscal_year_key, month_key
from tradewind.platform.spine.access.actor import Actor

COLUMNS = {
    Dimension.UNIT: "unit_id",
    Dimension.PERSON: "person_id",
    Dimension.CUSTOMER: "customer_id",
    Dimension.PRODUCT: "product_id",
}
TIMES = (Dimension.MONTH, Dimension.QUARTER, Dimension.YEAR)
ONLY_IN_ENTRIES = (Dimension.CUSTOMER, Dimension.PRODUCT)

HIDDEN = "?"
"""Key of rows whose customer the actor may not see; they still count, so that rows add up."""

Sums = dict[str, Decimal]


def figure(actor: Actor, question: Question) -> Answer:
    """The answer to a question over everything the actor sees.

    Rows come by ascending key and only where there are entries. A ratio's total is sum ÷ sum. Raises
    `NotVisible` for an unknown measure.
    """
    measure = measures.measure(question.measure)
    groups = sums_by_group(actor, question, rules.flows_of(measure))
    total = _added(groups.values())
    labelled: dict[tuple[str, str], list[Sums]] = {}
    for group, name in _named(question, groups).items():
        labelled.setdefault(name, []).append(groups[group])
    rows = (Row(key, label, rules.value_of(_added(sums), measure)) for (key, label), sums in labelled.items())
    in_order = sorted(rows, key=lambda row: row.key)
    return Answer(question, measure, rules.value_of(total, measure), tuple(in_order))


def _added(parts: Iterable[Sums]) -> Sums:
    total: Sums = {}
    for sums in parts:
        for key, value in sums.items():
            total[key] = total.get(key, Decimal(0)) + value
    return total


def sums_by_group(actor: Actor, question: Question, flows: Sequence[str]) -> Mapping[Any, Sums]:
    """Sums by group and flow: from the monthly sums where they suffice, else from the entries."""
    monthly = question.by not in ONLY_IN_ENTRIES and question.period.is_whole_months()
    rows = _rollups(actor, question) if monthly else entries(actor, question)
    day = "month" if monthly else "credited_on"
    group = _group(question, day)
    found = rows.filter(measure__in=flows).values_list(group, "measure").annotate(Sum("value"))
    groups: dict[Any, Sums] = {}
    for raw, flow, value in found.order_by():
        key = time_key(question.by, raw) if question.by in TIMES else raw
        sums = groups.setdefault(key, {})
        sums[flow] = sums.get(flow, Decimal(0)) + value
    return groups


def time_key(by: Dimension | None, day: date) -> str:
    """The month of a day, or its quarter or year as the company counts them."""
    if by is Dimension.MONTH:
        return month_key(day)
    named = fiscal_quarter_key if by is Dimension.QUARTER else fiscal_year_key
    return named(day, organization.fiscal_month())


def _group(question: Question, day: str) -> Any:
    if question.by is None:
        return F("measure")
    if question.by is Dimension.UNIT and question.level is not None:
        return unit_at(question.level)
    return F(COLUMNS.get(question.by, day))


def unit_at(level: int) -> Coalesce:
    """The ancestor at a level as it was on the day; the unit itself where it stands higher."""
    return Coalesce(F(f"unit_path__{level}"), F("unit_id"), output_field=BigIntegerField())


def _rollups(actor: Actor, question: Question) -> QuerySet[Rollup]:
    """Sums per unit for those who see everything, else per person: a moved person is seen with theirs."""
    per_unit = actor.is_wide and question.by is not Dimension.PERSON and not question.person
    rows = Rollup.objects.filter(ROLLUPS.visible(actor), person__isnull=per_unit)
    return rows.filter(within(question, "month"), _narrowed(actor, question))


def entries(actor: Actor, question: Question) -> QuerySet[Entry]:
    """The visible entries of a question's period, unit and person."""
    rows = Entry.objects.filter(ENTRIES.visible(actor)).filter(within(question, "credited_on"))
    return rows.filter(_narrowed(actor, question))


def credited(actor: Actor, measure: str, period: Period, by_person: bool = True) -> list[Credited]:
    """What each person was credited with in each unit over whole months, as it was; one statement.

    The sums of a unit with those below are those whose path holds it; not by person, it is each unit alone.
    Raises LookupError for a ratio.
    """
    rows = Rollup.objects.filter(ROLLUPS.visible(actor), within(Question(measure, period=period), "month"))
    kept = rows.filter(measure=measures.flow(measure).key, person__isnull=not by_person)
    sums = kept.order_by().values_list("unit_path", "person_id").annotate(Sum("value"))
    return [Credited(tuple(path), person_id, value) for path, person_id, value in sums]


def _narrowed(actor: Actor, question: Question) -> Q:
    condition = Q()
    if question.unit:
        ids = list(organization.unit_ids(actor, question.unit))
        condition &= Q(unit_path__contains=ids) if ids else Q(pk__in=())
    if question.person:
        condition &= Q(person_id__in=organization.person_ids(actor, question.person))
    return condition


def within(question: Question, day: str) -> Q:
    """The days of the question's period."""
    condition = Q()
    if question.period.start:
        condition &= Q(**{f"{day}__gte": question.period.start})
    if question.period.end:
        condition &= Q(**{f"{day}__lt": question.period.end})
    return condition


def _named(question: Question, groups: Mapping[Any, Sums]) -> Mapping[Any, tuple[str, str]]:
    """Key and label of each group; none for the undivided figure."""
    if question.by is None:
        return {}
    if question.by in TIMES:
        return {key: (key, key) for key in groups}
    ids = [key for key in groups if key is not None]
    names = labels(question.by, ids)
    missing = (HIDDEN, HIDDEN)
    return {key: ("", "") if key is None else names.get(key, missing) for key in groups}


def narrowed_to(actor: Actor, question: Question) -> list[str]:
    """The names of the unit and the person that a question is narrowed to; codes where there is no name."""
    named = (
        organization.unit_called(actor, question.unit),
        organization.person_called(actor, question.person),
    )
    return [name for name in named if name]


def labels(by: Dimension, ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Key and label of units, people, customers or products, by id; invisible ones are left out."""
    if by is Dimension.CUSTOMER:
        return customers.customers_named(ids)
    if by is Dimension.PRODUCT:
        return catalog.products_named(ids)
    named = organization.units_named(ids) if by is Dimension.UNIT else organization.people_named(ids)
    return {key: (name.key, name.label) for key, name in named.items()}
