"""The tracking page: who is on track, who is not, and what each workday still needs."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.ledger.queries import written
from tradewind.domains.ledger.values import Tax
from tradewind.domains.organization import queries as organization
from tradewind.domains.planning import queries
from tradewind.domains.planning.grid import MOST_ROWS, label_of
from tradewind.domains.planning.queries import TrackedRow, Tracking
from tradewind.domains.planning.rules.progress import shown_rate
from tradewind.domains.planning.templatetags.progress import PACES, attained, drawn
from tradewind.domains.planning.values import Kind, Pace, Progress, TrackedPeriod
from tradewind.kernel.period import beside, month_key, quarter_key, year_key
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.auditing import witness
from tradewind.platform.surface.shell.numbers import harmless, shown

TAXES = {Tax.INCLUDED: gettext_lazy("with tax"), Tax.EXCLUDED: gettext_lazy("without tax"), Tax.NONE: ""}
KEYS = {"month": month_key, "quarter": quarter_key, "year": year_key}


def tracking_page(request: HttpRequest) -> HttpResponse:
    """The tracking table of a month, quarter or year."""
    asked, actor = _asked(request), actor_of_request(request)
    is_small = queries.people_in(actor, asked["unit"]) <= MOST_ROWS
    made = queries.tracking(actor, asked["period"], asked["unit"], asked["measure"], is_small)
    rows = _fitting(made.rows)
    parents = {row.line.parent for row in rows}
    context = {
        "finding": _finding(made),
        "scope": _scope(made),
        "period": made.period.key,
        "year": made.period.first.year,
        "tabs": _tabs(made.period, asked),
        "back_url": _address("tracking", asked | {"period": beside(made.period.key, -1)}),
        "on_url": _address("tracking", asked | {"period": beside(made.period.key, 1)}),
        "all_url": _address("tracking", asked | {"unit": ""}) if asked["unit"] else "",
        "export_url": _address("tracking_export", asked),
        "total": _line(made, made.total),
        "rows": [_row(made, row, asked, row.line.id in parents) for row in rows],
        "is_announced": made.is_announced,
        "has_plan": made.has_plan,
    }
    return render(request, "planning/tracking.html", context)


def export(request: HttpRequest) -> HttpResponse:
    """The same rows as a CSV file that spreadsheets open as UTF-8."""
    asked = _asked(request)
    made = queries.tracking(actor_of_request(request), asked["period"], asked["unit"], asked["measure"])
    witness(actor_of_request(request), "planning.target.export", why=request.META.get("QUERY_STRING", ""))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"tracking-{made.flow.key}-{made.period.key}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    lines = csv.writer(response)
    names = [_("Unit"), _("Person"), _("Unit, person"), _("Target"), _("Actual"), _("Attainment")]
    more = [_("Expected progress"), _("Gap"), _("Needed per workday"), _("Run rate"), _("Index"), _("State")]
    lines.writerow(names + more)
    for row in made.rows:
        found, key = row.progress, row.line.key
        text = (harmless(key.unit), harmless(key.person), harmless(label_of(row.line)))
        money = [written(value) for value in (found.target, found.actual)]
        rates = [_written(found.attainment), _written(found.expected), written(found.gap)]
        rest = [written(found.needed), written(found.forecast), _written(found.index), PACES[found.pace]]
        lines.writerow([*text, *money, *rates, *rest])
    return response


def _asked(request: HttpRequest) -> dict[str, str]:
    given = {name: request.GET.get(name, "") for name in ("period", "unit", "measure")}
    return given | {"measure": given["measure"] or queries.BOOKINGS}


def _address(route: str, asked: dict[str, str]) -> str:
    words = {name: value for name, value in asked.items() if value}
    if words.get("measure") == queries.BOOKINGS:
        del words["measure"]
    return f"{reverse(route)}?{urlencode(words)}" if words else reverse(route)


def _tabs(period: TrackedPeriod, asked: dict[str, str]) -> list[dict[str, object]]:
    """Month, quarter and year around the shown period; a longer one keeps the month it came from."""
    names = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
    today = organization.clock().today()
    day = today if period.first <= today <= period.last else period.first
    return [
        {
            "name": names[kind],
            "url": _address("tracking", asked | {"period": key_of(day)}),
            "is_current": key_of(period.first) == period.key,
        }
        for kind, key_of in KEYS.items()
    ]


def _fitting(rows: Sequence[TrackedRow]) -> Sequence[TrackedRow]:
    """All rows while they fit on one page, else so many levels as do; a unit opens with what is below it."""
    depths = sorted({row.line.depth for row in rows}, reverse=True)
    for deepest in depths:
        shown = [row for row in rows if row.line.depth <= deepest]
        if len(shown) <= MOST_ROWS or deepest <= 1:
            return shown
    return rows


def _finding(made: Tracking) -> str:
    """The title states what the table says: the part that lags most, or how the whole stands."""
    if not made.has_plan:
        return _("No plan in force for %(period)s") % {"period": made.period.key}
    parts = [row for row in made.rows if row.line.depth == 1 and row.line.key.kind is not Kind.RESERVE]
    lagging = [row for row in parts or made.rows if row.progress.pace in (Pace.OFF, Pace.AT_RISK)]
    if lagging:
        worst = max(lagging, key=lambda row: (row.progress.pace is Pace.OFF, row.progress.gap))
        return _sentence(worst.progress, label_of(worst.line), made)
    return _sentence(made.total, label_of(made.rows[0].line) if made.rows else "", made)


def _sentence(found: Progress, name: str, made: Tracking) -> str:
    unit = made.flow.unit
    facts = {
        "name": name,
        "needed": shown(found.needed, unit),
        "gap": shown(abs(found.gap), unit),
        "attainment": attained(found.attainment),
        "expected": attained(found.expected),
    }
    if found.pace in (Pace.OFF, Pace.AT_RISK):
        if found.needed is None:
            return _("%(name)s missed its target by %(gap)s") % facts
        if found.pace is Pace.OFF:
            return _("%(name)s off track: needs %(needed)s per workday") % facts
        return _("%(name)s at risk: needs %(needed)s per workday") % facts
    if found.pace is Pace.ON_TRACK:
        return _("%(name)s on track: %(attainment)s reached, %(expected)s expected") % facts
    return _("%(name)s: %(gap)s to go") % facts if found.gap > 0 else name


def _scope(made: Tracking) -> list[str]:
    days = {"ended": made.days.ended, "workdays": made.days.workdays}
    return [
        f"{made.period.first} – {made.period.last}",
        _("%(ended)s of %(workdays)s workdays ended") % days,
        " ".join(filter(None, (_(made.flow.name), str(TAXES[made.flow.tax])))),
        _("units as they were on the day"),
    ]


def _row(made: Tracking, row: TrackedRow, asked: dict[str, str], has_children: bool) -> dict[str, object]:
    key = row.line.key
    is_unit = key.kind is Kind.UNIT
    return _line(made, row.progress) | {
        "id": row.line.id,
        "parent": row.line.parent,
        "level": row.line.depth + 1,
        "kind": key.kind.value,
        "label": label_of(row.line),
        "has_children": has_children,
        "open_url": _address("tracking", asked | {"unit": key.unit}) if is_unit and row.line.depth else "",
        "explain_url": _explain(made, row) if key.kind is not Kind.RESERVE else "",
    }


def _explain(made: Tracking, row: TrackedRow) -> str:
    """The address of the entries behind a row: a unit with those below, a person in exactly that unit."""
    key = row.line.key
    asked = {"measure": made.flow.key, "from": str(made.period.first), "to": str(made.period.last)}
    if key.kind is Kind.UNIT:
        asked |= {"unit": key.unit}
    else:
        asked |= {"by": "unit", "key": key.unit, "person": key.person}
    return f"{reverse('explain')}?{urlencode(asked)}"


def _line(made: Tracking, found: Progress) -> dict[str, object]:
    unit = made.flow.unit
    return drawn(found) | {
        "target_text": shown(found.target, unit),
        "actual_text": shown(found.actual, unit),
        "gap_text": shown(found.gap, unit),
        "needed_text": shown(found.needed, unit),
        "forecast_text": shown(found.forecast, unit),
        "attainment_text": attained(found.attainment),
        "expected_text": attained(found.expected),
    }


def _written(rate: Decimal | None) -> str:
    return "" if rate is None else f"{shown_rate(rate, 6):f}"
