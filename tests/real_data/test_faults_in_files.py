"""Files with faults: each named by file, line and column, and nothing of the folder imported."""

from pathlib import Path

import pytest

from tests.real_data.conftest import again, edit, total
from tradewind.integrations.crm_opportunities.importing import Outcome


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        ("close_date", "13/45/2017", "not a date"),
        ("close_value", "abc", "not an amount"),
        ("close_value", "-5", "not an amount"),
        ("close_value", "NaN", "not an amount"),
        ("close_value", "1e99", "not an amount"),
        ("close_value", "0", "above 0"),
        ("close_value", "", "above 0"),
        ("close_date", "", "empty though"),
        ("close_date", "1/1/2015", "before engage_date"),
        ("engage_date", "", "empty though"),
        ("close_date", "1/1/2099", "in the future"),
        ("close_value", "1_000", "not an amount"),
        ("close_value", "１００", "not an amount"),
        ("close_value", "1e2", "not an amount"),
        ("account", "A" * 201, "longer than"),
        ("deal_stage", "Maybe", "none of"),
        ("sales_agent", "Nobody Known", "in no team"),
        ("product", "Nothing", "not a product"),
        ("account", "No Such Ltd", "not an account"),
    ],
)
def test_a_fault_is_named_by_file_line_and_column_and_nothing_is_imported(
    read_only: Outcome, folder: Path, column: str, text: str, problem: str
) -> None:
    edit(folder, "sales_pipeline.csv", "1C1I7A6R", lambda row: row.update({column: text}))
    outcome = again(folder)
    (fault, *others) = outcome.faults
    assert (fault.file, fault.line, fault.column) == ("sales_pipeline.csv", 2, column), others
    assert problem in fault.problem
    assert total("won_deals") == "4238"


def test_a_key_that_stands_twice_is_a_fault(read_only: Outcome, folder: Path) -> None:
    pipeline = folder / "sales_pipeline.csv"
    text = pipeline.read_text(encoding="utf-8")
    pipeline.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    (fault,) = again(folder).faults
    assert (fault.line, fault.column) == (8802, "opportunity_id")
    assert "line 2" in fault.problem


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00broken", b"opportunity_id\n1\n", b'"open quote\n'])
def test_a_damaged_file_is_refused_in_words(read_only: Outcome, folder: Path, content: bytes) -> None:
    (folder / "sales_pipeline.csv").write_bytes(content)
    assert again(folder).faults
    (folder / "sales_pipeline.csv").unlink()
    assert "missing" in again(folder).faults[0].problem


def test_a_line_is_counted_as_an_editor_counts_it(read_only: Outcome, folder: Path) -> None:
    pipeline = folder / "sales_pipeline.csv"
    lines = pipeline.read_text(encoding="utf-8").splitlines()
    lines[1:1] = ["", ""]
    lines[3] = lines[3].replace("Won", "Maybe")
    pipeline.write_text("\n".join(lines), encoding="utf-8")
    assert again(folder).faults[0].line == 4


def test_a_column_that_stands_twice_is_refused(read_only: Outcome, folder: Path) -> None:
    products = folder / "products.csv"
    header, *lines = products.read_text(encoding="utf-8").splitlines()
    products.write_text("\n".join([f"{header},product", *(f"{line},x" for line in lines)]), encoding="utf-8")
    assert "stand twice: product" in again(folder).faults[0].problem


@pytest.mark.parametrize(
    ("name", "key", "column", "text"),
    [
        ("accounts.csv", "Acme Corporation", "sector", "s" * 81),
        ("accounts.csv", "Acme Corporation", "sector", "a\x00b"),
        ("accounts.csv", "Acme Corporation", "revenue", "1000000000000"),
        ("accounts.csv", "Acme Corporation", "employees", "-1"),
        ("products.csv", "GTK 500", "series", "s" * 81),
        ("products.csv", "GTK 500", "sales_price", ""),
        ("sales_teams.csv", "Anna Snelling", "manager", "m" * 71),
    ],
)
def test_every_cell_is_checked_before_the_database_sees_it(
    read_only: Outcome, folder: Path, name: str, key: str, column: str, text: str
) -> None:
    edit(folder, name, key, lambda row: row.update({column: text}))
    assert (name, column) in {(fault.file, fault.column) for fault in again(folder).faults}
