"""Additional posts 兼任: a share of the time in another unit, its reach and headship. Credits stay."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.conftest import SignedIn, acting, system
from tests.stories.staff import DAY, is_sound, move, on_day
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.ledger.queries import figure, question
from tradewind.domains.organization import beside, charts, staffing
from tradewind.domains.organization.beside import ChangedPost
from tradewind.domains.organization.models import Assignment, Person, Unit
from tradewind.domains.organization.queries import person_ref, unit_ref, units_today
from tradewind.domains.organization.staffing import (
    AdditionalPost,
    Correction,
    Headship,
    Hiring,
    Leaving,
    Transfer,
    Withdrawal,
)
from tradewind.domains.organization.standing import standing
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import DomainError, NotAllowed, NotVisible
from tradewind.platform.spine.access.actor import Actor

pytestmark = pytest.mark.django_db


def add(sign_in: str, unit: str, share: int, day: date = TEST_DAY, **more: Any) -> str:
    with acting("hr") as actor:
        beside.add_post(actor, person_ref(actor, sign_in), AdditionalPost(unit, share, day, **more))
    return posts(sign_in)[-1][0]


def posts(sign_in: str) -> list[tuple[str, str, int, date, date | None, bool]]:
    with system():
        rows = Assignment.objects.filter(person__sign_in=sign_in, share__isnull=False)
        columns = ("public_id", "unit__code", "share", "starts_on", "ends_on", "is_head")
        found = rows.order_by("starts_on", "id").values_list(*columns)
        return [(str(key), *rest) for key, *rest in found]


def seen_owners(who: str) -> set[str]:
    with acting(who):
        return set(Opportunity.objects.values_list("owner__sign_in", flat=True))


def test_whoever_leads_the_further_unit_sees_and_credits_stay_at_home(signed_in: SignedIn) -> None:
    with acting("director") as actor:
        before = figure(actor, question("bookings", by="unit")).rows
    assert "seller" not in seen_owners("zheng.yi")
    add("seller", "hz1", 40)
    assert "seller" in seen_owners("zheng.yi")
    assert seen_owners("seller") == {"seller"}, (
        "the role of a seller reaches nobody else's, wherever they work"
    )
    with acting("director") as actor:
        assert figure(actor, question("bookings", by="unit")).rows == before
    with system():
        pk = Person.objects.get(sign_in="seller").pk
        unit = units_today([pk])[pk]
        assert Unit.objects.get(pk=unit).code == "sh1"
        assert standing().unit_of[pk] == unit
    assert is_sound()
    with on_day(TEST_DAY - DAY):
        assert "seller" not in seen_owners("zheng.yi"), "not a day before"


def test_somebody_leads_two_units_until_a_successor_comes() -> None:
    add("manager", "gz1", 50, is_head=True)
    with system() as actor:
        unit = Unit.objects.get(code="gz1")
        assert [one.sign_in for one in charts.members(actor, unit, TEST_DAY) if one.is_head] == ["manager"]
        assert standing().head_of[unit.pk] == Person.objects.get(sign_in="manager").pk
    assert {"chu.ning", "seller"} <= seen_owners("manager")
    later = TEST_DAY + 30 * DAY
    with acting("hr") as actor:
        staffing.appoint_head(actor, unit_ref(actor, "gz1"), Headship("feng.lei", later))
    kept = [(code, share, start, end, is_head) for _, code, share, start, end, is_head in posts("manager")]
    assert kept == [("gz1", 50, TEST_DAY, later, True), ("gz1", 50, later, None, False)]
    with acting("hr") as actor:
        staffing.appoint_head(actor, unit_ref(actor, "gz1"), Headship("manager", later + DAY))
    assert posts("manager")[-1][-1] is True
    assert is_sound()


def test_headcount_counts_heads_once_and_says_who_helps_out() -> None:
    with system() as actor:
        root = charts.chart(actor, TEST_DAY)
        assert root is not None
        before = root.people_in_all
    add("seller", "hz1", 40)
    with system() as actor:
        root = charts.chart(actor, TEST_DAY)
        assert root is not None
        assert root.people_in_all == before
        hz1 = next(unit for region in root.units for unit in region.units if unit.code == "hz1")
        assert (hz1.people, hz1.beside) == (9, 2)


REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("organization.bad_share", "share", {"share": 0}),
    ("organization.bad_share", "share", {"share": 100}),
    ("organization.share_taken", "share", {"unit": "gz1", "share": 60}),
    ("organization.works_there", "unit", {"unit": "sh1"}),
    ("organization.works_there", "unit", {"unit": "hz1"}),
    ("organization.before_first", "starts_on", {"unit": "gz1", "day": date(2001, 1, 1)}),
    ("organization.ends_before_start", "last_on", {"unit": "gz1", "last_on": TEST_DAY - DAY}),
    ("organization.unknown_unit", "unit", {"unit": "nowhere"}),
    ("organization.unknown_position", "position", {"unit": "gz1", "position": "国王"}),
]


@pytest.mark.parametrize(("code", "field", "asked"), REFUSED)
def test_what_cannot_be_is_refused_at_its_field(code: str, field: str, asked: dict[str, Any]) -> None:
    add("seller", "hz1", 40)
    with pytest.raises(DomainError) as refused:
        add("seller", **{"unit": "gz1", "share": 10, **asked})
    assert (refused.value.code, refused.value.field) == (code, field)
    assert len(posts("seller")) == 1


def test_the_main_assignment_cannot_come_into_the_same_unit() -> None:
    add("seller", "hz1", 40)
    with pytest.raises(DomainError) as refused:
        move("seller", "hz1", TEST_DAY)
    assert refused.value.code == "organization.works_there"
    move("seller", "gz1", TEST_DAY)
    assert [code for _, code, *_ in posts("seller")] == ["hz1"], "a move elsewhere leaves it alone"


def test_it_changes_ends_and_is_withdrawn() -> None:
    key = add("seller", "hz1", 40)
    with acting("hr") as actor:
        given = ChangedPost(key, AdditionalPost("hz1", 25, TEST_DAY, TEST_DAY + 9 * DAY))
        beside.change_post(actor, person_ref(actor, "seller"), given)
    assert posts("seller") == [(key, "hz1", 25, TEST_DAY, TEST_DAY + 10 * DAY, False)]
    add("seller", "hz1", 30, TEST_DAY + 10 * DAY)
    with acting("hr") as actor:
        beside.withdraw_post(actor, person_ref(actor, "seller"), Withdrawal(key))
        with pytest.raises(NotVisible):
            beside.withdraw_post(actor, person_ref(actor, "seller"), Withdrawal(key))
        with pytest.raises(NotVisible):
            staffing.withdraw(actor, person_ref(actor, "seller"), Withdrawal(posts("seller")[0][0]))
    assert [share for _, _, share, *_ in posts("seller")] == [30]


def test_a_later_first_day_cuts_a_post_and_deletes_none() -> None:
    with acting("hr") as actor:
        staffing.hire(actor, Hiring("he.ping", "何平", "sh1", TEST_DAY, role="seller"))
    add("he.ping", "hz1", 20, TEST_DAY + DAY)
    with acting("hr") as actor:
        given = Correction(latest_main("he.ping"), "sh1", TEST_DAY + 5 * DAY)
        staffing.correct(actor, person_ref(actor, "he.ping"), given)
    assert [(code, start) for _, code, _, start, *_ in posts("he.ping")] == [("hz1", TEST_DAY + 5 * DAY)]


def latest_main(sign_in: str) -> str:
    with system():
        return str(Assignment.objects.get(person__sign_in=sign_in, share=None).public_id)


def test_a_headship_withdrawn_leaves_the_post_it_followed_on() -> None:
    add("seller", "hz1", 20)
    day = TEST_DAY + 10 * DAY
    with acting("hr") as actor:
        staffing.appoint_head(actor, unit_ref(actor, "hz1"), Headship("seller", day))
        with pytest.raises(DomainError) as refused:
            staffing.appoint_head(actor, unit_ref(actor, "hz1"), Headship("seller", day))
    assert refused.value.code == "organization.same_post"
    with acting("hr") as actor:
        beside.withdraw_post(actor, person_ref(actor, "seller"), Withdrawal(posts("seller")[-1][0]))
    assert [row[1:] for row in posts("seller")] == [("hz1", 20, TEST_DAY, None, False)]


OWN: list[Callable[[Actor], object]] = [
    lambda actor: beside.add_post(actor, person_ref(actor, "hr"), AdditionalPost("sh1", 10, TEST_DAY)),
    lambda actor: staffing.move(actor, person_ref(actor, "hr"), Transfer("sh1", TEST_DAY, is_head=True)),
    lambda actor: staffing.appoint_head(actor, unit_ref(actor, "company"), Headship("hr", TEST_DAY)),
]


@pytest.mark.parametrize("act", OWN)
def test_nobody_gives_themselves_a_post(act: Callable[[Actor], object]) -> None:
    with acting("hr") as actor, pytest.raises(DomainError) as refused:
        act(actor)
    assert refused.value.code == "organization.own_post"


def test_whoever_leaves_leaves_everywhere() -> None:
    add("seller", "hz1", 40)
    add("seller", "gz1", 10, TEST_DAY + 30 * DAY)
    with acting("hr") as actor:
        staffing.leave(actor, person_ref(actor, "seller"), Leaving(TEST_DAY + DAY))
    assert [(code, end) for _, code, _, _, end, _ in posts("seller")] == [("hz1", TEST_DAY + 2 * DAY)]


def test_only_who_keeps_the_directory_does_it() -> None:
    with acting("director") as actor, pytest.raises(NotAllowed):
        beside.add_post(actor, person_ref(actor, "seller"), AdditionalPost("hz1", 10, TEST_DAY))


def test_through_the_pages(signed_in: SignedIn) -> None:
    client = signed_in("hr")
    with system():
        one = Person.objects.get(sign_in="seller")
    at = f"/people/{one.public_id}"
    assert f"{at}/posts/new" in client.get(at).content.decode()
    asked = {"version": one.version, "unit": "hz1", "share": "101", "starts_on": str(TEST_DAY)}
    refused = client.post(f"{at}/posts/new", asked)
    assert refused.status_code == 422
    assert client.post(f"{at}/posts/new", {**asked, "share": "40"}).status_code == 302
    key = posts("seller")[0][0]
    page = client.get(at).content.decode()
    assert "兼任 40%" in page
    assert f"{at}/posts/{key}" in page
    shown = client.get(f"{at}/posts/{key}").content.decode()
    assert 'value="40"' in shown
    with system():
        version = Person.objects.get(sign_in="seller").version
    ended = {**asked, "version": version, "share": "30", "last_on": str(TEST_DAY + DAY)}
    assert client.post(f"{at}/posts/{key}", ended).status_code == 302
    with system():
        version = Person.objects.get(sign_in="seller").version
    assert client.post(f"{at}/posts/{key}/withdraw", {"version": version}).status_code == 302
    assert posts("seller") == []
    main = Assignment.objects
    with system():
        own = main.get(person=one, share=None)
    assert client.get(f"{at}/posts/{own.public_id}").status_code == 404
