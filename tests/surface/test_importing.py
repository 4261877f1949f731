"""A file of rows becomes customers, contacts, products: checked whole, written by their own commands."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import acting, system
from tests.surface.bringing import (
    CONTACT,
    CUSTOMER,
    PRODUCT,
    ROWS,
    begun,
    brought_in,
    checked,
    problems,
    verdicts,
)
from tests.surface.files import xlsx_of
from tradewind.domains.catalog.models import Product
from tradewind.domains.customers.models import Contact, Customer
from tradewind.kernel.errors import Invalid, NotAllowed
from tradewind.platform.surface.exchange import runs
from tradewind.platform.surface.exchange.models import ImportLine, ImportMapping, ImportRun
from tradewind.platform.surface.exchange.planning import Plan, plan_of, propose
from tradewind.platform.surface.exchange.sheets import read
from tradewind.platform.surface.resource import resource_named

pytestmark = pytest.mark.django_db


# -- Which column is which field -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("名称", "name"),
        ("客户名称", "name"),
        ("Name", "name"),
        ("customer name", "name"),
        ("name", "name"),
        (" 客户等级 * ", "grade"),
        ("等级", "grade"),
        ("Life_Stage", "life_stage"),
        ("生命周期（必填）", "life_stage"),
        ("统一社会信用代码", "credit_code"),
        ("员工人数", "employees"),
        ("编号", "code"),
        ("联系电话", ""),
        ("created_at", ""),
        ("public_id", ""),
        ("version", ""),
        ("天气", ""),
    ],
)
def test_a_header_is_understood_by_label_or_name_in_either_language(header: str, field: str) -> None:
    with acting("manager") as actor:
        assert propose(resource_named(CUSTOMER), actor, [header]).fields == (field,)


def test_what_a_person_chose_is_remembered_for_that_person_alone() -> None:
    header = ["公司", "名称"]
    with acting("manager") as actor:
        run = begun(actor, CUSTOMER, header, ["甲", "乙"])
        runs.check(run, actor, Plan(("name", ""), ("name",)))
        assert propose(resource_named(CUSTOMER), actor, header).fields == ("name", "")
        assert ImportMapping.objects.count() == 1
    with acting("director") as actor:
        assert propose(resource_named(CUSTOMER), actor, header).fields == ("", "name")


@pytest.mark.parametrize(
    ("fields", "key", "at"),
    [
        (("name", "name"), (), "column-1"),
        (("name", "owner__user__password"), (), "column-1"),
        (("name", "version"), (), "column-1"),
        (("name", "public_id"), (), "column-1"),
        (("", ""), (), ""),
        (("name", ""), ("code",), "key"),
        (("name", ""), ("name", "grade"), "key"),
        (("name", ""), ("version",), "key"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_where_it_is_wrong(
    fields: tuple[str, ...], key: tuple[str, ...], at: str
) -> None:
    with acting("manager") as actor:
        run = begun(actor, CUSTOMER, ["a", "b"], ["1", "2"])
        with pytest.raises(Invalid) as refused:
            runs.check(run, actor, Plan(fields, key))
        assert list(refused.value.problems) == [at]
        assert run.state == "mapping"


# -- What would happen to each row -----------------------------------------------------------------


def test_every_row_has_a_verdict_and_every_mistake_its_place() -> None:
    with acting("manager") as actor:
        brought_in(actor, CUSTOMER, ["名称", "等级"], ["老客户", "B"], ["同名", ""])
        brought_in(actor, CUSTOMER, ["名称"], ["同名"], key=())
        run = checked(
            actor,
            CUSTOMER,
            ["名称", "等级", "负责人", "员工数", "统一社会信用代码"],
            ["新客户", "a", "我", "1,200", ""],
            ["老客户", "A", "", "", ""],
            ["老客户", "B", "", "", ""],
            ["", "A", "", "", ""],
            ["坏客户", "E", "查无此人", "很多", "91350100M000100Y4Z"],
            ["同名", "A", "", "", ""],
            ["出界", "", "赵海", "", ""],
            key=("name",),
        )
        assert verdicts(run) == ["new", "update", "error", "error", "error", "error", "error"]
        assert run.counts == {"new": 1, "update": 1, "unchanged": 0, "error": 5}
        assert problems(run, 4) == {"名称": "与本文件第 3 行重复。"}
        assert problems(run, 5) == {"名称": "这个字段是必填项。"}
        assert set(problems(run, 6)) == {"客户等级", "负责人", "员工数"}
        assert problems(run, 7) == {"名称": "已有 2 条记录与此行匹配。"}
        assert problems(run, 8) == {"负责人": "只能把客户交给您管辖范围内的人员。"}
        changes = ImportLine.objects.get(run=run, number=3).changes
        assert changes == [["客户等级", "B", "A"]]


def test_the_objects_own_rule_is_asked_before_anything_is_written() -> None:
    with acting("manager") as actor:
        run = checked(actor, CUSTOMER, ["名称", "统一社会信用代码"], ["甲", "91350100M000100Y4Z"])
        assert list(problems(run, 2)) == ["统一社会信用代码"]
        assert not Customer.objects.filter(name="甲").exists()


def test_a_value_that_only_one_may_have_is_found_taken_here_and_in_the_file() -> None:
    code = "91350100M000100Y43"
    with acting("manager") as actor:
        brought_in(actor, CUSTOMER, ["名称", "统一社会信用代码"], ["甲", code])
        run = checked(
            actor,
            CUSTOMER,
            ["名称", "统一社会信用代码"],
            ["乙", code],
            ["丙", "911100006000071526"],
            ["丁", "911100006000071526"],
            key=("name",),
        )
        assert (list(problems(run, 2)), list(problems(run, 4))) == (
            ["统一社会信用代码"],
            ["统一社会信用代码"],
        )
        assert verdicts(run) == ["error", "new", "error"]


def test_the_rules_form_of_a_value_is_no_change() -> None:
    code = "91350100M000100Y43"
    with acting("manager") as actor:
        rows = (["名称", "统一社会信用代码"], ["甲", code.lower()])
        first = brought_in(actor, CUSTOMER, *rows)
        assert first.counts["new"] == 1
        assert Customer.objects.get(name="甲").credit_code == code
        again = checked(actor, CUSTOMER, *rows, key=("name",))
        assert verdicts(again) == ["unchanged"]


def test_a_reference_is_found_by_id_number_name_or_me_and_not_where_it_is_hidden() -> None:
    with system():
        hidden = Customer.objects.exclude(owner=None).exclude(unit__code="sh1").exclude(owner=None)[0]
        twin = Customer.objects.create(code="T1", name="双胞胎")
        Customer.objects.create(code="T2", name="双胞胎")
        seen = Customer.objects.create(code="T3", name="看得见")
    with acting("manager") as actor:
        rows = [["甲", str(twin.public_id)], ["乙", "T1"], ["丙", "看得见"], ["丁", "双胞胎"]]
        rows += [["戊", hidden.code], ["己", hidden.name], ["庚", str(hidden.public_id)]]
        rows += [["辛", "没有"], ["壬", ""]]
        run = brought_in(actor, CONTACT, ["姓名", "客户"], *rows)
        assert verdicts(run) == ["new", "new", "new", *["error"] * 6]
        assert problems(run, 5) == {"客户": "有 2 个客户同名，请改写编号。"}
        missing, unseen = problems(run, 9), [problems(run, number) for number in (6, 7, 8)]
        assert unseen == [missing] * 3, "what one may not see is told like what does not exist"
        made = Contact.objects.filter(name__in="甲乙丙").order_by("pk").values_list("customer_id", flat=True)
        assert list(made) == [twin.pk, twin.pk, seen.pk]


def test_lookups_take_no_more_statements_for_more_rows() -> None:
    def statements(count: int) -> int:
        rows = [[f"公司{count}-{n}", "陈小雨" if n % 2 else "wu.qiang", "A"] for n in range(count)]
        with acting("manager") as actor:
            run = begun(actor, CUSTOMER, ["名称", "负责人", "等级"], *rows)
            with CaptureQueriesContext(connection) as captured:
                runs.check(run, actor, plan_of(run.plan))
        return len(captured)

    assert statements(400) <= statements(3) + 2


def test_empty_cells_leave_what_is_there_unless_asked_to_empty_it() -> None:
    with acting("manager") as actor:
        brought_in(actor, CUSTOMER, ["名称", "等级", "员工数", "负责人"], ["甲", "B", "10", "陈小雨"])
        rows = (["名称", "等级", "员工数", "负责人", "生命周期"], ["甲", "", "", "", ""])
        assert verdicts(checked(actor, CUSTOMER, *rows, key=("name",))) == ["unchanged"]
        run = brought_in(actor, CUSTOMER, *rows, key=("name",), empties=True)
        assert verdicts(run) == ["update"]
        row = Customer.objects.get(name="甲")
        assert (row.grade, row.employees, row.owner_id, row.life_stage) == ("", None, None, "prospect")


def test_a_file_hands_over_no_key_customer_past_those_who_must_agree() -> None:
    with acting("manager") as actor:
        brought_in(actor, CUSTOMER, ["名称", "等级", "负责人"], ["甲", "A", "陈小雨"], ["乙", "B", "陈小雨"])
        rows = (["名称", "负责人"], ["甲", "wu.qiang"], ["乙", "wu.qiang"])
        run = brought_in(actor, CUSTOMER, *rows, key=("name",))
        assert verdicts(run) == ["error", "update"]
        owners = Customer.objects.filter(name__in=("甲", "乙")).values_list("name", "owner__sign_in")
        assert dict(owners) == {"甲": "seller", "乙": "wu.qiang"}


def test_a_new_one_gets_what_the_form_would_have_proposed() -> None:
    with acting("manager") as actor:
        brought_in(actor, CUSTOMER, ["名称"], ["甲"])
        row = Customer.objects.get(name="甲")
        assert (row.owner_id, row.life_stage) == (actor.person_id, "prospect")
    with acting("admin") as actor:
        brought_in(actor, PRODUCT, ["编号", "名称", "目录价", "在售"], ["P1", "新品", "¥1.2万", ""])
        made = Product.objects.get(code="P1")
        assert (made.list_price, made.tax_rate, made.is_sold) == (Decimal(12_000), Decimal("0.13"), True)


def test_a_number_drawn_here_only_recognises() -> None:
    with acting("manager") as actor:
        brought_in(actor, CUSTOMER, ["名称"], ["甲"])
        code = Customer.objects.get(name="甲").code
        run = brought_in(actor, CUSTOMER, ["编号", "名称"], [code, "甲公司"], ["C999999", "乙"], ["", "丙"])
        assert verdicts(run) == ["update", "error", "new"]
        assert Customer.objects.get(code=code).name == "甲公司"
        assert "编号" in problems(run, 3)


def test_what_is_written_once_stays() -> None:
    with acting("admin") as actor:
        run = checked(actor, PRODUCT, ["编号", "名称"], ["X-9", Product.objects.all()[0].name], key=("name",))
        assert problems(run, 2) == {"编号": "该字段只在新建时填写，之后不能修改。"}


# -- Whose it is -----------------------------------------------------------------------------------


def test_an_import_is_seen_by_nobody_else_however_far_they_see() -> None:
    with acting("manager") as actor:
        run = begun(actor, CUSTOMER, *ROWS)
    for other in ("admin", "director", "seller"):
        with acting(other) as actor:
            assert not runs.own_runs(actor, resource_named(CUSTOMER)).filter(pk=run.pk).exists()
    with acting("field"):
        assert not ImportRun.objects.filter(pk=run.pk).exists(), "not even underneath"


def test_whoever_may_not_import_begins_nothing() -> None:
    with acting("seller") as actor, pytest.raises(NotAllowed):
        begun(actor, CUSTOMER, *ROWS)
    with acting("manager") as actor, pytest.raises(NotAllowed):
        begun(actor, PRODUCT, ["编号"], ["1"])


def test_the_run_keeps_the_text_of_the_file_and_not_the_file() -> None:
    with acting("manager") as actor:
        content = xlsx_of(["名称"], ["甲"])
        run = runs.begin(resource_named(CUSTOMER), actor, "a.xlsx", content)
        assert b"PK" not in bytes(run.table or b"")[:4]
        assert [list(row.cells) for row in read(content).rows] == [["甲"]]
        assert json.dumps(run.samples, ensure_ascii=False) == '[["甲"]]'
