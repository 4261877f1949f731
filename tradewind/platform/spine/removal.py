"""Real deletion, for undoing: of objects that nothing refers to. Everything else is archived, not deleted."""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection, models
from psycopg import sql

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import Scope
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import batch, record_each

Removing = Callable[[Actor, Sequence[int]], list[int]]
Parts = Sequence[tuple[type[models.Model], str]]
"""Rows that go with the object they are part of: their model, and its column that names the whole."""


def removals(name: str, on: Scope) -> Removing:
    """The command that deletes objects by id. What something refers to stays; returns the ids that stayed.

    The history keeps what stood in them, and the record of acts names each.
    """

    @batch(name)
    def remove(actor: Actor, given: Sequence[int]) -> list[int]:
        return removed(actor, name, on, given)

    return remove


def removed(actor: Actor, name: str, on: Scope, given: Sequence[int], parts: Parts = ()) -> list[int]:
    """The same inside a command of this name that says more: which objects go, and what goes with them."""
    rows = on.model._default_manager.filter(on.visible(actor), on.within(actor, name), pk__in=list(given))
    locked = [row.pk for row in rows.order_by("pk").select_for_update(of=("self",))]
    with widened("nobody may delete but through this, and what refers to an object may be out of sight"):
        free = _free(on.model, locked, parts)
        record_each(actor, name, on, free, "")
        for model, column in parts:
            rows_of = model._base_manager.filter(**{f"{column}__in": free})
            _delete(model._meta.db_table, list(rows_of.values_list("pk", flat=True)))
        _delete(on.table, free)
    return [pk for pk in given if pk not in set(free)]


def _delete(table: str, ids: list[int]) -> None:
    with connection.cursor() as cursor:
        deletion = sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table))
        cursor.execute(deletion, [ids])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _free(model: type[models.Model], ids: Sequence[int], parts: Parts) -> list[int]:
    """Those that nothing refers to but their own parts, and such as go with them."""
    held = referred_to(model, ids, {*parts, *((model, column) for column in _own(model))})
    for part, column in parts:
        wholes = dict(part._base_manager.filter(**{f"{column}__in": ids}).values_list("pk", f"{column}_id"))
        held |= {wholes[pk] for pk in referred_to(part, list(wholes))}
    while True:
        free = [pk for pk in ids if pk not in held]
        more = {
            above
            for column in _own(model)
            for above in model._base_manager.filter(**{f"{column}__in": free})
            .exclude(pk__in=free)
            .values_list(f"{column}_id", flat=True)
        }
        if not more:
            return free
        held |= more


def _own(model: type[models.Model]) -> list[str]:
    """The columns by which objects refer to others of their kind."""
    return [column for other, column in _references(model) if other is model]


def referred_to(
    model: type[models.Model], ids: Sequence[int], but: Iterable[tuple[type[models.Model], str]] = ()
) -> set[int]:
    """Those that any row refers to, whoever may see that row; `but` these references."""
    left_out, found = set(but), set[int]()
    for other, column in _references(model):
        if (other, column) not in left_out:
            rows = other._base_manager.filter(**{f"{column}__in": ids})
            found.update(pk for pk in rows.values_list(f"{column}_id", flat=True) if pk is not None)
    return found


def _references(model: type[models.Model]) -> Iterable[tuple[type[models.Model], str]]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel):
            yield relation.related_model, relation.field.name
