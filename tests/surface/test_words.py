"""What people write in a cell, and what a form would have been given for it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tradewind.platform.surface.exchange.words import day, typed, unmarked
from tradewind.platform.surface.resource import resource_named
from tradewind.platform.surface.shell.numbers import harmless, plain_number

PRODUCT, CUSTOMER, CONTACT = "catalog.product", "customers.customer", "customers.contact"


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("1234.50", "1234.50"),
        ("¥1,234.50", "1234.50"),
        ("￥ 1,234,567", "1234567"),
        ("1.2万", "12000.0"),
        ("3亿元", "300000000"),
        ("5k", "5000"),
        ("-12", "-12"),
        ("−12", "-12"),
        ("(1,200.00)", "-1200.00"),
        ("￥-3", "-3"),
        ("１２３，４５６．７", "123456.7"),
        ("12800元", "12800"),
        ("USD 12.5", "12.5"),
        ("1e5", "1e5"),
        (".5", "0.5"),
        ("1,23", "1,23"),
        ("1.234,56", "1.234,56"),
        ("十", "十"),
        ("--5", "--5"),
        ("1 2", "12"),
        ("", ""),
        ("万", "万"),
        ("¥", "¥"),
    ],
)
def test_a_number_is_understood_as_people_write_it(cell: str, plain: str) -> None:
    assert plain_number(cell) == plain


@pytest.mark.parametrize(
    ("cell", "share"), [("13%", "0.13"), ("0.13", "0.13"), ("5.5 %", "0.055"), ("１３％", "0.13")]
)
def test_a_percentage_is_a_fraction(cell: str, share: str) -> None:
    assert typed(resource_named(PRODUCT).columns["tax_rate"], cell) == share


@given(st.decimals(-(10**12), 10**12, places=2, allow_nan=False))
def test_every_amount_written_with_separators_is_that_amount(amount: Decimal) -> None:
    assert Decimal(plain_number(f"¥{amount:,.2f}")) == amount


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2026-03-18", "2026-03-18"),
        ("2026/3/8", "2026-03-08"),
        ("2026.03.08", "2026-03-08"),
        ("2026年3月8日", "2026-03-08"),
        ("20260308", "2026-03-08"),
        ("2026-03-18 14:05:00", "2026-03-18"),
        ("2026-02-30", "2026-02-30"),
        ("3/8/2026", "3/8/2026"),
        ("46099", "46099"),
    ],
)
def test_a_day_is_understood_year_first_and_never_guessed(cell: str, iso: str) -> None:
    assert day(cell) == iso


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("cell", "value"),
    [("潜在", "prospect"), ("Prospect", "prospect"), ("PROSPECT", "prospect"), ("nothing", "nothing")],
)
def test_a_choice_is_found_by_value_or_label_in_either_language(language: str, cell: str, value: str) -> None:
    with override(language):
        assert typed(resource_named(CUSTOMER).columns["life_stage"], cell) == value


def test_yes_and_no_have_many_words_and_nothing_else_is_either() -> None:
    column = resource_named(CONTACT).columns["is_lunar"]
    assert {typed(column, cell) for cell in ("是", "yes", "Y", "TRUE", "1", "√")} == {"true"}
    assert {typed(column, cell) for cell in ("否", "no", "N", "FALSE", "0", "×")} == {"false"}
    assert typed(column, " ") == ""
    with pytest.raises(ValidationError):
        typed(column, "也许")


def test_a_whole_number_may_be_written_with_its_zeros_behind_the_point() -> None:
    column = resource_named(CUSTOMER).columns["employees"]
    assert typed(column, "120.00") == "120"
    assert typed(column, "120.5") == "120.5"


@given(st.text(max_size=20))
def test_the_mark_of_an_export_is_taken_off_again(text: str) -> None:
    assert unmarked(harmless(text)) == text or text.startswith("'")


def test_text_that_begins_with_an_apostrophe_keeps_it() -> None:
    assert unmarked("'t Hooft") == "'t Hooft"
    assert unmarked("'=1+1") == "=1+1"
