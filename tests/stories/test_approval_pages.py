"""Approvals as pages, by the bell and by the API: the same decisions at every door."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from tests.conftest import SignedIn, acting, system
from tests.stories.agreeing import PRICE, ask, asked, now, person, product
from tradewind.domains.approvals.models import Process, Request
from tradewind.platform.services.notify.queries import counted

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 20)


def once() -> str:
    return str(UUID(int=7))


def test_the_form_shows_who_will_decide_and_sent_twice_asks_once(signed_in: SignedIn) -> None:
    client, row = signed_in("seller"), product()
    at = f"/approvals/ask/{PRICE}/{row.public_id}"
    assert at in client.get(f"/products/{row.public_id}").content.decode()
    path = client.post(at, {"do": "path", "list_price": "5,900", "version": row.version}).content.decode()
    assert "林岚" in path
    assert "钱敏" in path
    assert "许远航" not in path
    long = client.post(at, {"do": "path", "list_price": "1万", "version": row.version}).content.decode()
    assert "许远航" in long
    sent = {"list_price": "5900", "version": row.version, "reason": "成本上升", "once": once()}
    first, second = client.post(at, sent), client.post(at, sent)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert client.post(at, {**sent, "once": ""}).status_code == 409  # frozen by the first
    with system():
        assert Request.objects.filter(object_id=row.pk, state="in_review").count() == 1


def test_the_inbox_decides_one_and_many_and_says_what_was_refused(signed_in: SignedIn) -> None:
    ones = [ask("seller", 6000), ask("seller", 25000, "ZN-CARE")]
    manager = signed_in("manager")
    page = manager.get("/approvals").content.decode()
    assert all(one.number in page for one in ones)
    stale = f"{ones[1].public_id}:99"
    chosen = [f"{ones[0].public_id}:{ones[0].version}", stale, "nonsense"]
    sent = {"chosen": chosen, "reason": "季度调价", "do": "approve"}
    answer = manager.post("/approvals/decide", sent).content.decode()
    assert "已同意 1 件" in answer
    told = answer.split("approval-outcomes")[1].split("</ul>")[0]
    assert ones[0].number in told
    assert "修改" in told.split(ones[1].number)[1]  # seen before somebody changed it
    assert f'value="{ones[1].public_id}:{ones[1].version}" checked' in answer  # tick and note are kept
    assert 'value="季度调价"' in answer
    assert asked(ones[0]) == ["finance"]
    assert asked(ones[1]) == ["manager"]
    assert ones[0].number in manager.get("/approvals?tab=done").content.decode()
    assert ones[0].number in signed_in("seller").get("/approvals?tab=mine").content.decode()
    no = manager.post(f"/approvals/{ones[1].public_id}/act", {"do": "reject", "version": ones[1].version})
    assert no.status_code == 422
    assert now(ones[1]).state == "in_review"


def test_the_inbox_rejects_many_with_one_reason_and_never_without(signed_in: SignedIn) -> None:
    ones = [ask("seller", 6000), ask("seller", 25000, "ZN-CARE")]
    manager, at = signed_in("manager"), "/approvals/decide"
    chosen = [f"{one.public_id}:{one.version}" for one in ones]
    for sent in ({"do": "reject"}, {"do": "reject", "reason": " "}, {"reason": "不调价"}, {"do": "?"}):
        answer = manager.post(at, {"chosen": chosen, **sent})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'id="bulk-problem"' in page
        assert all(f'value="{one}" checked' in page for one in chosen)  # nothing has to be ticked again
    assert [now(one).state for one in ones] == ["in_review"] * 2
    nothing = manager.post(at, {"do": "reject", "reason": "不调价"})
    assert nothing.status_code == 422
    assert 'value="不调价"' in nothing.content.decode()
    answer = manager.post(at, {"chosen": chosen, "do": "reject", "reason": "不调价"}, follow=True)
    assert "已驳回 2 件" in answer.content.decode()
    assert [now(one).state for one in ones] == ["rejected"] * 2
    page = signed_in("seller").get(f"/approvals/{ones[1].public_id}").content.decode()
    assert "不调价" in page
    own = ask("manager", 9000)  # what one may not decide stays, whatever is ticked
    sent = {"chosen": f"{own.public_id}:{own.version}", "do": "reject", "reason": "x"}
    assert "不能审批自己的申请" in manager.post(at, sent).content.decode()
    assert now(own).state == "in_review"


def test_more_cards_take_no_more_statements(signed_in: SignedIn) -> None:
    manager, counts = signed_in("manager"), []
    for price, code in ((6000, "ZN-GATE"), (25000, "ZN-CARE"), (69000, "ZN-ERP")):
        ask("seller", price, code)
        with CaptureQueriesContext(connection) as taken:
            assert manager.get("/approvals").status_code == 200
        counts.append(len(taken))
    assert counts[1:] == counts[:1] * 2


def test_the_bell_counts_what_waits_in_the_same_statement(
    signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    with acting("manager") as actor, django_assert_num_queries(1):
        unread, ((_beside, waiting),) = counted(actor)
    assert (waiting, unread >= 0) == (2, True)
    page = signed_in("manager").get("/notifications/bell").content.decode()
    assert 'aria-label="审批: 2"' in page
    assert 'aria-label="审批"' in signed_in("partner").get("/notifications/bell").content.decode()


def test_when_a_step_comes_due_is_shown_by_workdays(signed_in: SignedIn, settings: Settings) -> None:
    settings.FIXED_TODAY = FRIDAY
    one, client = ask("seller", 6000), signed_in("manager")
    zone = ZoneInfo("Asia/Shanghai")
    card = client.get(f"/api/v1/approvals/{one.public_id}").json()
    asked_at, remind_at, escalate_at = (
        datetime.fromisoformat(card[name]).astimezone(zone)
        for name in ("submitted_at", "remind_at", "escalate_at")
    )
    assert asked_at.date() == FRIDAY
    assert (remind_at - asked_at, escalate_at - asked_at) == (timedelta(days=3), timedelta(days=5))
    for at in ("/approvals", f"/approvals/{one.public_id}"):
        page = client.get(at).content.decode()
        assert f"提醒 2026-03-23 {remind_at:%H:%M}" in page, at
        assert f"升级 2026-03-25 {escalate_at:%H:%M}" in page, at


def test_the_api_decides_by_the_same_commands(signed_in: SignedIn) -> None:
    one, client = ask("seller", 6000), signed_in("manager")
    assert one.number in [i["number"] for i in client.get("/api/v1/approvals").json()["items"]]
    at = f"/api/v1/approvals/{one.public_id}"
    read = client.get(at)
    assert (read["ETag"], read.json()["path"][0]["seats"][0]["name"]) == (f'"{one.version}"', "林岚")

    def decide(by: Client, verdict: str, version: int, **more: object) -> Any:
        body = json.dumps({"verdict": verdict, **more})
        return by.post(f"{at}/decide", body, "application/json", headers={"If-Match": f'"{version}"'})

    assert decide(client, "approve", 99).status_code == 412
    assert decide(signed_in("finance"), "approve", one.version).json()["code"] == "approvals.not_asked"
    assert decide(signed_in("hr"), "approve", one.version).status_code == 404
    assert decide(client, "reject", one.version).status_code == 422
    answer = decide(client, "approve", one.version, reason="好")
    assert (answer.status_code, answer.json()["state"]) == (200, "in_review")


def test_the_designer_keeps_order_tries_out_and_publishes_only_what_holds(signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    with system():
        process = Process.objects.get(subject=PRICE)
    at = f"/settings/approvals/{process.public_id}"
    form = {
        "version": str(process.version),
        "fallback": "",
        "r0-is": "1",
        "r0-name": "大",
        "r0-c0-is": "1",
        "r0-c0-fact": "change_size",
        "r0-c0-op": ">=",
        "r0-c0-value": "20",
        "r0-s0-is": "1",
        "r0-s0-who": "kind:company",
        "r1-is": "1",
        "r1-name": "小",
        "r1-s0-is": "1",
        "r1-s0-who": "head:1",
        "t-person": str(person("seller").pk),
        "t-change_size": "25%",
    }
    tried = admin.post(at, {**form, "do": "look"}).content.decode()
    assert "许远航" in tried.split("approval-trial")[1]
    moved = admin.post(at, {**form, "do": "up_route:1"}).content.decode()
    assert moved.index('value="小"') < moved.index('value="大"')
    wrong = admin.post(at, {**form, "r0-c0-value": "viel", "do": "publish"})
    assert wrong.status_code == 422
    with system():
        assert Process.objects.get(subject=PRICE).version == process.version
    assert admin.post(at, {**form, "do": "publish"}).status_code == 302
    one = ask("seller", 6500)
    assert (one.route, asked(one)) == ("小", ["manager"])
    assert ask("seller", 40000, "ZN-CARE").route == "大"
    assert admin.post(at, {**form, "do": "save"}).status_code == 409  # seen before it was published
