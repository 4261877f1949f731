"""Pure: the units of a file, which name those above them by code or name, in any order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """One unit as a file names it. `parent` is a code or a name, empty for the company itself."""

    code: str
    name: str
    parent: str = ""


class Names:
    """Which units a word may mean: a code wins over a name, and several may have the same name."""

    def __init__(self, units: Iterable[tuple[str, str]]) -> None:
        self.codes: set[str] = set()
        self.called: dict[str, set[str]] = defaultdict(set)
        for code, name in units:
            self.codes.add(code)
            self.called[name].add(code)

    def meant(self, word: str) -> set[str]:
        """The codes of the units that it may mean."""
        return {word} if word in self.codes else self.called.get(word, set())


def parents_first(leaves: Sequence[Leaf]) -> list[int]:
    """The places of the units, each behind that of its parent where the file holds that too.

    Units of one height keep the order of the file; what stands below itself comes last.
    """
    names = Names((leaf.code, leaf.name) for leaf in leaves)
    above = {leaf.code: one for leaf in leaves for one in names.meant(leaf.parent) if leaf.parent}
    heights = _heights(above)
    return sorted(range(len(leaves)), key=lambda place: (heights.get(leaves[place].code, 0), place))


def looping(above: Mapping[str, str]) -> set[str]:
    """The codes that stand below themselves. `above`: the code of the parent, by code."""
    found: set[str] = set()
    settled: set[str] = set()
    for code in above:
        way: dict[str, int] = {}
        at = code
        while at in above and at not in settled and at not in way:
            way[at] = len(way)
            at = above[at]
        if at in way:
            found.update(one for one, step in way.items() if step >= way[at])
        settled.update(way)
    return found


def _heights(above: Mapping[str, str]) -> dict[str, int]:
    """How many units of the file stand above each; those of a loop come after all others."""
    never = len(above) + 1
    known = dict.fromkeys(looping(above), never)
    for code in above:
        way = []
        at = code
        while at in above and at not in known:
            way.append(at)
            at = above[at]
        height = known.get(at, 0)
        for one in reversed(way):
            height = known[one] = min(height + 1, never)
    return known
