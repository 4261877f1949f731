"""From a figure to its entries, and from there to the documents: what opens adds up to what was shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from tradewind.domains.catalog import queries as catalog
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import measures, rules
from tradewind.domains.ledger.models import Entry
from tradewind.domains.ledger.policy import ENTRIES
from tradewind.domains.ledger.queries.figures import COLUMNS, HIDDEN, TIMES, entries, labels, unit_at
from tradewind.domains.ledger.values import (
    PARTS,
    Dimension,
    Documented,
    Explanation,
    Item,
    Measure,
    Part,
    Question,
    Ratio,
    Source,
)
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import Malformed
from tradewind.kernel.period import fiscal_period_of
from tradewind.platform.spine.access.actor import Actor

PAGE = 50
LONGEST_ID = 18  # digits that surely fit a bigint
Cursor = tuple[date, int]
IDS = {
    Dimension.UNIT: organization.unit_ids,
    Dimension.PERSON: organization.person_ids,
    Dimension.CUSTOMER: customers.customer_ids,
    Dimension.PRODUCT: catalog.product_ids,
}


def explain(
    actor: Actor, question: Question, key: str | None = None, part: str = "", after: str = ""
) -> Explanation:
    """The entries behind a figure, or behind its row `key`, oldest first, a page at a time.

    A ratio has two parts, numerator and denominator; `part` asks for one of them alone, `after` for the
    page behind a cursor. Raises `Malformed` for a part, key or cursor that cannot be.
    """
    measure = measures.measure(question.measure)
    rows = _rows(actor, question, key)
    wanted = _parts(measure, part)
    counted = rows.filter(measure__in=rules.flows_of(measure)).order_by()
    sums = dict(counted.values_list("measure").annotate(Sum("value")))
    cursor = _cursor(after)
    shown = tuple(_part(rows, flows, sums, cursor) for flows in wanted)
    label = _label(actor, question, key)
    return Explanation(question, measure, key, label, part, rules.value_of(sums, measure), shown)


def _label(actor: Actor, question: Question, key: str | None) -> str:
    """What the opened row is called; times and rows without a name are called by their key."""
    if not key or question.by is None or question.by in TIMES or key == HIDDEN:
        return key or ""
    named = labels(question.by, list(IDS[question.by](actor, key)))
    return next((label for _, label in named.values()), key)


def _parts(measure: Measure, part: str) -> Sequence[tuple[str, ...]]:
    if not isinstance(measure, Ratio):
        if part:
            raise Malformed("ledger.bad_part", field="part")
        return ((measure.key,),)
    both = dict(zip(PARTS, (measure.numerator, measure.denominator), strict=True))
    if part and part not in both:
        raise Malformed("ledger.bad_part", field="part")
    return (both[part],) if part else tuple(both.values())


def _rows(actor: Actor, question: Question, key: str | None) -> QuerySet[Entry]:
    if key is None:
        return entries(actor, question)
    if question.by is None:
        raise Malformed("ledger.key_without_by", field="key")
    if question.by in TIMES:
        return _in_time(actor, question, key)
    return entries(actor, question).filter(_condition(actor, question, question.by, key))


def _in_time(actor: Actor, question: Question, key: str) -> QuerySet[Entry]:
    try:
        named = fiscal_period_of(key, organization.fiscal_month())
    except ValueError:
        return Entry.objects.none()
    both = named.overlap(question.period)
    return entries(actor, replace(question, period=both)) if both else Entry.objects.none()


def _condition(actor: Actor, question: Question, by: Dimension, key: str) -> Q:
    column = COLUMNS[by]
    if key == "":
        return Q(**{f"{column}__isnull": True})
    if by is Dimension.CUSTOMER and key == HIDDEN:
        seen = customers.visible_customers(actor).order_by().values("id")
        return Q(customer_id__isnull=False) & ~Q(customer_id__in=seen)
    ids = IDS[by](actor, key)
    if by is Dimension.UNIT and question.level is not None:
        at_level = Entry.objects.annotate(at_level=unit_at(question.level))
        return Q(id__in=at_level.filter(at_level__in=ids).values("id"))
    return Q(**{f"{column}__in": ids})


def _cursor(after: str) -> Cursor | None:
    if not after:
        return None
    day, _, number = after.partition("~")
    try:
        if len(number) > LONGEST_ID:
            raise ValueError(number)
        return date.fromisoformat(day), int(number)
    except ValueError:
        raise Malformed("ledger.bad_cursor", field="after") from None


def _part(
    rows: QuerySet[Entry],
    flows: tuple[str, ...],
    sums: dict[str, Decimal],
    cursor: Cursor | None,
) -> Part:
    """One page of a part: a keyset page, so that the last one is as quick as the first."""
    found = rows.filter(measure__in=flows)
    if cursor:
        found = found.filter(Q(credited_on__gt=cursor[0]) | Q(credited_on=cursor[0], id__gt=cursor[1]))
    page = list(found.order_by("credited_on", "id")[: PAGE + 1])
    shown = page[:PAGE]
    following = f"{shown[-1].credited_on}~{shown[-1].pk}" if len(page) > PAGE else None
    total = sum((sums.get(flow, Decimal(0)) for flow in flows), Decimal(0))
    return Part(flows, rules.flow_value(total, measures.flow(flows[0])), _items(shown), following)


def _items(page: Sequence[Entry]) -> tuple[Item, ...]:
    """Entries in words: three look-ups for the names, one for each kind of document."""
    people = labels(Dimension.PERSON, [entry.person_id for entry in page])
    buyers = labels(Dimension.CUSTOMER, [entry.customer_id for entry in page if entry.customer_id])
    about: dict[tuple[str, int], Documented] = {}
    for key, source in {e.measure: measures.source_of(e.measure) for e in page}.items():
        ids = {entry.about_id for entry in page if entry.measure == key}
        about.update({(key, number): shown for number, shown in source.described(ids).items()})
    hidden = Documented(HIDDEN, "")
    flows = {entry.measure: measures.flow(entry.measure) for entry in page}
    return tuple(
        Item(
            entry.pk,
            entry.credited_on,
            entry.measure,
            flows[entry.measure].name,
            flows[entry.measure].unit,
            rules.flow_value(entry.value, flows[entry.measure]),
            people.get(entry.person_id, (HIDDEN, HIDDEN))[1],
            buyers.get(entry.customer_id, (HIDDEN, HIDDEN))[1] if entry.customer_id else "",
            about.get((entry.measure, entry.about_id), hidden),
            entry.corrects_on,
        )
        for entry in page
    )


def items_about(actor: Actor, source: Source, document_id: int) -> tuple[Item, ...]:
    """The entries that one document was credited with, oldest first."""
    flows = [flow.key for flow in measures.flows() if flow.about == source]
    rows = Entry.objects.filter(ENTRIES.visible(actor), measure__in=flows, about_id=document_id)
    return _items(list(rows.order_by("credited_on", "id")[:PAGE]))
