"""The API of a declared object, with its OpenAPI schema, from the same columns as its pages."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Optional
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override
from ninja import Router
from pydantic import Field as Described
from pydantic import create_model

from tradewind.kernel.errors import DomainError, Invalid, Malformed, StaleVersion, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.command import Ref
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.grid import reading
from tradewind.platform.surface.grid.asking import PARTS, Asked, asked
from tradewind.platform.surface.resource import Resource
from tradewind.platform.surface.resource.acts import (
    change,
    checked,
    inputs_of_json,
    item_of,
    make,
    written_columns,
)
from tradewind.platform.surface.resource.listing import with_view
from tradewind.platform.surface.shell.api import version_of
from tradewind.platform.surface.shell.middleware import problem, sentence

AT_ONCE = 500
LONGEST = 2000
TYPES: dict[Kind, Any] = {Kind.INTEGER: int, Kind.BOOL: bool}
declare(
    {
        "api.not_an_object": phrase("The body is a JSON object."),
        "api.key": phrase("Idempotency-Key is a UUID."),
        "api.reason": phrase("The reason is text of at most %(longest)s characters."),
        "api.too_many": phrase("At most %(largest)s changes at once."),
        "api.changes": phrase("The body is {“changes”: [{“id”, “version”, “values”}]}."),
        "api.unknown_field": phrase("This list has no field “%(name)s”."),
    }
)


@cache
def router(resource: Resource) -> Router:
    """List, sum up, make, read and change objects of this kind; each by its right.

    There is one for each object: what else can be done with it is added to it by hand.
    """
    made = Router(tags=[resource.address])
    item = shape(resource)
    page = _page_of(resource, item)
    describes = {"parameters": _parameters(resource)}
    name = resource.key.replace(".", "_")

    @made.get("", response=page, summary=f"List {resource.many}", operation_id=f"{name}_list",
              openapi_extra=describes)  # fmt: skip
    def listing(request: HttpRequest) -> HttpResponse:
        return _page(resource, request)

    @made.get("/summary", response=dict, summary=f"Count {resource.many} and their sums",
              operation_id=f"{name}_summary", openapi_extra=describes)  # fmt: skip
    def summary(request: HttpRequest) -> HttpResponse:
        seen = resource.seen_by(actor_of_request(request))
        question = _question(seen, request)
        return _answer(reading.summary(actor_of_request(request), seen.table, question))

    @made.get("/{uuid:public_id}", response=item, summary=f"Read one: {resource.one}",
              operation_id=f"{name}_read")  # fmt: skip
    def read(request: HttpRequest, public_id: UUID) -> HttpResponse:
        return one(resource, actor_of_request(request), public_id)

    if resource.create is not None:
        _creating(made, resource, item)
    if resource.edit is not None:
        _changing(made, resource, item)
    return made


def _creating(made: Router, resource: Resource, item: Any) -> None:
    body = _body(_schema(f"New{_title(resource)}", written_columns(resource, creating=True), optional=False))

    @made.post("", response={201: item}, summary=f"Make one: {resource.one}",
               operation_id=f"{resource.key.replace('.', '_')}_create", openapi_extra=body)  # fmt: skip
    def create(request: HttpRequest) -> HttpResponse:
        actor = actor_of_request(request)
        resource.require(actor, "create")
        body = json_body(request)
        given = checked(inputs_of_json(resource, actor, body, creating=True))
        public_id = make(resource, actor, given, key_of(request), reason_of(body))
        return one(resource, actor, public_id, status=201)


def _changing(made: Router, resource: Resource, item: Any) -> None:
    name = resource.key.replace(".", "_")
    body = _body(_schema(f"Changed{_title(resource)}", written_columns(resource, False), optional=True))

    @made.patch("/{uuid:public_id}", response=item, summary=f"Change one: {resource.one}",
                operation_id=f"{name}_edit", openapi_extra=body)  # fmt: skip
    def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
        actor = actor_of_request(request)
        resource.require(actor, "edit")
        ref: Ref[Any] = Ref(public_id, seen_version(request))
        body = json_body(request)
        try:
            given = checked(inputs_of_json(resource, actor, body, creating=False))
            change(resource, actor, ref, given, reason_of(body))
        except StaleVersion as error:
            return problem(error, current=item_of(resource, actor, public_id))
        return one(resource, actor, public_id)

    @made.post("/bulk", response=dict, summary=f"Change many: {resource.many}", operation_id=f"{name}_bulk")
    def bulk(request: HttpRequest) -> HttpResponse:
        return _answer(_bulk(resource, actor_of_request(request), json_body(request)))


def _question(resource: Resource, request: HttpRequest) -> Asked:
    """What the address asks, with the filters of its view."""
    return asked(resource.columns, with_view(resource, dict(request.GET.lists())))


def _page(resource: Resource, request: HttpRequest) -> HttpResponse:
    actor = actor_of_request(request)
    resource = resource.seen_by(actor)
    found = reading.page(actor, resource.table, _question(resource, request))
    names = [name for part in request.GET.getlist("fields") for name in part.split(",") if name]
    if names:
        for name in names:
            if name not in resource.columns:
                raise Malformed("api.unknown_field", field="fields", name=name[:80])
        kept = {"id", "version", "url", "label", *names}
        few = [{name: value for name, value in item.items() if name in kept} for item in found.items]
        return _answer({"items": few, "next": found.next})
    return HttpResponse(found.text, content_type="application/json")


def _bulk(resource: Resource, actor: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """Each change by itself: one that is refused leaves the others."""
    resource.require(actor, "edit")
    changes = body.get("changes")
    if not isinstance(changes, list) or not all(isinstance(one, dict) for one in changes):
        raise Malformed("api.changes", field="changes")
    if len(changes) > AT_ONCE:
        raise Malformed("api.too_many", field="changes", largest=AT_ONCE)
    done, refused = [], []
    for one in changes:
        try:
            with transaction.atomic():
                _bulk_one(resource, actor, one)
            done.append(item_of(resource, actor, str(one["id"])))
        except DomainError as error:
            words = next(iter(error.problems.values())) if isinstance(error, Invalid) else sentence(error)
            refused.append({"id": str(one.get("id")), "title": words, "field": error.field})
    return {"items": done, "refused": refused}


def _bulk_one(resource: Resource, actor: Actor, one: dict[str, Any]) -> None:
    version, values = one.get("version"), one.get("values")
    if not isinstance(version, int) or isinstance(version, bool) or not isinstance(values, dict):
        raise Malformed("api.changes", field="changes")
    ref: Ref[Any] = Ref(str(one.get("id")), version)
    given = checked(inputs_of_json(resource, actor, values, creating=False))
    change(resource, actor, ref, given, reason_of(values))


def one(resource: Resource, actor: Actor, public_id: UUID | str, status: int = 200) -> HttpResponse:
    """One object as every address of the API shows it; its version is the ETag."""
    item = item_of(resource, actor, public_id)
    response = _answer(item, status)
    response["ETag"] = f'"{item["version"]}"'
    return response


def _answer(body: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request, numbers exact. Raises `Malformed`."""
    try:
        body = json.loads(request.body or b"{}", parse_float=_exact, parse_int=_whole, parse_constant=Decimal)
        if b"\\u" in request.body:
            json.dumps(body, ensure_ascii=False, default=str).encode()  # half a character is none
    except (ValueError, RecursionError):
        raise Malformed("api.not_an_object") from None
    if not isinstance(body, dict):
        raise Malformed("api.not_an_object")
    return body


