"""From a route to people: who decides each step today, and why somebody else than one would expect."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tradewind.domains.approvals.rules.routes import Route, StepRule, Who
from tradewind.domains.organization.values import KINDS, Standing
from tradewind.kernel.errors import Refused


class Why(StrEnum):
    """Why a step asks somebody else than its rule names first."""

    VACANT = "vacant"  # the unit has no head who can sign in
    OWN = "own"  # the head is who asks
    NO_UNIT = "no_unit"  # no unit of this kind above the requester; the next larger takes its place
    AWAY = "away"  # a named person works here no longer
    UNHELD = "unheld"  # nobody within reach holds the role
    RETIRED = "retired"  # the role is there no more, so that nobody can hold it
    SECOND = "second"  # the second person named for the process


@dataclass(frozen=True, slots=True)
class Notice:
    """One replacement: of the head of a unit, of a person, or of a role nobody holds."""

    why: Why
    unit_id: int | None = None
    person_id: int | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with the people it asks, and what was replaced on the way to them."""

    rule: StepRule
    people: tuple[int, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, from which unit, and the second person of the process."""

    person_id: int
    unit_id: int
    fallback: int | None = None


def resolve(route: Route, asking: Asking, standing: Standing) -> tuple[Planned, ...]:
    """The path of a request, every step with at least one decider who is not the requester.

    A vacant post and the requester's own go one level up; above the top, and where a role or the named
    people leave nobody, stands the second person. Raises `Refused` where there is none.
    """
    return tuple(_planned(rule, number, asking, standing) for number, rule in enumerate(route.steps, 1))


def _planned(rule: StepRule, number: int, asking: Asking, standing: Standing) -> Planned:
    if rule.who in (Who.HEAD, Who.KIND):
        return _head(rule, number, asking, standing)
    named = rule.people if rule.who is Who.PERSONS else tuple(sorted(_holders(rule, asking, standing)))
    notices = tuple(_left_out(named, asking, standing)) if named else (_unheld(rule, standing),)
    people = tuple(one for one in named if one in standing.unit_of and one != asking.person_id)
    if people:
        return Planned(rule, people, notices)
    if second := _second(asking, standing):
        return Planned(rule, (second,), (*notices, Notice(Why.SECOND, person_id=second)))
    words = tuple(standing.names.get(one, str(one)) for one in named) or role_name(rule.role, standing)
    if any(notice.why is Why.RETIRED for notice in notices):
        raise Refused("approvals.role_gone", step=number, role=words)
    raise Refused("approvals.nobody_named", step=number, who=words)


def role_name(key: str, standing: Standing) -> str:
    """What a role is called, also one that is retired."""
    return standing.roles[key].name if key in standing.roles else key


def _unheld(rule: StepRule, standing: Standing) -> Notice:
    known = standing.roles.get(rule.role)
    return Notice(Why.RETIRED if known is None or known.is_retired else Why.UNHELD, role=rule.role)


def _left_out(named: tuple[int, ...], asking: Asking, standing: Standing) -> Iterator[Notice]:
    for person_id in named:
        if person_id == asking.person_id:
            yield Notice(Why.OWN, person_id=person_id)
        elif person_id not in standing.unit_of:
            yield Notice(Why.AWAY, person_id=person_id)


def _head(rule: StepRule, number: int, asking: Asking, standing: Standing) -> Planned:
    chain = standing.path_of[asking.unit_id][::-1]  # the requester's own unit first, the company last
    start, notices = _start(rule, chain, standing.kind_of)
    for unit_id in chain[start:]:
        head = standing.head_of.get(unit_id)
        if head is not None and head != asking.person_id:
            return Planned(rule, (head,), tuple(notices))
        notices.append(Notice(Why.VACANT if head is None else Why.OWN, unit_id))
    if second := _second(asking, standing):
        return Planned(rule, (second,), (*notices, Notice(Why.SECOND, person_id=second)))
    unit = standing.unit_names.get(chain[start], "")
    raise Refused("approvals.nobody_decides", step=number, unit=unit)


def _start(rule: StepRule, chain: tuple[int, ...], kind_of: Mapping[int, str]) -> tuple[int, list[Notice]]:
    """Where to begin looking upward; a company with fewer levels ends at its top."""
    if rule.who is Who.HEAD:
        return min(rule.level, len(chain)) - 1, []
    kinds = [kind_of[unit_id] for unit_id in chain]
    if rule.kind in kinds:
        return kinds.index(rule.kind), []
    rank = KINDS.index(rule.kind)
    larger = (place for place, kind in enumerate(kinds) if kind in KINDS and KINDS.index(kind) < rank)
    start = next(larger, len(chain) - 1)
    return start, [Notice(Why.NO_UNIT, chain[start])]


def _holders(rule: StepRule, asking: Asking, standing: Standing) -> frozenset[int]:
    holders = standing.held.get(rule.role, frozenset())
    if rule.is_company_wide:
        return holders
    chain = set(standing.path_of[asking.unit_id])
    return frozenset(one for one in holders if standing.unit_of.get(one) in chain)


def _second(asking: Asking, standing: Standing) -> int | None:
    is_there = asking.fallback in standing.unit_of and asking.fallback != asking.person_id
    return asking.fallback if is_there else None


def next_head_up(person_id: int, barred: frozenset[int], standing: Standing) -> int | None:
    """To whom a step goes that nobody decided in time: the next head above this person who is not barred."""
    unit_id = standing.unit_of.get(person_id)
    if unit_id is None:
        return None
    heads = (standing.head_of.get(above) for above in reversed(standing.path_of[unit_id]))
    return next((head for head in heads if head not in (None, person_id) and head not in barred), None)
