"""Whatever an address asks a list for, it answers with rows or says at which word it was not understood."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from uuid import uuid4

import pytest

from tests.conftest import SignedIn, system
from tests.surface.asking import LONG, SCRIPT, Doors
from tradewind.platform.surface.columns import NUMBERS, ORDERED, Column, Kind
from tradewind.platform.surface.resource import Resource, all_resources

pytestmark = pytest.mark.django_db

RESOURCES = {resource.key: resource for resource in all_resources()}
NO_NUMBER = (
    "abc",
    "NaN",
    "-Infinity",
    "1e999",
    "9" * 40,
    "0x10",
    "1,000",
    "1e9999999999999999999",
    "5" * 5_000,
)
NO_DAY = ("tomorrow", "2026-02-30", "99999-01-01", "0000-01-01", "2026-01-01T00:00:00Z", "12", LONG)
REFUSED: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(NUMBERS, NO_NUMBER),
    Kind.DATE: NO_DAY,
    Kind.MOMENT: NO_DAY,
    Kind.TIME: ("25:61", "noon", "-1", "10:00+08:00", LONG),
    Kind.BOOL: ("yes", "1", "TRUE", LONG),
    Kind.CHOICE: ("no_such", "🐍", SCRIPT, LONG),
    Kind.REFERENCE: ("abc", "1", "me'--", "{}", LONG),
}
ODD_NUMBER = (
    "-0",
    "1e-999999999",
    "0." + "0" * 3_000 + "1",
    "-9999999999999999",
    "2147483648",
    "１２",
    "1_0",
)
ODD_DAY = ("0001-01-01", "9999-12-31", "1800-01-01", "20260101", "2026-W01-1")
ODD_TEXT = (LONG, "%", "\\", "🐍", "'; DROP TABLE customers_customer; --", SCRIPT, "\r\n")
ODD: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(NUMBERS, ODD_NUMBER),
    Kind.DATE: ODD_DAY,
    Kind.MOMENT: ODD_DAY,
    Kind.TIME: ("24:00", "00:00:00.000001", "10"),
    Kind.TEXT: ODD_TEXT,
    Kind.LONG: ODD_TEXT,
    Kind.REFERENCE: ("me", "{7f3a1f64-5a51-4c1e-9d0f-2c5d1f0a9b10}"),
}
CURSORS = (
    "[]",
    "{}",
    "[1,2,3]",
    '["a",true]',
    '["x",99999999999999999999]',
    '["\\ud800",1]',
    '["a\\u0000",1]',
    '[{"a":1},1]',
    "[NaN,1]",
    '["1e999",1]',
    '["0001-01-01",1]',
    '["10:00+08:00",1]',
    '["2026-01-01T10:00",1]',
    '["9999-12-31T23:59:59-23:59",1]',
    "[99999999999999999999,1]",
    "[" * 5_000,
)
NOT_LISTED = (
    "public_id",
    "version",
    "id__gt",
    "owner__user__password",
    "pk",
    "a[b][c]",
    LONG[:300],
    "‮",
    ".",
    "q.from",
)


@pytest.fixture(params=RESOURCES)
def doors(request: pytest.FixtureRequest, signed_in: SignedIn) -> Doors:
    """As a manager, who sees some rows of each kind through policies and may export."""
    return Doors(signed_in("manager"), RESOURCES[request.param])


def parts(column: Column) -> Iterator[str]:
    """The words under which a column takes values of its own kind."""
    yield column.name
    if column.kind in ORDERED:
        yield f"{column.name}.from"
        yield f"{column.name}.to"


def some(resource: Resource, column: Column, values: Sequence[str]) -> Sequence[str]:
    """All of these for the first column of a kind; for each further one a third, each time another."""
    at = [one.name for one in resource.columns.values() if one.kind is column.kind].index(column.name)
    return values if at == 0 else values[at % 3 :: 3]


def cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_filter_of_the_wrong_kind_is_refused_at_its_word(doors: Doors) -> None:
    for column in doors.resource.columns.values():
        for word in parts(column):
            values = some(doors.resource, column, REFUSED.get(column.kind, ()))
            for value in values if word == column.name else values[:2]:
                doors.ask([(word, value)], field=word, status=[422])
        doors.ask([(f"{column.name}.empty", "perhaps")], field=f"{column.name}.empty", status=[422])
        doors.ask([(f"{column.name}.nonsense", "1")], field=f"{column.name}.nonsense", status=[422])
        if column.kind not in ORDERED:
            doors.ask([(f"{column.name}.from", "1")], field=f"{column.name}.from", status=[422])
    doors.judged()


def test_a_strange_filter_finds_rows_or_is_refused_at_its_word(doors: Doors) -> None:
    for column in doors.resource.columns.values():
        for word in parts(column):
            values = some(doors.resource, column, ODD.get(column.kind, ()))
            for value in values if word == column.name else values[:2]:
                doors.ask([(word, value)], field=word)
        doors.ask([(column.name, "a\x00b")], field=column.name, status=[400])
        doors.ask([(f"{column.name}.empty", "true"), (f"{column.name}.empty", "false")], status=[200])
        if column.kind is Kind.REFERENCE:
            found = doors.ask([(column.name, str(uuid4()))], status=[200])
            assert found.get("items") == [], f"somebody else's id is found in {column.name}"
    doors.judged()


def test_an_unknown_word_order_view_or_page_is_refused_at_its_word(doors: Doors) -> None:
    for word in NOT_LISTED:
        doors.ask([(word, "1")], field=word, status=[422])
    long = [column.name for column in doors.resource.columns.values() if not column.is_sortable]
    for name in ("no_such", "-", "--id", "owner__user__password", "?", LONG, *long):
        doors.ask([("sort", name)], field="sort", status=[422])
    for size in ("0", "-1", "201", "1e3", "x", "１０", "9" * 5_000):
        doors.ask([("limit", size)], field="limit", status=[422])
    for value in ("x", LONG, "{}"):
        doors.ask([("ids", value)], field="ids", status=[422])
    doors.ask([("view", "no_such")], field="view", status=[422])
    for name in ("no_such", "id__gt", LONG):
        answer = doors.client.get(doors.api, {"fields": name})
        assert (answer.status_code, answer.json()["field"]) == (422, "fields")
    doors.judged()


def test_a_broken_cursor_is_refused(doors: Doors) -> None:
    for text in ("x", "é", "=", "AAAA", LONG):
        doors.ask([("after", text)], field="after", status=[422])
    for column in doors.resource.columns.values():
        for text in some(doors.resource, column, CURSORS) if column.is_sortable else ():
            doors.ask([("after", cursor(text)), ("sort", column.name)], field="after")
            doors.ask([("after", cursor(text)), ("sort", f"-{column.name}")], field="after")
    doors.judged()


def test_words_said_often_or_at_length_are_answered(doors: Doors) -> None:
    for words in (LONG, "%", "\\", "a b  c", "🐍", SCRIPT, "'"):
        doors.ask([("q", words)], status=[200])
    doors.ask([("q", "a\x00")], field="q", status=[400])
    doors.ask([("sort", doors.resource.title), ("sort", f"-{doors.resource.title}")], status=[200])
    doors.ask([("limit", "1"), ("limit", "x")], field="limit", status=[422])
    doors.ask([("columns", LONG), ("density", LONG), ("group", LONG), ("columns", "a,,b")], status=[200])
    for column in doors.resource.columns.values():
        if column.kind is Kind.REFERENCE:
            doors.ask([(column.name, str(uuid4()))] * 300, status=[200])
        elif column.kind is Kind.CHOICE:
            with system():
                values = [value for value, _ in column.choices()]
            doors.ask([(column.name, value) for value in values] * (900 // len(values)), status=[200])
    doors.judged()


def test_more_words_than_an_address_may_hold_are_refused(doors: Doors) -> None:
    name = doors.resource.title
    doors.client.raise_request_exception = False
    for at in (doors.api, doors.page) if doors.has_page else (doors.api,):
        answer = doors.client.get(f"{at}?" + "&".join([f"{name}=a"] * 1_001))
        assert answer.status_code == 400
        assert answer.content.strip(), "it says so"
        if at == doors.api:
            assert json.loads(answer.content)["code"] == "unreadable"
