"""Approvals by the API: asking, deciding, taking back and sending back, by the commands of the pages."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.conftest import SignedIn, system
from tests.stories.agreeing import OWNER, PRICE, ask, asked, now, person, product
from tradewind.domains.approvals.models import Decision, Request
from tradewind.domains.customers.models import Customer

pytestmark = pytest.mark.django_db
AT = "/api/v1/approvals"


def send(by: Client, at: str, body: dict[str, Any], version: int | None = None, key: str = "") -> Any:
    headers = {"If-Match": f'"{version}"'} if version is not None else {}
    headers |= {"Idempotency-Key": key} if key else {}
    return by.post(AT + at, json.dumps(body), "application/json", headers=headers)


def act(by: Client, one: Request, verb: str, **said: Any) -> Any:
    return send(by, f"/{one.public_id}/{verb}", said, now(one).version)


def price(value: object, code: str = "ZN-GATE", **more: Any) -> dict[str, Any]:
    row = product(code)
    asking = {"subject": PRICE, "object": str(row.public_id), "object_version": row.version}
    return {**asking, "values": {"list_price": value}, "reason": "成本上升", **more}


def test_a_change_is_tried_asked_for_and_decided(signed_in: SignedIn) -> None:
    seller, manager, finance = signed_in("seller"), signed_in("manager"), signed_in("finance")
    kinds = {one["key"]: one for one in seller.get(f"{AT}/subjects").json()}
    assert (kinds[PRICE]["address"], kinds[PRICE]["fields"]) == ("products", ["list_price"])
    assert kinds[PRICE]["is_active"]
    tried = send(seller, "/path", price("6000.00")).json()
    assert tried["route"] == "一般调价"
    assert [seat["name"] for step in tried["path"] for seat in step["seats"]] == ["林岚", "钱敏"]
    with system():
        assert not Request.objects.filter(object_id=product().pk, state="in_review").exists()
    made = send(seller, "", price("6000.00"))
    assert (made.status_code, made["ETag"], made.json()["state"]) == (201, '"1"', "in_review")
    one = found(made.json()["id"])
    assert asked(one) == ["manager"]
    assert act(manager, one, "decide", verdict="approve").status_code == 200
    done = act(finance, one, "decide", verdict="approve", reason="好")
    assert (done.json()["state"], product().list_price) == ("approved", Decimal(6000))
    assert [line["verb"] for line in done.json()["history"]] == ["submit", "approve", "approve"]


def found(public_id: str) -> Request:
    with system():
        return Request.objects.get(public_id=public_id)


def test_asked_for_twice_with_one_key_it_is_one_request(signed_in: SignedIn) -> None:
    seller, key = signed_in("seller"), str(UUID(int=9))
    first, second = (send(seller, "", price(6000), key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"] == key
    frozen = send(seller, "", price(6000))
    assert (frozen.status_code, frozen.json()["code"]) == (409, "approvals.frozen")


def test_what_cannot_be_asked_for_is_refused_at_its_field(signed_in: SignedIn) -> None:
    seller = signed_in("seller")
    for values, field in (
        ({"name": "改名"}, "name"),
        ({"list_price": "viel"}, "list_price"),
        ({"list_price": "5800.00"}, "list_price"),
        ({}, "list_price"),
        ({"list_price": "1\u0000"}, "list_price"),
    ):
        refused = send(seller, "", price(0, values=values))
        named = [refused.json()["field"], *[one["field"] for one in refused.json().get("errors", ())]]
        assert refused.status_code == 422, values
        assert field in named, (values, refused.json())
    assert send(seller, "", price(6000, reason=" ")).json()["field"] == "reason"
    assert send(seller, "", price(6000, object_version=99)).status_code == 412
    assert send(seller, "", price(6000, subject="catalog.product.colour")).status_code == 404
    assert send(seller, "", price(6000, object=str(UUID(int=1)))).status_code == 404
    with system():
        far = Customer.objects.filter(owner__sign_in="chu.ning", grade="A").first()
        plain = Customer.objects.filter(owner__sign_in="seller").exclude(grade="A").first()
    assert far is not None
    assert plain is not None
    for row, status in ((far, 404), (plain, 409)):  # out of sight; nothing to approve
        about: dict[str, Any] = {"subject": OWNER, "object": str(row.public_id)}
        about |= {"object_version": row.version, "values": {"grade": "C"}, "reason": "降级"}
        assert send(seller, "", about).status_code == status


def test_of_a_key_customer_the_field_not_named_stays(signed_in: SignedIn) -> None:
    with system():
        key = Customer.objects.filter(owner__sign_in="seller", grade="A").order_by("id")[0]
    to = person("wu.qiang")
    about = {
        "subject": OWNER,
        "object": str(key.public_id),
        "object_version": key.version,
        "reason": "休产假",
    }
    made = send(signed_in("seller"), "", {**about, "values": {"owner": str(to.public_id)}})
    assert made.status_code == 201
    assert [change["label"] for change in made.json()["changes"]] == ["负责人"]
    one = found(made.json()["id"])
    assert act(signed_in("manager"), one, "decide", verdict="approve").json()["state"] == "approved"
    with system():
        row = Customer.objects.get(pk=key.pk)
        assert (row.owner_id, row.grade) == (to.pk, "A")


def test_sent_back_it_is_changed_and_asked_for_anew_or_withdrawn(signed_in: SignedIn) -> None:
    seller, manager, one = signed_in("seller"), signed_in("manager"), ask("seller", 6000)
    assert act(manager, one, "decide", verdict="send_back").status_code == 422
    assert act(manager, one, "decide", verdict="send_back", reason="补充").json()["state"] == "sent_back"
    again = {"object_version": product().version, "reason": "已补充"}
    assert act(manager, one, "resubmit", values={}, **again).json()["code"] == "approvals.not_requester"
    tried = send(seller, "/path", price(9000, request=str(one.public_id)))
    assert tried.json()["route"] == "大幅调价"
    anew = act(seller, one, "resubmit", values={"list_price": "9000"}, **again)
    assert (anew.status_code, anew.json()["state"], now(one).route) == (200, "in_review", "大幅调价")
    assert now(one).round == 2
    assert act(manager, one, "decide", verdict="send_back", reason="再看").status_code == 200
    same = act(seller, one, "resubmit", values={}, **again)  # what is not named stays as proposed
    assert same.json()["changes"][0]["after"] == "¥9,000.00"
    assert act(manager, one, "withdraw").json()["code"] == "approvals.not_requester"
    stale = send(seller, f"/{one.public_id}/withdraw", {}, 0)
    assert stale.status_code == 412
    assert act(seller, one, "withdraw").json()["state"] == "withdrawn"
    assert product().list_price == Decimal(5800)


def test_signers_stand_ins_for_a_step_copies_comments_and_reminders(signed_in: SignedIn) -> None:
    seller, manager, one = signed_in("seller"), signed_in("manager"), ask("seller", 6000)
    wu, zheng, hr = (str(person(name).public_id) for name in ("wu.qiang", "zheng.yi", "hr"))
    assert act(seller, one, "sign", person=zheng).json()["code"] == "approvals.own_request"
    assert act(manager, one, "sign", person=wu).status_code == 200
    assert asked(one) == ["wu.qiang"]
    assert act(signed_in("wu.qiang"), one, "decide", verdict="approve").status_code == 200
    assert act(manager, one, "sign", person=zheng, is_before=False).status_code == 200
    assert act(manager, one, "delegate", person=str(person("seller").public_id)).json()["field"] == "person"
    assert act(manager, one, "delegate", person=zheng, reason="出差").status_code == 200
    assert asked(one) == ["zheng.yi"]
    assert act(seller, one, "copy", person=hr).status_code == 200
    assert signed_in("hr").get(f"{AT}/{one.public_id}").status_code == 200
    assert act(signed_in("hr"), one, "comment").status_code == 422
    assert act(signed_in("hr"), one, "comment", reason="请注意合同条款").status_code == 200
    assert act(seller, one, "remind").status_code == 200
    assert act(seller, one, "remind").json()["code"] == "approvals.reminded_lately"


def test_many_are_decided_at_once_each_by_itself(signed_in: SignedIn) -> None:
    ones = [ask("seller", 6000), ask("seller", 25000, "ZN-CARE"), ask("field", 70000, "ZN-ERP")]
    manager = signed_in("manager")
    chosen = [{"id": str(one.public_id), "version": one.version} for one in ones]
    chosen[1]["version"] = 99
    for body in ({"verdict": "reject"}, {"verdict": "reject", "reason": "  "}):
        answer = send(manager, "/decide", {**body, "requests": chosen})
        assert (answer.status_code, answer.json()["field"]) == (422, "reason")
    assert [now(one).state for one in ones] == ["in_review"] * 3
    answer = send(manager, "/decide", {"verdict": "reject", "reason": "本季度不调价", "requests": chosen})
    told = answer.json()
    assert [one["number"] for one in told["done"]] == [ones[0].number]
    stale, unseen = told["refused"]
    assert (stale["number"], unseen["number"]) == (ones[1].number, "")  # of Hangzhou, out of her sight
    assert stale["title"]
    assert unseen["title"]
    assert [now(one).state for one in ones] == ["rejected", "in_review", "in_review"]
    with system():
        last = Decision.objects.filter(request=ones[0]).order_by("-id")[0]
        assert (last.verb, last.note) == ("reject", "本季度不调价")
    many = [{"id": str(UUID(int=n)), "version": 0} for n in range(101)]
    refused = send(manager, "/decide", {"verdict": "approve", "requests": many})
    assert refused.json()["code"] == "approvals.too_many"
