"""Around a deal and a customer: one line is written on the record, and stands in its timeline or above it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import SignedIn, system
from tradewind.domains.activities.models import Activity
from tradewind.domains.customers.models import Contact, Customer
from tradewind.domains.pipeline.models import Opportunity

pytestmark = pytest.mark.django_db


def a_deal(owner: str = "seller") -> Opportunity:
    with system():
        deals = Opportunity.objects.filter(owner__sign_in=owner, state="open", customer__isnull=False)
        return deals.select_related("customer").order_by("id")[0]


def written(client: Client, key: str, row: Any, **given: Any) -> Any:
    """What the composer on a record sends."""
    asked = {
        "about_kind": key,
        "about": row.public_id,
        "once": uuid4(),
        "kind": "visit",
        "subject": "上门演示新版",
        "due": "tomorrow",
        "act": "plan",
        "next": f"/opportunities/{row.public_id}",
    }
    return client.post("/activities/compose", {**asked, **given})


def newest() -> Activity:
    with system():
        return Activity.objects.select_related("customer", "contact", "owner").order_by("-id")[0]


def test_a_plan_stands_above_the_timeline_of_the_deal_until_it_is_done(signed_in: SignedIn) -> None:
    deal, client = a_deal(), signed_in("seller")
    page = f"/opportunities/{deal.public_id}"
    answer = written(client, "pipeline.opportunity", deal)
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    made = newest()
    assert (made.about_kind, made.about_id, made.about_label) == (
        "pipeline.opportunity",
        deal.pk,
        deal.number,
    )
    assert (made.customer_id, made.due_on.isoformat()) == (deal.customer_id, "2026-03-19")
    assert f"/activities/{made.public_id}/complete" in client.get(page).content.decode()
    assert deal.number in client.get(f"/activities/{made.public_id}").content.decode()

    done = client.post(f"/activities/{made.public_id}/complete", {"version": made.version, "next": page})
    assert (done.status_code, done.headers["Location"]) == (302, page)
    shown = client.get(page).content.decode()
    assert f"/activities/{made.public_id}/complete" not in shown
    assert "拜访：上门演示新版" in shown
    again = client.post(f"/activities/{made.public_id}/complete", {"version": made.version, "next": page})
    assert again.status_code == 409, "a second click on an old page"

    undone = client.post(f"/activities/{made.public_id}/reopen?version={made.version + 1}&next={page}")
    assert (undone.status_code, undone.headers["Location"]) == (302, page)
    assert f"/activities/{made.public_id}/complete" in client.get(page).content.decode()


def test_completing_says_how_it_went_and_plans_what_follows_in_one_go(signed_in: SignedIn) -> None:
    deal, client = a_deal(), signed_in("seller")
    written(client, "pipeline.opportunity", deal)
    made = newest()
    form = client.get(f"/activities/{made.public_id}/complete")
    assert form.status_code == 200
    given = {
        "version": made.version,
        "result": "quote",
        "outcome": "要两档报价",
        "done_on": "2026-03-17",
        "duration_min": "90",
        "next_kind": "task",
        "next_subject": "准备两档报价",
        "next_due": "on",
        "next_on": "2026-03-20",
    }
    assert client.post(f"/activities/{made.public_id}/complete", given).status_code == 302
    step = newest()
    assert (step.previous_id, step.kind, step.subject) == (made.pk, "task", "准备两档报价")
    assert (step.due_on.isoformat(), step.about_id) == ("2026-03-20", deal.pk)
    record = client.get(f"/activities/{made.public_id}").content.decode()
    assert f"/activities/{step.public_id}" in record
    assert "要求报价" in record


def test_on_a_customer_one_names_the_contact_and_logs_what_is_done(signed_in: SignedIn) -> None:
    with system():
        mine = Contact.objects.filter(customer__owner__sign_in="seller")
        contact = mine.select_related("customer").order_by("id")[0]
        other = Contact.objects.exclude(customer=contact.customer_id).order_by("id")[0]
    client, page = signed_in("seller"), f"/customers/{contact.customer.public_id}"
    shown = client.get(page).content.decode()
    assert 'name="subject"' in shown
    assert contact.name in shown
    facts = {"act": "log", "kind": "call", "contact": contact.public_id, "next": page}
    assert written(client, "customers.customer", contact.customer, **facts).status_code == 302
    made = newest()
    assert (made.state, made.contact_id, made.about_id) == ("done", contact.pk, None)
    assert f"电话（{contact.name}）：上门演示新版" in client.get(page).content.decode()
    facts["contact"] = other.public_id
    written(client, "customers.customer", contact.customer, **facts)
    assert newest().contact_id is None, "somebody else's contact is nobody here"
    on_contact = written(client, "customers.contact", contact, act="log")
    assert on_contact.status_code == 302
    assert (newest().contact_id, newest().customer_id) == (contact.pk, contact.customer_id)


def test_sent_twice_it_is_written_once(signed_in: SignedIn) -> None:
    client, deal, once = signed_in("seller"), a_deal(), uuid4()
    for _ in range(2):
        assert written(client, "pipeline.opportunity", deal, once=once).status_code == 302
    with system():
        assert Activity.objects.filter(public_id=once).count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"subject": ""},
        {"subject": "x" * 201},
        {"kind": "nothing"},
        {"act": "delete"},
        {"once": "x"},
        {"due": "on", "on": "0001-01-01"},
        {"due": "on", "on": "2026-03-17"},
        {"due": "on", "on": "soon"},
        {"contact": "x"},
    ],
)
def test_what_cannot_be_comes_back_with_what_was_typed(signed_in: SignedIn, given: dict[str, str]) -> None:
    deal = a_deal()
    answer = written(signed_in("seller"), "pipeline.opportunity", deal, **{"subject": "旧话", **given})
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == answer.headers["HX-Reselect"] == "#composer"
    page = answer.content.decode()
    assert 'id="composer"' in page
    assert given.get("subject", "旧话") in page


def test_nobody_writes_on_a_record_they_do_not_see(signed_in: SignedIn) -> None:
    hidden = a_deal("field")
    assert written(signed_in("seller"), "pipeline.opportunity", hidden).status_code == 404
    assert written(signed_in("seller"), "organization.unit", hidden).status_code == 404
    assert written(signed_in("seller"), "no.such", hidden).status_code == 404
    assert written(signed_in("seller"), "pipeline.opportunity", a_deal(), about="x").status_code == 404


def test_one_never_leads_to_another_site(signed_in: SignedIn) -> None:
    for bad in ("https://evil.example", "//evil.example", "/\\evil.example"):
        answer = written(signed_in("seller"), "pipeline.opportunity", a_deal(), next=bad)
        assert answer.headers["Location"] == "/activities"


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


BUDGETS = {
    "/activities": 16,
    "/activities?view=today": 16,
    "/activities?view=overdue": 16,
    "/activities?view=week": 16,
    "/activities/calendar": 16,
    "/activities/calendar?look=week&who=team": 16,
    "/notifications": 16,
    "/api/v1/activities?state=planned": 13,
    "/api/v1/activities/summary?is_overdue=true": 13,
}


@pytest.mark.parametrize(("address", "budget"), BUDGETS.items())
def test_a_page_keeps_its_budget_of_statements(signed_in: SignedIn, address: str, budget: int) -> None:
    assert statements(signed_in("manager"), address) <= budget


def test_a_record_takes_no_more_statements_for_more_activities(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    with system():
        followed = Activity.objects.filter(customer__isnull=False).values("customer")
        quiet = Customer.objects.exclude(pk__in=followed).order_by("id")[0]
    address = f"/customers/{quiet.public_id}"
    facts = {"act": "log", "next": address}
    written(client, "customers.customer", quiet, **facts)
    written(client, "customers.customer", quiet, next=address)
    few = statements(client, address)
    for _ in range(5):
        written(client, "customers.customer", quiet, **facts)
        written(client, "customers.customer", quiet, next=address)
    assert statements(client, address) <= few <= 34  # one of them asks whether a request waits


@pytest.mark.parametrize("look", ["month", "week"])
@pytest.mark.parametrize("day", ["", "2026-02-15", "1900-01-01", "2199-12-31"])
def test_the_calendar_opens_at_any_of_its_days(signed_in: SignedIn, look: str, day: str) -> None:
    page = signed_in("manager").get(f"/activities/calendar?look={look}&day={day}&who=team")
    assert page.status_code == 200
    assert f'id="day-{day or "2026-03-18"}"' in page.content.decode()


@pytest.mark.parametrize("query", ["day=0001-01-01", "day=x", "look=year", "who=everybody", "day=9999-12-31"])
def test_a_calendar_that_cannot_be_is_refused(signed_in: SignedIn, query: str) -> None:
    assert signed_in("seller").get(f"/activities/calendar?{query}").status_code == 422


def test_the_team_is_offered_to_whoever_sees_more_than_themselves(signed_in: SignedIn) -> None:
    assert "who=team" in signed_in("manager").get("/activities/calendar").content.decode()
    assert "who=team" not in signed_in("seller").get("/activities/calendar").content.decode()


def api(client: Client, address: str, body: Any, version: int | None = None) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.post(f"/api/v1/activities{address}", body, "application/json", headers=headers)


def test_the_api_plans_completes_reopens_and_hands_on(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    made = api(client, "", {"kind": "call", "subject": "回访", "due_on": "2026-03-20", "due_time": "09:30"})
    assert (made.status_code, made.json()["due_time"], made.json()["state"]) == (201, "09:30", "planned")
    one = f"/{made.json()['id']}"
    followed = {"kind": "visit", "subject": "上门"}
    done = api(client, f"{one}/complete", {"outcome": "好", "result": "reached", "next": followed}, 1)
    assert (done.status_code, done.json()["state"], done.headers["ETag"]) == (200, "done", '"2"')
    assert api(client, f"{one}/complete", {}, 1).status_code == 412
    assert api(client, f"{one}/complete", {}, 2).status_code == 409
    assert api(client, f"{one}/complete", {}).status_code == 422
    assert api(client, f"{one}/reopen", {}, 2).json()["state"] == "planned"
    with system():
        wu = Opportunity.objects.filter(owner__sign_in="wu.qiang").select_related("owner")[0].owner
    handed = api(client, f"{one}/reassign", {"owner": str(wu.public_id)}, 3)
    assert handed.json()["owner"]["label"] == "吴强"
    assert api(client, f"{one}/cancel", {"reason": "重复"}, 4).json()["state"] == "cancelled"
    logged = api(client, "/log", {"kind": "call", "subject": "来电", "done_on": "2026-03-16"})
    assert (logged.status_code, logged.json()["state"], logged.json()["due_on"]) == (
        201,
        "done",
        "2026-03-16",
    )


def test_the_api_changes_many_and_names_the_refused(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    ids = [api(client, "", {"kind": "call", "subject": f"{n}"}).json()["id"] for n in range(3)]
    changes = [{"id": ids[0], "version": 1}, {"id": ids[1], "version": 7}]
    moved = api(client, "/postpone", {"changes": changes, "due_on": "2026-04-01"}).json()
    assert (moved["changed"], [one["code"] for one in moved["refused"]]) == ([ids[0]], ["stale"])
    changes = [{"id": ids[0], "version": 2}, {"id": ids[2], "version": 1}]
    assert set(api(client, "/complete", {"changes": changes}).json()["changed"]) == {ids[0], ids[2]}
    generic = {"changes": [{"id": ids[1], "version": 1, "values": {"due_on": "2026-04-02"}}]}
    assert api(client, "/bulk", generic).json()["items"][0]["due_on"] == "2026-04-02"
    many = {"changes": [{"id": ids[1], "version": 1}] * 501, "due_on": "2026-04-01"}
    assert api(client, "/postpone", many).status_code == 422
    for bad in (
        {"subject": ""},
        {"kind": "x", "subject": "x"},
        {"kind": "call", "subject": "x", "due_on": "x"},
    ):
        assert api(client, "", bad).status_code == 422
    bad_moment = {"kind": "call", "subject": "x", "remind_at": "0001-01-01T00:00"}
    assert api(client, "", bad_moment).status_code == 422
    zoned = {"kind": "call", "subject": "x", "remind_at": "2026-03-19T09:00"}
    assert api(client, "", zoned).json()["remind_at"] == "2026-03-19T01:00:00+00:00"


def test_the_form_takes_time_and_reminder_in_the_companys_zone(signed_in: SignedIn) -> None:
    client = signed_in("seller")
    given = {
        "once": str(uuid4()),
        "subject": "早会",
        "kind": "meeting",
        "due_on": "2026-03-20",
        "due_time": "09:00",
        "remind_at": "2026-03-20T08:45",
    }
    assert client.post("/activities/new", given).status_code == 302
    made = newest()
    assert (str(made.due_time), made.owner.sign_in) == ("09:00:00", "seller")
    assert made.remind_at is not None
    assert made.remind_at.isoformat() == "2026-03-20T00:45:00+00:00"
    edited = client.get(f"/activities/{made.public_id}/edit").content.decode()
    assert 'value="2026-03-20T08:45"' in edited
    assert 'value="09:00"' in edited
    huge = client.post("/activities/new", {**given, "once": str(uuid4()), "body": "x" * 4001})
    assert huge.status_code == 422
