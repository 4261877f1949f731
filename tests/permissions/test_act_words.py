"""Every act that may stand on record has words, in both languages; what reads alike is offered once."""

import ast

import pytest
from django.utils.translation import override

import tradewind.config.urls  # noqa: F401 every room is open then
from tests.conftest import SignedIn, system
from tests.permissions.test_commands import COMMANDS
from tradewind.domains.organization import acts, personal
from tradewind.domains.organization.personal_pages import GROUPS, group_of
from tradewind.platform.operation.instance import ROOT
from tradewind.platform.spine.models import Command

ADD = "add it to DOINGS, ACTS or OBJECTS in tradewind/domains/organization/acts.py"
WITNESSED = (
    "audit.act.export",
    "ledger.entry.export",
    "planning.target.export",
    "organization.person.disclose",
)


def _witnessed() -> set[str]:
    """The names that the code writes down as constants where something is witnessed."""
    found: set[str] = set()
    for file in (ROOT / "tradewind").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "witness":
                found |= {str(one.value) for one in node.args[1:2] if isinstance(one, ast.Constant)}
    return found


def test_every_command_and_every_witnessed_act_has_words_for_its_object_and_what_was_done() -> None:
    known = acts.known_acts()
    assert set(COMMANDS) | _witnessed() <= set(known)
    with override("en"):
        assert [name for name in known if acts.act_words(name) == name] == [], ADD


def test_the_words_are_chinese_for_chinese_readers() -> None:
    with override("zh-hans"):
        said = {name: acts.act_words(name).replace("API ", "") for name in acts.known_acts()}
    assert [name for name, words in said.items() if any("a" <= one <= "z" for one in words.lower())] == []


@pytest.mark.django_db
def test_every_act_the_company_of_the_demo_has_on_record_has_words() -> None:
    with system():
        names = set(Command.objects.values_list("name", flat=True).distinct())
    assert names
    assert {name for name in names if acts.act_words(name) == name} == set(), ADD


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_act_and_no_object_is_offered_twice_and_each_choice_finds_all_that_reads_so(language: str) -> None:
    with override(language):
        groups = acts.choices()
        for heads in ([label for label, _ in groups], [words for _, words in acts.objects()]):
            assert len(heads) == len(set(heads))
        for label, offered in groups:
            words = [said for _, said in offered]
            assert len(words) == len(set(words)), label
        found = {name for _, some in groups[1:] for act, _ in some for name in acts.patterns(act, "").split()}
        assert found == set(acts.known_acts())
        change = next(act for act, said in groups[0][1] if said in ("Change", "修改"))
        assert {"customers.customer.edit", "pipeline.opportunity.change"} <= set(
            acts.patterns(change, "").split()
        )
        assert acts.patterns(change, "customers.contact") == "customers.contact.edit"
        assert acts.patterns("customers.contact.edit", "orders.order") == "-"


@pytest.mark.django_db
def test_the_record_reads_in_words_and_names_acts_for_programs_only_beside_them(signed_in: SignedIn) -> None:
    page = signed_in("admin").get("/settings/audit").content.decode()
    names = [name for name in acts.known_acts() if f'title="{name}"' in page]
    assert names
    for name in names:
        assert f">{name} <" not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_column_that_names_a_person_has_words_and_a_place_on_the_page(language: str) -> None:
    columns = [(model._meta.db_table, field.column or "") for model, field in personal.naming_columns()]
    assert len(columns) > 25
    assert {"approvals_edition", "notify_notification", "spine_token"} <= {table for table, _ in columns}
    with override(language):
        wordless = [
            f"{table}.{column}"
            for table, column in columns
            if acts.table_words(table) == table or acts.column_words(table, column) == column
        ]
    assert wordless == [], "add the table to OBJECTS, the column to COLUMNS in organization/acts.py"
    assert {group_of(table) for table, _ in columns} == set(GROUPS)
