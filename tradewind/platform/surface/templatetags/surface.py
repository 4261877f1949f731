"""Parts of the pages of declared objects: one value as people read it, one input with its widget."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.shell.numbers import shown
from tradewind.platform.surface.shell.templatetags.shell import day, icon

register = template.Library()
NOTHING = format_html('<span class="muted">{}</span>', "—")
_ICONS = {"good": "circle-check", "bad": "circle-x", "warn": "alert-triangle", "info": "info-circle"}


@register.simple_tag
def value(column: Column, raw: Any) -> str | SafeString:
    """One value in words: badges for choices, links for references, the day with its weekday."""
    if raw is None or raw == "":
        return NOTHING
    kind = column.kind
    if kind is Kind.REFERENCE:
        return (
            format_html('<a href="{}">{}</a>', raw["url"], raw["label"]) if raw["url"] else str(raw["label"])
        )
    if kind is Kind.CHOICE:
        return _badge(column, str(raw))
    if kind is Kind.BOOL:
        return _("yes") if raw else _("no")
    if kind is Kind.DATE:
        return day(date.fromisoformat(raw))
    if kind is Kind.MOMENT:
        return moment(raw)
    if kind is Kind.LONG:
        return format_html('<span class="long">{}</span>', raw)
    return number(column, raw)


def number(column: Column, raw: Any) -> str:
    """Digits as people read them; text as it is."""
    if column.kind is Kind.MONEY:
        return shown(Decimal(raw), "money")
    if column.kind is Kind.PERCENT:
        return shown(Decimal(raw), "ratio")
    if column.kind is Kind.DECIMAL:
        return shown(Decimal(raw), "count")
    if column.kind is Kind.INTEGER:
        return str(raw)
    return str(raw)


@register.filter
def moment(at: datetime | str) -> str:
    """An instant in the company's zone: 2026-11-22 14:05."""
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{found.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)):%Y-%m-%d %H:%M}"


def _badge(column: Column, raw: str) -> SafeString:
    return verdict(dict(column.choices()).get(raw, raw), column.declared.tones.get(raw, ""))


@register.simple_tag
def verdict(words: str, tone: str) -> SafeString:
    """What becomes of a row of a file, as a badge."""
    if not tone:
        return format_html('<span class="badge">{}</span>', words)
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, icon(_ICONS[tone]), words)


@register.simple_tag
def declared_input(one: dict[str, Any]) -> str:
    """One input: a reference is picked from its target's list, everything else is the shell's field."""
    return render_to_string("surface/_input.html", {**one, "is_reference": "source" in one})
