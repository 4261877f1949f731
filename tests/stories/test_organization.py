"""Hiring, leaving, heads, vacancies, the unit tree; what is refused; and all of it through the pages."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import SignedIn, acting, system
from tests.stories.staff import DAY, LONG_AGO, assignments, is_sound, move, on_day
from tradewind.config.commands.test import TEST_DAY
from tradewind.demo.cast import PASSWORD
from tradewind.domains.organization import charts, staffing, structure
from tradewind.domains.organization.models import Assignment, Person, Unit
from tradewind.domains.organization.queries import person_ref, timeline_of, unit_ref
from tradewind.domains.organization.staffing import Headship, Hiring, Leaving, Transfer
from tradewind.domains.organization.structure import Closing, NewParent, NewUnit, PositionFacts
from tradewind.kernel.errors import DomainError, NotAllowed, NotVisible, Refused, StaleVersion
from tradewind.platform.spine.models import Command

pytestmark = pytest.mark.django_db


def test_somebody_hired_signs_in_from_the_first_day_and_no_longer_after_the_last(
    signed_in: SignedIn,
) -> None:
    with acting("hr") as actor:
        given = Hiring("he.ping", "何平", "sh1", TEST_DAY + DAY, role="seller", position="销售")
        staffing.hire(actor, given)
        user = Person.objects.get(sign_in="he.ping").user
        assert user is not None
    with system():
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    client = signed_in("he.ping")
    assert client.get("/figures").status_code == 403
    with on_day(TEST_DAY + DAY):
        assert client.get("/figures").status_code == 200
        with acting("hr") as actor:
            staffing.leave(actor, person_ref(actor, "he.ping"), Leaving(TEST_DAY + 3 * DAY))
    with on_day(TEST_DAY + 3 * DAY):
        assert client.get("/figures").status_code == 200
    with on_day(TEST_DAY + 4 * DAY):
        assert client.get("/figures").status_code == 403


def test_a_last_day_that_is_recorded_shows_at_once(signed_in: SignedIn) -> None:
    with acting("hr") as actor:
        staffing.leave(actor, person_ref(actor, "seller"), Leaving(TEST_DAY))
    with system():
        one = Person.objects.get(sign_in="seller")
    page = signed_in("hr").get(f"/people/{one.public_id}").content.decode()
    assert f"最后工作日：{TEST_DAY}" in page


def heads(code: str, day: date = TEST_DAY) -> list[str]:
    with system() as actor:
        unit = Unit.objects.get(code=code)
        return [member.sign_in for member in charts.members(actor, unit, day) if member.is_head]


def test_a_new_head_displaces_the_former_one_on_the_day() -> None:
    day = TEST_DAY + 10 * DAY
    with acting("hr") as actor:
        staffing.appoint_head(actor, unit_ref(actor, "sh1"), Headship("wu.qiang", day))
    assert (heads("sh1"), heads("sh1", day)) == (["manager"], ["wu.qiang"])
    move("field", "sh1", day + DAY, is_head=True)
    assert heads("sh1", day + DAY) == ["field"]
    with pytest.raises(Refused) as refused:
        move("seller", "sh1", day - DAY, is_head=True)
    assert (refused.value.code, refused.value.field) == ("organization.other_head", "is_head")
    assert heads("sh1", day - DAY) == ["manager"]


def test_vacancies_are_headcount_less_people_on_the_day() -> None:
    def vacancies(day: date) -> dict[str, int]:
        with system() as actor:
            unit = Unit.objects.get(code="sh1")
            openings = charts.openings(actor, unit, day)
            return {one.title: one.vacancies for one in openings if one.title in ("销售", "销售经理", "售前")}

    assert vacancies(TEST_DAY) == {"销售": 1, "销售经理": 0}
    with acting("hr") as actor:
        structure.create_position(actor, unit_ref(actor, "sh1"), PositionFacts("售前", "演示", 2))
    move("seller", "hz1", TEST_DAY + DAY)
    assert vacancies(TEST_DAY) == {"销售": 1, "销售经理": 0, "售前": 2}
    assert vacancies(TEST_DAY + DAY) == {"销售": 2, "销售经理": 0, "售前": 2}
    with system() as actor:
        root = charts.chart(actor, TEST_DAY)
        assert root is not None
        assert (root.headless_in_all, root.people_in_all) == (
            2,
            Assignment.objects.filter(charts.on_day(TEST_DAY), share=None).count(),
        )


REFUSALS: list[tuple[str, str, Any]] = [
    (
        "organization.before_first",
        "starts_on",
        lambda a: staffing.move(a, person_ref(a, "seller"), Transfer("hz1", date(2020, 1, 1))),
    ),
    (
        "organization.same_post",
        "unit",
        lambda a: staffing.move(a, person_ref(a, "seller"), Transfer("sh1", TEST_DAY, position="销售")),
    ),
    (
        "organization.unknown_unit",
        "unit",
        lambda a: staffing.move(a, person_ref(a, "seller"), Transfer("xx", TEST_DAY)),
    ),
    (
        "organization.unknown_position",
        "position",
        lambda a: staffing.move(a, person_ref(a, "seller"), Transfer("hz1", TEST_DAY, position="船长")),
    ),
    (
        "organization.ends_before_start",
        "last_on",
        lambda a: staffing.leave(a, person_ref(a, "seller"), Leaving(date(2020, 1, 1))),
    ),
    (
        "organization.left_already",
        "last_on",
        lambda a: staffing.leave(a, person_ref(a, "yang.liu"), Leaving(TEST_DAY)),
    ),
    (
        "organization.sign_in_taken",
        "sign_in",
        lambda a: staffing.hire(a, Hiring("Seller", "x", "sh1", TEST_DAY)),
    ),
    ("organization.bad_sign_in", "sign_in", lambda a: staffing.hire(a, Hiring("a b", "x", "sh1", TEST_DAY))),
    ("organization.name_missing", "name", lambda a: staffing.hire(a, Hiring("ab", "  ", "sh1", TEST_DAY))),
    (
        "organization.unknown_role",
        "role",
        lambda a: staffing.hire(a, Hiring("ab", "x", "sh1", TEST_DAY, role="king")),
    ),
    (
        "organization.not_in_unit",
        "person",
        lambda a: staffing.appoint_head(a, unit_ref(a, "sh1"), Headship("field", TEST_DAY)),
    ),
    (
        "organization.unknown_person",
        "person",
        lambda a: staffing.appoint_head(a, unit_ref(a, "sh1"), Headship("x", TEST_DAY)),
    ),
    ("organization.unit_has_people", "", lambda a: structure.close_unit(a, unit_ref(a, "sh1"), Closing())),
    ("organization.unit_has_units", "", lambda a: structure.close_unit(a, unit_ref(a, "east"), Closing())),
    ("organization.root_stays", "", lambda a: structure.close_unit(a, unit_ref(a, "company"), Closing())),
    (
        "organization.below_itself",
        "parent",
        lambda a: structure.move_unit(a, unit_ref(a, "east"), NewParent("sh1")),
    ),
    (
        "organization.below_itself",
        "parent",
        lambda a: structure.move_unit(a, unit_ref(a, "east"), NewParent("east")),
    ),
    (
        "organization.same_parent",
        "parent",
        lambda a: structure.move_unit(a, unit_ref(a, "sh1"), NewParent("east")),
    ),
    (
        "organization.inside_outside",
        "kind",
        lambda a: structure.create_unit(a, NewUnit("x", "x", "team", "ny1")),
    ),
    (
        "organization.inside_outside",
        "parent",
        lambda a: structure.move_unit(a, unit_ref(a, "sh1"), NewParent("ny1")),
    ),
    (
        "organization.unit_code_taken",
        "code",
        lambda a: structure.create_unit(a, NewUnit("sh1", "x", "team", "east")),
    ),
    (
        "organization.bad_code",
        "code",
        lambda a: structure.create_unit(a, NewUnit("a b", "x", "team", "east")),
    ),
    (
        "organization.unknown_kind",
        "kind",
        lambda a: structure.create_unit(a, NewUnit("x", "x", "company", "east")),
    ),
    (
        "organization.position_taken",
        "title",
        lambda a: structure.create_position(a, unit_ref(a, "sh1"), PositionFacts("销售")),
    ),
    (
        "organization.bad_headcount",
        "headcount",
        lambda a: structure.create_position(a, unit_ref(a, "sh1"), PositionFacts("x", "", -1)),
    ),
]


@pytest.mark.parametrize(("code", "field", "change"), REFUSALS)
def test_what_cannot_be_is_refused_at_its_field_and_writes_nothing(
    code: str, field: str, change: Any
) -> None:
    with acting("hr") as actor:
        with pytest.raises(DomainError) as refused:
            change(actor)
        assert (refused.value.code, refused.value.field) == (code, field)
    with system():
        assert not Command.objects.filter(actor="hr").exists()


def test_a_closed_unit_takes_nobody_in_and_keeps_its_past() -> None:
    with acting("hr") as actor:
        structure.create_unit(actor, NewUnit("nj1", "南京销售部", "team", "east"))
        structure.close_unit(actor, unit_ref(actor, "nj1"), Closing("not needed"))
    with pytest.raises(Refused) as refused:
        move("seller", "nj1", TEST_DAY)
    assert refused.value.code == "organization.unit_closed"
    with acting("hr") as actor, pytest.raises(Refused):
        structure.create_unit(actor, NewUnit("nj2", "南京二部", "team", "nj1"))
    with system() as actor:
        shown = charts.chart(actor, TEST_DAY)
        assert shown is not None
        assert "nj1" not in {unit.code for unit in shown.units[0].units}


def test_two_people_who_looked_at_the_same_person_cannot_both_move_them() -> None:
    with acting("hr") as actor:
        ref = person_ref(actor, "seller")
        staffing.move(actor, ref, Transfer("hz1", TEST_DAY))
        with pytest.raises(StaleVersion):
            staffing.move(actor, ref, Transfer("gz1", TEST_DAY))
    assert [row[0] for row in assignments("seller")] == ["sh1", "hz1"]


def test_nobody_but_admin_and_hr_moves_anybody() -> None:
    for who in ("director", "manager", "seller", "finance"):
        with pytest.raises(NotAllowed):
            move("seller", "hz1", TEST_DAY, who=who)
    with pytest.raises(NotVisible):  # to outside sales units nobody's person is there at all
        move("seller", "hz1", TEST_DAY, who="partner")


def test_the_timeline_read_back_is_the_one_written() -> None:
    move("seller", "hz1", TEST_DAY + DAY)
    with system():
        timeline = timeline_of(Person.objects.get(sign_in="seller").pk)
    assert [one.starts_on for one in timeline] == [TEST_DAY - timedelta(days=570), TEST_DAY + DAY]


# -- The same through the pages --------------------------------------------------------------------


def test_the_page_shows_the_effect_first_and_moves_when_it_is_confirmed(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    with system():
        person = Person.objects.get(sign_in="seller")
    url = f"/people/{person.public_id}/move"
    asked = {"unit": "hz1", "starts_on": str(LONG_AGO), "version": person.version, "reason": "登记晚了"}
    shown = client.post(url, asked)
    assert shown.status_code == 200
    assert 'id="effect"' in shown.content.decode()
    assert len(assignments("seller")) == 1
    found = re.search(r'name="confirmed" value="(\w+)"', shown.content.decode())
    assert found is not None
    confirmed = {"confirmed": found[1]}
    other = client.post(url, asked | confirmed | {"starts_on": str(TEST_DAY - 10 * DAY)})
    assert (other.status_code, len(assignments("seller"))) == (200, 1), "another effect than the one shown"
    done = client.post(url, asked | confirmed)
    assert done.headers["Location"] == f"/people/{person.public_id}"
    assert [row[0] for row in assignments("seller")] == ["sh1", "hz1"]
    again = client.post(url, asked | {"unit": "hz1", "starts_on": str(TEST_DAY + DAY), "is_head": "on"})
    assert again.status_code == 409
    assert is_sound()


def test_a_move_without_effect_needs_one_step(signed_in: SignedIn) -> None:
    client = signed_in("hr")
    with system():
        person = Person.objects.get(sign_in="seller")
    asked = {"unit": "hz1", "starts_on": str(TEST_DAY + DAY), "version": person.version}
    assert client.post(f"/people/{person.public_id}/move", asked).status_code == 302
    page = client.get(f"/people/{person.public_id}").content.decode()
    assert "stint-future" in page


def test_a_refusal_comes_back_at_its_field_with_what_was_typed(signed_in: SignedIn) -> None:
    with system():
        person = Person.objects.get(sign_in="seller")
    asked = {"unit": "hz1", "starts_on": "2020-01-01", "version": person.version, "reason": "记错了"}
    answer = signed_in("hr").post(f"/people/{person.public_id}/move", asked)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'id="id_starts_on_error"' in page
    assert "记错了" in page


def test_hiring_and_structure_through_the_pages(signed_in: SignedIn) -> None:
    client = signed_in("hr")
    made = client.post("/units/new", {"name": "南京销售部", "code": "nj1", "kind": "team", "parent": "east"})
    assert made.status_code == 302
    hired = client.post(
        "/people/new",
        {"name": "何平", "sign_in": "he.ping", "role": "seller", "unit": "nj1", "starts_on": str(TEST_DAY)},
    )
    assert "何平" in client.get(hired.headers["Location"]).content.decode()
    with system():
        unit = Unit.objects.get(code="nj1")
    page = client.get(f"/units/{unit.public_id}").content.decode()
    assert "何平" in page
    assert (
        client.post(
            f"/units/{unit.public_id}/head",
            {"person": "he.ping", "starts_on": str(TEST_DAY), "version": unit.version},
        ).status_code
        == 302
    )
    assert heads("nj1") == ["he.ping"]
    tree = client.get("/organization").content.decode()
    assert "南京销售部" in tree
    before = client.get("/organization?on=2020-01-01").content.decode()
    assert "当日尚无人员" in before
    first = re.findall(r'href="/organization\?on=([0-9-]+)"', before)
    with system():
        assert first == [str(Assignment.objects.order_by("starts_on")[0].starts_on)]
    assert "当日尚无人员" not in client.get(f"/organization?on={first[0]}").content.decode()
    assert client.get("/organization?on=x").status_code == 422


def test_nobody_without_the_right_is_shown_a_button(signed_in: SignedIn) -> None:
    with system():
        person = Person.objects.get(sign_in="field")
        unit = Unit.objects.get(code="sh1")
    for who, may in (("manager", False), ("hr", True)):
        client = signed_in(who)
        assert ("/move" in client.get(f"/people/{person.public_id}").content.decode()) == may
        assert ("/rename" in client.get(f"/units/{unit.public_id}").content.decode()) == may
        assert ("/people/new" in client.get("/organization").content.decode()) == may
