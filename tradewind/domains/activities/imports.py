"""Activities by the thousand: the set-based sister of planning and logging, with the same rules."""

from collections.abc import Sequence

from tradewind.domains.activities import rules
from tradewind.domains.activities.measures import FLOWS
from tradewind.domains.activities.policy import ACTIVITIES
from tradewind.domains.activities.values import ActivityRow, State
from tradewind.domains.customers import queries as customers
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.organization import queries as organization
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import batch
from tradewind.platform.surface.exchange.staging import Report, Staging

COLUMNS = {
    "kind": "text",
    "subject": "text",
    "customer_id": "bigint",
    "contact_id": "bigint",
    "about_kind": "text",
    "about_id": "bigint",
    "about_label": "text",
    "owner_id": "bigint",
    "unit_id": "bigint",
    "state": "text",
    "due_on": "date",
    "due_time": "time",
    "done_at": "timestamptz",
    "remind_at": "timestamptz",
    "result": "text",
    "outcome": "text",
    "duration_min": "integer",
    "line": "integer",
}
KEPT = tuple(name for name in COLUMNS if name != "line")


@batch("activities.activity.import")
def import_activities(actor: Actor, given: Sequence[ActivityRow]) -> Report:
    """Bring in activities by the key of their source, in the unit where each seller works today.

    See exchange.staging for what a repeated import changes.
    """
    staged = Staging(ACTIVITIES, COLUMNS)
    staged.fill(_rows(given))
    staged.compare()
    ledger.hold()
    _write(staged)
    touched = staged.run(
        "SELECT object_id FROM {staged} WHERE verdict IN ('new', 'update') ORDER BY object_id"
    )
    ledger.sync(FLOWS, [object_id for (object_id,) in touched])
    staged.remember()
    return staged.report()


def _rows(given: Sequence[ActivityRow]) -> list[tuple[object, ...]]:
    sellers = organization.ids_by_sign_in({row.seller for row in given})
    units = organization.units_today(sellers.values())
    buyers = customers.ids_by_import_name()
    contacts = customers.contact_ids_by_name()
    made = []
    for line, row in enumerate(given):
        owner_id = sellers[row.seller]
        buyer = buyers[row.customer] if row.customer else None
        about = (row.about.kind, row.about.id, row.about.label) if row.about else ("", None, "")
        values = (
            row.key,
            row.source,
            row.kind.value,
            rules.check_subject(row.subject),
            buyer,
            contacts[buyer or 0, row.contact] if row.contact else None,
            *about,
            owner_id,
            units[owner_id],
            row.state.value,
            row.due_on,
            row.due_time,
            row.done_at if row.state is State.DONE else None,
            row.remind_at,
            row.result,
            rules.check_text(row.outcome, "outcome"),
            rules.check_duration(row.duration_min),
            line,
        )
        made.append(values)
    return made


def _write(staged: Staging) -> None:
    """Insert and update; the id of a new one is drawn first, because its subject does not name it."""
    names = ", ".join(KEPT)
    staged.run(
        f"""UPDATE {{table}} a SET ({names}) = ROW({", ".join(f"s.{name}" for name in KEPT)}),
                version = a.version + 1
            FROM {{staged}} s WHERE s.verdict = 'update' AND a.id = s.object_id"""  # noqa: S608 own names
    )
    staged.run(
        """UPDATE {staged} SET object_id = nextval(pg_get_serial_sequence(%(table)s, 'id'))
           WHERE verdict = 'new'""",
        table=staged.scope.table,
    )
    staged.run(
        f"""INSERT INTO {{table}} (id, public_id, version, body, priority, {names})
            SELECT object_id, gen_random_uuid(), 1, '', 'normal', {names}
            FROM {{staged}} WHERE verdict = 'new' ORDER BY line"""  # noqa: S608 own names
    )
