"""The floor beside each answer: the same rows and columns by SQL alone, written by hand.

It runs as the owner of the tables: no sign-in, no row-level security, only the reach as a condition.
"""

from __future__ import annotations

from typing import Any

from benchmarks.people import Facts, Reader

Statement = tuple[str, dict[str, Any]]
Unit = list[Statement]
"""The statements of one answer, one after the other."""

TABLES = {
    "customers": "customers_customer",
    "contacts": "customers_contact",
    "opportunities": "pipeline_opportunity",
    "activities": "activities_activity",
    "orders": "orders_order",
    "rollups": "ledger_rollup",
    "entries": "ledger_entry",
    "targets": "planning_target",
}
CREDITED = ("rollups", "entries", "targets")
PERSON, UNIT = ("organization_person", "owner_id", "name"), ("organization_unit", "unit_id", "name")
BUYER = ("customers_customer", "customer_id", "name")
NAMED = {
    "customers": (PERSON, UNIT, ("customers_customer", "parent_id", "name")),
    "contacts": (BUYER,),
    "opportunities": (PERSON, UNIT, BUYER, ("pipeline_stage", "stage_id", "key")),
    "activities": (PERSON, UNIT, BUYER, ("customers_contact", "contact_id", "name")),
    "orders": (PERSON, UNIT, BUYER, ("pipeline_opportunity", "deal_id", "number")),
}
"""What a row points to: table, column, and the words shown for it."""
ORDER = {"activities": "t.due_on DESC, t.id DESC"}
NEWEST = "t.id DESC"
SEARCHED = {
    "customers": ("t.name", "t.code", "t.short_name", "t.phone"),
    "contacts": ("t.name", "t.mobile", "c.name"),
    "opportunities": ("t.number", "t.title", "c.name"),
    "orders": ("t.number", "c.name"),
    "activities": ("t.subject", "c.name", "t.about_label"),
}


def facts_of(reader: Reader) -> dict[str, Any]:
    """The reach of a reader as parameters."""
    made: dict[str, Any] = {"me": reader.person_id}
    for table in reader.persons:
        made[f"{table}_persons"] = reader.persons[table]
        made[f"{table}_units"] = reader.units[table]
    return made


def seen(reader: Reader, table: str, alias: str = "t") -> str:
    """The rows within reach, as one condition."""
    if table == "contacts":
        whole = seen(reader, "customers", "w")
        inside = f"{alias}.customer_id IN (SELECT w.id FROM customers_customer w WHERE {whole})"  # noqa: S608
        return "true" if whole == "true" else inside
    if reader.everything[table]:
        return "true"
    person = "person_id" if table in CREDITED else "owner_id"
    parts = [
        f"{alias}.{person} = ANY (%({table}_persons)s::bigint[])",
        f"{alias}.unit_id = ANY (%({table}_units)s::bigint[])",
    ]
    if table == "customers" and reader.has_pool:
        parts.append(f"{alias}.owner_id IS NULL")
    if table in ("opportunities", "activities", "orders"):
        own = "SELECT f.id FROM customers_customer f WHERE f.owner_id = %(me)s"
        parts.append(f"{alias}.customer_id IN ({own})")
    return f"({' OR '.join(parts)})"


def listed(
    reader: Reader, table: str, where: str = "true", order: str = "", limit: int = 50, **given: Any
) -> Statement:
    """Rows in order with the names of what they point to; the names are joined to the page alone."""
    by, names = order or ORDER.get(table, NEWEST), NAMED[table]
    shown = "".join(f", r{n}.public_id, r{n}.{words}" for n, (_, _, words) in enumerate(names))
    joins = " ".join(f"LEFT JOIN {to} r{n} ON r{n}.id = t.{via}" for n, (to, via, _) in enumerate(names))
    inner = (
        f"SELECT t.* FROM {TABLES[table]} t {given.pop('join', '')}"  # noqa: S608
        f" WHERE {seen(reader, table)} AND {where} ORDER BY {by} LIMIT {limit}"
    )
    text = f"SELECT t.public_id, t.*{shown} FROM ({inner}) t {joins} ORDER BY {by}"  # noqa: S608
    return text, facts_of(reader) | given


def found(reader: Reader, table: str, words: str, limit: int = 50) -> Statement:
    """Rows that hold the words in one of the searched columns."""
    join = "" if table == "customers" else "LEFT JOIN customers_customer c ON c.id = t.customer_id"
    where = " OR ".join(f"{column} ILIKE %(words)s" for column in SEARCHED[table])
    return listed(reader, table, f"({where})", limit=limit, join=join, words=f"%{words}%")


