"""`sync`: append the difference between the entries that should exist and those that do.

Posting one, importing a million, correcting, rebuilding and verifying are this one statement. It sees
every row whoever runs it: a manager who could not see the entry in the other team would post it twice.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tradewind.domains.ledger.events import EntriesPosted
from tradewind.domains.ledger.measures import flows
from tradewind.domains.ledger.values import ENTRY_COLUMNS, Flow
from tradewind.domains.organization import queries as organization
from tradewind.domains.organization.values import PersonId
from tradewind.platform.spine import news
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import batch
from tradewind.platform.spine.outbox import emit

LOCKED_ONE_BY_ONE = 50  # documents; beyond, the ledger is locked as a whole: fewer locks, no other writer

# Where a credit belongs: the unit its person works in on the day, else worked in last, else first.
_UNIT_OF_DAY = """
LEFT JOIN LATERAL (
    SELECT unit_id FROM ({postings}) a (person_id, starts_on, unit_id)
    WHERE a.person_id = x.person_id
    ORDER BY a.starts_on <= x.credited_on DESC,
             CASE WHEN a.starts_on <= x.credited_on THEN a.starts_on END DESC, a.starts_on
    LIMIT 1) p ON true
"""
_LIVE = """
e.reverses_id IS NULL AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id)
"""
# The live entry of a document line is the one that no entry reverses.
_DIFFERENCE = """
WITH expected ({columns}) AS (
    SELECT * FROM ({expected}) q ({columns})
    WHERE %(ids)s::bigint[] IS NULL OR source_id = ANY (%(ids)s::bigint[])
),
placed AS (SELECT x.*, p.unit_id FROM expected x {unit_of_day}),
live AS (
    SELECT e.* FROM ledger_entry e
    WHERE e.measure = %(measure)s AND {live}
      AND (%(ids)s::bigint[] IS NULL OR e.source_id = ANY (%(ids)s::bigint[]))
),
stale AS (SELECT l.* FROM live l LEFT JOIN placed x USING (source_id, line) WHERE {differs}),
fresh AS (SELECT x.* FROM placed x LEFT JOIN live l USING (source_id, line) WHERE {differs})
"""
_DIFFERS = """
(x.credited_on, x.value::numeric(20,4), x.person_id, x.unit_id, x.customer_id, x.product_id, x.about_id)
IS DISTINCT FROM
(l.credited_on, l.value, l.person_id, l.unit_id, l.customer_id, l.product_id, l.about_id)
"""
_POST = """
, posted AS (
    INSERT INTO ledger_entry (measure, credited_on, value, person_id, unit_id, unit_path, customer_id,
        product_id, about_id, source_id, line, posting, split_rate, reverses_id, command_id)
    SELECT measure, credited_on, -value, person_id, unit_id, unit_path, customer_id,
        product_id, about_id, source_id, line, posting, split_rate, id, {command} FROM stale
    UNION ALL
    -- A person without any unit is refused by the entry, not left out.
    SELECT %(measure)s, x.credited_on, x.value, x.person_id, x.unit_id, p.path, x.customer_id,
        x.product_id, x.about_id, x.source_id, x.line,
        1 + (SELECT count(*) FROM ledger_entry e WHERE e.measure = %(measure)s
             AND e.source_id = x.source_id AND e.line = x.line AND e.reverses_id IS NULL),
        1, NULL, {command}
    FROM fresh x LEFT JOIN LATERAL (
        SELECT path FROM ({places}) a (unit_id, starts_on, path)
        WHERE a.unit_id = x.unit_id AND a.starts_on <= x.credited_on
        ORDER BY a.starts_on DESC LIMIT 1) p ON true
    RETURNING measure, date_trunc('month', credited_on)::date AS month, person_id, unit_id, unit_path, value
),
summed AS (
    INSERT INTO ledger_rollup (measure, month, person_id, unit_id, unit_path, value)
    SELECT measure, month, person_id, unit_id, unit_path, sum(value) FROM posted
    GROUP BY GROUPING SETS (
        (measure, month, person_id, unit_id, unit_path), (measure, month, unit_id, unit_path))
)
SELECT month, count(*) FROM posted GROUP BY month
"""
_MISPLACED = """
SELECT x.measure, array_agg(DISTINCT x.source_id) FROM (
    SELECT e.* FROM ledger_entry e WHERE e.person_id = %(person)s AND {live}
) x {unit_of_day} WHERE x.unit_id <> p.unit_id GROUP BY x.measure
"""
_COUNT = "SELECT (SELECT count(*) FROM stale) + (SELECT count(*) FROM fresh)"
_COMMAND = "NULLIF(current_setting('tw.command', true), '')::bigint"


def sync(measures: Sequence[Flow], ids: Sequence[int] | None) -> int:
    """Post what is missing and reverse what is wrong for these documents (None: for all of them).

    The caller holds the locks of the documents and, for more than a few, the ledger (`hold`). Returns how
    many entries were appended.
    """
    if ids is not None and not ids:
        return 0
    posted, months = 0, set[str]()
    with widened("an entry out of the actor's sight must not be posted a second time"):
        _lock(measures, ids)
        for measure in measures:
            for month, entries in _post(measure, ids):
                posted += entries
                months.add(month.isoformat())
    if posted:
        news.changed("ledger.entry")
        emit(EntriesPosted(tuple(measure.key for measure in measures), tuple(sorted(months))))
    return posted


def hold() -> None:
    """Let nobody else post until this transaction ends: for imports, right after locking their documents.

    Taken before anything else is drawn or locked, so that no one who waits for us is waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tradewind.ledger'))")


