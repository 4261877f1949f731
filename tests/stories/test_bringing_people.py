"""A new company's people come in from a spreadsheet; later files move, rename and promote by sign-in name."""

from datetime import date

import pytest

from tests.conftest import SignedIn, acting, sign_in, system
from tests.stories.bringing import HEAD, NEW, PERSON, posts, roles
from tests.stories.staff import DAY, is_sound, move
from tests.surface.bringing import brought_in, checked, problems, verdicts
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.organization import beside, staffing, structure
from tradewind.domains.organization.authorizing import (
    NewRole,
    RoleChange,
    Roles,
    change_role,
    create_role,
    set_roles,
)
from tradewind.domains.organization.models import Assignment, Grant, Person, Position, Role
from tradewind.domains.organization.queries import person_ref, unit_ref
from tradewind.domains.organization.staffing import AdditionalPost, Hiring
from tradewind.domains.organization.structure import Closing, NewUnit
from tradewind.platform.spine.models import Command, User
from tradewind.platform.surface.exchange import runs
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun

pytestmark = pytest.mark.django_db


def changes(run: ImportRun, number: int) -> list[list[str]]:
    return list(ImportLine.objects.get(run=run, number=number).changes)


def test_people_come_in_with_post_role_and_first_day() -> None:
    with acting("hr") as actor:
        run = brought_in(actor, PERSON, *NEW)
        assert (run.state, run.counts) == ("done", {"new": 3, "update": 0, "unchanged": 0, "error": 0})
        position = Position.objects.get(title="方案顾问")
        assert (position.unit.code, position.headcount) == ("sh1", 2), "made for as many as the file holds"
        user = User.objects.get(username="he.ping")
        assert not user.has_usable_password()
        made = Person.objects.get(sign_in="he.ping")
    with system():
        acts = Command.objects.filter(object_id=made.pk, resource=PERSON)
        assert list(acts.values_list("name", "why")) == [("organization.person.take_on", "导入 名单.csv")]
    assert posts("he.ping") == [("sh1", "销售", False, date(2026, 3, 2), None)]
    assert posts("ma.da") == [("sh1", "方案顾问", False, TEST_DAY, None)]
    assert (roles("he.ping"), roles("ma.da"), roles("gao.yuan")) == (["seller"], [], ["manager"])
    assert is_sound()


def test_a_row_writes_what_hiring_writes() -> None:
    with acting("hr") as actor:
        brought_in(actor, PERSON, HEAD, ["何平", "he.ping", "hz1", "外勤销售", "seller", "是", "2026-03-02"])
        hired = Hiring("he.an", "何安", "hz1", date(2026, 3, 2), "seller", position="外勤销售")
        staffing.hire(actor, hired)

    def facts(name: str) -> tuple[object, ...]:
        with system():
            row, person = Assignment.objects.get(person__sign_in=name), Person.objects.get(sign_in=name)
            user = person.user
            assert user is not None
            return (
                row.unit_id,
                row.position_id,
                row.starts_on,
                row.ends_on,
                roles(name),
                user.is_active,
                user.password,
            )

    assert facts("he.ping") == facts("he.an")
    with system():
        head = Assignment.objects.get(unit__code="hz1", is_head=True, ends_on=None)
        assert head.person.sign_in == "he.ping", "the former head stepped down on that day"
    assert posts("zheng.yi")[-1][2:] == (False, date(2026, 3, 2), None)


def test_the_same_file_again_changes_nothing_today_and_tomorrow() -> None:
    from tests.stories.staff import on_day

    with acting("hr") as actor:
        brought_in(actor, PERSON, *NEW)
        before = (
            list(Person.objects.order_by("pk").values()),
            list(Assignment.objects.order_by("pk").values()),
        )
        again = brought_in(actor, PERSON, *NEW)
        assert again.counts == {"new": 0, "update": 0, "unchanged": 3, "error": 0}
    with on_day(TEST_DAY + 3 * DAY), acting("hr") as actor:
        again = brought_in(actor, PERSON, *NEW)
        assert again.counts == {"new": 0, "update": 0, "unchanged": 3, "error": 0}
        after = list(Person.objects.order_by("pk").values()), list(Assignment.objects.order_by("pk").values())
        assert after == before


