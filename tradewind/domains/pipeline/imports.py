"""Deals by the hundred thousand: the set-based sister of opening, moving and closing, with the same rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from tradewind.domains.catalog import queries as catalog
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.ledger import queries as ledger_months
from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline.commands.arranging import measure_pace
from tradewind.domains.pipeline.measures import FLOWS
from tradewind.domains.pipeline.models import Stage
from tradewind.domains.pipeline.policy import MOVES, OPPORTUNITIES
from tradewind.domains.pipeline.queries.ways import Way, reasons, way_named, ways
from tradewind.domains.pipeline.rules import State
from tradewind.domains.pipeline.values import DealRow
from tradewind.kernel.errors import Refused
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch
from tradewind.platform.surface.exchange.staging import Report, Staging

NAMED = 5  # deals that a refusal names one by one
COLUMNS = {
    "product_id": "bigint",
    "customer_id": "bigint",
    "owner_id": "bigint",
    "unit_id": "bigint",
    "state": "text",
    "stage_id": "bigint",
    "furthest_id": "bigint",
    "stage_on": "date",
    "opened_on": "date",
    "closed_on": "date",
    "value": "numeric",
    "title": "text",
    "amount": "numeric",
    "close_on": "date",
    "category": "text",
    "next_step": "text",
    "next_step_on": "date",
    "source": "text",
    "reason_code_id": "bigint",
    "line": "integer",
}
MOVE_COLUMNS = {"ordinal": "integer", "stage_id": "bigint", "moved_on": "date"}
Passed = tuple[tuple[Stage, date | None], ...]
"""The stages a deal came to and when; None is the day it opened."""


@dataclass(frozen=True, slots=True)
class ImportedDeals:
    """What an import of deals did, and the ids it touched, for whatever follows."""

    report: Report
    ids: tuple[int, ...]
    without_opening: tuple[str, ...]


@batch("pipeline.opportunity.import")
def import_opportunities(actor: Actor, given: Sequence[DealRow]) -> ImportedDeals:
    """Bring in deals by number, into the default pipeline; each credits its seller, in the unit of each day.

    A deal without an opening day opens today, once: a later import keeps the day it got. One without a title
    is called by its product. One that changed there gets the moves told there now: nobody has moved it here,
    or it would be a conflict. See exchange.staging for what a repeated import changes.
    """
    way = way_named(ways(), "")
    staged = Staging(OPPORTUNITIES, COLUMNS)
    staged.fill(list(_rows(given, way)))  # before copying begins, because it asks for names
    staged.compare()
    ledger.hold()
    staged.run(
        """UPDATE {staged} s SET verdict = 'conflict', object_id = o.id FROM {table} o
           WHERE s.verdict = 'new' AND o.number = s.key"""
    )
    _check_months(staged)
    undated = staged.run("SELECT key FROM {staged} WHERE verdict = 'new' AND opened_on IS NULL ORDER BY key")
    _write(staged)
    _write_moves(given, way)
    touched = staged.run(
        "SELECT object_id FROM {staged} WHERE verdict IN ('new', 'update') ORDER BY object_id"
    )
    ids = tuple(object_id for (object_id,) in touched)
    ledger.sync(FLOWS, ids)
    staged.remember()
    measure_pace(actor, None)
    return ImportedDeals(staged.report(), ids, tuple(key for (key,) in undated))


def _check_months(staged: Staging) -> None:
    """Nothing new opens, is won or lost in a closed month; what counts there may be corrected.

    Raises `Refused` naming the deals.
    """
    late = staged.run(
        """SELECT s.key, CASE WHEN s.opened_on < tw_open_from()
                            AND (o.id IS NULL OR o.opened_on >= tw_open_from())
                       THEN s.opened_on ELSE s.closed_on END
           FROM {staged} s LEFT JOIN {table} o ON o.id = s.object_id
           WHERE s.verdict IN ('new', 'update') AND (
               (s.opened_on < tw_open_from() AND (o.id IS NULL OR o.opened_on >= tw_open_from()))
               OR (s.closed_on < tw_open_from() AND (o.state IS DISTINCT FROM s.state
                   OR COALESCE(o.closed_on, tw_open_from()) >= tw_open_from())))
           ORDER BY s.line"""
    )
    if late:
        deals = (*(key for key, _ in late[:NAMED]), *(["…"] if len(late) > NAMED else []))
        first, who = ledger_months.open_from(), ledger_months.who_reopens()
        facts = {"count": len(late), "deals": deals, "first": first, "who": who}
        raise Refused("pipeline.dated_in_closed_month", field="close_date", **facts)


def _rows(given: Sequence[DealRow], way: Way) -> Iterator[tuple[object, ...]]:
    sellers = organization.ids_by_sign_in({row.seller for row in given})
    units = organization.units_today(sellers.values())
    products, buyers = catalog.ids_by_code(), customers.ids_by_import_name()
    names = catalog.products_named(products.values())
    codes = {(code.kind, code.key): code.pk for code in reasons()}
    for line, row in enumerate(given):
        passed, plan = _passed(row, way), row.plan
        stage, stage_on = passed[-1]
        yield (
            row.number,
            row.source,
            products[row.product],
            buyers[row.customer] if row.customer else None,
            sellers[row.seller],
            units[sellers[row.seller]],
            stage.kind,
            stage.pk,
            _furthest(passed).pk,
            stage_on,
            row.opened_on,
            row.closed_on,
            row.value,
            plan.title or names[products[row.product]][1],
            plan.amount,
            plan.close_on,
            plan.category,
            plan.next_step,
            plan.next_step_on,
            plan.lead_source,
            codes[stage.kind, plan.reason_code] if plan.reason_code else None,
            line,
        )


def _passed(row: DealRow, way: Way) -> Passed:
    """The way of a deal, as told; a closed one of which nothing is told began in the first stage."""
    if row.moves:
        return tuple((way.stage(key), on) for key, on in row.moves)
    stage = way.stage(row.stage)
    return ((stage, None),) if stage.kind == State.OPEN else ((way.stages[0], None), (stage, row.closed_on))


def _furthest(passed: Passed) -> Stage:
    return max((stage for stage, _ in passed if stage.kind != State.LOST), key=lambda stage: stage.position)


_FIELDS: Mapping[str, str] = {
    **{name: f"s.{name}" for name in COLUMNS if name not in ("line", "opened_on", "stage_on")},
    # The stage of an undated deal begins on the day it got.
    "stage_on": "COALESCE(s.stage_on, s.opened_on, {opened_on})",
}


def _write(staged: Staging) -> None:
    """Insert and update with the unit of today; the ledger finds the unit of each day by itself."""
    today = organization.clock().today()
    fresh = {name: value.format(opened_on="%(today)s") for name, value in _FIELDS.items()}
    known = {name: value.format(opened_on="o.opened_on") for name, value in _FIELDS.items()}
    changes = ", ".join(f"{name} = {value}" for name, value in known.items())
    staged.run(
        f"""UPDATE {{table}} o SET {changes}, opener_id = s.owner_id,
               opened_on = COALESCE(s.opened_on, o.opened_on), version = o.version + 1
           FROM {{staged}} s WHERE s.verdict = 'update' AND o.id = s.object_id"""  # noqa: S608 only our own names
    )
    staged.run(
        f"""WITH made AS (
               INSERT INTO {{table}} (public_id, version, number, opener_id, opened_on, reason, competitors,
                                    {", ".join(fresh)})
               SELECT gen_random_uuid(), 1, s.key, s.owner_id, COALESCE(s.opened_on, %(today)s), '', '',
                      {", ".join(fresh.values())}
               FROM {{staged}} s WHERE s.verdict = 'new' ORDER BY s.line RETURNING id, number)
           UPDATE {{staged}} s SET object_id = made.id FROM made
           WHERE s.verdict = 'new' AND s.key = made.number""",  # noqa: S608 only our own names
        today=today,
    )


def _write_moves(given: Sequence[DealRow], way: Way) -> None:
    """The moves of every deal that is new or changed there, in their order; former ones go."""
    staged = Staging(MOVES, MOVE_COLUMNS)
    staged.fill(
        (row.number, "null", ordinal, stage.pk, on)
        for row in given
        for ordinal, (stage, on) in enumerate(_passed(row, way))
    )
    staged.run(
        """DELETE FROM {table} m USING staged_pipeline_opportunity d
           WHERE d.verdict = 'update' AND m.deal_id = d.object_id"""
    )
    staged.run(
        """INSERT INTO {table} (deal_id, opened_on, from_stage_id, to_stage_id, moved_on, moved_at, days,
                                amount, note, is_undone)
           SELECT o.id, o.opened_on, lag(v.stage_id) OVER way, v.stage_id, COALESCE(v.moved_on, o.opened_on),
                  (COALESCE(v.moved_on, o.opened_on) + time '12:00') AT TIME ZONE %(zone)s,
                  COALESCE(v.moved_on, o.opened_on)
                      - COALESCE(lag(v.moved_on) OVER way,
                                 CASE WHEN v.ordinal > 0 THEN o.opened_on END),
                  o.amount, '', false
           FROM {staged} v JOIN staged_pipeline_opportunity d ON d.key = v.key
           JOIN pipeline_opportunity o ON o.id = d.object_id
           WHERE d.verdict IN ('new', 'update')
           WINDOW way AS (PARTITION BY v.key ORDER BY v.ordinal) ORDER BY d.line, v.ordinal""",
        zone=settings.COMPANY_TIME_ZONE,
    )
