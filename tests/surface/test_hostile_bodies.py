"""Whatever a form or a program sends to be written: refused at its field, and nothing half written."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.conftest import SignedIn, acting, system
from tests.surface.asking import Answer, problem_of
from tests.surface.writing import form_of, least, written, wrong
from tradewind.domains.organization.models import Person
from tradewind.platform.surface.columns import NUMBERS, Column, Kind
from tradewind.platform.surface.resource import Resource, all_resources
from tradewind.platform.surface.resource.acts import OWN_WORDS, written_columns

pytestmark = pytest.mark.django_db

RESOURCES = {r.key: r for r in all_resources() if r.create is not None and r.edit is not None}
OWNED = [key for key, resource in RESOURCES.items() if "owner" in resource.columns]
WRITERS = {"catalog.product": "admin", "organization.skill": "hr"}
JSON = "application/json"
NOT_WRITTEN = (
    "id",
    "pk",
    "public_id",
    "unit_id",
    "owner_id",
    "created_by",
    "created_at",
    "__class__",
    "no_such",
    "a\x00b",
)
NO_BODIES = (
    "null",
    "[]",
    "5",
    '"x"',
    "{",
    '{"a": 1}}',
    "name=x",
    "[" * 100_000,
    '{"a": "\\ud800"}',
    b"\xff\xfe",
)
MEGABYTES = 5 * 2**20


class Writing:
    """One person before the doors that write objects of one kind, and one such object."""

    def __init__(self, client: Client, resource: Resource, role: str) -> None:
        client.raise_request_exception = False
        self.client, self.resource, self.role = client, resource, role
        self.page, self.api = f"/{resource.address}", f"/api/v1/{resource.address}"
        self.new, self.edited = written_columns(resource, True), written_columns(resource, False)
        self.troubles: list[str] = []
        made = self.create(least(self.new, role))
        assert made.status_code == 201, made.content.decode()
        self.item = made.json()
        self.before = written(resource)

    @property
    def one(self) -> str:
        return f"{self.page}/{self.item['id']}"

    def create(self, body: object, **headers: str) -> Any:
        return self.client.post(self.api, _json(body), JSON, headers=headers)

    def patch(self, body: object, version: int | str | None = None) -> Any:
        seen = {"If-Match": f'"{self.item["version"] if version is None else version}"'}
        return self.client.patch(f"{self.api}/{self.item['id']}", _json(body), JSON, headers=seen)

    def bulk(self, values: object, version: int | None = None) -> Any:
        one = {"id": self.item["id"], "version": version or self.item["version"], "values": values}
        return self.bulk_of([one])

    def bulk_of(self, changes: object) -> Any:
        return self.client.post(f"{self.api}/bulk", _json({"changes": changes}), JSON)

    def form(self, **values: object) -> dict[str, Any]:
        """The filled-in form of the object, with these values typed over."""
        return {**form_of(self.edited, self.item), "version": self.item["version"], **values}

    def judge(self, what: str, answer: Answer, field: str | None, status: Sequence[int] = (422,)) -> None:
        """The refusal is one, at its field, and the database is as it was."""
        trouble = ""
        if answer.status_code not in status:
            trouble = f"answers {answer.status_code}"
        elif answer["Content-Type"] == "application/problem+json":
            trouble = problem_of(answer, field)
        elif field is not None and f'id="id_{field}_error"' not in answer.content.decode():
            trouble = f"says nothing at {field}"
        elif field is None and 'role="alert"' not in answer.content.decode():
            trouble = "says nothing"
        if written(self.resource) != self.before:
            trouble += " and something was written"
            self.before = written(self.resource)
        if trouble:
            self.troubles.append(f"{what}: {trouble}")

    def judged(self) -> None:
        assert not self.troubles, "\n" + "\n".join(self.troubles[:40])


def _json(body: object) -> str | bytes:
    return body if isinstance(body, (str, bytes)) else json.dumps(body)


@pytest.fixture(params=RESOURCES)
def writing(request: pytest.FixtureRequest, signed_in: SignedIn) -> Writing:
    """As a seller, who writes under policies; the catalog is written by the administrator."""
    role = WRITERS.get(request.param, "seller")
    return Writing(signed_in(role), RESOURCES[request.param], role)


Send = Callable[[Writing, Column, object], None]


def _creating(writing: Writing, column: Column, value: object) -> None:
    if column in writing.new:
        body = {**least(writing.new, writing.role), column.name: value}
        writing.judge(f"create {column.name}={_short(value)}", writing.create(body), column.name)


def _many(writing: Writing, column: Column, value: object) -> None:
    answer = writing.bulk({column.name: value})
    said = answer.json()
    named = [(one["field"], bool(one["title"])) for one in said.get("refused", [])]
    if answer.status_code != 200 or said["items"] or named != [(column.name, True)]:
        writing.troubles.append(f"bulk {column.name}={_short(value)}: {answer.status_code} {said}")
    if written(writing.resource) != writing.before:
        writing.troubles.append(f"bulk {column.name}={_short(value)} wrote something")


def _typing(writing: Writing, column: Column, value: object) -> None:
    if _is_typed(column, value):
        answer = writing.client.post(f"{writing.one}/edit", writing.form(**{column.name: value}))
        writing.judge(f"edit {column.name}={_short(value)}", answer, column.name)


def _typing_a_new_one(writing: Writing, column: Column, value: object) -> None:
    if column in writing.new and _is_typed(column, value):
        data = {**least(writing.new, writing.role), column.name: value}
        answer = writing.client.post(f"{writing.page}/new", {**data, "once": str(uuid4())})
        writing.judge(f"new {column.name}={_short(value)}", answer, column.name)


def _in_place(writing: Writing, column: Column, value: object) -> None:
    if _is_typed(column, value):
        data = {column.name: value, "version": writing.item["version"]}
        answer = writing.client.post(f"{writing.one}/field/{column.name}", data)
        writing.judge(f"field {column.name}={_short(value)}", answer, column.name)


OTHER_DOORS: Sequence[Send] = (_creating, _typing, _many, _typing_a_new_one, _in_place)


def _is_typed(column: Column, value: object) -> bool:
    """Can a form send this, and would it be wrong there too? What is not checked is false."""
    is_text = column.kind not in NUMBERS and column.kind is not Kind.BOOL
    return isinstance(value, str) and value is not None and (is_text or column.kind in NUMBERS)


def _short(value: object) -> str:
    return repr(value)[:60] if not (isinstance(value, int) and abs(value) > 10**60) else "a huge number"


def test_a_wrong_value_is_refused_at_its_field_at_every_door(writing: Writing) -> None:
    doors = cycle(OTHER_DOORS)
    for column in writing.edited:
        for value in wrong(column, writing.role):
            answer = writing.patch({column.name: value})
            writing.judge(f"patch {column.name}={_short(value)}", answer, column.name)
            next(doors)(writing, column, value)
        if column.kind in NUMBERS:
            for huge in ("1e9999999999999999999", "9" * 5_000, "NaN", "-Infinity"):
                answer = writing.patch(f'{{"{column.name}": {huge}}}')
                writing.judge(f"patch {column.name}={huge[:30]}", answer, column.name)
    writing.judged()


def test_what_must_be_said_is_missed_at_its_field(writing: Writing) -> None:
    whole = least(writing.new, writing.role)
    with acting(writing.role) as actor:
        given = {name for name, value in writing.resource.defaults(actor).items() if value}
    for column in writing.new:
        has_default = column.stored is not None and column.stored.has_default()
        if not column.is_required or has_default or column.name in given:
            continue
        less = {name: value for name, value in whole.items() if name != column.name}
        writing.judge(f"create without {column.name}", writing.create(less), column.name)
        form = writing.client.post(f"{writing.page}/new", {**less, "once": str(uuid4())})
        writing.judge(f"new without {column.name}", form, column.name)
    writing.judged()


def not_written(writing: Writing) -> Iterator[str]:
    """Names that no body may set: those of the machine, and fields that only commands write."""
    writable = {column.name for column in writing.edited}
    yield from NOT_WRITTEN
    yield from (name for name in writing.resource.columns if name not in writable)
    for field in writing.resource.scope.model._meta.concrete_fields:
        if field.name not in writable | {"version"}:
            yield field.name


def test_nobody_sets_what_only_commands_write(writing: Writing) -> None:
    for name in dict.fromkeys(not_written(writing)):
        if name in OWN_WORDS:  # said about a change, never of the object: see the next test but one
            continue
        for value in (1, "x", str(uuid4()), True):
            writing.judge(f"patch {name}", writing.patch({name: value}), name)
        if name not in {column.name for column in writing.new}:
            whole = least(writing.new, writing.role)
            writing.judge(f"create {name}", writing.create({**whole, name: str(uuid4())}), name)
    writing.judged()


def test_a_form_cannot_smuggle_such_a_value_in(writing: Writing) -> None:
    smuggled = {name: "7" for name in not_written(writing) if "\x00" not in name}
    with system():
        row: Any = writing.resource.scope.model._default_manager.get(public_id=writing.item["id"])
        former = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    answer = writing.client.post(f"{writing.one}/edit", {**smuggled, **writing.form()})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    with system():
        row.refresh_from_db()
    writable = {column.name for column in writing.edited} | {"version", "reminded_at"}
    for field in row._meta.concrete_fields:
        if field.name not in writable:
            assert getattr(row, field.attname) == former[field.attname], field.name
    assert row.version <= former["version"] + 1


def test_a_body_cannot_choose_its_version(writing: Writing) -> None:
    answer = writing.patch({"version": 999, "once": str(uuid4()), "reason": "x"})
    assert answer.status_code == 200
    assert answer.json()["version"] <= writing.item["version"] + 1
    assert {**answer.json(), "version": 1} == {**writing.item, "version": 1}


def test_nothing_is_written_over_what_somebody_else_changed(writing: Writing) -> None:
    title, seen = writing.resource.title, writing.item["version"]
    fresh = writing.patch({title: "别人改过"})
    assert fresh.status_code == 200, fresh.content.decode()
    writing.before = written(writing.resource)
    stale = writing.patch({title: "旧"}, seen)
    writing.judge("stale patch", stale, None, [412])
    assert stale.json()["current"] == fresh.json()
    writing.judge("future patch", writing.patch({title: "旧"}, seen + 5), None, [412])
    for version in ("", "x", "-1", "9" * 30):
        writing.judge(f"If-Match {version[:9]}", writing.patch({title: "旧"}, version), "If-Match")
    refused = writing.bulk({title: "旧"}, seen).json()
    assert (refused["items"], refused["refused"][0]["id"]) == ([], writing.item["id"])
    for version in (seen, seen + 5, "", "0", "9" * 30):
        form = writing.form(**{title: "旧", "version": version})
        writing.judge(f"edit at {version}", writing.client.post(f"{writing.one}/edit", form), None, [409])
        at = f"{writing.one}/field/{title}"
        answer = writing.client.post(at, {title: "旧", "version": version})
        writing.judge(f"field at {version}", answer, None, [409])
    answer = writing.client.post(f"{writing.one}/edit", writing.form(version="x"))
    writing.judge("edit at no version", answer, None, [409, 422])
    writing.judged()


def test_the_same_new_object_sent_twice_is_made_once(writing: Writing) -> None:
    def rows() -> int:
        with system():
            return writing.resource.scope.model._default_manager.count()

    body, key, there = least(writing.new, writing.role), str(uuid4()), rows()
    answers = [writing.create(body, **{"Idempotency-Key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert {answer.json()["id"] for answer in answers} == {key}
    assert rows() == there + 1
    form = {**least(writing.new, writing.role), "once": str(uuid4())}
    sent = [writing.client.post(f"{writing.page}/new", form) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [302, 302], sent[0].content.decode()[-3000:]
    assert sent[0]["Location"] == sent[1]["Location"]
    assert rows() == there + 2


def test_the_name_of_a_new_object_is_nobody_elses(writing: Writing) -> None:
    body = least(writing.new, writing.role)
    for key in ("x", "1", "9" * 5_000):
        writing.judge(f"key {key[:9]}", writing.create(body, **{"Idempotency-Key": key}), "Idempotency-Key")
    with acting(writing.role) as actor:
        seen = list(writing.resource.visible(actor).values_list("pk", flat=True))
    with system():
        unseen: Any = writing.resource.scope.model._default_manager.exclude(pk__in=seen).first()
    if unseen is not None:
        answer = writing.create(body, **{"Idempotency-Key": str(unseen.public_id)})
        writing.judge("the id of a hidden one", answer, "public_id")
    form = writing.client.post(f"{writing.page}/new", {**body, "once": "x"})
    writing.judge("once=x", form, None)
    writing.judged()


def test_a_body_that_is_no_object_is_refused(writing: Writing) -> None:
    for body in NO_BODIES:
        writing.judge(f"create {body[:20]!r}", writing.create(body), None)
        writing.judge(f"patch {body[:20]!r}", writing.patch(body), None)
        writing.judge(f"bulk {body[:20]!r}", writing.client.post(f"{writing.api}/bulk", body, JSON), None)
    writing.judge("nothing", writing.create(""), None)
    title = writing.resource.title
    one = {"id": writing.item["id"], "version": 1, "values": {title: "x"}}
    wrongs: Sequence[object] = (None, 5, "x", {}, [5], [[one]], [one] * 501)
    for changes in wrongs:
        writing.judge(f"bulk {str(changes)[:20]}", writing.bulk_of(changes), "changes")
    for odd in ({}, {"id": [1]}, {"id": {}, "version": 1, "values": {}}, {**one, "version": True},
                {**one, "version": "1"}, {**one, "values": []}, {**one, "id": str(uuid4())}):  # fmt: skip
        answer = writing.bulk_of([odd])
        assert answer.status_code == 200, odd
        assert (answer.json()["items"], len(answer.json()["refused"])) == ([], 1), odd
        assert written(writing.resource) == writing.before
    writing.judged()


def test_a_body_beyond_all_measure_is_refused(writing: Writing) -> None:
    title = writing.resource.title
    big = {title: "x" * MEGABYTES}
    writing.judge("big patch", writing.patch(big), None, [413])
    writing.judge("big create", writing.create(big), None, [413])
    for at in (f"{writing.page}/new", f"{writing.one}/edit", f"{writing.one}/field/{title}"):
        sent = f"{title}={'x' * MEGABYTES}"
        answer = writing.client.post(at, sent, "application/x-www-form-urlencoded")
        assert (answer.status_code, 'class="panel trouble"' in answer.content.decode()) == (413, True), at
        answer = writing.client.post(at, "&".join(["a=1"] * 1_001), "application/x-www-form-urlencoded")
        assert (answer.status_code, 'class="panel trouble"' in answer.content.decode()) == (400, True), at
    assert written(writing.resource) == writing.before
    writing.judged()


def test_of_many_changes_the_right_ones_are_kept_and_the_wrong_ones_named(writing: Writing) -> None:
    title = writing.resource.title
    others = [writing.create(least(writing.new, writing.role)).json() for _ in range(2)]
    good, bad = others
    changes: list[dict[str, Any]] = [
        {"id": good["id"], "version": good["version"], "values": {title: "新名"}},
        {"id": bad["id"], "version": bad["version"], "values": {title: "x" * 30_000}},
        {"id": good["id"], "version": good["version"], "values": {title: "又一次"}},
    ]
    said = writing.bulk_of(changes).json()
    assert [item["label"] for item in said["items"]] == ["新名"]
    assert [(one["id"], one["field"]) for one in said["refused"]] == [(bad["id"], title), (good["id"], "")]
    assert writing.client.get(f"{writing.api}/{bad['id']}").json() == bad


@pytest.mark.parametrize("writing", OWNED, indirect=True)
def test_nothing_is_given_to_somebody_out_of_reach(writing: Writing) -> None:
    with system():
        far = str(Person.objects.get(sign_in="chu.ning").public_id)
    writing.judge("patch owner", writing.patch({"owner": far}), "owner")
    whole = {**least(writing.new, writing.role), "owner": far}
    writing.judge("create owner", writing.create(whole), "owner")
    answer = writing.client.post(f"{writing.one}/edit", writing.form(owner=far))
    writing.judge("edit owner", answer, "owner")
    writing.judged()
