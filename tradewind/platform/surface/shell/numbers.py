"""Numbers as people read them: separators, percent signs, the company's currency."""

import re
import unicodedata
from decimal import Decimal

from django.conf import settings
from django.utils.translation import get_language

from tradewind.kernel.rounding import half_up

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}
STEPS = {
    "zh": ((10**8, "亿"), (10**4, "万")),
    "en": ((10**9, "bn"), (10**6, "M"), (10**3, "k")),
}
NONE = "—"
FORMULA = tuple("=+-@＝＋－＠")

WRITTEN_SCALES = {"万": 10**4, "亿": 10**8, "k": 10**3, "K": 10**3}
CURRENCY = re.compile(r"^(人民币|rmb|cny|usd|eur|hk\$|[¥$€£])|(元|圆|rmb|cny|usd|eur)$", re.IGNORECASE)
NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d{1,3}(,\d{3})+|\d+)?(?P<part>\.\d+)?(?P<scale>[万亿kK]?)")


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


def brief(value: Decimal) -> str:
    """Money for a tile or the head of a column: ¥12.8万 and ¥1.3亿 in Chinese, ¥128k and ¥1.3M in English.

    One decimal, half up, none where it is 0. The exact amount belongs beside it or into its title.
    """
    steps = STEPS["en" if (get_language() or "").startswith("en") else "zh"]
    size, word = next(((size, word) for size, word in steps if abs(value) >= size), (1, ""))
    symbol = SYMBOLS.get(settings.COMPANY_CURRENCY, settings.COMPANY_CURRENCY + " ")
    number = f"{abs(half_up(value / size, 1)):,f}".removesuffix(".0")
    return f"{'−' if value < 0 else ''}{symbol}{number}{word}"


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


def plain_number(text: str, is_share: bool = False) -> str:
    """¥1,234.50 is 1234.50, 3.5亿 is 350000000, (5) is -5; `is_share`: 13% is 0.13."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("−", "-").replace("￥", "¥")
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1]
    sign, plain = (plain[0], plain[1:]) if plain[:1] in ("-", "+") else ("", plain)
    plain = CURRENCY.sub("", CURRENCY.sub("", plain))
    hundredths = is_share and plain.endswith("%")
    found = NUMBER.fullmatch(plain[:-1] if hundredths else plain)
    if found is None or not (found["whole"] or found["part"]) or (sign and found["sign"]):
        return text
    value = Decimal(f"{found['whole'] or 0}{found['part'] or ''}".replace(",", ""))
    value *= WRITTEN_SCALES.get(found["scale"], 1)
    value = value / 100 if hundredths else value
    return f"{'-' if '-' in (sign, found['sign']) else ''}{value:f}"