def test_another_unit_is_a_move_from_its_day_and_says_so_before() -> None:
    day = TEST_DAY + 5 * DAY
    with acting("hr") as actor:
        rows = (
            HEAD,
            ["陈晓雨", "seller", "hz1", "", "", "", str(day)],
            ["", "wu.qiang", "", "销售经理", "manager", "", ""],
        )
        run = checked(actor, PERSON, *rows)
        assert verdicts(run) == ["update", "update"]
        told = {label: (before, after) for label, before, after in changes(run, 2)}
        assert told["姓名"] == ("陈小雨", "陈晓雨")
        assert told["部门"][0] != told["部门"][1]
        assert told["起始日期"][1] == str(day)
        assert {label for label, _, _ in changes(run, 3)} == {"岗位", "角色", "起始日期"}
        runs.start(run, actor, is_whole=True)
        assert run.state == "done"
    with system():
        acts = set(Command.objects.values_list("name", flat=True))
        assert {"organization.person.move", "organization.person.set_roles", "ledger.entry.recredit"} <= acts
    assert posts("seller")[-2:] == [
        ("sh1", "销售", False, posts("seller")[0][3], day),
        ("hz1", "", False, day, None),
    ]
    assert posts("wu.qiang")[-1] == ("sh1", "销售经理", False, TEST_DAY, None)
    assert roles("wu.qiang") == ["manager"]
    with acting("hr") as actor:
        again = brought_in(actor, PERSON, *rows)
        assert again.counts["unchanged"] == 2
    assert is_sound()


def test_heads_change_places_in_one_file() -> None:
    with acting("hr") as actor:
        run = brought_in(
            actor,
            PERSON,
            HEAD,
            ["", "wu.qiang", "sh1", "", "", "是", ""],
            ["", "manager", "sh1", "", "", "否", ""],
        )
        assert run.counts == {"new": 0, "update": 2, "unchanged": 0, "error": 0}
    assert posts("wu.qiang")[-1][2] is True
    assert posts("manager")[-1][2] is False


REFUSED: list[tuple[list[str], str, str]] = [
    (["", "he.an", "sh1", "", "", "", ""], "姓名", "必填"),
    (["何安", "he an", "sh1", "", "", "", ""], "登录名", "空格"),
    (["何安", "HR", "sh1", "", "", "", ""], "登录名", "已被使用"),
    (["何安", "he.an", "没有", "", "", "", ""], "部门", "不存在"),
    (["何安", "he.an", "", "", "", "", ""], "部门", "必填"),
    (["何安", "he.an", "closed1", "", "", "", ""], "部门", "已撤销"),
    (["何安", "he.an", "sh1", "", "皇帝", "", ""], "角色", "销售、"),
    (["何安", "he.an", "sh1", "", "admin", "", ""], "角色", "管理员"),
    (["何安", "he.an", "sh1", "", "", "也许", ""], "部门负责人", "请填"),
    (["何安", "he.an", "sh1", "", "", "", "三月"], "起始日期", "日期"),
    (["何安", "he.an", "sz1", "", "", "是", "2026-03-02"], "部门负责人", "何平"),
    (["", "yang.liu", "sh1", "", "", "", ""], "部门", "已于"),
    (["", "seller", "hz1", "", "", "", "2000-01-01"], "起始日期", "才入职"),
    (["", "hr", "", "", "seller", "", ""], "角色", "自己"),
    (["", "two.roles", "", "", "seller", "", ""], "角色", "多个角色"),
    (["何平", "he.ping", "sz1", "", "", "", ""], "登录名", "第 2 行"),
]


@pytest.mark.parametrize(("row", "label", "words"), REFUSED)
def test_a_wrong_row_says_what_is_wrong_and_takes_nothing_with_it(
    row: list[str], label: str, words: str
) -> None:
    with acting("hr") as actor:
        structure.create_unit(actor, NewUnit("closed1", "关闭部", "team", "company"))
        structure.close_unit(actor, unit_ref(actor, "closed1"), Closing())
        staffing.hire(actor, Hiring("two.roles", "双角", "sh1", TEST_DAY, "finance"))
    with system():
        Grant.objects.create(person=Person.objects.get(sign_in="two.roles"), role="hr")
    with acting("hr") as actor:
        run = brought_in(actor, PERSON, HEAD, ["何平", "he.ping", "sz1", "", "seller", "是", ""], row)
        assert verdicts(run) == ["new", "error"], [problems(run, 2), problems(run, 3)]
        assert words in problems(run, 3).get(label, ""), problems(run, 3)
    assert posts("he.ping") == [("sz1", "", True, TEST_DAY, None)]
    assert is_sound()


def test_what_was_recorded_from_a_past_day_is_never_rewritten() -> None:
    with acting("hr") as actor:
        brought_in(actor, PERSON, *NEW)
        run = brought_in(actor, PERSON, HEAD, ["何平", "he.ping", "hz1", "", "", "", "2026-03-02"])
        assert verdicts(run) == ["error"]
        assert "2026-03-02" in problems(run, 2)["部门"]
    assert posts("he.ping") == [("sh1", "销售", False, date(2026, 3, 2), None)]


