"""Units as files bring them in: new ones, other names and other places in the tree, all by their code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from tradewind.domains.organization import rules, structure
from tradewind.domains.organization.commands import EVER, TURN, writing
from tradewind.domains.organization.forest import Leaf, Names, looping, parents_first
from tradewind.domains.organization.models import Position, Unit, UnitPlace
from tradewind.domains.organization.policy import UNITS
from tradewind.domains.organization.structure import NewName, NewParent
from tradewind.domains.organization.values import UnitId
from tradewind.kernel.errors import DomainError, Malformed, NotAllowed, Refused, accepted
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import (
    Given,
    Ref,
    batch,
    command,
    command_name,
    creation,
    creations,
    take_turn,
)
from tradewind.platform.spine.removal import removed
from tradewind.platform.surface.resource import Change

Values = Mapping[str, Any]
Answer = Values | Change | DomainError
REMOVE = "organization.unit.remove"
WRITERS: Mapping[str, Any] = {"name": structure.rename_unit, "parent": structure.move_unit}


@creation("organization.unit.set_up", on=UNITS, right="organization.unit.create")
def set_up_unit(actor: Actor, given: Given) -> Unit:
    """A new unit out of a file."""
    (unit,) = _set_up(actor, [given])
    return unit


@creations("organization.unit.set_up_many", of=set_up_unit, on=UNITS)
def set_up_units(actor: Actor, given: Sequence[Given]) -> Sequence[Unit]:
    """Many new units out of a file, in any order: one may stand below another of them."""
    return _set_up(actor, given)


def _set_up(actor: Actor, given: Sequence[Given]) -> list[Unit]:
    """Ids are drawn before, so that the path of a unit is known before any of them is written."""
    take_turn(TURN)
    said = [{name: value for name, value in one.values.items() if name != "id"} for one in given]
    rows = [accepted(cast(Values | DomainError, one)) for one in judge_units(actor, said)]
    ids: dict[str, Any] = dict(Unit.objects.values_list("code", "id"))
    ids |= {row["code"]: one.values["id"] for row, one in zip(rows, given, strict=True)}
    above = {row["code"]: row["parent"] for row in rows}
    paths = dict(Unit.objects.filter(code__in=above.values()).values_list("code", "path"))

    def path(code: str) -> list[int]:
        if code not in paths:
            paths[code] = [*path(above[code]), ids[code]]
        return paths[code]

    units = []
    for row, one in zip(rows, given, strict=True):
        drawn = {name: one.values[name] for name in ("id", "public_id")}
        facts = {name: row[name] for name in ("code", "name", "kind")}
        units.append(Unit(**drawn, **facts, parent_id=ids[row["parent"]], path=path(row["code"])))
    with writing():
        Unit.objects.bulk_create(units)
        UnitPlace.objects.bulk_create(UnitPlace(unit=u, starts_on=EVER, path=u.path) for u in units)
    return units


@command("organization.unit.update", on=UNITS, turn=TURN, right="organization.unit.import")
def update_unit(actor: Actor, unit: Unit, given: Given) -> UnitId:
    """Another name, or another place in the tree from today on: by the commands of the pages."""
    values = given.values
    if "name" in values:
        structure.rename_unit(actor, _now(unit), NewName(str(values["name"]), given.reason))
    if "parent" in values:
        structure.move_unit(actor, _now(unit), NewParent(str(values["parent"]), given.reason))
    return UnitId(unit.pk)


def _now(unit: Unit) -> Ref[Unit]:
    unit.refresh_from_db(fields=["version"])
    return Ref(unit.public_id, unit.version)


@batch(REMOVE, turn=TURN)
def remove_units(actor: Actor, given: Sequence[int]) -> list[int]:
    """Delete units that nothing refers to, with their positions nobody holds and that have no duties.

    Returns the ids of those that stay.
    """
    described = Position.objects.filter(unit__in=given).exclude(duties="").values_list("unit_id", flat=True)
    staying = set(described)
    parts = ((UnitPlace, "unit"), (Position, "unit"))
    left = removed(actor, REMOVE, UNITS, [pk for pk in given if pk not in staying], parts)
    return [pk for pk in given if pk in staying or pk in left]


def arrange_units(rows: Sequence[Mapping[str, str]]) -> Sequence[int]:
    """Parents before their children, from the cells of a file."""
    told = ([row.get(name, "").strip() for name in ("code", "name", "parent")] for row in rows)
    return parents_first([Leaf(*one) for one in told])


def judge_units(actor: Actor, given: Sequence[Values]) -> Sequence[Answer]:
    """What each row would make (or change, where it has an `id`), or why it is refused; five statements."""
    return _Tree(actor, given).answers()


@dataclass(frozen=True, slots=True)
class _Known:
    """A unit as it is; `parent` is a code."""

    code: str
    name: str
    kind: str
    parent: str
    is_closed: bool


class _Tree:
    """The tree as it is, and as the rows of a file would have it."""

    def __init__(self, actor: Actor, given: Sequence[Values]) -> None:
        self.actor, self.given = actor, given
        rows = Unit.objects.values_list("id", "code", "name", "kind", "parent__code", "closed_on")
        self.known = {
            pk: _Known(code, name, kind, above or "", bool(end)) for pk, code, name, kind, above, end in rows
        }
        self.by_code = {unit.code: unit for unit in self.known.values()}
        self.root = next((unit.code for unit in self.known.values() if not unit.parent), "")
        self.codes = [self._code(values) for values in given]
        told = zip(self.codes, given, strict=True)
        named = [(code, str(values["name"])) for code, values in told if "name" in values]
        self.names = Names([*((unit.code, unit.name) for unit in self.known.values()), *named])

    def _code(self, values: Values) -> str:
        return self.known[values["id"]].code if "id" in values else str(values["code"]).strip()

    def answers(self) -> list[Answer]:
        """One for each row; a row whose parent is refused in the same file is refused, too."""
        made: list[Answer] = []
        for values in self.given:
            try:
                made.append(self._changed(values) if "id" in values else self._made(values))
            except DomainError as refusal:
                made.append(refusal)
        loops = looping(self._above(made))
        for place, code in enumerate(self.codes):
            if code in loops and _parent(made[place]):
                made[place] = Refused("organization.below_itself", field="parent")
        self._refuse_inside_outside(made)
        self._refuse_orphans(made)
        return made

    def _above(self, made: Sequence[Answer]) -> dict[str, str]:
        """The tree that would come of it: the code of each parent, by code."""
        above = {unit.code: unit.parent for unit in self.known.values() if unit.parent}
        for code, answer in zip(self.codes, made, strict=True):
            if _parent(answer):
                above[code] = _parent(answer)
        return above

    def _refuse_inside_outside(self, made: list[Answer]) -> None:
        kinds = {unit.code: unit.kind for unit in self.known.values()}
        kinds |= {
            code: str(answer["kind"])
            for code, answer in zip(self.codes, made, strict=True)
            if isinstance(answer, Mapping)
        }
        for place, code in enumerate(self.codes):
            try:
                rules.check_below(kinds.get(code, ""), kinds.get(_parent(made[place]), ""), field="parent")
            except Refused as refusal:
                made[place] = refusal

    def _refuse_orphans(self, made: list[Answer]) -> None:
        while True:
            refused = {
                code for code, answer in zip(self.codes, made, strict=True) if isinstance(answer, DomainError)
            }
            lost = refused - self.by_code.keys()
            places = [place for place, answer in enumerate(made) if _parent(answer) in lost]
            for place in places:
                made[place] = Malformed("organization.no_unit_above", field="parent")
            if not places:
                return

    def _made(self, values: Values) -> Values:
        code, name = rules.check_code(str(values["code"])), rules.check_name(str(values["name"]))
        if code in self.by_code:
            raise Malformed("organization.unit_code_taken", field="code")
        if values["kind"] == "company":
            raise Malformed("organization.company_is_there", field="kind", number=self.root)
        kind, parent = rules.check_kind(str(values["kind"])), self._parent_of(values)
        if self._is_closed(parent):
            raise Refused("organization.unit_closed", field="parent")
        return {"code": code, "name": name, "kind": kind, "parent": parent}

    def _changed(self, values: Values) -> Change:
        unit, wanted = self.known[values["id"]], dict[str, str]()
        if "name" in values:
            wanted["name"] = rules.check_name(str(values["name"]))
        if "parent" in values and (values["parent"] or unit.code != self.root):
            wanted["parent"] = self._parent_of(values)
        former = {"name": unit.name, "parent": unit.parent}
        after = {name: value for name, value in wanted.items() if value != former[name]}
        if any(not self.actor.can(command_name(WRITERS[name])) for name in after):
            raise NotAllowed("not_allowed")
        if "parent" in after:
            self._check_moving(unit, after["parent"])
        return Change({name: former[name] for name in after}, after)

    def _check_moving(self, unit: _Known, parent: str) -> None:
        if unit.code == self.root:
            raise Refused("organization.root_stays", field="parent")
        if self._is_closed(parent):
            raise Refused("organization.unit_closed", field="parent")

    def _parent_of(self, values: Values) -> str:
        """The code of the unit above; without one it is the company itself."""
        word = str(values.get("parent") or "").strip()
        found = self.names.meant(word) if word else {self.root}
        if not found:
            raise Malformed("organization.no_unit_above", field="parent")
        if len(found) > 1:
            raise Malformed("organization.several_units", field="parent", count=len(found))
        return next(iter(found))

    def _is_closed(self, code: str) -> bool:
        return code in self.by_code and self.by_code[code].is_closed


def _parent(answer: Answer) -> str:
    """The code of the parent that a row gives its unit; nothing where it gives none."""
    if isinstance(answer, DomainError):
        return ""
    values = answer.after if isinstance(answer, Change) else answer
    return str(values.get("parent", ""))
