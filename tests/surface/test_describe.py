"""`./tw describe customers.customer` prints what was made of a declared object."""

from collections.abc import Mapping

import pytest

from tradewind.config.commands import describe
from tradewind.config.made import description
from tradewind.platform.surface.resource import all_resources, resource_named

SECTIONS = ("", "columns", "pages", "API", "rights", "commands")


def sections(key: str) -> Mapping[str, list[str]]:
    """The printed lines by their heading; those above the first heading under none."""
    made: dict[str, list[str]] = {"": []}
    at, is_heading = "", False
    for line in description(resource_named(key)):
        at = line if is_heading else at
        is_heading = not line
        if line and line != at:
            made.setdefault(at, []).append(line)
    return made


def line(lines: list[str], start: str) -> str:
    return " ".join(next(one for one in lines if one.strip().startswith(start)).split())


def test_a_customer_is_described_from_column_to_command() -> None:
    made = sections("customers.customer")
    assert tuple(made) == SECTIONS
    assert line(made[""], "called") == "called Customer, Customers; by its name"
    assert line(made[""], "import") == "import a row is known by code or credit_code or name"
    assert "customers.contact (customer)" in line(made[""], "pointed to by")
    assert "owner" in line(made[""], "form, new")
    assert line(made["columns"], "owner") == (
        "owner Owner reference to organization.person shown yes is yes for many"
    )
    assert line(made["columns"], "code ") == "code Number text shown yes holds"
    assert line(made["columns"], "revenue_millions") == (
        "revenue_millions Revenue (millions) decimal offered yes is, from, to yes"
    )
    assert line(made["pages"], "/customers/new") == "/customers/new customers.customer.new"
    assert line(made["API"], "PATCH") == "PATCH /api/v1/customers/{public_id} Change one: Customer"
    assert line(made["rights"], "edit") == "edit customers.customer.edit"
    assert line(made["commands"], "customers.customer.create") == "customers.customer.create"


def test_a_page_written_by_hand_is_named_and_what_cannot_be_written_has_no_form() -> None:
    made = sections("organization.person")
    assert line(made["pages"], "/people/<uuid:public_id> ") == (
        "/people/<uuid:public_id> organization.person by hand: person"
    )
    assert line(made[""], "form, edit") == "form, edit none"
    assert line(made[""], "import") == "import a row is known by sign_in"
    assert line(made["rights"], "import") == "import organization.person.import"
    assert not any("POST" in one for one in made["API"])


@pytest.mark.parametrize("key", [resource.key for resource in all_resources()])
def test_every_declared_object_is_described_in_aligned_lines(key: str) -> None:
    made = sections(key)
    assert tuple(made) == SECTIONS
    assert all(one == one.rstrip() and one.isprintable() for lines in made.values() for one in lines)
    heading, *columns = made["columns"]
    at = heading.index("label")
    assert all(one[at - 1] == " " != one[at] for one in columns), "labels stand below each other"
    assert dict(describe.declarations())[key]["kind"] == "resource"
    assert list(describe.made_of(key)) == list(description(resource_named(key)))


def test_other_names_become_nothing_more() -> None:
    assert list(describe.made_of("customers.customer.create")) == []
