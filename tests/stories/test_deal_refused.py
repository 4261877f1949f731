"""What a deal refuses, and the same through its pages and the API."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from tests.conftest import SignedIn, acting, system
from tests.stories.test_deal_life import TOMORROW, act, is_sound, opened, person
from tradewind.domains.customers.models import Customer
from tradewind.domains.organization.models import Unit
from tradewind.domains.pipeline import commands
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import DomainError, Malformed, Refused
from tradewind.platform.spine.command import Given

pytestmark = pytest.mark.django_db


def test_a_hidden_customer_is_no_customer() -> None:
    with system():
        customer = Customer.objects.create(code="HID", name="别人的客户", owner_id=person("chu.ning"),
                                           unit=Unit.objects.get(code="gz1"))  # fmt: skip
    with pytest.raises(Malformed) as refusal:
        opened("seller", customer_id=customer.pk)
    assert (refusal.value.code, refusal.value.field) == ("pipeline.customer_unknown", "customer_id")
    assert opened("director", customer_id=customer.pk).customer_id == customer.pk


def test_asked_for_twice_under_one_public_id_a_deal_is_made_once() -> None:
    first = opened()
    with acting("seller") as actor, pytest.raises(Exception, match="public_id"), transaction.atomic():
        commands.create_opportunity(actor, Given({"title": "x"}, public_id=first.public_id))


# -- The next step ----------------------------------------------------------------------------------


def test_a_next_step_is_planned_and_ends_with_the_deal() -> None:
    deal = act("plan_next_step", opened(), commands.NextStep("约总经理终审", TOMORROW))
    assert (deal.next_step, deal.next_step_on) == ("约总经理终审", TOMORROW)
    deal = act("lose", deal, commands.Loss("x"))
    assert (deal.next_step, deal.next_step_on) == ("", None)
    with pytest.raises(Refused):
        act("plan_next_step", deal, commands.NextStep("x", TOMORROW))


@pytest.mark.parametrize(
    ("text", "due_on"), [("x", None), ("", TOMORROW), ("x", date(2026, 3, 17)), ("x" * 201, TOMORROW)]
)
def test_half_a_step_is_none(text: str, due_on: date | None) -> None:
    with pytest.raises(Malformed):
        act("plan_next_step", opened(), commands.NextStep(text, due_on))


# -- Reasons -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["no_such", "service"])
def test_a_deal_is_lost_for_a_reason_of_the_list_for_losing(code: str) -> None:
    with pytest.raises(Malformed) as refusal:
        act("lose", opened(), commands.Loss("", code))
    assert refusal.value.field == "reason_code"


def test_closing_asks_for_words_or_a_reason() -> None:
    with pytest.raises(Malformed) as refusal:
        act("lose", opened(), commands.Loss())
    assert refusal.value.field == "reason"


# -- The page and the API ----------------------------------------------------------------------------


def test_the_page_shows_the_way_moves_plans_and_reopens(signed_in: SignedIn) -> None:
    client, deal = signed_in("seller"), opened(amount=Decimal(1234))
    page = f"/opportunities/{deal.public_id}"
    assert "没有下一步" in client.get(page).content.decode()
    step = {"version": 1, "next_step": "上门做需求调研", "next_step_on": "2026-03-20"}
    assert client.post(f"{page}/next-step", step).status_code == 302
    assert client.post(f"{page}/move", {"version": 2, "stage": "proposal"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "上门做需求调研" in shown
    assert "跳过 1 个阶段" in shown
    assert client.post(f"{page}/lose", {"version": 3, "reason_code": "price"}).status_code == 302
    assert client.post(f"{page}/reopen", {"version": 4, "reason": ""}).status_code == 422
    assert client.post(f"{page}/reopen", {"version": 4, "reason": "又谈上了"}).status_code == 302
    assert client.post(f"{page}/move", {"version": 4, "stage": "engaging"}).status_code == 409
    stale = client.post(f"{page}/move", {"version": "x", "stage": "engaging"})
    assert (stale.status_code, "path" in stale.content.decode()) == (422, True)


def call(client: Any, deal: Opportunity, verb: str, version: int, **body: object) -> Any:
    headers = {"If-Match": f'"{version}"'}
    address = f"/api/v1/opportunities/{deal.public_id}/{verb}"
    return client.post(address, body, "application/json", headers=headers)


def test_the_api_moves_takes_back_and_reopens_with_the_version_it_saw(signed_in: SignedIn) -> None:
    client, deal = signed_in("seller"), opened()
    moved = call(client, deal, "move", 1, stage="proposal")
    assert (moved.status_code, moved.json()["stage_key"], moved.headers["ETag"]) == (200, "proposal", '"2"')
    assert call(client, deal, "move", 1, stage="engaging").status_code == 412
    back = call(client, deal, "move/undo", 2)
    assert (back.status_code, back.json()["stage_key"], back.json()["version"]) == (200, "prospecting", 3)
    assert call(client, deal, "move/undo", 3).status_code == 409
    assert call(client, deal, "lose", 3, reason_code="price").json()["reason_key"] == "lost.price"
    again = call(client, deal, "reopen", 4, reason="又谈上了", stage="negotiation")
    assert (again.json()["state"], again.json()["stage_key"]) == ("open", "negotiation")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"stage": "won"}, 422, "stage"),
        ({"stage": ""}, 422, "stage"),
        ({}, 422, "stage"),
        ({"stage": "x" * 41}, 422, "stage"),
        ({"stage": "proposal", "pipeline": "nowhere"}, 422, "stage"),
        ({"stage": "a\u0000"}, 422, "stage"),
    ],
)
def test_the_api_refuses_a_move_at_its_field(
    signed_in: SignedIn, body: dict[str, object], status: int, field: str
) -> None:
    answer = call(signed_in("seller"), opened(), "move", 1, **body)
    assert (answer.status_code, answer.json()["field"]) == (status, field)


def test_the_api_moves_many_and_names_the_rest(signed_in: SignedIn) -> None:
    deals = [opened(), opened("chu.ning")]
    body = {"deals": [{"id": str(d.public_id), "version": 1} for d in deals], "stage": "engaging"}
    answer = signed_in("seller").post("/api/v1/opportunities/move", body, "application/json")
    assert answer.json() == {
        "moved": 1,
        "refused": [{"id": str(deals[1].public_id), "code": "not_found"}],
    }


def test_no_command_leaves_half_a_deal_behind() -> None:
    with pytest.raises(DomainError):
        act("win", opened(), commands.Win(Decimal(5), "x", "no such customer"))
    assert is_sound()


def test_the_page_marks_that_a_reason_is_asked_for_and_does_not_say_that_nothing_happened(
    signed_in: SignedIn,
) -> None:
    page = signed_in("seller").get(f"/opportunities/{opened().public_id}").content.decode()
    for field in ("lose_reason_code", "win_reason_code"):
        control = page[: page.index(f'id="{field}"')].rpartition("<select")[2]
        assert 'aria-required="true"' in control + page[page.index(f'id="{field}"') :].partition(">")[0]
    assert "选择一项，或在下方说明。" in page
    assert "还没有跟进记录" in page
    assert "暂无动态" not in page
