"""A small company for worked examples, and any company for explorations."""

from collections.abc import Mapping

from hypothesis import strategies as st

from tradewind.domains.approvals.rules.routes import Mode, Route, StepRule, Who
from tradewind.domains.organization.values import KINDS, ROLE_NAMES, NamedRole, Standing

COMPANY, EAST, SHANGHAI = 1, 2, 3
DIRECTOR, EAST_HEAD, MANAGER, SELLER, FINANCE, ADMIN = 10, 20, 30, 31, 40, 50
ROLES = {key: NamedRole(name, key) for key, name in ROLE_NAMES.items()} | {
    "role7": NamedRole("法务", "finance"),
    "role8": NamedRole("老法务", "finance", is_retired=True),
}
NAMES = {10: "许远航", 20: "东区", 30: "林岚", 31: "陈小雨", 40: "钱敏", 50: "周正"}


def standing(heads: Mapping[int, int] | None = None, gone: frozenset[int] = frozenset()) -> Standing:
    """Company > East > Shanghai; without heads given, the director, nobody for East, and the manager."""
    unit_of = {DIRECTOR: 1, EAST_HEAD: 2, MANAGER: 3, SELLER: 3, FINANCE: 1, ADMIN: 1}
    return Standing(
        {1: (1,), 2: (1, 2), 3: (1, 2, 3)},
        {1: "company", 2: "region", 3: "team"},
        {1: "公司", 2: "华东大区", 3: "上海销售部"},
        {unit: one for unit, one in (heads or {1: DIRECTOR, 3: MANAGER}).items() if one not in gone},
        {person: unit for person, unit in unit_of.items() if person not in gone},
        {"finance": frozenset({FINANCE}), "manager": frozenset({MANAGER})},
        NAMES,
        ROLES,
    )


def head(level: int = 1, mode: Mode = Mode.ANY) -> StepRule:
    return StepRule(Who.HEAD, level, mode=mode)


def persons(*people: int, mode: Mode = Mode.ALL) -> StepRule:
    return StepRule(Who.PERSONS, people=people, mode=mode)


def route(*steps: StepRule) -> Route:
    return Route("", (), steps)


@st.composite
def companies(draw: st.DrawFn) -> Standing:
    """A tree of up to seven units, up to seven people in them, some heads, some roles."""
    count = draw(st.integers(1, 7))
    path_of: dict[int, tuple[int, ...]] = {1: (1,)}
    for unit in range(2, count + 1):
        path_of[unit] = (*path_of[draw(st.integers(1, unit - 1))], unit)
    kind_of = {unit: draw(st.sampled_from(KINDS[1:])) for unit in path_of} | {1: "company"}
    people = draw(st.integers(1, 7))
    unit_of = {person: draw(st.sampled_from(sorted(path_of))) for person in range(1, people + 1)}
    head_of = {}
    for unit in path_of:
        inside = [person for person, at in unit_of.items() if at == unit]
        head = draw(st.sampled_from([None, *inside]))
        if head is not None:
            head_of[unit] = head
    some = st.sets(st.sampled_from(sorted(unit_of))).map(frozenset)
    held = {role: draw(some) for role in ("finance", "hr", "role7")}
    names = {person: f"P{person}" for person in unit_of}
    return Standing(path_of, kind_of, {u: f"U{u}" for u in path_of}, head_of, unit_of, held, names, ROLES)


def steps() -> st.SearchStrategy[StepRule]:
    """Any step that may be put in force."""
    return st.builds(
        StepRule,
        st.sampled_from(Who),
        st.integers(1, 5),
        st.sampled_from(KINDS),
        st.sampled_from(sorted(ROLES)),
        st.booleans(),
        st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True).map(tuple),
        st.sampled_from(Mode),
    )
