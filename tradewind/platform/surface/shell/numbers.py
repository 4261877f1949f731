"""Numbers as people read them: separators, percent signs, the company's currency."""

import unicodedata
from decimal import Decimal

from django.conf import settings

from tradewind.kernel.rounding import half_up

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}
NONE = "—"
FORMULA = tuple("=+-@＝＋－＠")


def shown(value: Decimal | None, unit: str) -> str:
    """A value for a table or tile: ¥10,005,534.00 · 4,238 · 51.78 · 63.15% (two decimals, half up)."""
    if value is None:
        return NONE
    if unit == "ratio":
        return f"{half_up(value * 100, 2):,.2f}%"
    if unit == "money":
        symbol = SYMBOLS.get(settings.COMPANY_CURRENCY, settings.COMPANY_CURRENCY + " ")
        return f"{'−' if value < 0 else ''}{symbol}{abs(half_up(value, 2)):,.2f}"
    return f"{value:,f}".replace("-", "−")


def harmless(cell: object) -> str:
    """A cell for a spreadsheet: text that a spreadsheet would run as a formula is marked as text."""
    text = str(cell)
    begins = "".join(filter(_is_drawn, text)).startswith(FORMULA)
    return f"'{text}" if begins and not _is_number(text) else text


def _is_drawn(character: str) -> bool:
    """Spaces, control and format characters are skipped by spreadsheets before a formula."""
    return unicodedata.category(character)[0] not in "ZC"


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
