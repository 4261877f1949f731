"""Numbers as people read them."""

from decimal import Decimal

import pytest

from tradewind.platform.surface.shell.numbers import harmless, shown


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("10005534", "money", "¥10,005,534.00"),
        ("-1.005", "money", "−¥1.01"),
        ("4238", "count", "4,238"),
        ("51.78", "days", "51.78"),
        ("0.631501", "ratio", "63.15%"),
        ("1", "ratio", "100.00%"),
        (None, "ratio", "—"),
    ],
)
def test_each_unit_has_its_form(value: str | None, unit: str, text: str) -> None:
    assert shown(None if value is None else Decimal(value), unit) == text


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t=", "\r@", " =", "　＝", "\ufeff=", "＋", "－", "＠"]
)
@pytest.mark.parametrize("rest", ["1+1", "cmd|' /C calc'!A0", "SUM(A1)", "HYPERLINK(1)"])
def test_what_a_spreadsheet_would_run_becomes_text(start: str, rest: str) -> None:
    assert harmless(start + rest).startswith("'")


@pytest.mark.parametrize("text", ["-5", "-5.25", "12", "林岚", "A=B", ""])
def test_numbers_and_names_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text
