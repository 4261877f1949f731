"""Real deletion, for undoing: of objects that nothing refers to. Everything else is archived, not deleted."""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection, models
from psycopg import sql

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import Scope
from tradewind.platform.spine.access.session import widened
from tradewind.platform.spine.command import batch, record_each

Removing = Callable[[Actor, Sequence[int]], list[int]]


def removals(name: str, on: Scope) -> Removing:
    """The command that deletes objects by id. What something refers to stays; returns the ids that stayed.

    The history keeps what stood in them, and the record of acts names each.
    """

    @batch(name)
    def remove(actor: Actor, given: Sequence[int]) -> list[int]:
        rows = on.model._default_manager.filter(on.visible(actor), on.within(actor, name), pk__in=list(given))
        locked = [row.pk for row in rows.order_by("pk").select_for_update(of=("self",))]
        with widened("nobody may delete but through this, and what refers to an object may be out of sight"):
            held = _referred_to(on.model, locked)
            free = [pk for pk in locked if pk not in held]
            record_each(actor, name, on, free, "")
            _delete(on.table, free)
        return [pk for pk in given if pk not in set(free)]

    return remove


def _delete(table: str, ids: list[int]) -> None:
    with connection.cursor() as cursor:
        deletion = sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table))
        cursor.execute(deletion, [ids])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _referred_to(model: type[models.Model], ids: Sequence[int]) -> set[int]:
    """Those that any row refers to, whoever may see that row."""
    found: set[int] = set()
    for other, column in _references(model):
        rows = other._base_manager.filter(**{f"{column}__in": ids})
        found.update(pk for pk in rows.values_list(f"{column}_id", flat=True) if pk is not None)
    return found


def _references(model: type[models.Model]) -> Iterable[tuple[type[models.Model], str]]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel):
            yield relation.related_model, relation.field.name
