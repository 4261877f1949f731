"""Who may see a row, declared once per model; the queryset filter and the SQL policy come from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Field, ForeignKey, Lookup, Model, Q, QuerySet

from tradewind.kernel.errors import NotVisible
from tradewind.platform.spine.access.actor import UNSHARED, Actor, Reach

M = TypeVar("M", bound=Model)
POOL = "pool"
ERASED = "（已删除）"
"""What stands where a name was, once somebody is erased; in every language, since it is stored."""


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
    """The row is visible to whoever owns the row that `column` points to, or to whom that is shared.

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
class NamedIn:
    """The row concerns the people whom the rows of a personal resource name; `column` points here."""

    resource: str
    column: str


@dataclass(frozen=True, slots=True)
class Guarded:
    """Columns to be seen, written, found or sorted by with a right of their own: `verb` of the resource."""

    verb: str
    columns: frozenset[str]


READING = ("view", "export")
"""What is done to a row without changing it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A row is visible when any of these holds; `view` is the right that opens the resource at all.

    person, unit: columns held against the actor's reach · follows: the owner of the row it follows ·
    part_of: whoever sees the whole, or all wholes ·
    unowned: rows without a person are a pool, open to whoever has the right `pool` · everyone: every row is
    open to everybody signed in · shared: single rows are shared with people and teams.
    personal: only `person` themself, however far anybody else reaches · has_stand_ins: and whoever stands in
    for them · named_in: the people whom rows of a personal resource name · guarded: columns behind a right.
    erased: columns that are personal data, with what stands there once somebody is erased on request.
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
    shared: bool = False
    personal: bool = False
    has_stand_ins: bool = False
    named_in: NamedIn | None = None
    guarded: tuple[Guarded, ...] = ()
    erased: Mapping[str, object] = field(default_factory=dict, hash=False)
    keeping: Keeping = Keeping.RECORD
    writes: tuple[str, ...] = ()

    def visible(self, actor: Actor, verb: str = "view") -> Q:
        """The filter of rows on which the actor may do `verb`; matches nothing without that right."""
        return self.within(actor, f"{self.resource}.{verb}")

    def within(self, actor: Actor, right: str) -> Q:
        """The filter of rows on which the actor may use a right; matches nothing without it."""
        if not actor.can(right):
            return Q(pk__in=())
        if self.personal and actor.person_id:
            own = (
                {f"{self.owner}__any_of": actor.selves}
                if self.has_stand_ins
                else {self.owner: actor.person_id}
            )
            return Q(**own)
        reach, is_read = actor.reach_of(right), right.rpartition(".")[2] in READING
        if self.everyone or (reach.everything and not (is_read and self.wholes)):
            return Q(pk__in=()) if actor.is_nobody else Q()
        return self._condition(actor, reach, is_read)

    def _condition(self, actor: Actor, reach: Reach, is_read: bool) -> Q:
        allowed = Q(pk__in=())
        if self.person:
            allowed |= Q(**{f"{self.person}__any_of": reach.persons})
        if self.unit:
            allowed |= Q(**{f"{self.unit}__any_of": reach.units})
        if self.person and self.unowned and actor.can(f"{self.resource}.{POOL}"):
            allowed |= Q(**{f"{self.person}__isnull": True})
        if shared := self._shared_with(actor, is_read):
            allowed |= Q(pk__any_of=shared)
        if self.follows and actor.person_id and (is_read or self.follows.is_changed):
            allowed |= self._following(actor, self.follows, is_read)
        if self.named_in:
            names = scope_of(self.named_in.resource)
            naming = names.model._default_manager.filter(names.visible(actor))
            allowed |= Q(pk__any_of=ArraySubquery(naming.values(self.named_in.column)))
        if self.wholes:
            allowed |= Q(*(self._in_sight(actor, part, reach, is_read) for part in self.wholes))
        return allowed

    def _shared_with(self, actor: Actor, is_read: bool) -> tuple[int, ...]:
        shared = actor.shared.get(self.resource, UNSHARED)
        return shared.ids if is_read else shared.changed

    def _following(self, actor: Actor, follows: Follows, is_read: bool) -> Q:
        followed = scope_of(follows.resource)
        owned = followed.model._default_manager.filter(**{f"{followed.owner}__any_of": actor.selves})
        allowed = Q(**{f"{follows.column}__any_of": ArraySubquery(owned.values("pk"))})
        if shared := followed._shared_with(actor, is_read):
            allowed |= Q(**{f"{follows.column}__any_of": shared})
        return allowed

    def _in_sight(self, actor: Actor, part: PartOf, reach: Reach, is_read: bool) -> Q:
        """Parts are read where the whole is, and changed as far as the right to change them reaches."""
        whole = scope_of(part.resource)
        seen = whole.model._default_manager.filter(whole.visible(actor))
        if not is_read and reach is not actor.reach(whole.resource):
            seen = seen.filter(whole._condition(actor, reach, is_read))
        return Q(**{f"{part.column}__in": seen.values("pk")})

    @property
    def wholes(self) -> tuple[PartOf, ...]:
        """All that the row is a part of; it is seen where all of them are."""
        return self.part_of if isinstance(self.part_of, tuple) else (self.part_of,)

    @property
    def has_reach(self) -> bool:
        """Do rights here reach differently far? Parts reach as far as their wholes."""
        return not (self.everyone or self.personal) and bool(self.person or self.unit)

    def hidden_from(self, actor: Actor) -> frozenset[str]:
        """Columns that this actor may not know of."""
        hidden = (one.columns for one in self.guarded if not actor.can(f"{self.resource}.{one.verb}"))
        return frozenset().union(*hidden)

    def reaches(self, actor: Actor, person_id: int | None, unit_id: int | None) -> bool:
        """Does a row of this person and unit lie within the actor's reach? Asked before handing one over.

        What is seen only because it follows something of one's own lies outside: it is read, not changed.
        """
        return self._holds(actor, actor.reach(self.resource), person_id, unit_id)

    def _holds(self, actor: Actor, reach: Reach, person_id: int | None, unit_id: int | None) -> bool:
        is_open = self.unowned and person_id is None and actor.can(f"{self.resource}.{POOL}")
        return reach.everything or is_open or person_id in reach.persons or unit_id in reach.units

    def may(self, actor: Actor, right: str, row: Model) -> bool:
        """Of a row that the actor sees: may they use this right on it?"""
        if not actor.can(right):
            return False
        reach = actor.reach_of(right)
        person = getattr(row, self.person) if self.person else None
        unit = getattr(row, self.unit) if self.unit else None
        if self.everyone or self.personal or self._holds(actor, reach, person, unit):
            return True
        if self.wholes and all(reach is actor.reach(part.resource) for part in self.wholes):
            return True
        rows = self.model._default_manager.filter(self.within(actor, right), pk=row.pk)
        return rows.exists()

    def usable(self, actor: Actor, rights: Sequence[str], row: Model) -> frozenset[str]:
        """Which of these rights an actor may use on a row they see; asked once for each reach."""
        known: dict[int, bool] = {}
        for right in rights:
            place = id(actor.reach_of(right))
            known[place] = known.get(place) or self.may(actor, right, row)
        return frozenset(one for one in rights if actor.can(one) and known[id(actor.reach_of(one))])

    @property
    def owner(self) -> str:
        """The column that says whose row it is."""
        if self.person is None:
            raise LookupError(f"{self.resource} has no owner to follow")
        return self.person

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def policy_sql(self, is_read: bool = True) -> str:
        """The same condition for PostgreSQL. Settings are read once per statement, not per row."""
        if self.everyone:
            return "(SELECT tw_person()) IS NOT NULL"
        if self.personal:
            return self._personal_sql()
        parts = []
        if self.person:
            parts.append(f"{self.person} = ANY ((SELECT tw_persons('{self.resource}'))::bigint[])")
        if self.unit:
            parts.append(f"{self.unit} = ANY ((SELECT tw_units('{self.resource}'))::bigint[])")
        if self.person and self.unowned:
            parts.append(f"({self.person} IS NULL AND (SELECT tw_pool('{self.resource}')))")
        if self.shared:
            parts.append(self._shared_sql("id", is_read))
        if self.follows and (is_read or self.follows.is_changed):
            parts.append(self._followed_sql(self.follows, is_read))
        if self.named_in:
            parts.append(self._named_sql(self.named_in))
        if self.wholes:
            parts.append(" AND ".join(self._seen_sql(part, is_read) for part in self.wholes))
        return " OR ".join(parts) or "false"

    def allowed_sql(self, is_read: bool = True) -> str:
        """The whole policy: everything, or what the condition holds for.

        Worded so that the planner does not count it twice beside the same filter above it: it takes both
        for independent, and a share of a share looks so small that everything hanging on it is collected
        and sorted instead of read from the newest on.
        """
        condition = self.policy_sql(is_read)
        if not self.has_reach:
            return condition
        return (
            f"CASE WHEN (SELECT tw_sees_all('{self.resource}')) THEN true"
            f" WHEN ({condition}) THEN true ELSE false END"
        )

    def _shared_sql(self, column: str, is_read: bool) -> str:
        return f"{column} = ANY ((SELECT tw_shared('{self.resource}', {not is_read}))::bigint[])"

    def _followed_sql(self, follows: Follows, is_read: bool) -> str:
        """As an array, so that an index answers it together with person and unit."""
        followed = scope_of(follows.resource)
        owned = (
            f"{follows.column} = ANY (ARRAY(SELECT f.id FROM {followed.table} f"  # noqa: S608
            f" WHERE f.{followed.owner} = ANY ((SELECT tw_selves())::bigint[])))"
        )
        return f"{owned} OR {followed._shared_sql(follows.column, is_read)}" if followed.shared else owned

    def _personal_sql(self) -> str:
        if self.has_stand_ins:
            return f"{self.owner} = ANY ((SELECT tw_selves())::bigint[])"
        return f"{self.owner} = (SELECT tw_person())"

    def _named_sql(self, named_in: NamedIn) -> str:
        names = scope_of(named_in.resource)
        return (
            f"id = ANY (ARRAY(SELECT n.{named_in.column} FROM {names.table} n"  # noqa: S608
            f" WHERE {names.policy_sql()}))"
        )

    def _seen_sql(self, part: PartOf, is_read: bool) -> str:
        """Written out: whoever runs this as the owner of the tables is held to the whole's policy too.

        With OFFSET it is asked row by row; else all wholes in sight are collected for a page of parts.
        """
        whole = scope_of(part.resource)
        return (
            f"EXISTS (SELECT FROM {whole.table} w WHERE w.id = {self.table}.{part.column}"
            f" AND ({whole.allowed_sql(is_read)}) OFFSET 0)"
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
