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
    for place in dict.fromkeys(places):
        for depth in range(1, len(place.path) + 1):
            below.setdefault(place.path[:depth], []).append(place)
    lines: list[Line] = []
    for top in sorted({path[:1] for path in below}, key=lambda path: names.units[path[-1]].code):
        _unit(top, below, names, lines)
    return lines


def _unit(path: Path, below: Mapping[Path, Sequence[Place]], names: Names, lines: list[Line]) -> None:
    unit, places = names.units[path[-1]], below[path]
    row_id, depth = _id(path), len(path) - 1
    key = RowKey(Kind.UNIT, unit.code)
    lines.append(Line(row_id, _id(path[:-1]), depth, key, unit.name, unit.id, None, tuple(places)))
    inner = {place.path[: len(path) + 1] for place in places if len(place.path) > len(path)}
    for one in sorted(inner, key=lambda one: names.units[one[-1]].code):
        _unit(one, below, names, lines)
    own = [place for place in places if place.path == path]
    for place in sorted(own, key=lambda place: _order(place, names)):
        lines.append(_leaf(place, unit, row_id, depth + 1, names))


def _leaf(place: Place, unit: UnitNode, parent: str, depth: int, names: Names) -> Line:
    if place.person_id is None:
        key, label, row_id = RowKey(Kind.RESERVE, unit.code), "", f"{_id(place.path)}r"
    else:
        sign_in, label = names.people.get(place.person_id, ("?", "?"))
        key, row_id = RowKey(Kind.PERSON, unit.code, sign_in), f"{_id(place.path)}p{place.person_id}"
    return Line(row_id, parent, depth, key, label, unit.id, place.person_id, (place,))


def _order(place: Place, names: Names) -> tuple[bool, str, str]:
    if place.person_id is None:
        return True, "", ""
    sign_in, name = names.people.get(place.person_id, ("?", "?"))
    return False, name, sign_in


def _id(path: Path) -> str:
    return "u" + "-".join(map(str, path)) if path else ""


def alone(places: Iterable[Place], names: Names) -> list[Line]:
    """People's rows without the units above them, for whoever sees only their own."""
    ordered = sorted(dict.fromkeys(places), key=lambda place: (_order(place, names), place.path))
    return [_leaf(place, names.units[place.path[-1]], "", 0, names) for place in ordered]
