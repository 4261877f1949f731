"""`sync`: append the difference between the entries that should exist and those that do.

Posting one, importing a million, correcting, rebuilding and verifying are this one statement. It sees
every row whoever runs it: a manager who could not see the entry in the other team would post it twice.

An entry belongs to the day of its document and counts on that day, or, where that month is closed by now, on
the day of the correction. Reversal and new entry each ask for themselves.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tradewind.domains.ledger.events import EntriesPosted
from tradewind.domains.ledger.measures import flows
from tradewind.domains.ledger.queries import months
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
    ORDER BY a.starts_on <= x.day DESC,
             CASE WHEN a.starts_on <= x.day THEN a.starts_on END DESC, a.starts_on
    LIMIT 1) p ON true
"""
_LIVE = """
e.reverses_id IS NULL AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id)
"""
_OPEN_FROM = "(SELECT tw_open_from())"
_DAY = "COALESCE(e.corrects_on, e.credited_on)"
# The live entry of a document line is the one that no entry reverses.
_DIFFERENCE = """
WITH expected ({columns}) AS (
    SELECT * FROM ({expected}) q ({columns})
    WHERE %(ids)s::bigint[] IS NULL OR source_id = ANY (%(ids)s::bigint[])
),
placed AS (SELECT x.*, p.unit_id AS unit_of_day FROM expected x {unit_of_day}),
live AS (
    SELECT e.*, {day} AS day FROM ledger_entry e
    WHERE e.measure = %(measure)s AND {live}
      AND (%(ids)s::bigint[] IS NULL OR e.source_id = ANY (%(ids)s::bigint[]))
),
stale AS (SELECT l.* FROM live l LEFT JOIN placed x USING (source_id, line) WHERE {differs}),
fresh AS (
    SELECT x.*, CASE WHEN {frozen} THEN l.unit_id ELSE x.unit_of_day END AS unit_id,
           CASE WHEN {frozen} THEN l.unit_path END AS frozen_path
    FROM placed x LEFT JOIN live l USING (source_id, line) WHERE {differs}
)
"""
# In a closed month credits stay in the unit that was recorded then, whatever was found out since.
_FROZEN = f"(x.day < {_OPEN_FROM} AND x.day = l.day AND x.person_id = l.person_id)"
_DIFFERS = f"""
(x.day, x.value::numeric(20,4), x.person_id, CASE WHEN {_FROZEN} THEN l.unit_id ELSE x.unit_of_day END,
 x.customer_id, x.product_id, x.about_id)
IS DISTINCT FROM
(l.day, l.value, l.person_id, l.unit_id, l.customer_id, l.product_id, l.about_id)
"""
_POST = """
, posted AS (
    INSERT INTO ledger_entry (measure, credited_on, corrects_on, value, person_id, unit_id, unit_path,
        customer_id, product_id, about_id, source_id, line, posting, split_rate, reverses_id, command_id)
    SELECT measure, CASE WHEN credited_on < {open_from} THEN %(today)s ELSE credited_on END,
        CASE WHEN credited_on < {open_from} THEN day ELSE corrects_on END, -value, person_id, unit_id,
        unit_path, customer_id, product_id, about_id, source_id, line, posting, split_rate, id, {command}
    FROM stale
    UNION ALL
    -- A person without any unit is refused by the entry, not left out.
    SELECT %(measure)s, CASE WHEN x.day < {open_from} THEN %(today)s ELSE x.day END,
        CASE WHEN x.day < {open_from} THEN x.day END, x.value, x.person_id, x.unit_id,
        COALESCE(x.frozen_path, p.path), x.customer_id, x.product_id, x.about_id, x.source_id, x.line,
        1 + (SELECT count(*) FROM ledger_entry e WHERE e.measure = %(measure)s
             AND e.source_id = x.source_id AND e.line = x.line AND e.reverses_id IS NULL),
        1, NULL, {command}
    FROM fresh x LEFT JOIN LATERAL (
        SELECT path FROM ({places}) a (unit_id, starts_on, path)
        WHERE a.unit_id = x.unit_id AND a.starts_on <= x.day
        ORDER BY a.starts_on DESC LIMIT 1) p ON true
    RETURNING measure, date_trunc('month', credited_on)::date AS month, person_id, unit_id, unit_path, value
),
summed AS (
    INSERT INTO ledger_rollup (measure, month, person_id, unit_id, unit_path, value)
    SELECT measure, month, person_id, unit_id, unit_path, sum(value) FROM posted
    GROUP BY GROUPING SETS (
        (measure, month, person_id, unit_id, unit_path), (measure, month, unit_id, unit_path))
),
-- A document that never counted for anything is no correction: what it says happened in a closed month.
late AS (
    SELECT min(x.day) AS day FROM fresh x WHERE x.day < {open_from} AND NOT EXISTS (
        SELECT FROM ledger_entry e WHERE e.about_id = x.about_id AND e.measure = ANY (%(beside)s::text[]))
)
SELECT month, count(*), (SELECT day FROM late) FROM posted GROUP BY month
"""
_MISPLACED = """
SELECT x.measure, array_agg(DISTINCT x.source_id) FROM (
    SELECT e.*, {day} AS day FROM ledger_entry e
    WHERE {live} AND {day} >= {since} AND (%(person)s::bigint IS NULL OR e.person_id = %(person)s)
      AND (%(until)s::date IS NULL OR {day} < %(until)s)
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
    stay, and so do those of closed months. Nobody posts meanwhile, so that none is missed. Returns how many
    entries were appended.
    """
    hold()
    return bring_home(given, None)


def bring_home(person: PersonId | None, until: date | None) -> int:
    """Post the credits of open days where their people worked: of one, or of everybody before a day."""
    statement = _MISPLACED.format(live=_LIVE, day=_DAY, since=_OPEN_FROM, unit_of_day=_unit_of_day())
    with widened("credits out of the actor's sight move too"), connection.cursor() as cursor:
        cursor.execute(statement, {"person": person, "until": until})
        misplaced = dict(cursor.fetchall())
    return sum(sync([flow], misplaced[flow.key]) for flow in flows() if flow.key in misplaced)


def require_open(day: date, field: str) -> None:
    """Refuse a day that somebody gives something to happen on, where its month is closed.

    No month closes between this and the end of the transaction. Raises `Refused` at the field.
    """
    join()
    months.check_open(day, field)


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
    columns = ["day" if name == "credited_on" else name for name in ENTRY_COLUMNS]
    head = _DIFFERENCE.format(
        columns=", ".join(columns),
        day=_DAY,
        frozen=_FROZEN,
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
    facts["beside"] = [flow.key for flow in flows() if flow.about.key == measure.about.key]
    facts["today"] = organization.clock().today()
    with connection.cursor() as cursor:
        cursor.execute(head + _POST.format(command=_COMMAND, places=places, open_from=_OPEN_FROM), facts)
        posted = list(cursor.fetchall())
    for _, _, late in posted:
        if late is not None:
            months.check_open(late, "")
    return [(month, entries) for month, entries, _ in posted]


def merge_rollups(measures: Sequence[str], months: Sequence[str]) -> int:
    """Merge sums of equal key into one row each; returns how many rows went away. Sums stay the same.

    Those of closed months stay as they are.

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
                     AND month >= tw_open_from()
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
