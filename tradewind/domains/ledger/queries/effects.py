"""What a change of somebody's assignments would move between units, before it is saved."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from tradewind.domains.ledger import measures, rules
from tradewind.domains.ledger.models import Entry
from tradewind.domains.ledger.queries.months import open_from
from tradewind.domains.ledger.values import Amount, Shift
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.values import Posting
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import widened

Hands = tuple[date, int, int]


def effect_of_move(actor: Actor, person_id: int, postings: Sequence[Posting]) -> tuple[Shift, ...]:
    """The credits of a person that would go to other units if these were the units of their days.

    By month, from unit and to unit, oldest first; exactly what `commands.recredit` would do: credits of
    closed months stay where they are. Whoever may not see the ledger gets the number of credits without
    their values.
    """
    actor.require("ledger.entry.recredit")
    with widened("the effect is the whole effect, also for somebody who sees no figures"):
        live = Entry.objects.filter(person_id=person_id, reverses=None, reversed_by=None).order_by()
        movable = live.annotate(day=Coalesce("corrects_on", "credited_on")).filter(day__gte=open_from())
        found = list(
            movable.values_list("day", "credited_on", "unit_id", "measure").annotate(
                Sum("value"), Count("id")
            )
        )
    moved: dict[Hands, dict[str, Decimal]] = {}
    counts: dict[Hands, int] = {}
    for day, counted_on, unit_id, key, value, count in found:
        to = next(posting.unit_id for posting in postings if day in posting)
        if to != unit_id:
            hands = counted_on.replace(day=1), unit_id, to
            values = moved.setdefault(hands, {})
            values[key] = values.get(key, Decimal(0)) + value
            counts[hands] = counts.get(hands, 0) + count
    return _shifts(moved, counts, sees_values=actor.can("ledger.entry.view"))


def _shifts(
    moved: dict[Hands, dict[str, Decimal]], counts: dict[Hands, int], *, sees_values: bool
) -> tuple[Shift, ...]:
    names = organization.units_named({unit for _, *both in moved for unit in both})
    return tuple(
        Shift(
            month,
            names[here].label,
            names[there].label,
            counts[month, here, there],
            _amounts(moved[month, here, there]) if sees_values else (),
        )
        for month, here, there in sorted(moved)
    )


def _amounts(values: dict[str, Decimal]) -> tuple[Amount, ...]:
    return tuple(
        Amount(flow.name, flow.unit, rules.flow_value(values[flow.key], flow))
        for flow in measures.flows()
        if flow.key in values
    )
