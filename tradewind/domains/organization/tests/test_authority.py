"""What roles grant together: the widest extent of each right, never one right with the reach of another."""

from hypothesis import given
from hypothesis import strategies as st

from tradewind.domains.organization.authority import Extent, authority, changes_of, combined, is_less
from tradewind.domains.organization.rules import BUILT_IN

ORDER = ["none", "own", "team", "branch", "company"]
RIGHTS = st.sampled_from(["a.b.view", "a.b.edit", "a.c.view", "customers.customer.edit", "orders.order.view"])
CHANGES = st.dictionaries(RIGHTS, st.sampled_from(ORDER))
ROLES = st.lists(st.tuples(st.sampled_from([*BUILT_IN, ""]), CHANGES), max_size=4)


def test_finance_who_also_sells_sees_the_company_and_changes_what_is_their_own() -> None:
    both = combined([authority("finance", "", "finance", {}), authority("seller", "", "seller", {})])
    assert both["customers.customer.view"] is Extent.COMPANY
    assert both["customers.customer.edit"] is Extent.OWN


def test_a_change_wins_over_what_is_built_in_and_none_takes_a_right_away() -> None:
    role = authority("seller", "", "seller", {"customers.customer.view": "team", "orders.order.edit": "none"})
    assert role.rights["customers.customer.view"] is Extent.TEAM
    assert "orders.order.edit" not in role.rights
    assert role.widest is Extent.TEAM


def test_own_is_less_than_the_units_own_and_nothing_is_less_than_itself() -> None:
    assert is_less(Extent.NONE, Extent.OWN)
    assert is_less(Extent.OWN, Extent.TEAM)
    assert is_less(Extent.BRANCH, Extent.COMPANY)
    assert not is_less(Extent.TEAM, Extent.TEAM)
    assert not is_less(Extent.COMPANY, Extent.OWN)


@given(ROLES)
def test_together_roles_grant_the_widest_extent_of_each_right(
    given_roles: list[tuple[str, dict[str, str]]],
) -> None:
    roles = [authority("x", "", base, changes) for base, changes in given_roles]
    found = combined(roles)
    for right in {right for role in roles for right in role.rights}:
        naive = max(ORDER.index(role.rights.get(right, "none")) for role in roles)
        assert found[right] == ORDER[naive]
    assert not any(extent is Extent.NONE for extent in found.values())


@given(st.sampled_from([*BUILT_IN, ""]), CHANGES)
def test_what_is_kept_of_a_role_makes_the_same_role_again(base: str, changes: dict[str, str]) -> None:
    role = authority("x", "", base, changes)
    again = authority("x", "", base, changes_of(base, role.rights))
    assert again.rights == role.rights
    assert changes_of(base, again.rights) == again.changes