def record(reader: Reader, public_id: str) -> Statement:
    """One customer."""
    return listed(reader, "customers", "t.public_id = %(id)s::uuid", id=public_id)


def record_page(reader: Reader, public_id: str, customer_id: int) -> Unit:
    """One customer with the newest of everything that hangs on it."""
    where = "t.customer_id = %(customer)s"
    parts = [
        listed(reader, table, where, limit=20, customer=customer_id)
        for table in ("contacts", "opportunities", "orders", "activities")
    ]
    past = "SELECT * FROM tw_history_of_customers_customer(%(customer)s) LIMIT 20"
    return [record(reader, public_id), *parts, (past, {"customer": customer_id})]


# -- Figures -----------------------------------------------------------------------------------------


def figure(reader: Reader, by: str, days: tuple[str, str], inside: str = "") -> Statement:
    """Bookings by unit below a unit, or by month, from the monthly sums."""
    key, name, join = {
        "unit": (
            "u.code",
            "u.name",
            "JOIN organization_unit u ON u.id = COALESCE(t.unit_path[2], t.unit_id)",
        ),
        "team": ("u.code", "u.name", "JOIN organization_unit u ON u.id = t.unit_id"),
        "month": ("t.month", "t.month", ""),
    }[by]
    per = "t.person_id IS NULL" if reader.is_wide else "t.person_id IS NOT NULL"
    below = "SELECT ARRAY[id] FROM organization_unit WHERE code = %(inside)s"
    narrow = f"AND t.unit_path @> ({below})" if inside else ""
    text = (
        f"SELECT {key}, {name}, sum(t.value) FROM ledger_rollup t {join}"  # noqa: S608
        f" WHERE {seen(reader, 'rollups')} AND {per} {narrow} AND t.measure = 'bookings'"
        " AND t.month >= %(start)s::date AND t.month <= %(end)s::date GROUP BY 1, 2 ORDER BY 1"
    )
    return text, facts_of(reader) | {"inside": inside, "start": days[0], "end": days[1]}


def explained(reader: Reader, days: tuple[str, str]) -> Unit:
    """The total of the entries and the first fifty of them with their names."""
    where = (
        f"FROM ledger_entry t WHERE {seen(reader, 'entries')} AND t.measure = 'bookings'"
        " AND t.credited_on >= %(start)s::date AND t.credited_on <= %(end)s::date"
    )
    total = f"SELECT sum(t.value) {where}"
    page = (
        "SELECT t.*, p.name, c.name, o.number, o.public_id FROM"  # noqa: S608
        f" (SELECT t.* {where} ORDER BY t.credited_on, t.id LIMIT 51) t"
        " JOIN organization_person p ON p.id = t.person_id"
        " LEFT JOIN customers_customer c ON c.id = t.customer_id"
        " LEFT JOIN orders_order o ON o.id = t.about_id ORDER BY t.credited_on, t.id"
    )
    given = facts_of(reader) | {"start": days[0], "end": days[1]}
    return [(total, given), (page, given)]


def tracked(reader: Reader, days: tuple[str, str]) -> Unit:
    """Targets in force and what was reached, by unit and person."""
    given = facts_of(reader) | {"start": days[0], "end": days[1]}
    aims = (
        "SELECT t.unit_id, t.person_id, n.name, sum(t.value) FROM planning_target t"  # noqa: S608
        " JOIN planning_plan l ON l.id = t.plan_id LEFT JOIN organization_person n ON n.id = t.person_id"
        f" WHERE {seen(reader, 'targets')} AND l.measure = 'bookings'"
        " AND l.state IN ('approved', 'closed')"
        " AND t.month BETWEEN %(start)s::date AND %(end)s::date GROUP BY 1, 2, 3"
    )
    reached = (
        "SELECT t.unit_path, t.person_id, sum(t.value) FROM ledger_rollup t"  # noqa: S608
        f" WHERE {seen(reader, 'rollups')} AND t.person_id IS NOT NULL AND t.measure = 'bookings'"
        " AND t.month BETWEEN %(start)s::date AND %(end)s::date GROUP BY 1, 2"
    )
    units = "SELECT id, code, name, path FROM organization_unit"
    return [(aims, given), (reached, given), (units, {})]


