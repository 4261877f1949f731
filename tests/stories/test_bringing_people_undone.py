"""Imports of people taken back: who came, where people went, and the positions that came with them."""

import pytest

from tests.conftest import acting, system
from tests.stories.bringing import HEAD, NEW, PERSON, posts, roles, undone
from tests.stories.staff import DAY, assignments, is_sound, move
from tests.surface.bringing import brought_in
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.organization import staffing, structure
from tradewind.domains.organization.models import Person, Position
from tradewind.domains.organization.queries import person_ref
from tradewind.domains.organization.staffing import Leaving
from tradewind.domains.organization.structure import PositionFacts
from tradewind.kernel.errors import Refused
from tradewind.platform.spine.command import Ref
from tradewind.platform.spine.models import User
from tradewind.platform.surface.exchange import runs

pytestmark = pytest.mark.django_db


def test_undoing_takes_back_who_came_and_where_people_went() -> None:
    day = TEST_DAY - 20 * DAY
    before = posts("seller"), posts("wu.qiang"), posts("field"), roles("field")
    with acting("hr") as actor:
        run = brought_in(
            actor,
            PERSON,
            HEAD,
            ["何平", "he.ping", "sh1", "新岗", "seller", "是", ""],
            ["马达", "ma.da", "hz1", "", "", "", ""],
            ["陈晓雨", "seller", "hz1", "", "", "", str(day)],
            ["", "wu.qiang", "", "销售经理", "", "", ""],
            ["", "field", "", "", "manager", "", ""],
        )
        assert run.counts == {"new": 2, "update": 3, "unchanged": 0, "error": 0}
        staffing.leave(actor, person_ref(actor, "ma.da"), Leaving(TEST_DAY))
        runs.undo(run, actor)
        assert undone(run) == {
            "何平": "removed",
            "马达": "changed",
            "陈晓雨": "restored",
            "吴强": "restored",
            "赵海": "restored",
        }
        assert not Person.objects.filter(sign_in="he.ping").exists()
        assert not User.objects.filter(username="he.ping").exists()
        assert Person.objects.get(sign_in="seller").name == "陈小雨"
    assert (posts("seller"), posts("wu.qiang"), posts("field"), roles("field")) == before
    assert is_sound()
    with acting("hr") as actor:  # and may come again
        again = brought_in(actor, PERSON, HEAD, ["何平", "he.ping", "sh1", "新岗", "seller", "", ""])
        assert again.counts["new"] == 1


def test_what_replaced_a_post_on_its_first_day_is_put_right_again() -> None:
    with acting("hr") as actor:
        brought_in(actor, PERSON, *NEW)
        run = brought_in(actor, PERSON, HEAD, ["", "ma.da", "hz1", "", "", "", ""])
        assert run.counts["update"] == 1
    assert posts("ma.da") == [("hz1", "", False, TEST_DAY, None)]
    with acting("hr") as actor:
        runs.undo(run, actor)
        assert undone(run) == {"马达": "restored"}
    assert posts("ma.da") == [("sh1", "方案顾问", False, TEST_DAY, None)]


def test_a_move_that_met_a_planned_one_is_not_undone_by_guessing() -> None:
    move("seller", "hz1", TEST_DAY + 30 * DAY)
    with acting("hr") as actor:
        run = brought_in(actor, PERSON, HEAD, ["", "seller", "hz1", "", "", "", ""])
        assert assignments("seller")[-1] == ("hz1", TEST_DAY, None), "both moves are one now"
        runs.undo(run, actor)
        assert undone(run) == {"陈小雨": "kept"}


def test_who_signed_in_stays() -> None:
    with acting("hr") as actor:
        run = brought_in(actor, PERSON, *NEW)
    with system():
        User.objects.filter(username="he.ping").update(last_login="2026-11-01T08:00:00Z")
    with acting("hr") as actor:
        runs.undo(run, actor)
        assert undone(run) == {"何平": "kept", "马达": "removed", "高远": "removed"}
        assert not Position.objects.filter(title="方案顾问").exists(), (
            "what the file made goes with its people"
        )
    with system():
        User.objects.filter(username="he.ping").update(last_login=None)
    with acting("hr") as actor:
        runs.undo(run, actor)
        assert undone(run)["何平"] == "removed", "what stayed can be tried again"
        assert Position.objects.filter(unit__code="sh1", title="销售").exists(), "it was there before"
        with pytest.raises(Refused):
            runs.undo(run, actor)


def test_a_position_out_of_a_file_stays_once_somebody_described_it() -> None:
    with acting("hr") as actor:
        run = brought_in(actor, PERSON, *NEW)
        made = Position.objects.get(title="方案顾问")
        facts = PositionFacts("方案顾问", "写方案", 2)
        structure.change_position(actor, Ref(made.public_id, made.version), facts)
        runs.undo(run, actor)
        assert Position.objects.filter(title="方案顾问").exists()


def test_a_move_taken_back_takes_the_position_that_it_made() -> None:
    with acting("hr") as actor:
        run = brought_in(actor, PERSON, HEAD, ["", "seller", "hz1", "新岗位", "", "", ""])
        assert Position.objects.filter(title="新岗位").exists()
        runs.undo(run, actor)
        assert undone(run) == {"陈小雨": "restored"}
        assert not Position.objects.filter(title="新岗位").exists()
