"""Units of a file: parents first, whatever the order; what stands below itself is found, and only that."""

from hypothesis import given
from hypothesis import strategies as st

from tradewind.domains.organization.forest import Leaf, Names, looping, parents_first

CODES = [f"u{number}" for number in range(9)]
ANY_TREE = st.dictionaries(st.sampled_from(CODES), st.sampled_from([*CODES, "outside"]))


def test_parents_come_first_by_code_or_name() -> None:
    leaves = [
        Leaf("a1", "甲组", "东区"),
        Leaf("x", "独立"),
        Leaf("a", "东区", "root"),
        Leaf("a2", "乙组", "a"),
    ]
    assert parents_first(leaves) == [1, 2, 0, 3]


def test_a_code_wins_over_a_name_and_names_may_be_shared() -> None:
    names = Names([("a", "b"), ("b", "东区"), ("c", "东区")])
    assert names.meant("b") == {"b"}
    assert names.meant("东区") == {"b", "c"}
    assert names.meant("西区") == set()


def test_a_loop_holds_its_members_and_not_what_hangs_on_it() -> None:
    assert looping({"a": "b", "b": "c", "c": "b", "d": "d", "e": "root"}) == {"b", "c", "d"}


def stands_below_itself(code: str, above: dict[str, str]) -> bool:
    """The plainest second version: walk up further than the tree can be high."""
    at = code
    for _ in range(len(above) + 1):
        at = above.get(at, "")
        if at == code:
            return True
    return False


@given(ANY_TREE)
def test_loops_are_those_that_walking_up_finds(above: dict[str, str]) -> None:
    assert looping(above) == {code for code in above if stands_below_itself(code, above)}


@given(ANY_TREE, st.randoms())
def test_every_unit_comes_behind_its_parent_unless_a_loop_is_above_it(
    above: dict[str, str], any_order: object
) -> None:
    codes = list(above)
    any_order.shuffle(codes)  # type: ignore[attr-defined]
    leaves = [Leaf(code, f"名{code}", above[code]) for code in codes]
    order = [codes[place] for place in parents_first(leaves)]
    assert sorted(order) == sorted(codes)
    loops = looping(above)
    for code in codes:
        parent, way = above[code], [code]
        while way[-1] in above and way[-1] not in way[:-1]:
            way.append(above[way[-1]])
        if parent in above and not loops.intersection(way):
            assert order.index(parent) < order.index(code)
