"""A new company's tree comes in from a spreadsheet, in any order; later files rename and move by the code."""

import pytest

from tests.conftest import acting, system
from tests.surface.bringing import brought_in, checked, problems, verdicts
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.organization import staffing, structure
from tradewind.domains.organization.models import Position, Unit, UnitPlace
from tradewind.domains.organization.queries import unit_ref
from tradewind.domains.organization.staffing import Hiring
from tradewind.domains.organization.structure import Closing, PositionFacts
from tradewind.kernel.errors import NotAllowed
from tradewind.platform.spine.models import Command
from tradewind.platform.surface.exchange import runs
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun
from tradewind.platform.surface.resource import resource_named

pytestmark = pytest.mark.django_db
UNIT = "organization.unit"
HEAD = ["部门编号", "部门名称", "类型", "上级部门"]
TREE = (
    HEAD,
    ["x11", "南京组", "团队", "江苏大区"],  # stands above its parent in the file, and names it
    ["x1", "江苏大区", "region", "x"],
    ["x", "直销部", "", ""],  # without a kind a department, without a parent below the company
    ["x12", "苏州组", "Team", "x1"],
)


def tree() -> dict[str, tuple[str, str, str]]:
    with system():
        rows = Unit.objects.filter(code__startswith="x").order_by("code")
        return {row.code: (row.name, row.kind, row.parent.code if row.parent else "") for row in rows}


def paths(code: str) -> list[str]:
    with system():
        codes = dict(Unit.objects.values_list("id", "code"))
        return [codes[one] for one in Unit.objects.get(code=code).path]


def undone(run: ImportRun) -> dict[str, str]:
    return dict(ImportLine.objects.filter(run=run).exclude(undone="").values_list("label", "undone"))


def test_a_tree_comes_in_whatever_the_order_of_its_rows() -> None:
    with acting("hr") as actor:
        run = brought_in(actor, UNIT, *TREE)
        assert (run.state, run.counts["new"], run.counts["error"]) == ("done", 4, 0)
    assert tree() == {
        "x": ("直销部", "department", "company"),
        "x1": ("江苏大区", "region", "x"),
        "x11": ("南京组", "team", "x1"),
        "x12": ("苏州组", "team", "x1"),
    }
    assert paths("x11") == ["company", "x", "x1", "x11"]
    with system():
        place = UnitPlace.objects.get(unit__code="x11")
        assert place.path == Unit.objects.get(code="x11").path
        acts = Command.objects.filter(name="organization.unit.set_up")
        assert set(acts.values_list("object_id", flat=True)) == set(
            Unit.objects.filter(code__startswith="x").values_list("id", flat=True)
        )


def test_the_same_file_again_changes_nothing() -> None:
    with acting("hr") as actor:
        brought_in(actor, UNIT, *TREE)
        before = list(Unit.objects.order_by("pk").values())
        again = brought_in(actor, UNIT, *TREE)
        assert again.counts == {"new": 0, "update": 0, "unchanged": 4, "error": 0}
        assert list(Unit.objects.order_by("pk").values()) == before


def test_a_file_larger_than_a_portion_may_name_its_parents_last() -> None:
    teams = [[f"x{number}", f"组{number}", "team", "大区"] for number in range(600)]
    with acting("hr") as actor:
        run = checked(actor, UNIT, HEAD, *teams, ["xr", "大区", "region", "company"])
        runs.start(run, actor, is_whole=False, at_once=1000)
        assert run.counts == {"new": 601, "update": 0, "unchanged": 0, "error": 0}
        assert Unit.objects.filter(parent__code="xr").count() == 600


def test_units_are_renamed_and_moved_by_their_code_even_where_two_change_places() -> None:
    with acting("hr") as actor:
        brought_in(actor, UNIT, *TREE)
        run = brought_in(actor, UNIT, HEAD, ["x", "直营部", "", "x1"], ["x1", "", "", "company"])
        assert run.counts == {"new": 0, "update": 2, "unchanged": 0, "error": 0}
        changes = {line.label: line.changes for line in ImportLine.objects.filter(run=run)}
        assert ["上级部门", "直销部", "演示公司"][0] in [label for label, _, _ in changes["江苏大区"]]
    with system():
        acts = set(Command.objects.values_list("name", flat=True))
        assert {"organization.unit.rename", "organization.unit.move"} <= acts
    assert tree()["x"] == ("直营部", "department", "x1")
    assert paths("x") == ["company", "x1", "x"]
    assert paths("x11") == ["company", "x1", "x11"]


