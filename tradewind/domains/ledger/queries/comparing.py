"""Several figures over several periods at once: this year beside the last one, in two statements."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import Q, Sum

from tradewind.domains.ledger import measures, rules
from tradewind.domains.ledger.queries.figures import entries, sums_by_group, within
from tradewind.domains.ledger.values import Dimension, Question
from tradewind.kernel.period import Period, months_in, whole_months
from tradewind.platform.spine.access.actor import Actor

Values = tuple[Decimal | None, ...]


def compared(
    actor: Actor, keys: Sequence[str], periods: Sequence[Period], unit: str = ""
) -> Mapping[str, Values]:
    """What `figure` answers for each of these measures in each of these periods, in their order.

    Whole months come from the monthly sums, the days before and after them from the entries. The periods
    have a first and a last day. Raises `NotVisible` for an unknown measure.
    """
    asked = {key: measures.measure(key) for key in keys}
    flows = list(dict.fromkeys(flow for one in asked.values() for flow in rules.flows_of(one)))
    question = Question(keys[0], Dimension.MONTH, unit=unit)
    parts = [whole_months(period) for period in periods]
    monthly = _monthly(actor, question, flows, [whole for whole, _ in parts if whole])
    daily = _daily(actor, question, flows, [some for _, rest in parts for some in rest])
    found: list[dict[str, Decimal]] = []
    for whole, rest in parts:
        sums = [monthly.get(key, {}) for key in (months_in(whole) if whole else ())]
        sums += [daily[some] for some in rest]
        found.append({flow: sum((one.get(flow, Decimal(0)) for one in sums), Decimal(0)) for flow in flows})
    return {key: tuple(rules.value_of(sums, one) for sums in found) for key, one in asked.items()}


def _monthly(
    actor: Actor, question: Question, flows: Sequence[str], wholes: Sequence[Period]
) -> Mapping[str, Mapping[str, Decimal]]:
    """Sums by month and flow over all these months and those between them."""
    starts = [whole.start for whole in wholes if whole.start]
    ends = [whole.end for whole in wholes if whole.end]
    if not starts:
        return {}
    return sums_by_group(actor, replace(question, period=Period(min(starts), max(ends))), flows)


def _daily(
    actor: Actor, question: Question, flows: Sequence[str], some: Sequence[Period]
) -> Mapping[Period, Mapping[str, Decimal]]:
    """Sums by flow of each of these few days."""
    found: dict[Period, dict[str, Decimal]] = {period: {} for period in some}
    if not found:
        return found
    days = {period: within(replace(question, period=period), "credited_on") for period in found}
    anywhere = Q()
    for condition in days.values():
        anywhere |= condition
    named = {f"sum_{at}": Sum("value", filter=condition) for at, condition in enumerate(days.values())}
    rows = entries(actor, question).filter(anywhere, measure__in=flows)
    for flow, *values in rows.order_by().values_list("measure").annotate(**named):
        for period, value in zip(days, values, strict=True):
            found[period][flow] = value or Decimal(0)
    return found
