"""Export of a list: the rows of its filter as a spreadsheet or CSV, in the reader's language."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tradewind.kernel.errors import NotVisible, Refused, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.auditing import witness
from tradewind.platform.surface.columns import NUMBERS, Column, Kind
from tradewind.platform.surface.exchange.workbook import Sheet, download, workbook
from tradewind.platform.surface.grid import reading
from tradewind.platform.surface.grid.asking import Asked, asked
from tradewind.platform.surface.resource import Resource
from tradewind.platform.surface.resource.listing import with_view
from tradewind.platform.surface.shell.numbers import harmless

AT_ONCE = 10_000
declare(
    {"export.too_many": phrase("An export holds at most %(largest)s rows. Narrow the filter.")},
)


def export_page(of: Resource) -> Callable[[HttpRequest, str], HttpResponse]:
    """`/customers.xlsx` and `/customers.csv`, with the list's own filters in the address."""

    def page(request: HttpRequest, kind: str) -> HttpResponse:
        actor = actor_of_request(request)
        resource = of.seen_by(actor)
        if kind not in ("xlsx", "csv"):
            raise NotVisible("not_found")
        resource.require(actor, "export")
        address = with_view(resource, dict(request.GET.lists()))
        chosen = _columns(resource, address.get("columns", []))
        rows = _rows(actor, resource, asked(resource.columns, address), chosen)
        witness(actor, f"{resource.key}.export", resource.key, why=request.META.get("QUERY_STRING", ""))
        name = f"{resource.address}.{kind}"
        if kind == "csv":
            return download(_csv(chosen, rows), name, "text/csv; charset=utf-8")
        labels = [column.label for column in chosen]
        return download(workbook(Sheet(_(resource.many), labels, rows)), name)

    return page


def _columns(resource: Resource, words: list[str]) -> list[Column]:
    names = [name for part in words for name in part.split(",") if name in resource.columns]
    shown = [column for column in resource.columns.values() if not column.declared.hidden]
    return [resource.columns[name] for name in names] or shown


def _rows(actor: Actor, resource: Resource, question: Asked, chosen: list[Column]) -> list[list[Any]]:
    """Raises `Refused` beyond what one export holds."""
    table = resource.table_of("export")
    if reading.summary(actor, table, question)["is_capped"]:
        raise Refused("export.too_many", largest=f"{AT_ONCE:,}")
    return [
        [_cell(column, item[column.name]) for column in chosen]
        for item in reading.every(actor, table, question, AT_ONCE)
    ]


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return ""
    if column.kind is Kind.REFERENCE:
        return value["label"]
    if column.kind is Kind.CHOICE:
        return dict(column.choices()).get(value, value)
    if column.kind is Kind.BOOL:
        return _("yes") if value else _("no")
    if column.kind is Kind.DATE:
        return date.fromisoformat(value)
    if column.kind is Kind.MOMENT:
        here = datetime.fromisoformat(value).astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE))
        return here.replace(tzinfo=None, microsecond=0)
    return Decimal(str(value)) if column.kind in NUMBERS else value


def _csv(chosen: list[Column], rows: list[list[Any]]) -> bytes:
    """With a byte-order mark, so that a spreadsheet reads Chinese; text that would run is marked as text."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow([harmless(column.label) for column in chosen])
    writer.writerows([[harmless(value) for value in row] for row in rows])
    return held.getvalue().encode("utf-8-sig")