def test_who_becomes_head_later_stands_in_the_way() -> None:
    move("field", "sh1", TEST_DAY + 9 * DAY, is_head=True)
    with acting("hr") as actor:
        run = checked(actor, PERSON, HEAD, ["何平", "he.ping", "sh1", "", "", "是", ""])
        assert "赵海" in problems(run, 2)["部门负责人"]


def test_an_additional_post_stays_and_stands_in_the_way_of_a_move_to_its_unit() -> None:
    with acting("hr") as actor:
        beside.add_post(actor, person_ref(actor, "seller"), AdditionalPost("hz1", 20, TEST_DAY))
        run = checked(actor, PERSON, HEAD, ["", "seller", "hz1", "", "", "", ""])
        assert "部门" in problems(run, 2)
        run = brought_in(actor, PERSON, HEAD, ["", "seller", "gz1", "", "", "", ""])
        assert run.counts["update"] == 1
    assert [(unit, ends_on) for unit, _, _, _, ends_on in posts("seller")][-2:] == [
        ("hz1", None),
        ("gz1", None),
    ]
    with acting("hr") as actor:
        again = brought_in(actor, PERSON, HEAD, ["", "seller", "gz1", "", "", "", ""])
        assert again.counts["unchanged"] == 1, "a file speaks of the main assignment"


def test_roles_of_the_companys_own_are_understood_by_name() -> None:
    with system():
        Role.objects.create(key="role7", name="渠道专员", based_on="seller")
    with acting("hr") as actor:
        brought_in(actor, PERSON, HEAD, ["何平", "he.ping", "sh1", "", "渠道专员", "", ""])
    assert roles("he.ping") == ["role7"]


def clerk(*lacking: str) -> None:
    """吴强 keeps the directory, but for these rights."""
    with acting("admin") as actor:
        key = create_role(actor, NewRole("文员", "hr"))
        version = Role.objects.get(key=key).version
        rights = {f"organization.{right}": "none" for right in lacking}
        change_role(actor, RoleChange(key, version, rights, "文员"))
        set_roles(actor, person_ref(actor, "wu.qiang"), Roles((key,)))


def test_nobody_gives_by_a_file_what_they_may_not_give_by_a_page() -> None:
    clerk("person.hire", "person.move", "person.set_roles")
    with acting("wu.qiang") as actor:
        run = checked(
            actor,
            PERSON,
            HEAD,
            ["何平", "he.ping", "sh1", "", "", "", ""],
            ["", "seller", "hz1", "", "", "", ""],
            ["", "field", "", "", "manager", "", ""],
            ["陈晓雨", "manager", "", "", "", "", ""],
        )
        assert verdicts(run) == ["error", "error", "error", "update"]


def test_without_the_right_to_make_positions_the_row_names_those_there_are() -> None:
    clerk("position.create")
    with acting("wu.qiang") as actor:
        run = checked(actor, PERSON, HEAD, ["何平", "he.ping", "sh1", "宇航员", "", "", ""])
        assert "销售经理" in problems(run, 2)["岗位"]


# -- Pages -----------------------------------------------------------------------------------------


def test_the_result_leads_to_those_who_have_not_signed_in(signed_in: SignedIn) -> None:
    with acting("hr") as actor:
        run = brought_in(actor, PERSON, *NEW)
    client = sign_in("hr")
    page = client.get(f"/people/import/{run.public_id}").content.decode()
    assert "查看尚未登录的人员" in page
    assert 'href="/people?view=waiting"' in page
    assert client.get("/people?view=waiting").status_code == 200
    described = client.get("/people/import").content.decode()
    assert "该部门的岗位；没有的会新建" in described
    assert client.get("/people/import/template.xlsx").status_code == 200


def test_many_people_are_written_by_as_few_statements_as_few() -> None:
    """Set-based: the number of statements does not grow with the rows of a portion."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements(count: int, prefix: str) -> int:
        rows = [[f"人{at}", f"{prefix}{at}", "sh1", "销售", "seller", "", ""] for at in range(count)]
        with acting("hr") as actor:
            run = checked(actor, PERSON, HEAD, *rows)
            with CaptureQueriesContext(connection) as asked:
                runs.start(run, actor, is_whole=True)
            assert run.counts["new"] == count
            return len(asked)

    few, many = statements(10, "a"), statements(300, "b")
    assert many <= few + 4
