"""Rows in the order of the page: units with the units, the people and the reserve in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tradewind.domains.organization.values import UnitNode
from tradewind.domains.planning.values import Kind, RowKey

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where figures stand: with a person in a unit or the unit itself; the path begins at the top row."""

    path: Path
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """Units of today's tree by id, and sign-in name and name of people by id."""

    units: Mapping[int, UnitNode]
    people: Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its stable id on the page, its parent's, how deep it stands, and the places it sums up."""

    id: str
    parent: str
    depth: int
    key: RowKey
    label: str
    unit_id: int
    person_id: int | None
    places: tuple[Place, ...]


def outline(places: Iterable[Place], names: Names) -> list[Line]:
    """Every unit on the way to a place, and the places themselves, from the top down.

    In a unit: the units below by code, its people by name, last its reserve.
    """
    below: dict[Path, list[Place]] = {}
    inner: dict[Path, set[Path]] = {}
    for place in dict.fromkeys(places):
        for depth in range(1, len(place.path) + 1):
            below.setdefault(place.path[:depth], []).append(place)
            inner.setdefault(place.path[: depth - 1], set()).add(place.path[:depth])
    tree = _Tree(below, inner, _ids(below), names)
    lines: list[Line] = []
    for top in tree.units_in(()):
        _unit(top, tree, lines)
    return lines


@dataclass(frozen=True, slots=True)
class _Tree:
    """Unit paths with everything below them, the paths right in them, and their ids on the page."""

    below: Mapping[Path, Sequence[Place]]
    inner: Mapping[Path, set[Path]]
    ids: Mapping[Path, str]
    names: Names

    def units_in(self, path: Path) -> list[Path]:
        return sorted(self.inner.get(path, ()), key=lambda one: self.names.units[one[-1]].code)


def _ids(paths: Iterable[Path]) -> dict[Path, str]:
    """By the unit, so that a part of the tree has the ids of the whole; seen twice it is told apart."""
    ids: dict[Path, str] = {(): ""}
    taken: set[int] = set()
    for path in sorted(paths):
        ids[path] = f"u{path[-1]}" if path[-1] not in taken else "u" + "-".join(map(str, path))
        taken.add(path[-1])
    return ids


def _unit(path: Path, tree: _Tree, lines: list[Line]) -> None:
    unit, places, row_id = tree.names.units[path[-1]], tree.below[path], tree.ids[path]
    key, depth = RowKey(Kind.UNIT, unit.code), len(path) - 1
    lines.append(Line(row_id, tree.ids[path[:-1]], depth, key, unit.name, unit.id, None, tuple(places)))
    for one in tree.units_in(path):
        _unit(one, tree, lines)
    own = [place for place in places if place.path == path]
    for place in sorted(own, key=lambda place: _order(place, tree.names)):
        lines.append(_leaf(place, unit, row_id, depth + 1, tree.names))


def _leaf(place: Place, unit: UnitNode, parent: str, depth: int, names: Names) -> Line:
    base = parent or f"u{unit.id}"
    if place.person_id is None:
        key, label, row_id = RowKey(Kind.RESERVE, unit.code), "", f"{base}r"
    else:
        sign_in, label = names.people.get(place.person_id, ("?", "?"))
        key, row_id = RowKey(Kind.PERSON, unit.code, sign_in), f"{base}p{place.person_id}"
    return Line(row_id, parent, depth, key, label, unit.id, place.person_id, (place,))


def _order(place: Place, names: Names) -> tuple[bool, str, str]:
    if place.person_id is None:
        return True, "", ""
    sign_in, name = names.people.get(place.person_id, ("?", "?"))
    return False, name, sign_in


def alone(places: Iterable[Place], names: Names) -> list[Line]:
    """People's rows without the units above them, for whoever sees only their own."""
    ordered = sorted(dict.fromkeys(places), key=lambda place: (_order(place, names), place.path))
    return [_leaf(place, names.units[place.path[-1]], "", 0, names) for place in ordered]
