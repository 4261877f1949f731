"""The import wizard as people meet it: every step a page that works without scripts, every refusal said."""

import io
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.conftest import SignedIn, acting, system
from tests.surface.bringing import CUSTOMER, ROWS, begun, checked
from tests.surface.files import csv_of, xlsx_of
from tests.surface.test_reading_files import BAD
from tradewind.domains.customers.models import Contact, Customer
from tradewind.platform.surface.exchange import runs
from tradewind.platform.surface.exchange.models import ImportRun

pytestmark = pytest.mark.django_db
PAGE = "/customers/import"


def sent(client: Client, content: bytes, name: str = "名单.csv", page: str = PAGE) -> str:
    """Upload a file; the address of its import."""
    file = io.BytesIO(content)
    file.name = name
    answer = client.post(page, {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(answer["Location"])


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def customers(*names: str) -> list[Customer]:
    with system():
        return list(Customer.objects.filter(name__in=names).order_by("name"))


def the_run() -> ImportRun:
    with system():
        return ImportRun.objects.get()


def proposed(page: str) -> dict[str, str]:
    """What the form of the columns would send as it stands."""
    found = {}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        found[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    return found


def test_a_file_becomes_customers_step_by_step(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    address = sent(client, csv_of(*ROWS, ["丁", "Z", "", ""]))
    columns = text(client, address)
    assert proposed(columns) == {
        "column-0": "name",
        "column-1": "grade",
        "column-2": "owner",
        "column-3": "industry",
        "key": "name",
    }
    answer = client.post(address, {**proposed(columns), "step": "check"})
    assert answer["Location"] == address
    preview = text(client, address)
    assert "导入正确的 3 行" in preview
    assert "丁" in text(client, f"{address}?only=error")
    assert "甲" not in text(client, f"{address}?only=error")
    assert not customers("甲")
    client.post(address, {"step": "run", "way": "right"})
    result = text(client, address)
    assert "撤销这次导入" in result
    assert len(customers("甲", "乙", "丙")) == 3
    client.post(address, {"step": "undo"})
    assert "这次导入已撤销" in text(client, address)
    assert not customers("甲", "乙", "丙")


def test_contacts_and_products_come_in_the_same_way(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    with system():
        customer = Customer.objects.order_by("pk")[0]
    files = {
        "contacts": [["姓名", "客户"], ["王工", customer.code]],
        "products": [["编号", "名称", "目录价"], ["N1", "新", "9"]],
    }
    for address, rows in files.items():
        at = sent(client, xlsx_of(*rows), "a.xlsx", f"/{address}/import")
        client.post(at, {**proposed(text(client, at)), "step": "check"})
        client.post(at, {"step": "run", "way": "all"})
        assert "查看列表" in text(client, at)
    with system():
        assert Contact.objects.filter(name="王工", customer=customer).count() == 1


def test_the_columns_may_be_changed_after_the_check(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    address = sent(client, csv_of(["名称", "等级"], ["甲", "A"]))
    given = proposed(text(client, address))
    client.post(address, {**given, "step": "check"})
    assert "列与字段的对应" in text(client, f"{address}?step=columns")
    client.post(address, {**given, "column-1": "", "step": "check"})
    client.post(address, {"step": "run", "way": "all"})
    assert customers("甲")[0].grade == ""


def test_a_wrong_choice_of_columns_is_said_where_it_was_made(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    address = sent(client, csv_of(["名称", "等级"], ["甲", "A"]))
    answer = client.post(address, {"column-0": "name", "column-1": "name", "key": "code", "step": "check"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-describedby="problem-1"' in page
    assert 'aria-describedby="key_error"' in page
    assert the_run().state == "mapping"


@pytest.mark.parametrize(("code", "content"), [(code, some[0]) for code, some in BAD.items()])
def test_a_bad_file_is_refused_in_words_on_its_page(signed_in: SignedIn, code: str, content: bytes) -> None:
    file = io.BytesIO(content)
    file.name = "x.xlsx"
    answer = signed_in("manager").post(PAGE, {"file": file})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert "%(" not in page
    with system():
        assert not ImportRun.objects.exists()


def test_a_file_that_is_far_too_big_is_not_kept_while_it_comes_in(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    file = io.BytesIO(b"a,b\n" * 10_000_000)
    file.name = "x.csv"
    answer = client.post(PAGE, {"file": file})
    assert answer.status_code == 422
    assert "10 MB" in answer.content.decode()


def test_nothing_is_sent_without_a_file(signed_in: SignedIn) -> None:
    assert signed_in("manager").post(PAGE).status_code == 422
    assert "请先选择文件" in signed_in("manager").post(PAGE).content.decode()


def test_a_name_of_a_file_runs_nothing_and_leads_nowhere(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    address = sent(client, csv_of(["名称"], ["甲"]), '../../"><script>x</script>.csv')
    page = text(client, address)
    assert "<script>x" not in page
    client.post(address, {**proposed(page), "step": "check"})
    named = client.get(f"{address}/result.xlsx")["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w%.~-]+", named)


def test_another_persons_import_looks_like_a_missing_one_at_every_door(signed_in: SignedIn) -> None:
    with acting("manager") as actor:
        run = checked(actor, CUSTOMER, *ROWS)
    for other in ("admin", "director"):
        client = signed_in(other)
        for address in (f"{PAGE}/{run.public_id}", f"{PAGE}/{run.public_id}/progress"):
            assert client.get(address).status_code == client.post(address, {"step": "run"}).status_code == 404
        assert client.get(f"{PAGE}/{run.public_id}/result.xlsx").status_code == 404
        assert "名单" not in text(client, PAGE)
    assert not customers("甲")
    assert signed_in("manager").get(f"/contacts/import/{run.public_id}").status_code == 404


def test_a_step_asked_for_twice_is_done_once(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    with acting("manager") as actor:
        run = checked(actor, CUSTOMER, *ROWS)
    address = f"{PAGE}/{run.public_id}"
    for _ in range(2):
        assert client.post(address, {"step": "run", "way": "all"}).status_code == 302
    assert len(customers("甲", "乙", "丙")) == 3
    for _ in range(2):
        assert client.post(address, {"step": "undo"}).status_code == 302
    assert client.post(address, {"step": "run"}).status_code == 302
    assert not customers("甲", "乙", "丙")


@pytest.mark.parametrize("step", ["", "delete", "run;undo", "🐍", "CHECK"])
def test_a_step_that_does_not_exist_is_refused(signed_in: SignedIn, step: str) -> None:
    with acting("manager") as actor:
        run = checked(actor, CUSTOMER, *ROWS)
    assert signed_in("manager").post(f"{PAGE}/{run.public_id}", {"step": step}).status_code == 422
    assert signed_in("manager").get(f"{PAGE}/{run.public_id}?only=nothing").status_code == 404


def test_a_large_file_shows_how_far_it_is_and_can_be_stopped(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    with acting("manager") as actor:
        run = begun(actor, CUSTOMER, ["名称"], *[[f"甲{number}"] for number in range(2_001)])
    address = f"{PAGE}/{run.public_id}"
    client.post(address, {**proposed(text(client, address)), "step": "check"})
    page = text(client, address)
    assert '<meta http-equiv="refresh"' in page, "it is followed without scripts too"
    with system():
        ImportRun.objects.update(done=500)
    told = client.get(f"{address}/progress").json()
    assert (told["state"], told["percent"]) == ("running", 24)
    assert told["remaining_s"] >= 0
    assert client.post(f"{address}/progress").status_code == 200
    assert the_run().is_cancel_asked
    runs.work_later(run.pk)
    assert client.get(f"{address}/progress").json()["result_url"] == address


def sheets(content: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [[list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names]


@pytest.mark.parametrize("address", ["customers", "contacts", "products"])
def test_the_template_has_a_header_that_is_understood_and_says_what_to_write(
    signed_in: SignedIn, address: str
) -> None:
    client = signed_in("admin")
    (header,), told = sheets(client.get(f"/{address}/import/template.xlsx").content)
    assert [row[0] for row in told[1:]] == header
    at = sent(client, xlsx_of(header, ["1"] * len(header)), "t.xlsx", f"/{address}/import")
    given = proposed(text(client, at))
    assert all(given[f"column-{place}"] for place in range(len(header)))


def test_the_result_file_says_of_each_row_what_became_of_it_and_runs_nothing(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    address = sent(client, csv_of(["名称", "等级", "备注"], ["甲", "A", "=1+1"], ["乙", "Z", "@x"]))
    client.post(address, {**proposed(text(client, address)), "step": "check"})
    client.post(address, {"step": "run", "way": "right"})
    (rows,) = sheets(client.get(f"{address}/result.xlsx").content)
    assert rows[0] == ["名称", "等级", "备注", "结果"]
    assert rows[1] == ["甲", "A", "=1+1", "新建"]
    assert str(rows[2][3]).startswith("未导入；客户等级：")
    again = sent(client, xlsx_of(*rows), "again.xlsx")
    assert proposed(text(client, again))["column-3"] == "", "a result may be mended and brought in again"


def test_the_pages_take_few_statements_however_large_the_file(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    with acting("manager") as actor:
        run = checked(
            actor, CUSTOMER, ["名称", "等级"], *[[f"甲{n}", "A" if n % 2 else "Z"] for n in range(900)]
        )
    address = f"{PAGE}/{run.public_id}"
    for page, budget in (
        (PAGE, 17),
        (address, 17),
        (f"{address}?only=error", 18),
        (f"{address}/progress", 14),
    ):
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        assert len(captured) <= budget, page


def test_both_languages_are_complete(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    client.post("/language", {"language": "en", "next": PAGE})
    address = sent(client, csv_of(*ROWS, ["丁", "Z", "", ""]))
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    known = set("甲乙丙丁") | {
        "名称",
        "等级",
        "负责人",
        "行业",
        "名单",
        "陈小雨",
        "制造业",
        "卫生",
        "林岚",
        "中文",
        "上海销售部",
    }
    for given in (
        None,
        {**proposed(text(client, address)), "step": "check"},
        {"step": "run", "way": "right"},
        {"step": "undo"},
    ):
        if given:
            client.post(address, given)
        page = re.sub(r"(?s)<nav.*?</nav>|<script.*?</script>", "", text(client, address))
        assert set(chinese.findall(page)) <= known, given


def test_a_missing_import_is_missing(signed_in: SignedIn) -> None:
    assert signed_in("manager").get(f"{PAGE}/{uuid4()}").status_code == 404
    assert signed_in("manager").get(f"{PAGE}/nothing").status_code == 404
