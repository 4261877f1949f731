"""The wide door: files of any length bring in new customers, portion by portion, as if one by one."""

import argparse
import csv
import io
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import acting, system
from tests.surface.bringing import CUSTOMER, checked, fields_of, problems, verdicts
from tests.surface.files import csv_of, xlsx_of
from tradewind.config.commands.taking_in import take_in_file
from tradewind.domains.customers.commands import create_customer
from tradewind.domains.customers.models import Customer
from tradewind.domains.customers.queries import known_already
from tradewind.kernel.errors import Malformed, NotAllowed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Given
from tradewind.platform.surface.exchange import intake
from tradewind.platform.surface.exchange.intake import Took, Way, plan_for, take_in
from tradewind.platform.surface.exchange.reader import Bad, table
from tradewind.platform.surface.exchange.streamer import _pieces
from tradewind.platform.surface.exchange.streams import opened
from tradewind.platform.surface.resource import resource_named

HEADER = ["名称", "统一社会信用代码", "电话", "邮箱", "负责人", "等级"]
CODE, OTHER = "91350100M000100Y43", "911100006000071526"
ROWS = (
    ["海风机械有限公司", CODE, "021-5800 1234", "a@haifeng.cn", "陈小雨", "A"],
    ["海风机械（集团）股份有限公司", "", "", "", "陈小雨", ""],
    ["潮声", CODE.lower(), "", "", "", ""],
    ["潮声", OTHER, "+86 21 58001234", "", "", ""],
    ["潮声", "", "58001234", "A@Haifeng.cn ", "", ""],
    ["潮声", "", "58001234", "", "", ""],
    ["星河", "", "58001234", "", "wu.qiang", "B"],
    ["坏码", "91350100M000100Y4Z", "", "", "", ""],
    ["出界", "", "", "", "赵海", ""],
    ["坏级", "", "", "", "", "E"],
    ["", "", "13800001234", "", "", ""],
)
MADE = ["海风机械有限公司", "潮声", "星河"]