# -- Deals -------------------------------------------------------------------------------------------


def board(reader: Reader, facts: Facts, month: tuple[str, str]) -> Unit:
    """Sums of every column, and the first cards of each with their names."""
    given = facts_of(reader) | {"stages": facts.stages, "start": month[0], "end": month[1]}
    mine = seen(reader, "opportunities")
    shown = "t.stage_id = ANY (%(stages)s::bigint[])"
    closed = "t.closed_on >= %(start)s::date AND t.closed_on < %(end)s::date"
    sums = (
        "SELECT t.stage_id, count(*), sum(t.amount) FROM pipeline_opportunity t"  # noqa: S608
        f" WHERE {mine} AND {shown} AND t.state = 'open' GROUP BY 1 UNION ALL"
        " SELECT t.stage_id, count(*), sum(COALESCE(t.value, t.amount)) FROM pipeline_opportunity t"
        f" WHERE {mine} AND {shown} AND {closed} GROUP BY 1"
    )
    first = "SELECT t.* FROM pipeline_opportunity t WHERE t.stage_id = s.id"
    cards = (
        "SELECT t.*, p.name, u.name, c.name FROM pipeline_stage s CROSS JOIN LATERAL"  # noqa: S608
        f" (({first} AND {mine} AND t.state = 'open' ORDER BY t.close_on, t.id LIMIT 51) UNION ALL"
        f" ({first} AND {mine} AND {closed} ORDER BY t.closed_on DESC, t.id DESC LIMIT 51)) t"
        " JOIN organization_person p ON p.id = t.owner_id JOIN organization_unit u ON u.id = t.unit_id"
        " LEFT JOIN customers_customer c ON c.id = t.customer_id WHERE s.id = ANY (%(stages)s::bigint[])"
    )
    return [(sums, given), (cards, given)]


def funnel(reader: Reader, facts: Facts, days: tuple[str, str]) -> Unit:
    """How far the deals of a time came, how long they took, why deals closed, what stands still."""
    given = facts_of(reader) | {"stages": facts.stages, "open": facts.open_stages}
    given |= {"start": days[0], "end": days[1], "stuck": facts.stuck_stages, "before": facts.stuck_before}
    mine, among = seen(reader, "opportunities"), "t.stage_id = ANY (%(stages)s::bigint[])"
    deals = f"FROM pipeline_opportunity t WHERE {mine}"
    far = (
        f"SELECT t.furthest_id, t.state, t.stage_id, count(*), sum(COALESCE(t.value, t.amount)) {deals}"
        " AND t.furthest_id = ANY (%(stages)s::bigint[])"
        " AND t.opened_on BETWEEN %(start)s::date AND %(end)s::date GROUP BY 1, 2, 3"
    )
    whose = "" if mine == "true" else f" AND m.deal_id IN (SELECT t.id {deals})"
    medians = (
        "SELECT m.from_stage_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY m.days)"  # noqa: S608
        " FROM pipeline_stagemove m WHERE NOT m.is_undone AND m.from_stage_id = ANY (%(open)s::bigint[])"
        f" AND m.opened_on BETWEEN %(start)s::date AND %(end)s::date{whose} GROUP BY 1"
    )
    reasons = (
        "SELECT t.state, r.key, r.name, count(*), sum(t.value), sum(t.closed_on - t.opened_on)"  # noqa: S608
        " FROM pipeline_opportunity t LEFT JOIN pipeline_reasoncode r ON r.id = t.reason_code_id"
        f" WHERE {mine} AND {among} AND t.closed_on BETWEEN %(start)s::date AND %(end)s::date"
        " GROUP BY 1, 2, 3"
    )
    now = f"SELECT count(*) {deals} AND {among} AND t.state = 'open'"
    slow = (
        "SELECT t.*, p.name, c.name FROM (SELECT t.* FROM pipeline_opportunity t JOIN"  # noqa: S608
        " unnest(%(stuck)s::bigint[], %(before)s::date[]) l (stage, day) ON t.stage_id = l.stage"
        f" WHERE {mine} AND t.state = 'open' AND t.stage_on < l.day ORDER BY t.stage_on, t.id LIMIT 20) t"
        " JOIN organization_person p ON p.id = t.owner_id"
        " LEFT JOIN customers_customer c ON c.id = t.customer_id"
    )
    return [(text, given) for text in (far, medians, reasons, now, slow)]
