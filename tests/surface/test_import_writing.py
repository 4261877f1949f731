"""A checked file is written, once, whole or row by row, and what it wrote is undone."""

from typing import Any

import pytest

from tests.conftest import acting, system
from tests.surface.bringing import (
    CUSTOMER,
    ROWS,
    brought_in,
    checked,
    fields_of,
    verdicts,
)
from tradewind.domains.customers.commands import (
    create_contact,
    create_contacts,
    create_customer,
    create_customers,
)
from tradewind.domains.customers.models import Contact, Customer
from tradewind.kernel.errors import Malformed, NotAllowed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.surface.exchange import runs
from tradewind.platform.surface.exchange.models import ImportLine
from tradewind.platform.surface.exchange.planning import plan_of
from tradewind.platform.surface.resource import Resource, resource_named

pytestmark = pytest.mark.django_db


def test_importing_the_same_file_again_changes_nothing() -> None:
    with acting("manager") as actor:
        first = brought_in(actor, CUSTOMER, *ROWS)
        before = list(Customer.objects.filter(name__in="甲乙丙").order_by("pk").values())
        second = brought_in(actor, CUSTOMER, *ROWS)
        assert (first.counts["new"], second.counts["unchanged"]) == (3, 3)
        assert list(Customer.objects.filter(name__in="甲乙丙").order_by("pk").values()) == before


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("address", ["customers", "contacts", "products", "units", "people"])
def test_an_export_brought_in_again_changes_nothing(address: str, kind: str, language: str) -> None:
    from tests.conftest import sign_in
    from tradewind.platform.surface.resource import all_resources

    with system() as actor:
        odd = Customer.objects.create(code="=1+1", name="@SUM(A1)", phone="+86 21 5566", note="a\nb")
        create_contact(actor, Given({"customer_id": odd.pk, "name": "-1+2", "is_lunar": True}))
    client = sign_in("admin")
    client.post("/language", {"language": language, "next": "/"})
    content = client.get(f"/{address}.{kind}").content
    resource = next(one for one in all_resources() if one.address == address)
    with acting("admin") as actor:
        run = runs.begin(resource, actor, "export", content)
        runs.check(run, actor, plan_of(run.plan))
        assert run.counts == {"new": 0, "update": 0, "unchanged": run.total, "error": 0}
        assert run.total > 0


def test_all_or_nothing_is_nothing_when_one_row_is_wrong() -> None:
    with acting("manager") as actor:
        run = checked(actor, CUSTOMER, *ROWS, ["丁", "Z", "", ""])
        runs.start(run, actor, is_whole=True)
        assert (run.state, run.problem) == ("checked", "没有导入任何内容：有 1 行错误。")
        assert not Customer.objects.filter(name__in="甲乙丙丁").exists()
        runs.start(run, actor, is_whole=False)
        assert (run.state, run.counts["new"], run.counts["error"]) == ("done", 3, 1)
        assert Customer.objects.filter(name__in="甲乙丙丁").count() == 3


def test_a_row_that_turns_out_wrong_while_writing_takes_its_file_or_only_itself_with_it() -> None:
    """A credit code that somebody out of sight already has: no check can know it, the database does."""
    code = "91350100M000100Y43"
    with system():
        owner = Customer.objects.exclude(owner=None).exclude(unit__code="sh1")[0].owner_id
        Customer.objects.create(code="HID", name="隐藏", credit_code=code, owner_id=owner)
    rows = (["名称", "统一社会信用代码"], ["甲", ""], ["乙", code], ["丙", ""])
    with acting("manager") as actor:
        run = checked(actor, CUSTOMER, *rows, key=("name",))
        assert run.counts["new"] == 3
        runs.start(run, actor, is_whole=True)
        assert run.state == "checked"
        assert not Customer.objects.filter(name__in="甲乙丙").exists()
        assert verdicts(run) == ["new", "error", "new"]
        runs.start(run, actor, is_whole=False)
        assert {row.name for row in Customer.objects.filter(name__in="甲乙丙")} == {"甲", "丙"}


