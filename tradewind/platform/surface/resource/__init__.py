"""One business object, declared: its list, record, forms, API, import and search are made from this.

Every part can be replaced by hand: a page that stands before these in the addresses wins.
`./tw describe customers.customer` prints what was made.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from pydantic import BaseModel

from tradewind.kernel.errors import DomainError, NotAllowed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.scopes import Scope
from tradewind.platform.spine.command import Given, Ref, right_of
from tradewind.platform.surface.columns import Column, Field, Kind, Written
from tradewind.platform.surface.grid.asking import asked, public_ids
from tradewind.platform.surface.grid.rows import Pointed, Table

Creating = Callable[[Actor, Given], Any]
CreatingMany = Callable[[Actor, Sequence[Given]], Sequence[Any]]
Editing = Callable[[Actor, Ref[Any], Given], Any]
Removing = Callable[[Actor, Sequence[int]], Sequence[int]]
Judging = Callable[[Actor, Sequence[Mapping[str, Any]]], "Sequence[Mapping[str, Any] | Change | DomainError]"]
Arranging = Callable[[Sequence[Mapping[str, str]]], Sequence[int]]
Defaults = Callable[[Actor], Mapping[str, object]]
Knowing = Callable[[Actor, Sequence[Mapping[str, Any]]], "Mapping[int, Known]"]


@dataclass(frozen=True, slots=True)
class View:
    """A tab of the list: a name and the filters it stands for, written as in the address."""

    key: str
    label: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """Another look at the same objects: a board, a calendar, a chart; `route` is its page."""

    label: str
    route: str
    icon: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one object is made of besides its fields: an order its lines. The API reads it with the object.

    schema: of one of them, for the documentation of the API · read: all of one row's, in their order.
    """

    name: str
    schema: type[BaseModel]
    read: Callable[[Actor, Any], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Known:
    """What would be made is there already. `field` recognised it.

    number: of what is there, empty where that is out of the actor's sight · earlier: the place of the one
    before it, of those that would be made together, that is the same.
    """

    field: str
    number: str = ""
    earlier: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a row of a file changes of an object that is there: values before and after; none if nothing."""

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where the result of an import leads: words, the name of a page, and there a view."""

    label: str
    route: str
    view: str = ""


@dataclass(frozen=True, eq=False)
class Resource:
    """A declared business object.

    address: of its pages and, under /api/v1/, of its API · one, many, about: what it is called and what
    it is, said in the empty list · title: the field that names it · facts: the three that matter, in the
    record's head · keys: fields by which an import and a reference typed by hand know it, best first ·
    is_person: its rows are people, so that `me` stands for whoever asks · pointable_by: the rows that
    references may point to, where these are not the ones whose pages the actor may open · defaults: of a
    new one · new_route, new_right: the page that makes one and the right to it, where that is not the form
    of `create`.

    For imports, where the domain offers more than making and changing one by one: known_by, the fields that
    together recognise a row of a file, best first (otherwise each of `keys`) · create_many, set-based ·
    judge, what the commands would make of values, or their refusals, set-based and without writing ·
    known, which of such values are there already, whoever may see it, by their places, set-based ·
    remove_many, what undoing an import does to what it made; returns the ids it could not remove · restore,
    what it does to what the import changed, where that is not editing it with the former values · then,
    where the result leads.

    in_files: the same object as files bring it in, where a row of a file is not a row of its table. That one
    declares as `shape` the model (abstract: it has no table) of which its fields are. Its `judge` gets all
    that a row says and answers with a `Change` for what is there. arrange: the order in which the rows are
    written, by their places, from their cells alone.
    """

    scope: Scope
    address: str
    one: str
    many: str
    about: str
    icon: str
    title: str
    fields: tuple[Field, ...]
    search: tuple[str, ...]
    keys: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    sort: str = "-id"
    views: tuple[View, ...] = ()
    switches: tuple[Switch, ...] = ()
    parts: tuple[Part, ...] = ()
    pointable_by: Callable[[Actor], Q] | None = None
    create: Creating | None = None
    new_route: str = ""
    new_right: str = "create"
    edit: Editing | None = None
    defaults: Defaults = field(default=lambda actor: {})
    is_person: bool = False
    known_by: tuple[tuple[str, ...], ...] = ()
    create_many: CreatingMany | None = None
    judge: Judging | None = None
    known: Knowing | None = None
    remove_many: Removing | None = None
    restore: Editing | None = None
    then: NextStep | None = None
    in_files: "Resource | None" = None
    shape: type[Model] | None = None
    arrange: Arranging | None = None
    closed: frozenset[type[Model]] = frozenset()

    @property
    def key(self) -> str:
        """The name under which rights, addresses and `./tw describe` know it."""
        return self.scope.resource

    @property
    def is_imported(self) -> bool:
        """Can files bring rows of it in?"""
        return self.create is not None or self.edit is not None or self.in_files is not None

    @property
    def brought(self) -> "Resource":
        """The object as files bring it in."""
        return self.in_files or self

    @property
    def model(self) -> type[Model]:
        """The model of its fields."""
        return self.shape or self.scope.model

    @property
    def recognised_by(self) -> tuple[tuple[str, ...], ...]:
        """The fields that together recognise a row of a file, best first."""
        return self.known_by or tuple((name,) for name in self.keys)

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The resolved fields by name, in the declared order."""
        made = {}
        for declared in self.fields:
            try:
                made[declared.name] = Column(self.model, declared)
            except FieldDoesNotExist as error:
                raise LookupError(f"{self.key} (its resource.py) declares a field: {error}") from None
        return made

    @cached_property
    def table(self) -> Table:
        """What its list and its API read."""
        return Table(
            self.scope.model,
            self.visible,
            self.columns,
            self.title,
            self.key,
            self.sort,
            partial(pointed_to, self.closed),
            ids_pointed_to,
        )

    def visible(self, actor: Actor, verb: str = "view") -> QuerySet[Any]:
        """The rows an actor may see; those of the right `verb`, where it reaches less far."""
        rows = self.scope.model._default_manager.filter(self.scope.visible(actor))
        return rows if verb == "view" else rows.filter(self.scope.visible(actor, verb))

    def pointable(self, actor: Actor) -> QuerySet[Any]:
        """The rows to which a reference of this actor may point."""
        if self.pointable_by is None:
            return self.visible(actor)
        return self.scope.model._default_manager.filter(self.pointable_by(actor))

    def table_of(self, verb: str) -> Table:
        """The same list of fewer rows: those that one may export, for instance."""
        return replace(self.table, rows=partial(self.visible, verb=verb))

    def seen_by(self, actor: Actor) -> "Resource":
        """The object as this actor knows it: no fields they have no right to, no links they cannot open."""
        hidden = self.scope.hidden_from(actor).intersection(self.columns)
        targets = {one.target for one in self.columns.values() if one.kind is Kind.REFERENCE}
        closed = frozenset(one for one in targets if not actor.can(f"{resource_of(one).key}.view"))
        if not hidden and not closed:
            return self
        if (hidden, closed) not in self._narrower:
            self._narrower[hidden, closed] = replace(
                self,
                closed=closed,
                fields=tuple(one for one in self.fields if one.name not in hidden),
                search=tuple(name for name in self.search if name not in hidden),
                keys=tuple(name for name in self.keys if name not in hidden),
                facts=tuple(name for name in self.facts if name not in hidden),
                known_by=tuple(names for names in self.known_by if not hidden.intersection(names)),
            )
        return self._narrower[hidden, closed]

    @cached_property
    def _narrower(self) -> "dict[tuple[frozenset[str], frozenset[type[Model]]], Resource]":
        return {}

    def can(self, actor: Actor, verb: str) -> bool:
        """May this actor do this to objects of this kind at all?"""
        does = {"create": self.create, "edit": self.edit}
        if verb in does:
            made = does[verb]
            return made is not None and actor.can(right_of(made))
        return actor.can(f"{self.key}.{verb}") and (verb != "import" or self.is_imported)

    def require(self, actor: Actor, verb: str) -> None:
        """Raise `NotAllowed` for whoever may not; asked before anything is read."""
        if not self.can(actor, verb):
            raise NotAllowed("not_allowed")

    def check(self) -> None:
        """Refuse wrong names at start-up. Raises ValueError or LookupError."""
        if self.in_files is not None:
            self.in_files.check()
        self._check_names()
        for view in self.views:
            asked(self.columns, view.filters)
        if any(column.is_editable for column in self.columns.values()) and not (self.edit or self.create):
            raise ValueError(f"{self.key} has fields to write but no command that writes them")

    def _check_names(self) -> None:
        for column in self.columns.values():
            if column.kind is Kind.REFERENCE:
                resource_of(column.target)
        for name in (self.title, *self.search, *self.keys):
            if name not in self.columns:
                self.scope.model._meta.get_field(name.split("__")[0])
        for name in (*self.facts, self.sort.removeprefix("-")):
            if name not in self.columns and name != "id":
                raise ValueError(f"{self.key} has no field {name}")
        known_by = self.recognised_by if self.is_imported and self.in_files is None else ()
        for name in (name for known in known_by for name in known):
            if name not in self.columns or self.columns[name].stored is None:
                raise ValueError(f"{self.key} is recognised by {name}, which is no stored field of it")


_resources: dict[str, Resource] = {}


def declare(*resources: Resource) -> None:
    """Register declared objects, in the order of search results; called by the wiring."""
    for resource in resources:
        if _resources.setdefault(resource.key, resource) is not resource:
            raise ValueError(f"{resource.key} is declared twice")


def check_all() -> None:
    """Check every declaration, once all are there."""
    for resource in all_resources():
        resource.check()


def all_resources() -> Iterator[Resource]:
    """Every declared object, in the order of declaration."""
    return iter(list(_resources.values()))


def resource_named(key: str) -> Resource:
    """The declared object with this key; raises KeyError."""
    return _resources[key]


def resource_of(model: type[Model]) -> Resource:
    """The declared object that a reference points to; raises LookupError."""
    for resource in _resources.values():
        if resource.scope.model is model:
            return resource
    raise LookupError(f"no page shows {model.__name__}: declare it, or leave the field out")


def pointed_to(closed: frozenset[type[Model]], column: Column) -> Pointed:
    """Words and page of what a reference points to; no page for kinds that the reader may not open."""
    target = resource_of(column.target)
    return Pointed(target.title, "" if column.target in closed else target.key)


def ids_pointed_to(actor: Actor, column: Column, values: Sequence[str]) -> Sequence[int]:
    """Ids of the visible objects with these public ids; `me` is the acting person."""
    target = resource_of(column.target)
    found = target.pointable(actor).filter(public_id__in=public_ids(column.name, values))
    ids = list(found.values_list("pk", flat=True))
    if "me" in values and target.is_person and actor.person_id is not None:
        ids.append(actor.person_id)
    return ids


def referring(resource: Resource) -> Iterator[tuple[Resource, Column]]:
    """Every declared object with a reference to this one: what its record shows on the right."""
    for other in all_resources():
        for column in other.columns.values():
            if column.kind is Kind.REFERENCE and column.target is resource.scope.model:
                yield other, column


__all__ = ["Field", "Kind", "Part", "Resource", "Switch", "View", "Written", "declare", "resource_named"]
