"""Who must agree: from asking to the change, with everything that can come between, on a real database."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from tests.conftest import SignedIn, acting, system
from tests.stories.agreeing import PRICE, act, ask, asked, now, person, product, refused, standing_in
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.approvals import commands, queries
from tradewind.domains.approvals.commands import Handing, Note, Resubmission, Sending, Signing
from tradewind.domains.approvals.commands.processes import drafted
from tradewind.domains.approvals.commands.timing import Overdue, escalate_overdue
from tradewind.domains.approvals.models import Decision, Process, Request
from tradewind.domains.approvals.tasks import notify_moved
from tradewind.domains.catalog.commands import edit_product
from tradewind.domains.catalog.models import Product
from tradewind.domains.organization import standing_in as standing
from tradewind.domains.organization.queries import clock
from tradewind.domains.organization.standing_in import Absence
from tradewind.kernel.errors import DomainError
from tradewind.platform.services.notify.models import Notification
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.spine.models import Event

pytestmark = pytest.mark.django_db


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
    changes = [{"id": str(row.public_id), "version": row.version, "values": {"list_price": 1}}]
    many = json.dumps({"changes": changes})
    bulk = admin.post("/api/v1/products/bulk", many, "application/json").json()
    assert (bulk["items"], bulk["refused"][0]["field"]) == ([], "list_price")
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
    refused("approvals.own_request", standing_in("finance", "director"), commands.approve, one)
    me = person("finance").public_id
    refused("approvals.signer_is_requester", "director", commands.delegate, one, Handing(me))
    refused("approvals.signer_is_requester", "director", commands.add_signer, one, Signing(me))


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
        assert escalate_overdue(actor, Overdue(clock().now() + timedelta(hours=73))) > 0
        assert asked(one) == ["manager"]  # reminded; Saturday is no third workday
        later = clock().now() + timedelta(days=5, hours=1)
        assert escalate_overdue(actor, Overdue(later)) > 0
        assert escalate_overdue(actor, Overdue(later)) > 0  # who is asked now is reminded in turn, once
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


def test_whoever_stands_in_is_told_what_waits_but_not_of_their_own() -> None:
    with acting("director") as actor:
        for away, by in (("manager", "wu.qiang"), ("finance", "seller")):
            standing.arrange(actor, Absence(away, by, TEST_DAY, TEST_DAY + timedelta(days=3)))
    one = ask("seller", 6000)
    act("manager", commands.approve, one)
    with system():
        for event in Event.objects.filter(kind="RequestMoved", facts__request_id=one.pk):
            notify_moved(event.facts)
        told = Notification.objects.filter(url=f"/approvals/{one.public_id}", kind="approvals.asked")
        people = {person(name).pk: name for name in ("manager", "wu.qiang", "finance", "seller")}
        assert {people[one] for one in told.values_list("person_id", flat=True)} == {
            "manager",
            "wu.qiang",
            "finance",
        }


def test_asking_is_refused_with_words_that_help() -> None:
    for price, reason, code in ((5800, "x", "nothing_changes"), (6000, "  ", "reason_missing")):
        with pytest.raises(DomainError) as found:
            ask("seller", price, reason=reason)
        assert found.value.code == f"approvals.{code}"
    row = product()
    given = {"subject": PRICE, "object": row.public_id, "object_version": 99, "values": {"list_price": 1}}
    with acting("seller") as actor, pytest.raises(DomainError) as found:
        commands.submit(actor, Given(given, "x"))
    assert found.value.code == "stale"