def file_of(folder: Path, *rows: Sequence[object], name: str = "客户.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(csv_of(*rows, encoding=encoding))
    return path


def taken(actor: Actor, path: Path, way: Way | None = None) -> Took:
    resource = resource_named(CUSTOMER)
    with opened(path) as stream:
        plan = plan_for(resource, actor, stream.header)
        return take_in(resource, actor, path.name, stream, plan, way or Way())


# -- What becomes of each row ----------------------------------------------------------------------


@pytest.mark.django_db
def test_only_what_nobody_knows_is_made_and_the_rest_is_told_by_row_field_and_reason(tmp_path: Path) -> None:
    left: list[tuple[int, str, str]] = []
    way = Way(tell=lambda took, rows: left.extend((one.row.number, one.field, one.why) for one in rows))
    with acting("manager") as actor:
        took = taken(actor, file_of(tmp_path, HEADER, *ROWS), way)
        assert took == Took(made=3, known=4, refused=4)
        made = Customer.objects.filter(name__in=[*MADE, "坏码", "出界", "坏级"]).order_by("code")
        assert [row.name for row in made] == MADE
        assert [row.owner and row.owner.name for row in made] == ["陈小雨", None, "吴强"]
        assert [row.unit and row.unit.code for row in made] == ["sh1", None, "sh1"]
    assert left == [
        (3, "名称", "与本文件第 2 行重复。"),
        (4, "统一社会信用代码", "与本文件第 2 行重复。"),
        (5, "电话", "与本文件第 2 行重复。"),
        (6, "邮箱", "与本文件第 2 行重复。"),
        (9, "统一社会信用代码", "统一社会信用代码有误：校验码不符。"),
        (10, "负责人", "只能把客户交给您管辖范围内的人员。"),
        (11, "客户等级", left[6][2]),
        (12, "名称", "这个字段是必填项。"),
    ]


@pytest.mark.django_db
def test_one_that_is_there_already_is_named_only_to_whoever_sees_it(tmp_path: Path) -> None:
    with system() as actor:
        hidden = Customer.objects.exclude(owner=None).exclude(unit__code="sh1")[0]
        open_one = create_customer(actor, Given({"name": "ACME Trading Co., Ltd."}))
    left: list[str] = []
    rows = ([f"{hidden.name}有限公司"], ["acme trading"])
    with acting("manager") as actor:
        took = taken(
            actor,
            file_of(tmp_path, ["名称"], *rows),
            Way(tell=lambda _, more: left.extend(one.why for one in more)),
        )
    assert took == Took(known=2)
    assert left == ["已有相同的客户，但您看不到它。", f"已有：{open_one.code}。"]


@pytest.mark.django_db
def test_a_row_with_something_under_no_name_is_refused_and_the_others_are_made(tmp_path: Path) -> None:
    left: list[tuple[int, str]] = []
    way = Way(tell=lambda took, rows: left.extend((one.row.number, one.why) for one in rows))
    with acting("manager") as actor:
        took = taken(
            actor,
            file_of(tmp_path, ["名称", "等级"], ["甲厂", "A"], ["乙厂", "A", "", "x"], ["丙厂", "B"]),
            way,
        )
        assert took == Took(made=2, refused=1)
    assert left == [(3, "D 列没有列名，但此行在其中有内容。")]


@pytest.mark.django_db
def test_what_is_no_table_or_lacks_the_name_or_the_right_is_refused(tmp_path: Path) -> None:
    with acting("manager") as actor:
        with pytest.raises(Malformed, match="Name"), override("en"):
            taken(actor, file_of(tmp_path, ["电话", "等级"], ["1", "A"]))
        with pytest.raises(Malformed) as refused:
            taken(actor, file_of(tmp_path, ["名称"], ["甲"], encoding="utf-16-le"))
        assert refused.value.code == "import.not_a_table"
    with acting("seller") as actor, pytest.raises(NotAllowed):
        taken(actor, file_of(tmp_path, HEADER, *ROWS))


@pytest.mark.django_db
def test_more_rows_take_no_more_statements(tmp_path: Path) -> None:
    def statements(count: int) -> int:
        rows = [[f"工厂{count}号{n}", "陈小雨" if n % 2 else "wu.qiang"] for n in range(count)]
        with acting("manager") as actor, CaptureQueriesContext(connection) as captured:
            assert taken(actor, file_of(tmp_path, ["名称", "负责人"], *rows)).made == count
        return len(captured)

    assert statements(500) == statements(3)


@pytest.mark.django_db
def test_the_page_warns_of_a_new_row_that_is_known_already() -> None:
    with acting("manager") as actor:
        made = create_customer(actor, Given({"name": "海风有限公司", "owner_id": actor.person_id}))
        run = checked(actor, CUSTOMER, ["名称"], ["海风股份有限公司"], ["潮声"])
        assert verdicts(run) == ["new", "new"]
        assert [problems(run, number) for number in (2, 3)] == [{"名称": f"已有：{made.code}。"}, {}]


# -- As if one by one ------------------------------------------------------------------------------


def one_by_one(actor: Actor, rows: Sequence[Mapping[str, Any]], why: str) -> None:
    for values in rows:
        if not known_already(actor, [values]):
            create_customer(actor, Given(values, why))


def test_the_wide_door_and_one_by_one_give_equal_customers_units_and_acts(owner: Any, tmp_path: Path) -> None:
    def stored() -> list[Any]:
        rows = list(Customer.objects.filter(name__in=MADE).order_by("code"))
        asked = "SELECT name, actor, person_id, why FROM spine_command WHERE object_id = %s AND resource = %s"
        return [(fields_of(row), owner.execute(asked, [row.pk, CUSTOMER]).fetchall()) for row in rows]

    with acting("manager") as actor:
        taken(actor, file_of(tmp_path, HEADER, *ROWS[:7]))
    with acting("manager") as actor:
        many = stored()
        people = {"陈小雨": many[0][0]["owner_id"], "wu.qiang": many[2][0]["owner_id"], "": None}
        Customer.objects.filter(name__in=MADE).update(name="以前", credit_code="", phone="", email="")
    names = ("name", "credit_code", "phone", "email", "owner_id", "grade")
    values = [dict(zip(names, row, strict=True)) for row in ROWS[:7]]
    values = [
        {
            **row,
            "credit_code": row["credit_code"].upper(),
            "email": row["email"].strip(),
            "owner_id": people[row["owner_id"]],
        }
        for row in values
    ]
    with acting("manager") as actor:
        one_by_one(actor, values, "导入 客户.csv")
    with acting("manager"):
        singles = stored()
    assert [row for row, _ in singles] == [row for row, _ in many]
    assert [acts for _, acts in singles] == [acts for _, acts in many]
    assert [len(acts) for _, acts in many] == [1, 1, 1]


def test_what_was_made_before_a_kill_is_recognised_and_the_rest_follows(
    own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PORTION", 1)
    path = file_of(tmp_path, ["名称", "电话"], *[[f"工厂{n:04d}", f"1380000{n:04d}"] for n in range(2500)])
    portions: list[Took] = []

    def killed(took: Took, left: object) -> None:
        portions.append(took)
        raise KeyboardInterrupt

    with acting("director") as actor:
        pass
    with pytest.raises(KeyboardInterrupt):
        _taken_apart(actor, path, Way(lambda: scope(actor), killed))
    assert portions == [Took(made=1000)]
    assert _taken_apart(actor, path, Way(lambda: scope(actor))) == Took(made=1500, known=1000)
    with system():
        assert Customer.objects.filter(name__startswith="工厂").count() == 2500


def _taken_apart(actor: Actor, path: Path, way: Way) -> Took:
    """Each portion in its own transaction, as the command line does it."""
    resource = resource_named(CUSTOMER)
    with opened(path) as stream:
        with way.step():
            plan = plan_for(resource, actor, stream.header)
        return take_in(resource, actor, path.name, stream, plan, way)


def test_two_files_at_once_make_nobody_twice(own_database: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, ["名称"], *[[f"工厂{n:04d}"] for n in range(3000)])
    with acting("director") as actor:
        pass
    came: list[Took] = []

    def bring_in() -> None:
        came.append(_taken_apart(actor, path, Way(lambda: scope(actor))))
        connections.close_all()

    threads = [threading.Thread(target=bring_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(came, Took()) == Took(made=3000, known=3000)


# -- The command -----------------------------------------------------------------------------------


def asked(path: Path, is_dry_run: bool = False) -> argparse.Namespace:
    return argparse.Namespace(path=path, dry_run=is_dry_run)


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_the_command_counts_and_leaves_the_other_rows_beside_the_file(
    own_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file_of(tmp_path, HEADER, *ROWS, encoding="gb18030")
    with acting("manager") as actor:
        pass
    with override("en"):
        assert take_in_file(resource_named(CUSTOMER), actor, asked(path, is_dry_run=True)) == 1
        assert "3 new, 4 known already, 4 refused" in capsys.readouterr().out
        with system():
            assert not Customer.objects.filter(name__in=MADE).exists()
        assert take_in_file(resource_named(CUSTOMER), actor, asked(path)) == 1
        assert "3 new, 4 known already, 4 refused" in capsys.readouterr().out
    refused, known = rows_of(tmp_path / "客户.refused.csv"), rows_of(tmp_path / "客户.known.csv")
    assert refused[0] == ["row", "field", "reason", *HEADER]
    assert [row[0] for row in refused[1:]] == ["9", "10", "11", "12"]
    assert [row[:2] for row in known[1:]] == [
        ["3", "Name"],
        ["4", "Unified social credit code"],
        ["5", "Phone"],
        ["6", "E-mail"],
    ]
    assert known[1][2:] == ["The same as row 2 of this file.", *ROWS[1]]
    mended = file_of(tmp_path, HEADER, ["坏级", "", "", "", "", "D"])
    with override("en"):
        assert take_in_file(resource_named(CUSTOMER), actor, asked(mended)) == 0
    assert not (tmp_path / "客户.refused.csv").exists()


def test_a_file_that_cannot_be_brought_in_leaves_the_refused_rows_of_the_last_one(
    own_database: str, tmp_path: Path
) -> None:
    path, left = file_of(tmp_path, ["备注"], ["没有名称"]), tmp_path / "客户.refused.csv"
    left.write_text("being mended", encoding="utf-8")
    with acting("manager") as actor:
        pass
    with override("en"), pytest.raises(Malformed):
        take_in_file(resource_named(CUSTOMER), actor, asked(path))
    assert left.read_text("utf-8") == "being mended"


def test_a_refused_file_refused_again_has_its_reasons_once(own_database: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, ["row", "field", "reason", "名称", "=1+1"], ["9", "Grade", "why", "", "x"])
    with acting("manager") as actor:
        pass
    with override("en"):
        assert take_in_file(resource_named(CUSTOMER), actor, asked(path)) == 1
    header, row = rows_of(tmp_path / "客户.refused.csv")
    assert header == ["row", "field", "reason", "名称", "'=1+1"]
    assert row[:2] == ["2", "Name"]
    assert row[3:] == ["", "x"]


def test_a_workbook_made_to_keep_us_busy_and_a_nul_are_refused(tmp_path: Path) -> None:
    packed = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b" " * 60_000_000)
    with pytest.raises(Malformed) as refused, opened(packed):
        pass
    assert refused.value.code == "import.bomb"
    text = tmp_path / "nul.csv"
    text.write_bytes("名称\n".encode() + "工厂\n".encode() * 60_000 + b"a\0b\n")
    with opened(text) as stream, pytest.raises(Malformed) as refused:
        list(stream.portions(1000))
    assert refused.value.code == "import.not_a_table"


# -- Reading ---------------------------------------------------------------------------------------


def pieces(content: bytes) -> Iterator[tuple[list[str], list[Any]]]:
    header, *rest = list(_pieces(io.BytesIO(content)))
    yield header["header"], [row for piece in rest for row in piece["rows"]]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


@settings(max_examples=200)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6),
    encoding=st.sampled_from(("utf-8", "gb18030", "utf-8-sig", "utf-16")),
)
def test_a_stream_is_read_like_a_table(rows: list[list[str]], encoding: str) -> None:
    content = csv_of(["名称", "备注说明"], *rows, encoding=encoding)
    try:
        whole = table(content)
    except Bad:
        return  # what the page refuses as a whole; the stream says so when it comes to it
    ((header, lines),) = pieces(content)
    assert (header, lines) == (whole["header"], whole["rows"])


def test_a_workbook_is_streamed_too(tmp_path: Path) -> None:
    path = tmp_path / "客户.xlsx"
    path.write_bytes(xlsx_of(["名称", "员工数"], *[[f"厂{n}", n] for n in range(2500)]))
    with opened(path) as stream:
        portions = list(stream.portions(1000))
    assert [len(rows) for rows in portions] == [1000, 1000, 500]
    assert portions[2][-1].cells == ["厂2499", "2499"]
    assert stream.share == 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads the kernel's own count")
def test_the_reader_needs_no_more_memory_for_more_rows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = file_of(tmp_path, ["名称", "电话"], *[[f"工厂{n:07d}", "x" * 60] for n in range(count)])
        with opened(path) as stream:
            most = 0
            for _ in stream.portions(1000):
                status = Path(f"/proc/{stream.process}/status").read_text(encoding="utf-8")
                most = max([most, *(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)])
        return most

    assert peak(60_000) < peak(6_000) + 4_000
