"""A cell as people write it becomes the text that a form would send: 13% is 0.13, 1.2万 is 12000, 是 is true.

What is not understood stays as it is, so that the form's own field says what is wrong with it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, override

from tradewind.platform.surface.columns import NUMBERS, Column, Kind
from tradewind.platform.surface.shell.numbers import harmless, plain_number

YES = frozenset(("true", "yes", "y", "t", "1", "是", "对", "有", "√", "✓", "✔"))
NO = frozenset(("false", "no", "n", "f", "0", "否", "不", "无", "×", "✗"))
DAY = re.compile(
    r"(?P<year>\d{4})(?:[-/.年]\s?(?P<month>\d{1,2})[-/.月]\s?(?P<day>\d{1,2})日?|(?P<md>\d{4}))"
    r"(?:[T ]\d{1,2}:\d{2}(:\d{2})?)?"
)


def typed(column: Column, cell: str) -> str:
    """What somebody would have typed into the form for this cell. Raises ValidationError for no yes or no."""
    text = unmarked(cell).strip()
    if not text:
        return ""
    return _READERS.get(column.kind, _plain)(column, text)


def unmarked(cell: str) -> str:
    """Without the mark that an export puts before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def day(text: str) -> str:
    """2026/3/8, 2026.03.08, 20260308 and 2026年3月8日 are 2026-03-08; a time behind it is left out."""
    found = DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        return text
    month, on = (found["md"][:2], found["md"][2:]) if found["md"] else (found["month"], found["day"])
    try:
        return date(int(found["year"]), int(month), int(on)).isoformat()
    except ValueError:
        return text


def _boolean(column: Column, text: str) -> str:
    words = text.casefold()
    if words in YES:
        return "true"
    if words in NO:
        return "false"
    raise ValidationError(gettext("Write yes or no."), code="boolean")


def _choice(column: Column, text: str) -> str:
    return labels(column).get(text.casefold(), text)


def labels(column: Column) -> Mapping[str, str]:
    """Choice by value and by label in every language; a value wins over another's label."""
    is_data = callable(column.declared.choices)  # and may be another list tomorrow
    return _labels(column) if is_data else _kept_labels(column)


@cache
def _kept_labels(column: Column) -> Mapping[str, str]:
    return _labels(column)


def _labels(column: Column) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language, _ in settings.LANGUAGES:
        with override(language):
            for value, label in column.choices():
                found.setdefault(label.casefold(), value)
    return {**found, **{value.casefold(): value for value, _ in column.choices()}}


def _number(column: Column, text: str) -> str:
    written = plain_number(text, is_share=column.kind is Kind.PERCENT)
    whole, _, part = written.partition(".")
    return whole if column.kind is Kind.INTEGER and part and not part.strip("0") else written


def _one_line(column: Column, text: str) -> str:
    return " ".join(text.split("\n"))


def _plain(column: Column, text: str) -> str:
    return text


_READERS: Mapping[Kind, Callable[[Column, str], str]] = {
    **dict.fromkeys(NUMBERS, _number),
    Kind.DATE: lambda column, text: day(text),
    Kind.BOOL: _boolean,
    Kind.CHOICE: _choice,
    Kind.TEXT: _one_line,
}
