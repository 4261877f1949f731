"""Files become tables of text, as a person sees them; whatever is no table is refused in words."""

import io
import struct
import time
import zipfile
from datetime import date, datetime
from datetime import time as time_of_day

import pytest
from hypothesis import given
from hypothesis import settings as exploration
from hypothesis import strategies as st

from tests.conftest import REAL_DATA
from tests.surface.files import SHEET, changed, csv_of, ods_of, with_sheet, xlsx_of
from tradewind.kernel.errors import Malformed
from tradewind.platform.surface.exchange.reader import table
from tradewind.platform.surface.exchange.sheets import Table, read, unpacked

ONE_CELL = b'<row r="1"><c r="A1"><v>1</v></c></row>'


def cells(content: bytes) -> list[list[str]]:
    return [list(row.cells) for row in read(content).rows]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (1e5, "100000"),
        (13800138000, "13800138000"),
        (1e15, "1000000000000000"),
        (-0.0, "0"),
        (1 / 3, "0.333333333333333"),
        (12.50, "12.5"),
        (123456789012345, "123456789012345"),
        ("0012", "0012"),
        ("1e5", "1e5"),
        ("=1+1", "=1+1"),
        (True, "TRUE"),
        (date(2026, 3, 18), "2026-03-18"),
        (datetime(2026, 3, 18, 14, 5), "2026-03-18 14:05:00"),  # noqa: DTZ001 spreadsheets know no zone
        (time_of_day(9, 30), "09:30:00"),
        ("  外 边  ", "外 边"),
        ("上\n下", "上\n下"),
        ("a\u200bb", "a\u200bb"),
        ("㐂𠮷", "㐂𠮷"),
    ],
)
def test_a_cell_is_the_text_that_a_person_sees(value: object, shown: str) -> None:
    assert cells(xlsx_of(["name", "value"], ["x", value])) == [["x", shown]]


