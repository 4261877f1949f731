"""Roles as data: each right with its own reach, in the filter and in the database."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.conftest import SignedIn, acting, system
from tests.stories.access import a_customer_of, a_deal_of, change_role, check_both_locks, give, ref
from tradewind.domains.customers import commands as customers
from tradewind.domains.customers.models import Customer
from tradewind.domains.organization import authorizing
from tradewind.domains.organization.authorizing import NewRole, Retirement, RoleChange, Roles
from tradewind.domains.organization.models import Grant
from tradewind.domains.organization.queries import person_ref
from tradewind.domains.organization.roles import read, roles
from tradewind.kernel.errors import Malformed, NotAllowed, Refused, StaleVersion
from tradewind.platform.spine.access.scopes import scope_of
from tradewind.platform.spine.command import Given

pytestmark = pytest.mark.django_db


def test_a_right_of_one_role_never_takes_the_reach_of_another() -> None:
    give("field", "seller", "finance")
    other = a_customer_of("chu.ning")
    with acting("field") as actor:
        assert actor.reach("customers.customer").everything
        with pytest.raises(NotAllowed):
            customers.edit_customer(actor, ref(other), Given({"note": "改"}))
        own = Customer.objects.filter(owner_id=actor.person_id)[0]
        assert customers.edit_customer(actor, ref(own), Given({"note": "改"})).note == "改"
        check_both_locks(actor)


def test_what_a_role_may_do_is_changed_and_felt_with_the_next_request(signed_in: SignedIn) -> None:
    client, team_mate = signed_in("seller"), a_customer_of("wu.qiang")
    address = f"/customers/{team_mate.public_id}"
    assert client.get(address).status_code == 404
    change_role("seller", customers__customer__view="team")
    assert client.get(address).status_code == 200
    assert client.get(f"{address}/edit").status_code in (403, 404)
    with acting("seller") as actor:
        check_both_locks(actor)
        with pytest.raises(NotAllowed):
            customers.edit_customer(actor, ref(team_mate), Given({"note": "改"}))
    change_role("seller", customers__customer__view="none")
    assert client.get("/api/v1/customers").json()["items"] == []


@pytest.mark.parametrize(
    "extents", [("company", "own", "none"), ("own", "company", "team"), ("none", "branch", "own")]
)
def test_each_object_has_its_own_reach_in_the_filter_and_in_the_database(
    extents: tuple[str, str, str],
) -> None:
    names = ("customers__customer__view", "pipeline__opportunity__view", "orders__order__view")
    change_role("manager", **dict(zip(names, extents, strict=True)))
    with acting("manager") as actor:
        assert not actor.is_wide
        check_both_locks(actor)
        with system():
            every = Customer.objects.count()
        assert (Customer.objects.filter(scope_of("customers.customer").visible(actor)).count() == every) == (
            extents[0] == "company"
        )


def test_words_find_what_a_mixed_reach_shows_and_nothing_else(signed_in: SignedIn) -> None:
    change_role("seller", customers__customer__view="company", pipeline__opportunity__view="own")
    client, deal = signed_in("seller"), a_deal_of("chu.ning")
    far = a_customer_of("chu.ning")
    found = client.get(f"/api/v1/customers?q={far.code}").json()["items"]
    assert [item["code"] for item in found] == [far.code]
    assert client.get(f"/api/v1/opportunities?q={deal.number}").json()["items"] == []


def test_a_role_of_the_companys_own_begins_as_another_and_is_given_to_people() -> None:
    with acting("admin") as actor:
        key = authorizing.create_role(actor, NewRole("大客户销售", "seller"))
        with pytest.raises(Malformed):
            authorizing.create_role(actor, NewRole("大客户销售", "seller"))
    change_role(key, customers__customer__view="branch")
    give("field", key)
    with acting("field") as actor:
        assert len(actor.reach("customers.customer").persons) > 1 == len(actor.reach("orders.order").persons)
        check_both_locks(actor)
    with acting("admin") as actor, pytest.raises(Refused):
        authorizing.retire_role(actor, Retirement(key))
    give("field", "seller")
    with acting("admin") as actor:
        authorizing.retire_role(actor, Retirement(key))
        assert roles().by_key[key].is_retired
        with pytest.raises(Malformed):
            authorizing.set_roles(actor, person_ref(actor, "field"), Roles((key,)))


def test_somebody_who_may_change_roles_always_remains_and_nobody_changes_their_own() -> None:
    with acting("admin") as actor:
        with pytest.raises(Refused) as own:
            authorizing.set_roles(actor, person_ref(actor, "admin"), Roles(("seller",)))
        assert own.value.code == "organization.own_roles"
        with pytest.raises(Refused) as none:
            authorizing.change_role(actor, RoleChange("admin", 0, {"organization.role.change": "none"}))
        assert none.value.code == "organization.no_keeper_left"


def test_only_administrators_give_or_take_a_role_that_administers() -> None:
    with acting("hr") as actor:
        authorizing.set_roles(actor, person_ref(actor, "field"), Roles(("seller", "manager")))
        with pytest.raises(Malformed):
            authorizing.set_roles(actor, person_ref(actor, "field"), Roles(("admin",)))
        with pytest.raises(Malformed):
            authorizing.set_roles(actor, person_ref(actor, "admin"), Roles(()))
    with system():
        assert set(Grant.objects.filter(person__sign_in="field").values_list("role", flat=True)) == {
            "seller",
            "manager",
        }


def test_a_role_as_somebody_saw_it_before_another_changed_it_is_not_written_over() -> None:
    change_role("seller", customers__customer__export="own")
    with acting("admin") as actor, pytest.raises(StaleVersion):
        authorizing.change_role(actor, RoleChange("seller", 0, {"customers.customer.view": "company"}))
    for rights in ({"spine.command.view": "company"}, {"customers.customer.view": "everything"}):
        with acting("admin") as actor, pytest.raises(Malformed):
            authorizing.change_role(actor, RoleChange("seller", 1, rights))


def test_an_export_reaches_no_further_than_its_right(signed_in: SignedIn) -> None:
    change_role("manager", customers__customer__export="own")
    with acting("manager") as actor:
        rows = Customer.objects.filter(owner_id=actor.person_id)
        own = set(rows.values_list("code", flat=True))
    lines = signed_in("manager").get("/customers.csv?columns=code").content.decode("utf-8-sig").split()[1:]
    with system():
        free = set(Customer.objects.filter(owner=None).values_list("code", flat=True))
    assert own <= set(lines) <= own | free
    assert set(lines) - free == own


def saved(client: Client, key: str, page: str, **chosen: str) -> Any:
    """Send the form of a role as the page shows it, with these rights chosen otherwise."""
    selects = re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    rights = {name: re.search(r'value="([a-z]+)" selected', options) for name, options in selects}
    told = {name: found[1] for name, found in rights.items() if found}
    for name in ("version", "confirmed"):
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        told |= {name: found[1]} if found else {}
    told |= {name.replace("__", "."): extent for name, extent in chosen.items()}
    return client.post(f"/settings/roles/{key}", told)


def shown(client: Client, key: str) -> str:
    return client.get(f"/settings/roles/{key}").content.decode()


def test_before_people_lose_rights_they_are_named_and_only_what_was_shown_is_confirmed(
    signed_in: SignedIn,
) -> None:
    client, before = signed_in("admin"), roles_now("seller")
    give("field", "seller", "finance")
    asked = saved(client, "seller", shown(client, "seller"), customers__customer__view="none")
    page = asked.content.decode()
    assert asked.status_code == 200
    losses = page[page.index('id="losses"') :].partition("</table>")[0]
    assert "客户 · 查看" in losses
    assert "陈小雨 (seller)" in losses
    assert "(field)" not in losses, "finance sees the company: nothing is lost"
    assert roles_now("seller") == before, "nothing is saved yet"
    other = saved(client, "seller", page, orders__order__view="none")
    assert other.status_code == 200, "something else than what was shown"
    assert roles_now("seller") == before
    assert saved(client, "seller", page).status_code == 302
    assert "customers.customer.view" not in roles_now("seller")
    assert (
        saved(client, "seller", shown(client, "seller"), customers__customer__view="team").status_code == 302
    )


def roles_now(key: str) -> dict[str, str]:
    with system():
        return {right: str(extent) for right, extent in read().by_key[key].rights.items()}


def test_what_was_changed_is_marked_and_undone_or_set_back_to_what_is_built_in(signed_in: SignedIn) -> None:
    client, before = signed_in("admin"), roles_now("seller")
    assert "恢复内置" not in shown(client, "seller")
    assert (
        saved(client, "seller", shown(client, "seller"), customers__customer__view="team").status_code == 302
    )
    page = shown(client, "seller")
    undo = re.search(r'action="(/settings/roles/seller/undo[^"]+)"', page)
    assert undo
    assert "内置：本人" in page
    assert "1 项权限与内置不同" in page
    assert "恢复内置" in page
    assert client.post(undo[1]).status_code == 302
    assert roles_now("seller") == before
    assert client.post(undo[1]).status_code == 409, "undone already"
    change_role("seller", customers__customer__view="company", customers__customer__create="none")
    assert roles_now("seller") != before
    version = re.search(r'name="version" value="([0-9]+)"', shown(client, "seller"))
    assert version
    told = {"restore": "yes", "version": version[1]}
    asked = client.post("/settings/roles/seller", told).content.decode()
    assert "客户 · 查看" in asked, "they would see less"
    assert saved(client, "seller", asked).status_code == 302
    assert roles_now("seller") == before


def test_a_role_that_people_hold_is_retired_for_all_of_whom_one_was_told(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    with acting("admin") as actor:
        key = authorizing.create_role(actor, NewRole("大客户销售", "seller"))
    give("field", key)
    address = f"/settings/roles/{key}/retire"
    page = client.get(address).content.decode()
    assert "1 人持有此角色" in page
    assert "(field)" in page
    give("wu.qiang", "seller", key)
    assert client.post(address, {"held": 1}).status_code == 409, "another one holds it by now"
    page = client.get(address).content.decode()
    assert "(wu.qiang)" not in page, "what another role grants, is kept"
    assert client.post(address, {"held": 2}).status_code == 302
    with system():
        assert not Grant.objects.filter(role=key).exists()
    assert roles().by_key[key].is_retired
    assert client.get(address).status_code == 404
    assert client.get("/settings/roles/seller/retire").status_code == 302, "what is built in stays"