def join() -> None:
    """Post beside others until this transaction ends; taken before a number is drawn.

    Whoever holds a number and only then waited for the ledger could wait for somebody who waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('tradewind.ledger'))")


@batch("ledger.entry.recredit")
def recredit(actor: Actor, given: PersonId) -> int:
    """Bring a person's credits to the units they worked in, after their assignments changed.

    A credit in the wrong unit is reversed and posted anew on its own day; those of days that did not change
    stay. Nobody posts meanwhile, so that none is missed. Returns how many entries were appended.
    """
    hold()
    with widened("credits out of the actor's sight move too"), connection.cursor() as cursor:
        cursor.execute(_MISPLACED.format(live=_LIVE, unit_of_day=_unit_of_day()), {"person": given})
        misplaced = dict(cursor.fetchall())
    return sum(sync([flow], misplaced[flow.key]) for flow in flows() if flow.key in misplaced)


def deviations(measure: Flow) -> int:
    """How many entries of a measure are missing or wrong against all documents; 0 is right."""
    head, facts = _difference(measure, None)
    with connection.cursor() as cursor:
        cursor.execute(head + _COUNT, facts)
        return int(cursor.fetchone()[0])


def _lock(measures: Sequence[Flow], ids: Sequence[int] | None) -> None:
    """Two commands that touch one document's entries wait for each other; others do not.

    Locks are taken in one order: documents (by the command), the ledger, then single sources ascending.
    """
    if ids is None or len(ids) > LOCKED_ONE_BY_ONE:
        hold()
        return
    join()
    with connection.cursor() as cursor:
        keys = sorted({(m.source.key, i) for m in measures for i in ids})
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) key",
            [[f"{source}:{document}" for source, document in keys]],
        )


def _difference(measure: Flow, ids: Sequence[int] | None) -> tuple[str, dict[str, Any]]:
    """The measure's own query, with its parameters named beside ours, against the entries there are."""
    text, values = measure.expected.query.sql_with_params()
    named = {f"expected_{n}": value for n, value in enumerate(values)}
    head = _DIFFERENCE.format(
        columns=", ".join(ENTRY_COLUMNS),
        expected=text % tuple(f"%({name})s" for name in named),
        differs=_DIFFERS,
        live=_LIVE,
        unit_of_day=_unit_of_day(),
    )
    return head, {"measure": measure.key, "ids": None if ids is None else list(ids), **named}


def _unit_of_day() -> str:
    return _UNIT_OF_DAY.format(postings=_without_parameters(organization.postings()))


def _without_parameters(rows: QuerySet[Any, Any]) -> str:
    text, values = rows.query.sql_with_params()
    if values:
        raise RuntimeError("a query of the organization takes no parameters here")
    return str(text)


def _post(measure: Flow, ids: Sequence[int] | None) -> list[tuple[date, int]]:
    """Append the difference of one measure; returns the months it touched and how many entries each got."""
    head, facts = _difference(measure, ids)
    places = _without_parameters(organization.places())
    with connection.cursor() as cursor:
        cursor.execute(head + _POST.format(command=_COMMAND, places=places), facts)
        return list(cursor.fetchall())


def merge_rollups(measures: Sequence[str], months: Sequence[str]) -> int:
    """Merge sums of equal key into one row each; returns how many rows went away. Sums stay the same.

    One at a time; whoever finds another merging leaves the work to the next posting.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('tradewind.rollups'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            """WITH crowded AS (
                   SELECT measure, month, person_id, unit_id, unit_path, array_agg(id) AS ids
                   FROM ledger_rollup WHERE measure = ANY (%s) AND month = ANY (%s::date[])
                   GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1
               ), gone AS (
                   DELETE FROM ledger_rollup WHERE id IN (SELECT unnest(ids) FROM crowded) RETURNING *
               ), merged AS (
                   INSERT INTO ledger_rollup (measure, month, person_id, unit_id, unit_path, value)
                   SELECT measure, month, person_id, unit_id, unit_path, sum(value) FROM gone
                   GROUP BY 1, 2, 3, 4, 5 RETURNING 1
               ) SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM merged)""",
            [list(measures), list(months)],
        )
        return int(cursor.fetchone()[0])


def rollup_deviations() -> int:
    """How many monthly sums differ from the entries behind them; 0 is right."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM (
                   SELECT measure, date_trunc('month', credited_on)::date AS month, person_id, unit_id,
                          unit_path, sum(value) AS value FROM ledger_entry
                   GROUP BY GROUPING SETS ((1, 2, 3, 4, 5), (1, 2, 4, 5))
               ) e FULL JOIN (
                   SELECT measure, month, person_id, unit_id, unit_path, sum(value) AS value
                   FROM ledger_rollup GROUP BY 1, 2, 3, 4, 5
               ) r ON (r.measure, r.month, r.unit_id) = (e.measure, e.month, e.unit_id)
                  AND r.unit_path = e.unit_path
                  AND COALESCE(r.person_id, 0) = COALESCE(e.person_id, 0)
               WHERE e.value IS DISTINCT FROM r.value"""
        )
        return int(cursor.fetchone()[0])