def _exact(text: str) -> Decimal:
    """A JSON number; one beyond all bounds is none, and refused at its field."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) < 40 else _exact(text)


def reason_of(body: Mapping[str, Any]) -> str:
    """Why, in the words that the history keeps; empty where nobody says. Raises `Malformed`."""
    reason = body.get("reason", "")
    if not isinstance(reason, str) or len(reason) > LONGEST or "\x00" in reason:
        raise Malformed("api.reason", field="reason", longest=LONGEST)
    return reason


def seen_version(request: HttpRequest) -> int:
    """The version named in If-Match. Raises `Malformed`."""
    return version_of(request.headers.get("If-Match", ""))


def key_of(request: HttpRequest) -> UUID | None:
    """Idempotency-Key: the public id of the new object, so that a repeated request makes one."""
    text = request.headers.get("Idempotency-Key", "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Malformed("api.key", field="Idempotency-Key") from None


def _title(resource: Resource) -> str:
    return "".join(word.capitalize() for word in resource.key.split(".")[-1].split("_"))


def _type(column: Column) -> Any:
    if column.kind is Kind.REFERENCE:
        return UUID
    return TYPES.get(column.kind, str)


def _schema(name: str, columns: list[Column], optional: bool) -> Any:
    fields: dict[str, Any] = {}
    for column in columns:
        kind = _type(column)
        is_open = optional or not column.is_required
        extra: Any = (
            {"enum": [value for value, _ in column.choices()]} if column.kind is Kind.CHOICE else None
        )
        default: Any = None if is_open else ...
        fields[column.name] = (
            Optional[kind] if is_open else kind,  # noqa: UP045 kind is a value here
            Described(
                default,
                description=_described(column),
                json_schema_extra=extra,
                max_length=column.max_length if kind is str else None,
            ),
        )
    return create_model(name, **fields)


def _described(column: Column) -> str:
    """Name and help in English, whatever the reader's language: this is a contract."""
    with override("en"):
        return " · ".join(filter(None, (column.label, column.declared.help)))


@cache
def shape(resource: Resource) -> Any:
    """One object, as OpenAPI shows it."""
    pointer = create_model("Pointer", id=(UUID, ...), label=(str, ...), url=(str, ...))
    fields: dict[str, Any] = {
        "id": (UUID, ...),
        "version": (int, ...),
        "url": (str, ...),
        "label": (str, ...),
    }
    for column in resource.columns.values():
        kind = pointer if column.kind is Kind.REFERENCE else _type(column)
        fields[column.name] = (Optional[kind], None)  # noqa: UP045
    for part in resource.parts:
        fields[part.name] = (Optional[list[part.schema]], None)  # type: ignore[name-defined] # noqa: UP045
    return create_model(_title(resource), **fields)


def _page_of(resource: Resource, item: Any) -> Any:
    return create_model(f"{_title(resource)}Page", items=(list[item], ...), next=(Optional[str], None))  # noqa: UP045


def _body(schema: Any) -> dict[str, Any]:
    described = schema.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": described}}}}


def _parameters(resource: Resource) -> list[dict[str, Any]]:
    words = {"q": "words", "sort": "a field, -field for descending", "after": "cursor", "limit": "1 to 200"}
    made = [_parameter(name, text) for name, text in {**words, "fields": "a,b"}.items()]
    for column in resource.columns.values():
        made.append(_parameter(column.name, column.declared.label or column.name))
        made.extend(
            _parameter(f"{column.name}.{part}", "") for part in PARTS[: 2 if _is_ordered(column) else 0]
        )
    return made


def _is_ordered(column: Column) -> bool:
    from tradewind.platform.surface.columns import ORDERED

    return column.kind in ORDERED


def _parameter(name: str, text: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "description": text, "schema": {"type": "string"}}
