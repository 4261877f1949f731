"""Who must agree: from asking to the change, with everything that can come between, on a real database."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from tests.conftest import SignedIn, acting, system
from tradewind.domains.approvals import commands, queries
from tradewind.domains.approvals.commands import Handing, Note, Resubmission, Sending, Signing
from tradewind.domains.approvals.commands.processes import drafted
from tradewind.domains.approvals.commands.timing import Overdue, escalate_overdue
from tradewind.domains.approvals.models import Decision, Participant, Process, Request
from tradewind.domains.approvals.tasks import notify_moved
from tradewind.domains.catalog.commands import edit_product
from tradewind.domains.catalog.models import Product
from tradewind.domains.customers.commands import edit_customer
from tradewind.domains.customers.models import Customer
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.queries import actor_named, clock
from tradewind.kernel.errors import DomainError
from tradewind.platform.services.notify.models import Notification
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.spine.models import Event

pytestmark = pytest.mark.django_db

PRICE, OWNER = "catalog.product.price", "customers.customer.owner"


def product(code: str = "ZN-GATE") -> Product:
    with system():
        return Product.objects.get(code=code)


def person(name: str) -> Person:
    with system():
        return Person.objects.get(sign_in=name)


def ask(who: str, price: str | int, code: str = "ZN-GATE", reason: str = "跟进市场价") -> Request:
    row = product(code)
    values = {"list_price": Decimal(price)}
    given = {"subject": PRICE, "object": row.public_id, "object_version": row.version, "values": values}
    with acting(who) as actor:
        return commands.submit(actor, Given(given, reason))


def now(one: Request) -> Request:
    with system():
        return Request.objects.get(pk=one.pk)


def act(who: str | Actor, command: Any, one: Request, said: object = Note()) -> Request:
    with scope(actor_named(who) if isinstance(who, str) else who) as actor:
        command(actor, Ref(one.public_id, now(one).version), said)
    return now(one)


def refused(code: str, *given: Any) -> DomainError:
    with pytest.raises(DomainError) as found:
        act(*given)
    assert found.value.code == code
    return found.value


def asked(one: Request) -> list[str]:
    with system():
        rows = Participant.objects.filter(request=one, is_asked=True)
        return sorted(rows.values_list("person__sign_in", flat=True))


def test_a_price_is_asked_for_decided_step_by_step_and_changed_with_the_last_yes() -> None:
    one = ask("seller", 6000)
    assert asked(one) == ["manager"]
    act("manager", commands.approve, one, Note("同意"))
    assert (asked(one), product().list_price) == (["finance"], Decimal(5800))
    done = act("finance", commands.approve, one)
    assert (done.state, asked(one), product().list_price) == ("approved", [], Decimal(6000))
    assert product().version == one.object_version + 1
    with system():
        told = Decision.objects.filter(request=one).order_by("id")
        assert [(d.verb, d.person and d.person.sign_in, d.object_version) for d in told] == [
            ("submit", "seller", one.object_version),
            ("approve", "manager", one.object_version),
            ("approve", "finance", one.object_version),
        ]


def test_the_change_is_told_on_the_record_with_its_request(signed_in: SignedIn) -> None:
    one = ask("seller", 6000, reason="铜价上涨")
    act("manager", commands.approve, one)
    act("finance", commands.approve, one)
    page = signed_in("admin").get(f"/products/{product().public_id}").content.decode()
    assert f"{one.number} · 铜价上涨" in page
    assert f"/approvals/{one.public_id}" in page
    with connection.cursor() as cursor, system():
        cursor.execute(
            "SELECT c.name, p.name FROM spine_command c JOIN spine_command p ON p.id = c.parent_id"
            " WHERE c.resource = 'catalog.product' AND c.object_id = %s ORDER BY c.id DESC LIMIT 1",
            [product().pk],
        )
        assert cursor.fetchone() == ("catalog.product.edit", "approvals.request.approve")


def test_a_rejected_or_withdrawn_request_leaves_nothing_to_roll_back() -> None:
    before = product().version
    one = ask("seller", 6000)
    refused("approvals.note_missing", "manager", commands.reject, one)
    assert act("manager", commands.reject, one, Note("不合适")).state == "rejected"
    two = ask("seller", 6000)
    refused("approvals.not_requester", "manager", commands.withdraw, two)
    assert act("seller", commands.withdraw, two).state == "withdrawn"
    assert (product().version, product().list_price) == (before, Decimal(5800))
    refused("approvals.wrong_state", "manager", commands.approve, two)


def test_while_it_waits_the_object_is_frozen_for_everybody_and_says_by_which_request(
    signed_in: SignedIn,
) -> None:
    one, row = ask("seller", 6000), product()
    body = json.dumps({"name": "改名"})
    headers = {"If-Match": f'"{row.version}"'}
    admin = signed_in("admin")
    answer = admin.patch(f"/api/v1/products/{row.public_id}", body, "application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "approvals.frozen")
    assert one.number in answer.json()["title"]
    assert f"/approvals/{one.public_id}" in answer.json()["title"]
    page = admin.get(f"/products/{row.public_id}").content.decode()
    assert one.number in page
    refused_at = admin.post(f"/products/{row.public_id}/field/name", {"name": "改名", "version": row.version})
    assert refused_at.status_code == 409
    assert one.number in refused_at.content.decode()
    act("seller", commands.withdraw, one)
    assert (
        admin.patch(
            f"/api/v1/products/{row.public_id}", body, "application/json", headers=headers
        ).status_code
        == 200
    )


def test_a_second_request_for_the_same_object_waits_for_the_first() -> None:
    one = ask("seller", 6000)
    with pytest.raises(DomainError) as found:
        ask("manager", 6100)
    assert (found.value.code, found.value.facts["number"]) == ("approvals.frozen", one.number)


def test_where_a_process_is_active_the_field_is_refused_at_every_door(signed_in: SignedIn) -> None:
    row, admin = product(), signed_in("admin")
    at, headers = f"/api/v1/products/{row.public_id}", {"If-Match": f'"{row.version}"'}
    answer = admin.patch(at, json.dumps({"list_price": "1"}), "application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        409,
        "approvals.ask_first",
        "list_price",
    )
    cell = admin.post(
        f"/products/{row.public_id}/field/list_price", {"list_price": "1", "version": row.version}
    )
    assert cell.status_code == 409
    assert "申请调价" in cell.content.decode()
    many = json.dumps(
        {"changes": [{"id": str(row.public_id), "version": row.version, "values": {"list_price": 1}}]}
    )
    assert (
        "approvals.ask_first"
        in admin.patch("/api/v1/products/bulk", many, "application/json").content.decode()
    )
    # Everything else about it changes as ever, and so does the price where no process is active.
    assert (
        admin.patch(at, json.dumps({"series": "新"}), "application/json", headers=headers).status_code == 200
    )
    with system():
        process = Process.objects.get(subject=PRICE)
    with acting("admin") as actor:
        commands.switch_off(actor, Ref(process.public_id, process.version), Note())
    headers = {"If-Match": f'"{product().version}"'}
    assert (
        admin.patch(at, json.dumps({"list_price": 1}), "application/json", headers=headers).status_code == 200
    )


def test_a_key_customer_changes_hands_by_approval_and_another_directly() -> None:
    with system():
        keys = Customer.objects.filter(owner__sign_in="seller", grade="A").order_by("id")
        other = Customer.objects.filter(owner__sign_in="seller").exclude(grade="A").order_by("id")[0]
        key = keys[0]
    to = person("wu.qiang").pk
    with acting("manager") as actor:
        edit_customer(actor, Ref(other.public_id, other.version), Given({"owner_id": to}))
    with pytest.raises(DomainError) as found, acting("manager") as actor:
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


def test_the_route_follows_the_facts_and_the_requesters_own_post_goes_one_up() -> None:
    one = ask("manager", 9000)
    assert (one.route, asked(one)) == ("大幅调价", ["director"])
    why = [notice["why"] for notice in one.path[0]["notices"]]
    assert why == ["own", "vacant"]  # her own unit, then the region without a head
    act("director", commands.approve, one)
    act("finance", commands.approve, one)
    assert act("director", commands.approve, one).state == "approved"


def test_the_director_at_the_top_is_decided_by_the_second_person_named_for_it() -> None:
    one = ask("director", 6000)
    assert asked(one) == ["admin"]
    with system():
        process = Process.objects.get(subject=PRICE)
    content = {**process.draft, "fallback": None}
    act("admin", commands.reject, one, Note("再议"))
    with acting("admin") as actor:
        commands.publish(actor, Ref(process.public_id, process.version), drafted(content))
    with pytest.raises(DomainError) as found:
        ask("director", 6000)
    assert found.value.code == "approvals.nobody_decides"


def test_nobody_decides_on_their_own_request_not_even_by_standing_in_or_by_another_role() -> None:
    one = ask("finance", 6000)  # finance works at the company: its head is the director
    assert asked(one) == ["director"]
    assert [seat["person"] for seat in one.path[1]["seats"]] == [person("admin").pk]  # the second person
    finance = actor_named("finance")
    standing_in = Actor(
        finance.name,
        finance.person_id,
        finance.rights,
        finance.reaches,
        True,
        frozenset({person("director").pk}),
    )
    refused("approvals.own_request", standing_in, commands.approve, one)
    me = person("finance").public_id
    refused("approvals.signer_is_requester", "director", commands.delegate, one, Handing(me))
    refused("approvals.signer_is_requester", "director", commands.add_signer, one, Signing(me))


def standing_in(who: str, *away: str) -> Actor:
    actor = actor_named(who)
    people = frozenset(person(name).pk for name in away)
    return Actor(actor.name, actor.person_id, actor.rights, actor.reaches, actor.is_wide, people)


def test_a_stand_in_sees_and_decides_for_who_is_away_and_it_is_recorded_who_for_whom() -> None:
    one = ask("seller", 6000)
    with acting("wu.qiang") as actor:
        assert not queries.visible_requests(actor).filter(pk=one.pk).exists()
    wu = standing_in("wu.qiang", "manager")
    with scope(wu):
        assert queries.to_decide(wu).filter(pk=one.pk).exists()
        assert queries.waiting(wu).filter(request=one).exists()
        assert Request.objects.filter(pk=one.pk).exists()  # the database shows it, too
    act(wu, commands.approve, one)
    with system():
        last = Decision.objects.filter(request=one).order_by("-id")[0]
        assert (last.person, last.for_person) == (person("wu.qiang"), person("manager"))
    with scope(standing_in("seller", "finance")) as actor, pytest.raises(DomainError) as found:
        commands.approve(actor, Ref(one.public_id, now(one).version), Note())
    assert found.value.code == "approvals.own_request"


def test_a_request_is_seen_by_those_it_concerns_and_by_whoever_reaches_its_unit_also_in_the_database() -> (
    None
):
    one = ask("field", 6000)  # Hangzhou; the manager of Shanghai has no part in it
    sees = {
        "field": True,
        "zheng.yi": True,
        "director": True,
        "finance": True,
        "manager": False,
        "seller": False,
    }
    for name, may in {**sees, "hr": False, "partner": False, "wang.fang": False}.items():
        with acting(name) as actor:
            assert queries.visible_requests(actor).filter(pk=one.pk).exists() is may, name
            assert Request.objects.filter(pk=one.pk).exists() is may, name
            assert Decision.objects.filter(request=one).exists() is may, name
    act("zheng.yi", commands.add_signer, one, Signing(person("manager").public_id))
    act("manager", commands.approve, one)
    with acting("manager") as actor:  # past deciders keep seeing it
        assert Request.objects.filter(pk=one.pk).exists()
    act("field", commands.copy_in, one, Handing(person("hr").public_id))
    with acting("hr") as actor:
        assert queries.copied_to(actor).filter(pk=one.pk).exists()


def test_sent_back_it_is_asked_anew_under_its_version_with_a_path_of_its_own() -> None:
    one = ask("seller", 6000)
    act("manager", commands.approve, one)
    act("finance", commands.send_back, one, Sending("补充成本测算"))
    assert (now(one).state, asked(one)) == ("sent_back", [])
    with acting("admin") as actor:  # not frozen meanwhile
        edit_product(actor, Ref(product().public_id, product().version), Given({"series": "网关"}))
    with system():
        process = Process.objects.get(subject=PRICE)
    with acting("admin") as actor:  # another version comes into force
        content = {"fallback": None, "routes": [{"name": "新", "steps": [{"who": "head"}]}]}
        commands.publish(actor, Ref(process.public_id, process.version), drafted(content))
    anew = Resubmission({"list_price": Decimal(9000)}, product().version, "已补充")
    refused("approvals.not_requester", "manager", commands.resubmit, one, anew)
    act("seller", commands.resubmit, one, anew)
    # A larger change takes the longer route: nobody slips past the director by asking twice.
    assert (now(one).route, now(one).round, asked(one)) == ("大幅调价", 2, ["manager"])
    for who in ("manager", "finance", "director"):
        act(who, commands.approve, one)
    assert (now(one).state, product().list_price) == ("approved", Decimal(9000))


def test_changed_meanwhile_the_last_yes_is_refused_with_both_versions_and_nothing_is_lost() -> None:
    one = ask("seller", 6000)
    act("manager", commands.approve, one)
    with system():  # past every command, as an outside system does
        Product.objects.filter(code="ZN-GATE").update(version=7)
    found = refused("approvals.changed_meanwhile", "finance", commands.approve, one)
    assert (found.facts["asked"], found.facts["now"]) == (one.object_version, 7)
    assert (now(one).state, asked(one), product().list_price) == ("in_review", ["finance"], Decimal(5800))


def test_signers_are_added_and_places_handed_on() -> None:
    one = ask("seller", 6000)
    act("manager", commands.add_signer, one, Signing(person("wu.qiang").public_id))
    assert asked(one) == ["wu.qiang"]
    act("wu.qiang", commands.approve, one)
    act("manager", commands.delegate, one, Handing(person("zheng.yi").public_id, "出差"))
    assert asked(one) == ["zheng.yi"]
    refused("approvals.not_asked", "manager", commands.approve, one)
    act("zheng.yi", commands.approve, one)
    act("finance", commands.send_back, one, Sending("请销售侧再看", 1))
    assert asked(one) == ["zheng.yi"]
    leaver = person("yang.liu").public_id  # has no sign-in
    refused("approvals.signer_absent", "zheng.yi", commands.delegate, one, Handing(leaver))


def test_reminders_come_seldom_and_what_nobody_decides_goes_one_up() -> None:
    one = ask("seller", 6000)
    act("seller", commands.remind, one)
    refused("approvals.reminded_lately", "seller", commands.remind, one)
    with system() as actor:
        assert escalate_overdue(actor, Overdue(clock().now() + timedelta(hours=23))) == 0
        later = clock().now() + timedelta(hours=73)
        assert escalate_overdue(actor, Overdue(later)) > 0
        assert escalate_overdue(actor, Overdue(later)) == 0
    assert asked(one) == ["director"]  # past the region without a head
    act("director", commands.approve, one)
    assert asked(one) == ["finance"]


def test_everybody_concerned_is_told_once() -> None:
    one = ask("seller", 6000)
    act("manager", commands.approve, one)
    act("finance", commands.approve, one)
    with system():
        events = Event.objects.filter(kind="RequestMoved", facts__request_id=one.pk).order_by("id")
        assert [event.facts["kind"] for event in events] == ["asked", "asked", "approved"]
        for event in events:
            notify_moved(event.facts)
            notify_moved(event.facts)
        told = Notification.objects.filter(url=f"/approvals/{one.public_id}")
        people = {person(name).pk: name for name in ("seller", "manager", "finance")}
        assert sorted((people[n.person_id], n.kind) for n in told) == [
            ("finance", "approvals.asked"),
            ("manager", "approvals.asked"),
            ("seller", "approvals.approved"),
        ]


def test_asking_is_refused_with_words_that_help() -> None:
    for price, reason, code in ((5800, "x", "nothing_changes"), (6000, "  ", "reason_missing")):
        with pytest.raises(DomainError) as found:
            ask("seller", price, reason=reason)
        assert found.value.code == f"approvals.{code}"
    with pytest.raises(DomainError) as found, acting("seller") as actor:
        row = product()
        given = {"subject": PRICE, "object": row.public_id, "object_version": 99, "values": {"list_price": 1}}
        commands.submit(actor, Given(given, "x"))
    assert found.value.code == "stale"


# -- Pages -------------------------------------------------------------------------------------------


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
    assert (first.status_code, second.status_code) == (302, 409)  # the object is frozen by the first
    assert client.post(at, {**sent, "reason": ""}).status_code in (409, 422)
    with system():
        assert Request.objects.filter(object_id=row.pk, state="in_review").count() == 1


def test_the_inbox_decides_one_and_many_and_says_what_was_refused(signed_in: SignedIn) -> None:
    ones = [ask("seller", 6000), ask("seller", 25000, "ZN-CARE")]
    manager = signed_in("manager")
    page = manager.get("/approvals").content.decode()
    assert all(one.number in page for one in ones)
    stale = f"{ones[1].public_id}:99"
    chosen = [f"{ones[0].public_id}:{ones[0].version}", stale, "nonsense"]
    answer = manager.post("/approvals/decide", {"chosen": chosen}, follow=True).content.decode()
    assert "已同意 1 件" in answer
    assert asked(ones[0]) == ["finance"]
    assert asked(ones[1]) == ["manager"]
    assert ones[0].number in manager.get("/approvals?tab=done").content.decode()
    assert ones[0].number in signed_in("seller").get("/approvals?tab=mine").content.decode()
    no = manager.post(f"/approvals/{ones[1].public_id}/act", {"do": "reject", "version": ones[1].version})
    assert no.status_code == 422
    assert now(ones[1]).state == "in_review"


def test_the_bell_counts_what_waits_in_the_same_statement(signed_in: SignedIn) -> None:
    from django.test.utils import CaptureQueriesContext

    client = signed_in("manager")
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/notifications/bell").content.decode()
    counting = [q["sql"] for q in captured if "approvals_participant" in q["sql"]]
    assert len(counting) == 1
    assert "notify_notification" in counting[0]
    assert 'aria-label="审批: 2"' in page


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