REFUSED: list[tuple[list[str], str, str]] = [
    (["a b", "空格", "", ""], "编号", "字母"),
    (["x9", "", "", ""], "名称", "必填"),
    (["x9", "某部", "帮派", ""], "类型", "事业部、大区"),
    (["HQ", "示例公司", "公司", ""], "类型", "公司本身已存在，编号为 company"),
    (["x9", "某部", "", "没有"], "上级部门", "没有此编号或名称"),
    (["x9", "某部", "", "x9"], "上级部门", "自己的下级"),
    (["x9", "某部", "", "closed1"], "上级部门", "已撤销"),
    (["x9", "某部", "", "同名"], "上级部门", "2 个同名部门"),
    (["company", "", "", "sh1"], "上级部门", "不能移动"),
    (["x9", "某组", "团队", "ny1"], "上级部门", "只能是销售单位"),
    (["sh1", "", "", "ny1"], "上级部门", "只能是销售单位"),
    (["sh1", "", "大区", ""], "类型", "之后不能"),
]


@pytest.mark.parametrize(("row", "label", "words"), REFUSED)
def test_a_wrong_row_says_what_is_wrong_and_takes_nothing_with_it(
    row: list[str], label: str, words: str
) -> None:
    with acting("hr") as actor:
        brought_in(
            actor,
            UNIT,
            HEAD,
            ["closed1", "关闭部", "", ""],
            ["same1", "同名", "", ""],
            ["same2", "同名", "", ""],
        )
        structure.close_unit(actor, unit_ref(actor, "closed1"), Closing())
        run = brought_in(actor, UNIT, HEAD, ["x1", "好部门", "", ""], row)
        assert verdicts(run) == ["new", "error"]
        assert words in problems(run, 3).get(label, str(problems(run, 3)))
        assert Unit.objects.filter(code="x1").exists()


def test_a_row_is_wrong_with_the_row_above_it_and_in_a_circle() -> None:
    with acting("hr") as actor:
        run = checked(
            actor,
            UNIT,
            HEAD,
            ["x 1", "错的", "", ""],
            ["x2", "下级", "", "错的"],
            ["x3", "甲", "", "x4"],
            ["x4", "乙", "", "x3"],
            ["x5", "丙", "", "x4"],
            ["x6", "丁", "", ""],
            ["x6", "丁", "", ""],
        )
        assert verdicts(run) == ["error"] * 5 + ["new", "error"]
        assert "自己的下级" in problems(run, 4)["上级部门"]
        assert "第 7 行" in problems(run, 8)["编号"]


def test_undoing_takes_back_what_nobody_uses_and_lists_the_rest() -> None:
    with acting("hr") as actor:
        brought_in(actor, UNIT, HEAD, ["x", "直销部", "", ""])
        run = brought_in(actor, UNIT, *TREE[:2], ["x1", "江苏大区", "region", "sh1"], ["x", "旧部", "", "x1"])
        assert run.counts == {"new": 2, "update": 1, "unchanged": 0, "error": 0}
        structure.create_position(actor, unit_ref(actor, "x11"), PositionFacts("销售"))
        runs.undo(run, actor)
        assert undone(run) == {"南京组": "removed", "江苏大区": "removed", "旧部": "restored"}
        assert not Position.objects.filter(unit__code="x11").exists()
    assert tree() == {"x": ("直销部", "department", "company")}
    with acting("hr") as actor:
        run = brought_in(actor, UNIT, *TREE)
        structure.create_position(actor, unit_ref(actor, "x12"), PositionFacts("销售", "跑客户"))
        staffing.hire(actor, Hiring("he.ping", "何平", "x11", TEST_DAY))
        runs.undo(run, actor)
        assert undone(run) == {"南京组": "kept", "苏州组": "kept", "江苏大区": "kept"}
    assert set(tree()) == {"x", "x1", "x11", "x12"}


def test_only_who_keeps_the_directory_brings_it_in() -> None:
    for role in ("director", "manager", "seller", "finance", "partner"):
        with acting(role) as actor, pytest.raises(NotAllowed):
            runs.begin(resource_named(UNIT), actor, "x.csv", b"code,name\r\nx,y\r\n")
