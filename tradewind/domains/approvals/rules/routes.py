"""A process: ordered routes of ordered steps, as data. The first route whose conditions all hold wins."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tradewind.domains.approvals.rules.facts import Condition, check_condition, holds
from tradewind.domains.approvals.values import FactKind, FactValue
from tradewind.domains.organization.values import KINDS, NamedRole
from tradewind.kernel.errors import Malformed

MOST_ROUTES, MOST_STEPS, MOST_LEVELS, MOST_HOURS = 20, 20, 9, 720


class Who(StrEnum):
    """Whom a step asks."""

    HEAD = "head"  # of the requester's unit, or so many levels up
    KIND = "kind"  # the head of the unit of a kind above the requester
    ROLE = "role"  # everybody holding a role, in the units above the requester or in the company
    PERSONS = "persons"


class Mode(StrEnum):
    """All of them 会签, or any one 或签."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step as it is set up. `level` 1 is the head of the requester's own unit, 2 the one above.

    Hours count from the moment somebody is asked; 0 is never. `copies` read along and decide nothing.
    """

    who: Who
    level: int = 1
    kind: str = ""
    role: str = ""
    is_company_wide: bool = False
    people: tuple[int, ...] = ()
    mode: Mode = Mode.ANY
    remind_after_h: int = 0
    escalate_after_h: int = 0
    copies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A way through the company for requests of which all conditions hold."""

    name: str
    conditions: tuple[Condition, ...]
    steps: tuple[StepRule, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The routes of a process in their order, and who decides where nobody stands above the requester."""

    routes: tuple[Route, ...]
    fallback: int | None = None


def choose(arrangement: Arrangement, kinds: Mapping[str, FactKind], facts: Mapping[str, FactValue]) -> Route:
    """The first route that takes these facts; the last one takes everything."""
    for route in arrangement.routes:
        if all(holds(one, kinds[one.fact], facts.get(one.fact)) for one in route.conditions):
            return route
    raise Malformed("approvals.no_otherwise")


Roles = Mapping[str, NamedRole]


def check(arrangement: Arrangement, kinds: Mapping[str, FactKind], roles: Roles) -> None:
    """May this be put in force? Every request finds a route, every route has a step. Raises `Malformed`."""
    routes = arrangement.routes
    if not routes or len(routes) > MOST_ROUTES:
        raise Malformed("approvals.no_route")
    if routes[-1].conditions:
        raise Malformed("approvals.no_otherwise")
    for number, route in enumerate(routes, 1):
        name = route.name or str(number)
        if number < len(routes) and not route.conditions:
            raise Malformed("approvals.never_reached", route=name)
        if not route.steps or len(route.steps) > MOST_STEPS:
            raise Malformed("approvals.no_step", route=name)
        for condition in route.conditions:
            check_condition(condition, kinds)
        for place, step in enumerate(route.steps, 1):
            _check_step(step, name, place, roles)


def retired_roles(arrangement: Arrangement, roles: Roles) -> list[str]:
    """The names of retired roles that steps ask for, each once: nobody holds them."""
    steps = (step for route in arrangement.routes for step in route.steps if step.who is Who.ROLE)
    named = (roles[step.role] for step in steps if step.role in roles)
    return list(dict.fromkeys(role.name for role in named if role.is_retired))


def _check_step(step: StepRule, route: str, place: int, roles: Roles) -> None:
    is_said = {
        Who.HEAD: 1 <= step.level <= MOST_LEVELS,
        Who.KIND: step.kind in KINDS,
        Who.ROLE: step.role in roles,
        Who.PERSONS: bool(step.people),
    }[step.who]
    if not is_said:
        raise Malformed("approvals.bad_step", route=route, step=place)
    if step.who is Who.ROLE and roles[step.role].is_retired:
        raise Malformed("approvals.retired_role", route=route, step=place, role=roles[step.role].name)
    if not all(0 <= hours <= MOST_HOURS for hours in (step.remind_after_h, step.escalate_after_h)):
        raise Malformed("approvals.bad_hours")


def arrangement_of(kept: Mapping[str, Any]) -> Arrangement:
    """The arrangement as it is kept."""
    return Arrangement(tuple(_route(one) for one in kept.get("routes", ())), kept.get("fallback"))


def kept(arrangement: Arrangement) -> dict[str, Any]:
    """What is kept of it."""
    return asdict(arrangement)


def _route(one: Mapping[str, Any]) -> Route:
    conditions = tuple(Condition(c["fact"], c["op"], c["value"]) for c in one.get("conditions", ()))
    return Route(str(one.get("name", "")), conditions, tuple(step_rule(s) for s in one.get("steps", ())))


def step_rule(one: Mapping[str, Any]) -> StepRule:
    """One step as it is kept."""
    return StepRule(
        Who(one["who"]),
        one.get("level", 1),
        one.get("kind", ""),
        one.get("role", ""),
        one.get("is_company_wide", False),
        _ids(one.get("people", ())),
        Mode(one.get("mode", Mode.ANY)),
        one.get("remind_after_h", 0),
        one.get("escalate_after_h", 0),
        _ids(one.get("copies", ())),
    )


def _ids(given: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(given))
