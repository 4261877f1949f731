"""Tags and filters that pages are made of. Texts given to them are already translated by the page."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, CheckboxInput, DateInput, HiddenInput, RadioSelect, Select, Textarea
from django.template.loader import render_to_string
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from tradewind.platform.surface.shell import assets
from tradewind.platform.surface.shell.messages import address_of_undo

register = template.Library()

_WIDGET_CLASSES = (
    (CheckboxInput, ""),
    (RadioSelect, ""),
    (HiddenInput, ""),
    (Select, "select"),
    (Textarea, "textarea"),
)
_NOTICE_ICONS = {
    "info": "info-circle",
    "success": "circle-check",
    "warning": "alert-triangle",
    "error": "circle-x",
}


@register.simple_tag
def asset(name: str) -> str:
    """Address of a built front-end file: {% asset "app.js" %}."""
    return assets.address(name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture from the sprite. It says nothing to screen readers: put words beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        assets.address("icons.svg"),
        name,
    )


@register.simple_tag
def field(
    bound: BoundField,
    help: str | None = None,  # noqa: A002
    label: str | None = None,
    **attributes: str,
) -> SafeString:
    """One form field with label, help and errors. `help=""` leaves the form's own help text out.

    Further attributes go to the control, such as placeholder="".
    """
    if help is not None:
        bound.help_text = help
    widget = bound.field.widget
    named = next((css for kind, css in _WIDGET_CLASSES if isinstance(widget, kind)), "input")
    if isinstance(widget, DateInput):
        # The browser's own date picker, which takes and gives ISO dates in every language.
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    given = widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {**attributes}
    if given or named:
        attrs["class"] = f"{given} {named}".strip()
    context = {
        "field": bound,
        "label": bound.label if label is None else label,
        "control": bound.as_widget(attrs=attrs),
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": widget.use_fieldset,
    }
    return render_to_string("shell/field.html", context)


@register.simple_tag
def button(text: str, kind: str = "", icon: str = "", href: str = "", **attributes: str) -> SafeString:
    """A button, or a link that looks like one. `kind`: primary, danger, "danger strong", wide."""
    context = {"text": text, "kinds": kind.split(), "icon": icon, "href": href, "attributes": attributes}
    return render_to_string("shell/button.html", context)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A message inside the page. `kind`: info, success, warning, error."""
    context = {"content": content, "kind": kind, "title": title, "icon": _NOTICE_ICONS[kind]}
    return render_to_string("shell/notice.html", context)


@register.simple_block_tag
def empty_state(content: str, title: str, icon: str = "inbox") -> SafeString:
    """What stands where a list would: what this is, and at most one action as the content."""
    return render_to_string("shell/empty.html", {"content": content, "title": title, "icon": icon})


@register.simple_block_tag
def scroll(content: str, label: str) -> SafeString:
    """A wide table that scrolls by itself, also with the keyboard, instead of the page."""
    return format_html(
        '<div class="table-scroll" role="region" tabindex="0" aria-label="{}">{}</div>', label, content
    )


@register.simple_tag
def chart(figure: Mapping[str, Any], title: str, name: str = "chart") -> SafeString:
    """A drawn chart. The same numbers must stand in a table under it; screen readers are sent there.

    `figure`: kind "bar" or "line", unit "money", "count", "days" or "ratio" (a fraction), labels, values as
    exact strings, and when they differ from the plain number, texts shown on hover.
    """
    context = {"title": title, "name": name, "data": json_script(figure, name)}
    return render_to_string("shell/chart.html", context)


@register.simple_tag
def skeleton(lines: int = 4) -> SafeString:
    """Grey lines where a part of the page is still to come; they appear only when it takes its time."""
    return render_to_string("shell/skeleton.html", {"lines": range(lines)})


@register.simple_tag
def long_work(title: str, url: str, cancel_url: str = "", name: str = "work") -> SafeString:
    """Long work: percent, time still needed, cancel. work.js says what the address answers."""
    context = {"title": title, "url": url, "cancel_url": cancel_url, "name": name}
    return render_to_string("shell/long_work.html", context)


@register.simple_tag
def crumbs(*way: str, here: str = "") -> SafeString:
    """Where a page lies: {% crumbs _("Plans") plans_url plan.name plan_url here=target.number %}."""
    pairs = list(zip(way[::2], way[1::2], strict=True))
    return render_to_string("shell/crumbs.html", {"crumbs": pairs, "here": here})


@register.filter
def undo_address(message: Message) -> str:
    """Where a message's undo is posted to; empty when it offers none."""
    return address_of_undo(message)


@register.filter
def percent(share: Decimal | float | None) -> str:
    """A fraction as a percentage with one decimal: 0.1234 is 12.3%. Nothing stays nothing."""
    return "" if share is None else f"{share * 100:.1f}%"


@register.filter
def signed(number: Decimal | None) -> str:
    """A difference with its sign and one decimal: +2.5, −0.4. Nothing stays nothing."""
    return "" if number is None else f"{number:+,.1f}".replace("-", "−")


@register.filter
def signed_percent(share: Decimal | None) -> str:
    """A change as a percentage with its sign: 0.125 is +12.5%. Nothing stays nothing."""
    return "" if share is None else f"{signed(share * 100)}%"


@register.filter
def attribute_name(name: str) -> str:
    """Python's aria_label as HTML's aria-label, so that tags can take any attribute."""
    return name.replace("_", "-")


@register.filter
def day(on: date | None) -> str:
    """A calendar date with its weekday: 2026-11-22 周日. Nothing stays a dash."""
    if on is None:
        return "—"
    return format_date(on, "yyyy-MM-dd EEE", locale=to_locale(get_language() or settings.LANGUAGE_CODE))