def test_one_by_one_and_set_based_give_equal_contacts() -> None:
    with acting("manager") as actor:
        customer = create_customer(actor, Given({"name": "甲", "owner_id": actor.person_id}))
        given = [
            Given({"customer_id": customer.pk, "name": "王工", "mobile": "138", "is_lunar": True}),
            Given({"customer_id": customer.pk, "name": "李工", "may_be_contacted": False}),
        ]
        singles = [fields_of(Contact.objects.get(pk=create_contact(actor, one).pk)) for one in given]
        many = [fields_of(Contact.objects.get(pk=row.pk)) for row in create_contacts(actor, given)]
        assert singles == many


def test_set_based_is_refused_like_one_by_one() -> None:
    with acting("manager") as actor:
        with system():
            other = Customer.objects.exclude(owner=None).exclude(unit__code="sh1")[0].owner_id
        bad = [Given({"name": "甲", "owner_id": other}), Given({"name": "乙", "credit_code": "1"})]
        for one in bad:
            with pytest.raises(Malformed) as single:
                create_customer(actor, one)
            with pytest.raises(Malformed) as many:
                create_customers(actor, [Given({"name": "好"}), one])
            assert (single.value.code, single.value.field) == (many.value.code, many.value.field)
    with acting("hr") as actor, pytest.raises(NotAllowed):
        create_customers(actor, [Given({"name": "甲"})])


def test_gates_and_follow_ups_of_one_apply_to_each_of_many() -> None:
    from tradewind.platform.spine import command

    declared = command._declared["customers.customer.create"]
    seen: list[tuple[str, str]] = []
    declared.gates.append(lambda actor, row, given: seen.append(("gate", given.values["name"])))
    declared.follow_ups.append(lambda actor, row: seen.append(("after", row.name)))
    try:
        with acting("manager") as actor:
            create_customers(actor, [Given({"name": "甲"}), Given({"name": "乙"})])
    finally:
        declared.gates.pop()
        declared.follow_ups.pop()
    assert seen == [("gate", "甲"), ("gate", "乙"), ("after", "甲"), ("after", "乙")]


# -- Undoing ---------------------------------------------------------------------------------------


def test_undoing_restores_what_was_there_and_removes_what_nobody_uses() -> None:
    resource = resource_named(CUSTOMER)
    with acting("manager") as actor:
        brought_in(actor, CUSTOMER, ["名称", "等级", "员工数"], ["甲", "B", "5"], ["乙", "B", "5"])
        run = brought_in(
            actor,
            CUSTOMER,
            ["名称", "等级", "员工数"],
            ["甲", "C", "7"],
            ["乙", "C", "7"],
            ["丙", "C", "1"],
            ["丁", "C", "1"],
            ["戊", "C", "1"],
        )
        assert run.counts == {"new": 3, "update": 2, "unchanged": 0, "error": 0}
        rows = {row.name: row for row in Customer.objects.filter(name__in="甲乙丙丁戊")}
        change(resource, actor, rows["乙"], {"industry": "后来"})
        change(resource, actor, rows["丁"], {"industry": "后来"})
        create_contact(actor, Given({"customer_id": rows["戊"].pk, "name": "王工"}))
        runs.undo(run, actor)
        assert run.state == "undone"
        endings = dict(ImportLine.objects.filter(run=run).values_list("label", "undone"))
        assert endings == {"甲": "restored", "乙": "changed", "丙": "removed", "丁": "changed", "戊": "kept"}
        rows = {row.name: row for row in Customer.objects.filter(name__in="甲乙丙丁戊")}
        left = {name: (row.grade, row.employees) for name, row in rows.items()}
        assert left == {"甲": ("B", 5), "乙": ("C", 7), "丁": ("C", 1), "戊": ("C", 1)}


def change(resource: Resource, actor: Actor, row: Any, values: dict[str, object]) -> None:
    assert resource.edit is not None
    resource.edit(actor, Ref(row.public_id, row.version), Given(values))


def test_nothing_is_removed_without_the_right() -> None:
    from tradewind.domains.customers.commands import remove_customers

    with acting("seller") as actor, pytest.raises(NotAllowed):
        remove_customers(actor, [1])
    with acting("manager") as actor:
        with system():
            hidden = Customer.objects.exclude(owner=None).exclude(unit__code="sh1")[0].pk
        assert remove_customers(actor, [hidden]) == [hidden], "what one may not see stays"
    with system():
        assert Customer.objects.filter(pk=hidden).exists()
