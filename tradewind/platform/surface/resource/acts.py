"""Making and changing declared objects: the same steps behind form, API, list cell and import."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from tradewind.kernel.errors import DomainError, Invalid, Malformed, StaleVersion, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.spine.command import Given, Ref, command_name
from tradewind.platform.surface.columns import Column, Written
from tradewind.platform.surface.forms.inputs import Inputs, text_of_json
from tradewind.platform.surface.grid.rows import items_of
from tradewind.platform.surface.resource import Editing, Resource, resource_of

OWN_WORDS = ("once", "version", "reason")
MOST_CHOICES = 200

declare(
    {
        "form.unknown_field": phrase("There is no field “%(name)s” to write."),
        "form.taken": phrase("There is one with this value already."),
        "form.not_fitting": phrase("These values do not fit together."),
        "form.not_writable": phrase("Objects of this kind are not changed here."),
    }
)


def written_columns(resource: Resource, creating: bool) -> list[Column]:
    """The columns that a form shows: for a new object those written once too, else those written later."""
    times = (Written.ONCE if creating else Written.LATER, Written.ALWAYS)
    return [c for c in resource.columns.values() if c.is_written and c.declared.written in times]


def inputs(
    resource: Resource,
    actor: Actor,
    columns: list[Column],
    given: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> Inputs:
    """The form over these columns."""
    return Inputs(actor, columns, pointable, given, initial)


def pointable(actor: Actor, column: Column) -> QuerySet[Any]:
    """The rows that a reference may point to."""
    return resource_of(column.target).pointable(actor)


def choices_of(actor: Actor, column: Column) -> list[tuple[str, str]] | None:
    """The rows a reference may point to, by public id; None where the actor picks from their list instead."""
    target = resource_of(column.target)
    if actor.can(f"{target.key}.view"):
        return None
    rows = target.pointable(actor).order_by(f"{target.title}__pinyin", "pk")
    return [(str(pk), title) for pk, title in rows.values_list("public_id", target.title)[:MOST_CHOICES]]


def first_values(resource: Resource, actor: Actor) -> dict[str, Any]:
    """What a new object begins with, for form and API alike: the model's defaults, then the declared ones."""
    stored = ((c.name, c.stored) for c in written_columns(resource, creating=True) if c.stored is not None)
    made = {name: field.get_default() for name, field in stored if field.has_default()}
    return {**made, **resource.defaults(actor)}


def inputs_of_json(resource: Resource, actor: Actor, body: Mapping[str, Any], creating: bool) -> Inputs:
    """The inputs a JSON body names. Raises `Invalid` for unknown fields and wrong JSON types."""
    resource = resource.seen_by(actor)
    writable = {column.name: column for column in written_columns(resource, creating)}
    problems, given = {}, {}
    for name, value in body.items():
        if name in OWN_WORDS:
            continue
        if name not in writable:
            problems[name] = _sentence(Malformed("form.unknown_field", name=name[:80]))
            continue
        try:
            given[name] = text_of_json(writable[name], value)
        except ValidationError as error:
            problems[name] = " ".join(error.messages)
    if problems:
        raise Invalid(problems)
    named = list(writable.values()) if creating else [writable[name] for name in given]
    begun = first_values(resource, actor) if creating else {}
    return inputs(resource, actor, named, {**begun, **given})


def checked(asked: Inputs) -> dict[str, object]:
    """The parsed values; raises `Invalid` with the first problem of each field."""
    if not asked.is_valid():
        raise Invalid({name: " ".join(map(str, errors)) for name, errors in asked.errors.items()})
    return asked.parsed()


def make(
    resource: Resource,
    actor: Actor,
    values: Mapping[str, object],
    public_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    """A new object; asked for twice under one public id, it is made once. Returns its public id."""
    if resource.create is None:
        raise Malformed("form.not_writable")
    if public_id is not None and resource.visible(actor).filter(public_id=public_id).exists():
        return public_id
    with refusing(resource.scope.model):
        made = resource.create(actor, Given(values, reason, public_id))
    return UUID(str(made.public_id))


def change(
    resource: Resource,
    actor: Actor,
    ref: Ref[Any],
    values: Mapping[str, object],
    reason: str = "",
    by: Editing | None = None,
) -> None:
    """New values for some fields of one object, as last seen; without any it stays as it is.

    `by`: the command that does it, where it is not that of editing.
    """
    edit = by or resource.edit
    if edit is None:
        raise Malformed("form.not_writable")
    if not values:
        row = found(resource.visible(actor), ref.public_id)
        if row.version != ref.version:
            raise StaleVersion("stale")
        return
    with refusing(resource.scope.model):
        edit(actor, ref, Given(values, reason))


def may_change(resource: Resource, actor: Actor, row: Any) -> bool:
    """May this actor change this very row, which they see?"""
    return resource.edit is not None and resource.scope.may(actor, command_name(resource.edit), row)


def item_of(resource: Resource, actor: Actor, public_id: UUID | str) -> dict[str, Any]:
    """One visible object as the API shows it; raises `NotVisible`."""
    resource = resource.seen_by(actor)
    row = found(resource.visible(actor), public_id)
    item = items_of(resource.table, [row.pk])[0]
    return {**item, **{part.name: part.read(actor, row) for part in resource.parts}}


class refusing:  # noqa: N801 reads as a statement
    """Turn what the database refuses into the refusal of the field behind it."""

    def __init__(self, model: type[Model]) -> None:
        self.model, self.savepoint = model, transaction.atomic()

    def __enter__(self) -> None:
        self.savepoint.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.savepoint.__exit__(kind, error, trace)
        if isinstance(error, IntegrityError):
            raise refusal_of(error, self.model) from error
        if isinstance(error, DomainError):  # commands name what is stored, people what they filled in
            error.field = error.field.removesuffix("_id")


def refusal_of(error: IntegrityError, model: type[Model]) -> DomainError:
    """A unique value taken, or values that do not fit, at the field where one can be named."""
    constraint = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")
    table = model._meta.db_table
    for column in model._meta.concrete_fields:
        if column.unique and constraint.startswith(f"{table}_{column.column}_"):
            return Malformed("form.taken", field=column.name)
    for declared in model._meta.constraints:
        fields = getattr(declared, "fields", ())
        if declared.name == constraint and fields:
            return Malformed("form.taken", field=fields[-1])
    return Malformed("form.not_fitting")


def _sentence(error: DomainError) -> str:
    from tradewind.platform.surface.shell.middleware import sentence

    return sentence(error)