def test_a_percentage_is_its_fraction_and_a_number_kept_as_text_keeps_its_zeros() -> None:
    content = xlsx_of(["share", "code"], [0.13, "000123"], formats=["0%", "@"])
    assert cells(content) == [["0.13", "000123"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_text_arrives_whole_in_every_usual_encoding(encoding: str) -> None:
    content = csv_of(["名称", "备注"], ["上海恒信", "圆角，引号“好”"], encoding=encoding)
    assert cells(content) == [["上海恒信", "圆角，引号“好”"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_even_among_others_in_the_text(delimiter: str) -> None:
    rows = [["name", "address", "note"], ["甲", "路, 1号; 楼", "a;b,c"], ["乙", "街", ""]]
    lines = (delimiter.join(f'"{c}"' if any(x in c for x in ",;") else c for c in row) for row in rows)
    text = "\n".join(lines)
    assert read(text.encode()).header == ["name", "address", "note"]
    assert cells(text.encode()) == rows[1:]


def test_rows_that_end_early_and_hold_other_delimiters_do_not_mislead() -> None:
    content = csv_of(["名称", "城市", "备注"], ["甲", ";"], ["乙", ";"], ["丙", ";"], ["丁"])
    assert cells(content) == [["甲", ";", ""], ["乙", ";", ""], ["丙", ";", ""], ["丁", "", ""]]


def test_a_line_that_names_the_delimiter_is_followed() -> None:
    assert cells(b"sep=;\nname;value\nx,y;2\n") == [["x,y", "2"]]


def test_rows_keep_their_numbers_although_empty_ones_and_a_title_are_left_out() -> None:
    made = read(csv_of(["客户清单", ""], ["名称", "城市"], ["", ""], ["甲", "上海"], ["", ""], ["乙", ""]))
    assert made.header == ["名称", "城市"]
    assert [(row.number, list(row.cells)) for row in made.rows] == [(4, ["甲", "上海"]), (6, ["乙", ""])]
    lines = read(csv_of(["name", "note"], ["a", "two\nlines"], ["b", ""]))
    assert [row.number for row in lines.rows] == [2, 4]
    held = with_sheet(
        b'<row r="3"><c r="C3" t="str"><v>name</v></c><c r="D3" t="str"><v>city</v></c></row>'
        b'<row r="7"><c r="C7" t="str"><v>x</v></c></row>'
    )
    assert [(row.number, list(row.cells)) for row in read(held).rows] == [(7, ["x", ""])]


def test_other_spreadsheets_are_read_too() -> None:
    assert cells(ods_of(["名称", "城市"], ["甲", "上海"])) == [["甲", "上海"]]
    old = REAL_DATA / "cn_superstore" / "示例 - 超市.xls"
    if old.exists():
        made = read(old.read_bytes())
        assert (len(made.header), len(made.rows), made.sheet, made.others) == (20, 10_000, "订单", 2)
        assert made.rows[0].cells[2] == "2017-04-27"


def with_member(name: str) -> bytes:
    return changed(lambda _, content: content, **{name: b"x"})


def without_honesty() -> bytes:
    """An archive whose directory claims a thousand bytes for a part that unpacks to three hundred million."""
    bomb = with_sheet(ONE_CELL + b" " * 300_000_000)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        claimed = struct.pack("<I", archive.getinfo(SHEET).file_size)
    return bomb.replace(claimed, struct.pack("<I", 1000))


def encrypted() -> bytes:
    held = bytearray(xlsx_of(["a", "b"], [1, 2]))
    at = held.rindex(b"PK\x01\x02")
    while at >= 0:
        held[at + 8] |= 1
        at = held.rfind(b"PK\x01\x02", 0, at)
    return bytes(held)


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BAD = {
    "import.empty": [b"", b"\n\n , ,\n", b"\xef\xbb\xbf", b"\x00\x00"],
    "import.no_rows": [b"name,city\n", xlsx_of(["name", "city"])],
    "import.no_header": [b"1,2\n3,4\n", b"1\n2\n", b"x" * 300 + b",b\n1,2\n"],
    "import.no_name": [b"name,,city\na,b,c\n"],
    "import.same_header": ["名称,城市,名称\n甲,上海,乙\n".encode()],
    "import.bad_quotes": [b'name,note\n"a"b,c\n', b'name,note\n"a,c\n'],
    "import.long_cell": [b"name,note\n" + b"x" * 40_000 + b",1\n"],
    "import.encoding": [b"name,note\n\xff\xff\xff,1\n"],
    "import.too_many": [b"a,b\n" + b"1,2\n" * 20_001],
    "import.too_wide": [b",".join(b"c%d" % n for n in range(201)) + b"\n1\n", b"a,b\n" + b"1," * 10_000],
    "import.not_a_table": [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"<html><table><tr><td>x",
        b"%PDF-1.7 x",
        b"<?xml version='1.0'?><x/>",
        b"MZ\x00\x00",
    ],
    "import.macros": [
        with_member("xl/vbaProject.bin"),
        COMPOUND + b"\x00" * 504 + "_VBA_PROJECT".encode("utf-16-le"),
    ],
    "import.password": [encrypted(), COMPOUND + b"\x00" * 504 + "EncryptedPackage".encode("utf-16-le")],
    "import.damaged": [
        b"PK\x03\x04junk",
        xlsx_of(["a", "b"], [1, 2])[:2000],
        COMPOUND + b"\x00" * 2000,
        with_sheet(b"<row><c"),
        with_sheet(ONE_CELL + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        changed(lambda name, content: b"" if name == "xl/workbook.xml" else content),
    ],
    "import.bomb": [with_sheet(ONE_CELL + b" " * 300_000_000), without_honesty()],
    "import.too_big": [b"a,b\n" * 2_500_001],
}


@pytest.mark.parametrize(("code", "content"), [(code, one) for code, some in BAD.items() for one in some])
def test_what_is_no_table_is_refused_with_its_reason(code: str, content: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        read(content)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_a_bomb_is_refused_within_a_second_and_without_its_memory() -> None:
    bomb = with_sheet(ONE_CELL + b" " * 1_000_000_000)
    assert len(bomb) < 1_100_000
    best = 9.0
    for _ in range(3):  # the machine may be busy
        begun = time.monotonic()
        with pytest.raises(Malformed, match="unpacks"):
            read(bomb)
        best = min(best, time.monotonic() - begun)
    assert best < 1


def test_entities_that_expand_and_links_to_the_outside_bring_nothing_in() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>n&f;&a;</t></is></c></row>'
    body = (
        laughs + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    content = changed(
        lambda name, old: (
            body + cell + cell.replace(b'"1"', b'"2"') + b"</sheetData></worksheet>" if name == SHEET else old
        )
    )
    try:
        found = str(read(content))
    except Malformed as refused:
        found = refused.code
    assert "root:" not in found


def test_a_table_survives_being_kept() -> None:
    made = read(csv_of(["名称", "值"], ["甲", "1"], ["乙", ""]))
    kept = unpacked(made.packed())
    assert (list(kept.header), [(r.number, list(r.cells)) for r in kept.rows]) == (
        list(made.header),
        [(r.number, list(r.cells)) for r in made.rows],
    )


def test_samples_are_the_first_different_values_of_each_column() -> None:
    made = read(csv_of(["a", "b"], ["1", ""], ["1", "x"], ["2", "y" * 99]))
    assert Table(made.header, made.rows).samples() == [["1", "2"], ["x", "y" * 60]]


# Without the process around it, so that thousands are tried.
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


@exploration(max_examples=300)
@given(st.lists(st.lists(TEXT, min_size=2, max_size=4), min_size=1, max_size=6))
def test_any_text_written_as_csv_is_read_back(rows: list[list[str]]) -> None:
    rows = [*rows, ["there", "is something"]]
    made = table(csv_of(["first", "second", "third", "fourth"], *rows))
    expected = [[c.replace("\ufeff", "").strip() for c in row] for row in rows]
    expected = [row + [""] * (4 - len(row)) for row in expected if any(row)]
    assert [row[1:] for row in made["rows"]] == expected


@exploration(max_examples=500)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        table(content)
    except Exception as error:  # noqa: BLE001 the reader's own class, and no other
        assert type(error).__name__ == "Bad", error  # noqa: PT017
