"""Key customers change hands, and stop being key customers, by approval."""

import json
from typing import Any

import pytest

from tests.conftest import SignedIn, acting, system
from tests.stories.agreeing import OWNER, act, asked, person
from tradewind.domains.approvals import commands
from tradewind.domains.approvals.models import Request
from tradewind.domains.customers.commands import edit_customer
from tradewind.domains.customers.models import Customer
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.command import Given, Ref

pytestmark = pytest.mark.django_db


def test_a_key_customer_changes_hands_by_approval_and_another_directly() -> None:
    with system():
        keys = Customer.objects.filter(owner__sign_in="seller", grade="A").order_by("id")
        other = Customer.objects.filter(owner__sign_in="seller").exclude(grade="A").order_by("id")[0]
        key = keys[0]
    to = person("wu.qiang").pk
    with acting("manager") as actor:
        edit_customer(actor, Ref(other.public_id, other.version), Given({"owner_id": to}))
    with acting("manager") as actor, pytest.raises(DomainError) as found:
        edit_customer(actor, Ref(key.public_id, key.version), Given({"owner_id": to}))
    assert (found.value.code, found.value.field) == ("approvals.ask_first", "owner_id")
    given = {
        "subject": OWNER,
        "object": key.public_id,
        "object_version": key.version,
        "values": {"owner_id": to},
    }
    with acting("seller") as actor:
        one = commands.submit(actor, Given(given, "休产假"))
    assert one.route == "部门内移交"
    act("manager", commands.approve, one)
    with system():
        assert Customer.objects.get(pk=key.pk).owner_id == to


def test_lowering_the_grade_first_is_no_way_around_the_approval(signed_in: SignedIn) -> None:
    with system():
        key = Customer.objects.filter(owner__sign_in="seller", grade="A").order_by("id")[0]
        other = Customer.objects.filter(owner__sign_in="seller").exclude(grade="A").order_by("id")[0]
    at, to = f"/api/v1/customers/{key.public_id}", person("chu.ning")

    def patch(who: str, **values: object) -> Any:
        headers = {"If-Match": f'"{key.version}"'}
        return signed_in(who).patch(at, json.dumps(values), "application/json", headers=headers)

    for values in ({"grade": "B"}, {"grade": ""}, {"grade": "C", "owner": str(to.public_id)}):
        for who in ("seller", "manager", "director", "admin"):
            answer = patch(who, **values)
            assert (answer.status_code, answer.json()["code"]) == (409, "approvals.ask_first"), (who, values)
    assert patch("seller", note="年度回访").status_code == 200  # everything else is free
    with acting("seller") as actor:  # and so is becoming a key customer
        edit_customer(actor, Ref(other.public_id, other.version), Given({"grade": "A"}))
    given = {"subject": OWNER, "object": key.public_id, "object_version": key.version + 1}
    with acting("seller") as actor:
        one = commands.submit(actor, Given({**given, "values": {"grade": "B"}}, "两年无新订单"))
    assert (one.route, asked(one)) == ("不再是重点客户", ["manager"])
    assert [line["field"] for line in one.shown] == ["grade"]
    act("manager", commands.approve, one)
    with acting("manager") as actor, pytest.raises(DomainError) as found:  # not before the last yes
        edit_customer(actor, Ref(key.public_id, key.version + 1), Given({"owner_id": to.pk}))
    assert found.value.code == "approvals.frozen"
    assert act("director", commands.approve, one).state == "approved"
    with acting("director") as actor:
        row = Customer.objects.get(pk=key.pk)
        assert row.grade == "B"
        assert edit_customer(actor, Ref(row.public_id, row.version), Given({"owner_id": to.pk})).owner == to


def test_a_request_from_before_the_grade_was_proposed_too_is_decided_as_it_was_asked() -> None:
    with system():
        key = Customer.objects.filter(owner__sign_in="seller", grade="A").order_by("id")[0]
    to = person("wu.qiang").pk
    given = {"subject": OWNER, "object": key.public_id, "object_version": key.version}
    with acting("seller") as actor:
        one = commands.submit(actor, Given({**given, "values": {"owner_id": to}}, "休产假"))
    with system():
        Request.objects.filter(pk=one.pk).update(proposed={"owner_id": to})
    assert act("manager", commands.approve, one).state == "approved"
    with system():
        row = Customer.objects.get(pk=key.pk)
        assert (row.owner_id, row.grade) == (to, "A")
