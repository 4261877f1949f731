"""Notifications: only their person sees them, once each; opening one reads it and leads on."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.conftest import SignedIn, acting, system
from tradewind.domains.organization.models import Person
from tradewind.kernel.errors import NotVisible
from tradewind.platform.services.notify import commands, queries
from tradewind.platform.services.notify.commands import Notice, Reading
from tradewind.platform.services.notify.models import Notification

pytestmark = pytest.mark.django_db


def tell(sign_in: str, *keys: str) -> None:
    with system() as actor:
        person_id = Person.objects.get(sign_in=sign_in).pk
        at, facts = datetime.now(UTC), {"subject": "<b>回访</b> 100 %"}
        notices = [
            Notice(person_id, "activities.reminder", "Reminder: %(subject)s", facts, "/activities", key, at)
            for key in keys
        ]
        commands.post(actor, notices)


def test_the_same_thing_is_told_to_a_person_once() -> None:
    tell("seller", "a", "b")
    tell("seller", "a", "c")
    tell("manager", "a")
    with acting("seller") as actor:
        assert queries.unread(actor) == 3
    with acting("manager") as actor:
        assert queries.unread(actor) == 1


@pytest.mark.parametrize("who", ["manager", "director", "admin"])
def test_nobody_above_reads_what_somebody_was_told(who: str) -> None:
    tell("seller", "a")
    with acting("seller") as actor:
        public_id = queries.page(actor).items[0].public_id
    with acting(who) as actor:
        assert queries.page(actor).items == []
        with pytest.raises(NotVisible):
            commands.mark_read(actor, Reading(public_id))
    if who == "manager":
        with acting(who):
            assert not Notification.objects.filter(public_id=public_id).exists(), "the database"
            with pytest.raises(DatabaseError), transaction.atomic():
                Notification.objects.create(person_id=1, key="x", at=datetime.now(UTC))


def test_opening_one_reads_it_and_leads_on(signed_in: SignedIn) -> None:
    tell("seller", "a", "b")
    client = signed_in("seller")
    page = client.get("/notifications").content.decode()
    assert "提醒：&lt;b&gt;回访&lt;/b&gt; 100 %" in page
    with acting("seller") as actor:
        newest = queries.page(actor).items[0]
    answer = client.post(f"/notifications/{newest.public_id}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/activities")
    assert client.post(f"/notifications/{newest.public_id}").status_code == 302, "twice is once"
    with acting("seller") as actor:
        assert queries.unread(actor) == 1
    assert client.post("/notifications/read").status_code == 302
    assert "全部已读" in client.get("/notifications?show=unread").content.decode()
    assert "暂无通知" in signed_in("manager").get("/notifications").content.decode()


def test_older_ones_are_a_page_further_and_a_bad_place_is_refused(signed_in: SignedIn) -> None:
    tell("seller", *(f"{n:03d}" for n in range(queries.PAGE + 1)))
    with acting("seller") as actor:
        first = queries.page(actor)
        last = queries.page(actor, first.next)
    assert (len(first.items), len(last.items), last.next) == (queries.PAGE, 1, "")
    assert signed_in("seller").get(f"/notifications?after={first.next}").status_code == 200
    for bad in ("x", "-1", "9" * 30):
        assert signed_in("seller").get(f"/notifications?after={bad}").status_code == 422


def test_the_bell_counts_up_to_a_hundred_in_one_statement(django_assert_num_queries: object) -> None:
    def bell(sign_in: str) -> str:
        request = RequestFactory().get("/")
        with acting(sign_in) as actor:
            request.actor = actor  # type: ignore[attr-defined]
            with django_assert_num_queries(1):  # type: ignore[operator]
                return render_to_string("notify/_bell.html", {"request": request})

    assert "bell-count" not in bell("seller")
    tell("seller", "a", "b")
    assert ">2</span>" in bell("seller")
    tell("seller", *(f"{n}" for n in range(150)))
    assert ">99+</span>" in bell("seller")
