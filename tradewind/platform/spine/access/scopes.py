"""Who may see a row, declared once per model; the queryset filter and the SQL policy come from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Field, ForeignKey, Lookup, Model, Q, QuerySet

from tradewind.kernel.errors import NotVisible
from tradewind.platform.spine.access.actor import Actor

M = TypeVar("M", bound=Model)
POOL = "pool"


class Keeping(StrEnum):
    """How a table is kept: records have a history, a ledger only grows, sums are derived from it.

    What passes through, like a file on its way in, is kept for a while and without history.
    """

    RECORD = "record"
    LEDGER = "ledger"
    DERIVED = "derived"
    PASSING = "passing"


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """One of these ids, as one array: as short for a thousand, and an index answers it beside others."""

    lookup_name = "any_of"

    def get_prep_lookup(self) -> Any:
        return self.rhs if hasattr(self.rhs, "resolve_expression") else list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, before = self.process_lhs(compiler, connection)
        if not hasattr(self.rhs, "as_sql"):
            return f"{column} = ANY (%s::bigint[])", (*before, self.rhs)
        ids, values = compiler.compile(self.rhs)
        return f"{column} = ANY ({ids})", (*before, *values)


@dataclass(frozen=True, slots=True)
class Follows:
    """The row is visible to whoever owns the row that `column` points to in another resource.

    To be read, that is; `is_changed`: they change it, too.
    """

    column: str
    resource: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class PartOf:
    """The row is visible wherever the row that `column` points to is: a contact with its customer."""

    column: str
    resource: str


@dataclass(frozen=True, slots=True)
class Scope:
    """A row is visible when any of these holds; `view` is the right that opens the resource at all.

    person, unit: columns held against the actor's reach · follows: the owner of the row it follows ·
    part_of: whoever sees the whole, or all wholes ·
    unowned: rows without a person are a pool, open to whoever has the right `pool` · everyone: every row is
    open to everybody signed in.
    personal: only `person` themself, however far anybody else reaches.
    writes: what commands of scoped people do to rows within reach; the database grants no more.
    """

    resource: str
    model: type[Model]
    person: str | None = None
    unit: str | None = None
    follows: Follows | None = None
    part_of: PartOf | tuple[PartOf, ...] = ()
    unowned: bool = False
    everyone: bool = False
    personal: bool = False
    keeping: Keeping = Keeping.RECORD
    writes: tuple[str, ...] = ()

    def visible(self, actor: Actor, verb: str = "view") -> Q:
        """The filter of rows on which the actor may do `verb`; matches nothing without that right."""
        if not actor.can(f"{self.resource}.{verb}"):
            return Q(pk__in=())
        reach = actor.reach(self.resource)
        if self.personal and actor.person_id:
            return Q(**{self.owner: actor.person_id})
        if reach.everything:
            return Q()
        if actor.is_nobody:
            return Q(pk__in=())
        return self._condition(actor)

    def _condition(self, actor: Actor) -> Q:
        reach, allowed = actor.reach(self.resource), Q(pk__in=())
        if self.everyone:
            return Q()
        if self.person:
            allowed |= Q(**{f"{self.person}__any_of": reach.persons})
        if self.unit:
            allowed |= Q(**{f"{self.unit}__any_of": reach.units})
        if self.person and self.unowned and actor.can(f"{self.resource}.{POOL}"):
            allowed |= Q(**{f"{self.person}__isnull": True})
        if self.follows and actor.person_id:
            followed = scope_of(self.follows.resource)
            owned = followed.model._default_manager.filter(**{followed.owner: actor.person_id})
            allowed |= Q(**{f"{self.follows.column}__any_of": ArraySubquery(owned.values("pk"))})
        if self.wholes:
            allowed |= Q(*(self._in_sight(actor, part) for part in self.wholes))
        return allowed

    def _in_sight(self, actor: Actor, part: PartOf) -> Q:
        whole = scope_of(part.resource)
        seen = whole.model._default_manager.filter(whole.visible(actor))
        return Q(**{f"{part.column}__in": seen.values("pk")})

    @property
    def wholes(self) -> tuple[PartOf, ...]:
        """All that the row is a part of; it is seen where all of them are."""
        return self.part_of if isinstance(self.part_of, tuple) else (self.part_of,)

    def reaches(self, actor: Actor, person_id: int | None, unit_id: int | None) -> bool:
        """Does a row of this person and unit lie within the actor's reach? Asked before handing one over.

        What is seen only because it follows something of one's own lies outside: it is read, not changed.
        """
        reach = actor.reach(self.resource)
        is_open = self.unowned and person_id is None and actor.can(f"{self.resource}.{POOL}")
        return reach.everything or is_open or person_id in reach.persons or unit_id in reach.units

    def may_change(self, actor: Actor, row: Model) -> bool:
        """Of a row that the actor sees: may commands change it? What is seen by following alone is read."""
        if self.follows is None or self.follows.is_changed:
            return True
        unit = getattr(row, self.unit) if self.unit else None
        return self.reaches(actor, getattr(row, self.owner), unit)

    @property
    def owner(self) -> str:
        """The column that says whose row it is."""
        if self.person is None:
            raise LookupError(f"{self.resource} has no owner to follow")
        return self.person

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def policy_sql(self) -> str:
        """The same condition for PostgreSQL. Settings are read once per statement, not per row."""
        signed_in = "(SELECT tw_person()) IS NOT NULL"
        if self.everyone:
            return signed_in
        if self.personal:
            return f"{self.owner} = (SELECT tw_person())"
        parts = []
        if self.person:
            parts.append(f"{self.person} = ANY ((SELECT tw_persons('{self.resource}'))::bigint[])")
        if self.unit:
            parts.append(f"{self.unit} = ANY ((SELECT tw_units('{self.resource}'))::bigint[])")
        if self.person and self.unowned:
            parts.append(f"({self.person} IS NULL AND (SELECT tw_pool('{self.resource}')))")
        if self.follows:
            followed = scope_of(self.follows.resource)
            # As an array, so that an index answers all three together.
            parts.append(
                f"{self.follows.column} = ANY (ARRAY(SELECT f.id FROM {followed.table} f"  # noqa: S608
                f" WHERE f.{followed.owner} = (SELECT tw_person())))"
            )
        if self.wholes:
            parts.append(" AND ".join(self._seen_sql(part) for part in self.wholes))
        return " OR ".join(parts) or "false"

    def _seen_sql(self, part: PartOf) -> str:
        """Written out: whoever runs this as the owner of the tables is held to the whole's policy too.

        With OFFSET it is asked row by row; else all wholes in sight are collected for a page of parts.
        """
        whole = scope_of(part.resource)
        return (
            f"EXISTS (SELECT FROM {whole.table} w WHERE w.id = {self.table}.{part.column}"
            f" AND ({whole.policy_sql()}) OFFSET 0)"
        )


_scopes: dict[str, Scope] = {}


def register(*scopes: Scope) -> None:
    """Declare scopes at start-up; one per resource."""
    for scope in scopes:
        if _scopes.setdefault(scope.resource, scope) != scope:
            raise ValueError(f"{scope.resource} is declared twice")


def scope_of(resource: str) -> Scope:
    """The declared scope of a resource, by its name."""
    return _scopes[resource]


def all_scopes() -> Iterator[Scope]:
    """Every declared scope, by resource name."""
    return iter(sorted(_scopes.values(), key=lambda scope: scope.resource))


def found(rows: QuerySet[M], public_id: UUID | str) -> M:
    """The row with this public id among the visible ones; raises `NotVisible` for all others alike."""
    try:
        row = rows.filter(public_id=UUID(str(public_id))).first()
    except ValueError:
        row = None
    if row is None:
        raise NotVisible("not_found")
    return row
