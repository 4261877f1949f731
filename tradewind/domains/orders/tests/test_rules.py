"""What a line comes to, to the cent; against fractions worked out by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domains.orders import rules
from tradewind.domains.orders.rules import MOVES, State, Sums, Terms
from tradewind.kernel.errors import Malformed, Refused


def terms(quantity: str, unit_price: str, discount: str = "0", tax: str = "0.13") -> Terms:
    return Terms(Decimal(quantity), Decimal(unit_price), Decimal(discount), Decimal(tax))


WORKED = [
    # 3 × 68,000 less 7.5 % = 188,700.00; 13 % of it = 24,531.00
    (terms("3", "68000", "0.075"), "188700.00", "24531.00"),
    # 2.5 × 19.99 = 49.975, half up 49.98; 13 % of 49.98 = 6.4974
    (terms("2.5", "19.99"), "49.98", "6.50"),
    # 1,000 screws at 0.0325 = 32.50; 13 % = 4.225, half up
    (terms("1000", "0.0325"), "32.50", "4.23"),
    # 0.333 × 0.01 = 0.00333
    (terms("0.333", "0.01"), "0.00", "0.00"),
    # 1 × 0.005: half a fen counts as one
    (terms("1", "0.005", tax="0.06"), "0.01", "0.00"),
    # given away
    (terms("5", "120", "1"), "0.00", "0.00"),
    (terms("7", "86000", "0.3333", "0.09"), "401353.40", "36121.81"),
]


@pytest.mark.parametrize(("line", "net", "tax"), WORKED)
def test_a_line_comes_to_the_cent(line: Terms, net: str, tax: str) -> None:
    assert rules.line_sums(line) == Sums(Decimal(net), Decimal(tax))


def test_an_order_is_the_exact_sum_of_its_rounded_lines() -> None:
    lines = [rules.line_sums(line) for line, _, _ in WORKED]
    sums = rules.order_sums(lines)
    assert sums == Sums(Decimal("590135.89"), Decimal("60663.54"))
    assert sums.gross == Decimal("650799.43")
    assert rules.order_sums([]) == Sums(Decimal("0.00"), Decimal("0.00"))


def naive(value: Fraction) -> Decimal:
    """Half up to the fen, in whole numbers."""
    fen = value * 100
    whole = fen.numerator // fen.denominator
    return Decimal(whole + (fen - whole >= Fraction(1, 2))) / 100


quantities = st.integers(1, 999_999_999_999).map(lambda n: Decimal(n).scaleb(-3))
prices = st.integers(0, 10**20 - 1).map(lambda n: Decimal(n).scaleb(-4))
rates = st.integers(0, 10_000).map(lambda n: Decimal(n).scaleb(-4))
lines = st.builds(Terms, quantities, prices, rates, rates)


@given(lines)
def test_a_line_agrees_with_fractions(line: Terms) -> None:
    assert rules.check_terms(line, 0) == line
    net = naive(Fraction(line.quantity) * Fraction(line.unit_price) * (1 - Fraction(line.discount_rate)))
    tax = naive(Fraction(net) * Fraction(line.tax_rate))
    assert rules.line_sums(line) == Sums(net, tax)


@given(st.lists(st.tuples(st.integers(0, 10**13), st.integers(0, 10**13)), max_size=200))
def test_the_sums_agree_with_whole_numbers(fen: list[tuple[int, int]]) -> None:
    sums = rules.order_sums(Sums(Decimal(net).scaleb(-2), Decimal(tax).scaleb(-2)) for net, tax in fen)
    assert int(sums.net * 100) == sum(net for net, _ in fen)
    assert int(sums.gross * 100) == sum(net + tax for net, tax in fen)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (terms("0", "1"), "quantity"),
        (terms("-1", "1"), "quantity"),
        (terms("1.0001", "1"), "quantity"),
        (terms("1e12", "1"), "quantity"),
        (terms("NaN", "1"), "quantity"),
        (terms("1", "-0.01"), "unit_price"),
        (terms("1", "0.00001"), "unit_price"),
        (terms("1", "1e-999999"), "unit_price"),
        (terms("1", "Infinity"), "unit_price"),
        (terms("1", "1", "1.01"), "discount_rate"),
        (terms("1", "1", "-0.1"), "discount_rate"),
        (terms("1", "1", "0", "13"), "tax_rate"),
        (terms("1", "1", "0", "0.12345"), "tax_rate"),
    ],
)
def test_terms_that_are_none_are_refused_at_their_field(line: Terms, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        rules.check_terms(line, 4)
    assert (refused.value.code, refused.value.field) == (f"orders.{field}", f"lines.4.{field}")


def test_zeros_at_the_end_are_no_decimals() -> None:
    assert rules.check_terms(terms("1.000000", "10.00000", "0.100000", "0.130000"), 0)
    assert [rules.decimals(Decimal(n)) for n in ("0", "0.000", "1E+3", "1.50", "0.125")] == [0, 0, 0, 1, 3]


def test_more_than_the_tables_keep_is_refused() -> None:
    with pytest.raises(Refused):
        rules.order_sums([Sums(rules.LARGEST, Decimal("0.01"))])


def test_another_total_than_the_one_seen_is_refused() -> None:
    sums = Sums(Decimal(100), Decimal(13))
    rules.check_seen(None, sums)
    rules.check_seen(Decimal("113.00"), sums)
    with pytest.raises(Refused):
        rules.check_seen(Decimal("113.01"), sums)


def test_only_the_moves_of_the_table_are_possible() -> None:
    for state in State:
        for verb in ("edit", "confirm", "cancel"):
            if (state, verb) in MOVES:
                assert rules.next_state(state, verb) is MOVES[state, verb]
            else:
                with pytest.raises(Refused):
                    rules.next_state(state, verb)
