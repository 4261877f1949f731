"""Where somebody is signed in: seen, ended by themselves or an administrator, and with it the live news."""

import asyncio
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import SignedIn, acting, sign_in, system
from tests.stories.entering import OWN, account, browser, is_in, person, sign_in_page
from tests.stories.test_live import SOON_S, Tab, at_home, with_live  # noqa: F401 a fixture among them
from tradewind.demo.cast import PASSWORD
from tradewind.domains.organization.models import Assignment
from tradewind.platform.services.live.application import Live
from tradewind.platform.spine.access.sessions import Seen, end_sessions, sessions_of
from tradewind.platform.spine.models import Command, Session

Owner = psycopg.Connection[tuple[object, ...]]


def seen(name: str) -> list[Seen]:
    user_id = account(name).pk
    with system():
        return list(sessions_of(user_id))


@pytest.mark.django_db
def test_somebody_sees_where_they_are_signed_in() -> None:
    client = sign_in_page("seller", at=browser("198.51.100.4"))
    page = client.get("/account/sessions").content.decode()
    assert "Chrome · Windows" in page
    assert "198.51.100.4" in page
    assert page.count("本设备") == 1
    (one,) = seen("seller")
    assert one.address == "198.51.100.4"


@pytest.mark.django_db
def test_another_device_is_signed_out_and_this_one_stays() -> None:
    here, there, third = (sign_in_page("seller") for _ in range(3))
    page = here.get("/account/sessions").content.decode()
    one = next(one for one in seen("seller") if f'value="{one.public_id}"' in page)
    here.post("/account/sessions/end", {"session": str(one.public_id)})
    assert [is_in(there), is_in(third)].count(True) == 1
    assert is_in(here)
    here.post("/account/sessions/end")
    assert not is_in(there)
    assert not is_in(third)
    assert is_in(here)


@pytest.mark.django_db
def test_nobody_ends_a_session_of_somebody_else() -> None:
    manager, seller = sign_in_page("manager"), sign_in_page("seller")
    (one,) = seen("manager")
    seller.post("/account/sessions/end", {"session": str(one.public_id)})
    assert is_in(manager)
    assert sign_in_page("hr").post(f"/people/{person('manager').public_id}/sign-in/end").status_code == 403
    assert is_in(manager)


@pytest.mark.django_db
def test_an_administrator_signs_somebody_out_everywhere_and_it_is_written_down(signed_in: SignedIn) -> None:
    first, second = sign_in_page("seller"), sign_in_page("seller")
    one = person("seller")
    signed_in("admin").post(f"/people/{one.public_id}/sign-in/end", {"reason": "laptop stolen"})
    assert not is_in(first)
    assert not is_in(second)
    with system():
        act = Command.objects.get(name="organization.person.end_sessions")
    assert (act.object_id, act.why) == (one.pk, "laptop stolen")


@pytest.mark.django_db
def test_whoever_works_here_no_longer_can_do_nothing_with_an_old_session() -> None:
    client = sign_in_page("seller")
    with system():
        rows = Assignment.objects.filter(person__sign_in="seller")
        last = max(one.starts_on for one in rows)
        rows.exclude(starts_on=last).delete()
        rows.update(ends_on=last + timedelta(days=1))
    for address in ("/figures", "/customers", "/account", "/account/tokens", "/people"):
        assert client.get(address).status_code == 403
    assert client.get("/api/v1/customers").status_code == 401
    assert client.post("/favourites/keep", {"url": "/figures", "label": "x"}).status_code == 403


def test_being_seen_is_noted_now_and_then_and_costs_no_statement(own_database: str, owner: Owner) -> None:
    client = sign_in_page("seller")
    client.get("/figures")
    owner.execute("UPDATE spine_session SET seen_at = now() - interval '4 minutes'")
    with CaptureQueriesContext(connection) as before:
        client.get("/figures")
    assert not seen_lately(owner), "noted less than five minutes ago"
    owner.execute("UPDATE spine_session SET seen_at = now() - interval '6 minutes'")
    with CaptureQueriesContext(connection) as after:
        client.get("/figures")
    assert seen_lately(owner)
    assert len(after) == len(before)


def seen_lately(owner: Owner) -> bool:
    row = owner.execute("SELECT max(seen_at) > now() - interval '1 minute' FROM spine_session").fetchone()
    assert row is not None
    return bool(row[0])


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["seller", "admin"])
def test_no_role_reads_the_sessions_themselves(role: str) -> None:
    with acting(role), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(Session.objects.all()[:1])


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("how", ["signs out", "is signed out", "changes the password"])
def test_the_live_news_end_with_the_session(own_database: str, how: str) -> None:
    seller, other = sign_in("seller"), sign_in("seller")
    user_id = account("seller").pk

    def end() -> None:
        try:
            if how == "signs out":
                seller.post("/sign-out/")
            elif how == "is signed out":
                with system():
                    end_sessions(user_id, kept_key=other.cookies[settings.SESSION_COOKIE_NAME].value)
            else:
                change_password(other)
        finally:
            connections.close_all()

    async def story(live: Live) -> None:
        async with Tab(live, cookie(seller)) as page, Tab(live, cookie(other)) as stays:
            assert page.status == stays.status == 200
            await asyncio.to_thread(end)
            async with asyncio.timeout(SOON_S):
                await page.running
            if how == "is signed out":
                assert not stays.running.done()
        async with Tab(live, cookie(seller)) as again:
            assert again.status == 401

    with_live(own_database, story)


def cookie(client: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def change_password(client: Client) -> None:
    client.post("/account/password", {"oldpassword": PASSWORD, "password1": OWN, "password2": OWN})
