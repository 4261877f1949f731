"""Amounts shared over trees and years by hand, and against a plain second implementation."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domains.planning.rules.spreading import Month, Node, Part, divide, spread
from tradewind.domains.planning.tests import naive
from tradewind.domains.planning.values import UNITS_OF_ROUNDING, Kind, Rounding, RowKey
from tradewind.kernel.errors import Refused

ROOT = RowKey(Kind.UNIT, "company")
EQUAL = tuple(Month(Decimal(1)) for _ in range(12))


def person(name: str, weight: str = "1", months: tuple[Month, ...] = EQUAL) -> Node:
    return Node(RowKey(Kind.PERSON, "sh1", name), Decimal(weight), (), months)


def reserve(unit: str = "sh1") -> Node:
    return Node(RowKey(Kind.RESERVE, unit), Decimal(0), (), EQUAL, is_reserve=True)


def team(*people: Node) -> Node:
    return Node(RowKey(Kind.UNIT, "sh1"), Decimal(1), (*people, reserve()), is_unit=True)


def weights(*given: int | str) -> list[Part]:
    return [Part(Decimal(weight)) for weight in given]


def locked(value: str) -> Month:
    return Month(Decimal(1), Decimal(value))


def test_a_third_each_adds_up_to_the_last_fen() -> None:
    assert divide(100_00, weights(1, 1, 1), 1).amounts == (3334, 3333, 3333)


def test_largest_remainder_first_ties_by_larger_weight_then_order() -> None:
    assert divide(10, weights(1, 2, 1), 1).amounts == (3, 5, 2)
    assert divide(3, weights(1, 1), 1).amounts == (2, 1)
    assert divide(7, weights("0.1", "0.3", "0.6"), 1).amounts == (1, 2, 4)


def test_what_is_less_than_a_rounding_unit_goes_to_the_last_open_part_or_the_chosen_one() -> None:
    assert divide(1_234_56, weights(1, 1, 1), 1000_00).amounts == (1000_00, 0, 234_56)
    assert divide(1_234_56, weights(1, 1, 1), 1000_00, 1).amounts == (1000_00, 234_56, 0)


def test_a_locked_part_stays_and_the_others_share_the_rest() -> None:
    parts = [Part(Decimal(1), 500, is_open=False), *weights(1, 1)]
    assert divide(900, parts, 1).amounts == (500, 200, 200)


def test_a_part_keeps_what_is_locked_inside_it_even_when_its_share_would_be_less() -> None:
    parts = [Part(Decimal(1), holds=500), *weights(1, 1)]
    assert divide(900, parts, 1).amounts == (500, 200, 200)
    assert divide(1800, parts, 1).amounts == (600, 600, 600)


def test_nobody_has_a_history_so_everybody_gets_the_same_and_it_is_said() -> None:
    share = divide(300, weights(0, 0, 0), 1)
    assert (share.amounts, share.is_alike) == ((100, 100, 100), True)
    with_reserve = [*weights(0, 0), Part(Decimal(0), is_reserve=True)]
    assert divide(300, with_reserve, 1).amounts == (150, 150, 0)


def test_locked_cells_that_hold_more_than_there_is_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        divide(400, [Part(Decimal(1), 500, is_open=False), *weights(1)], 1)
    assert refused.value.code == "planning.locked_more"
    with pytest.raises(Refused) as refused:
        divide(600, [Part(Decimal(1), 500, is_open=False)], 1)
    assert refused.value.code == "planning.nothing_open"


def test_a_year_over_two_sellers_by_the_month() -> None:
    made = spread(team(person("a"), person("b")), Decimal("1200000"), Rounding()).months
    assert made[RowKey(Kind.PERSON, "sh1", "a")] == (Decimal(50000),) * 12
    assert made[RowKey(Kind.RESERVE, "sh1")] == (Decimal(0),) * 12


def test_each_level_has_its_own_rounding_and_december_takes_what_is_left() -> None:
    rounding = Rounding(people=10_000, quarters=10_000, months=1_000)
    made = spread(team(person("a"), person("b")), Decimal("1234567.89"), rounding).months
    a, b = (made[RowKey(Kind.PERSON, "sh1", name)] for name in "ab")
    assert (sum(a), sum(b)) == (Decimal(620000), Decimal("614567.89"))
    assert all(value % 1000 == 0 for value in (*a, *b[:11]))
    assert b[11] % 1000 == Decimal("567.89")


def test_the_remainder_goes_where_it_is_told() -> None:
    wanted = RowKey(Kind.PERSON, "sh1", "a")
    rounding = Rounding(people=1000, quarters=1000, months=1000, remainder_month=2, remainder_row=wanted)
    made = spread(team(person("a"), person("b")), Decimal("100500"), rounding).months
    assert made[wanted][1] % 1000 == 500
    assert all(value % 1000 == 0 for value in made[RowKey(Kind.PERSON, "sh1", "b")])


def test_a_locked_month_stays_and_the_year_still_adds_up() -> None:
    months = (locked("90000"), *EQUAL[1:])
    made = spread(team(person("a", months=months), person("b")), Decimal(240000), Rounding()).months
    a = made[RowKey(Kind.PERSON, "sh1", "a")]
    assert a[0] == 90000
    assert sum(a) == sum(made[RowKey(Kind.PERSON, "sh1", "b")]) == 120000


# -- Random trees ------------------------------------------------------------------------------------


def random_tree(random: Random, depth: int, path: str = "c") -> Node:
    weight = Decimal(random.choice((0, 1, 1, 2, 5, 17, 333))) / random.choice((1, 1, 10, 1000))
    children: list[Node] = []
    for number in range(random.randint(0, 2) if depth else 0):
        children.append(random_tree(random, depth - 1, f"{path}.{number}"))
    for number in range(random.randint(0, 2)):
        key = RowKey(Kind.PERSON, path, f"p{number}")
        children.append(Node(key, Decimal(random.choice((0, 1, 3, 7))), (), random_months(random)))
    key = RowKey(Kind.RESERVE, path)
    children.append(
        Node(key, Decimal(random.choice((0, 0, 0, 1))), (), random_months(random), is_reserve=True)
    )
    return Node(RowKey(Kind.UNIT, path), weight, tuple(children), is_unit=True)


def random_months(random: Random) -> tuple[Month, ...]:
    likely = random.choice((0, 0, 0, 0.2, 1))
    return tuple(
        Month(
            Decimal(random.choice((0, 1, 1, 21, 22, 350))),
            Decimal(random.randint(0, 50_000)) / 100 if random.random() < likely else None,
        )
        for _ in range(12)
    )


def keys(node: Node) -> list[RowKey]:
    return [node.key] + [key for child in node.children for key in keys(child)]


def random_rounding(random: Random, root: Node) -> Rounding:
    units, people, quarters, months = random.choices(UNITS_OF_ROUNDING, k=4)
    month = random.choice((None, None, random.randint(1, 12)))
    row = random.choice([None, *keys(root)])
    return Rounding(units, people, quarters, months, month, row)


def a_case(random: Random) -> tuple[Node, Rounding, int]:
    """A tree, a rounding, and an amount in hundredths."""
    root = random_tree(random, random.choice((0, 1, 1, 2, 3)))
    return root, random_rounding(random, root), random.randint(1, 10 ** random.randint(3, 12))


def adds_up(random: Random) -> bool:
    """Cells add up, locked ones stay; says whether it could be spread at all."""
    root, rounding, hundredths = a_case(random)
    try:
        made = spread(root, Decimal(hundredths) / 100, rounding)
    except Refused:
        assert sum(naive.held(root)) > hundredths or None not in naive.cells(root)
        return False
    cells = [value for months in made.months.values() for value in months]
    assert sum(cells) * 100 == hundredths
    assert min(cells) >= 0
    assert all(locked in (None, value) for value, locked in zip(cells, naive.cells(root), strict=True))
    return True


def test_ten_thousand_random_trees_add_up_exactly() -> None:
    random = Random(20261122)  # noqa: S311 a story, not a secret
    spreads = sum(adds_up(random) for _ in range(10_000))
    assert spreads > 5_000, "most trees can be spread"


@given(st.integers(0, 2**64))
def test_any_tree_is_spread_like_the_plain_implementation_does(seed: int) -> None:
    root, rounding, hundredths = a_case(Random(seed))  # noqa: S311
    plain = naive.spread(root, hundredths, rounding)
    try:
        made = spread(root, Decimal(hundredths) / 100, rounding)
    except Refused:
        assert plain is None
        return
    assert plain == {key: [int(value * 100) for value in months] for key, months in made.months.items()}
