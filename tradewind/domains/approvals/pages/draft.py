"""A process on its way through the designer's form: read from it, changed by its buttons, written to it."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from tradewind.domains.approvals.rules.facts import Condition
from tradewind.domains.approvals.rules.routes import (
    MOST_HOURS,
    MOST_ROUTES,
    MOST_STEPS,
    Arrangement,
    Mode,
    Route,
    StepRule,
    Who,
)
from tradewind.domains.approvals.values import FactKind
from tradewind.kernel.rounding import half_up
from tradewind.platform.surface.shell.numbers import plain_number

BLANK_STEP = StepRule(Who.HEAD, 1, remind_after_h=24, escalate_after_h=72)
Kinds = Mapping[str, FactKind]


def read(given: QueryDict, kinds: Kinds) -> Arrangement:
    """What the form says, finished or not."""
    routes = tuple(_route(given, f"r{n}", kinds) for n in _numbers(given, "r", MOST_ROUTES))
    return Arrangement(routes, _id(given.get("fallback", "")))


def _numbers(given: QueryDict, prefix: str, most: int) -> list[int]:
    """The places that the form holds, in order."""
    return [n for n in range(most) if f"{prefix}{n}-is" in given]


def _route(given: QueryDict, at: str, kinds: Kinds) -> Route:
    conditions = tuple(_condition(given, f"{at}-c{n}", kinds) for n in _numbers(given, f"{at}-c", MOST_STEPS))
    steps = tuple(_step(given, f"{at}-s{n}") for n in _numbers(given, f"{at}-s", MOST_STEPS))
    return Route(given.get(f"{at}-name", "").strip()[:80], conditions, steps)


def _condition(given: QueryDict, at: str, kinds: Kinds) -> Condition:
    fact, op = given.get(f"{at}-fact", "")[:40], given.get(f"{at}-op", "")[:10]
    return Condition(fact, op, kept_value(given.get(f"{at}-value", "").strip()[:200], kinds.get(fact)))


def kept_value(text: str, kind: FactKind | None) -> str:
    """A typed value as it is kept: 10 or 10% of a rate is 0.1, 10万 of money is 100000."""
    if kind is FactKind.RATE:
        number = plain_number(text.removesuffix("%"))
        return _scaled(number)
    return plain_number(text) if kind in (FactKind.MONEY, FactKind.NUMBER) else text


def _scaled(number: str) -> str:
    from decimal import Decimal, InvalidOperation

    try:
        return f"{half_up(Decimal(number) / 100, 6).normalize():f}"
    except InvalidOperation:
        return number


def shown_value(kept: str, kind: FactKind | None) -> str:
    """The same the other way round: a rate as percent."""
    from decimal import Decimal, InvalidOperation

    if kind is not FactKind.RATE:
        return kept
    try:
        return f"{(Decimal(kept) * 100).normalize():f}"
    except InvalidOperation:
        return kept


def _step(given: QueryDict, at: str) -> StepRule:
    who, _colon, which = given.get(f"{at}-who", "").partition(":")
    return StepRule(
        Who(who) if who in list(Who) else Who.PERSONS,
        level=int(which) if who == Who.HEAD and which.isdecimal() and len(which) < 3 else 1,
        kind=which[:20] if who == Who.KIND else "",
        role=which.removesuffix("*")[:20] if who == Who.ROLE else "",
        is_company_wide=which.endswith("*"),
        people=_ids(given, f"{at}-people"),
        mode=Mode.ALL if given.get(f"{at}-mode") == Mode.ALL else Mode.ANY,
        remind_after_h=_hours(given.get(f"{at}-remind", "")),
        escalate_after_h=_hours(given.get(f"{at}-escalate", "")),
        copies=_ids(given, f"{at}-copies"),
    )


def who_word(step: StepRule) -> str:
    """Whom a step asks, as the one select of the designer writes it."""
    which = {
        Who.HEAD: str(step.level),
        Who.KIND: step.kind,
        Who.ROLE: step.role + "*" * step.is_company_wide,
        Who.PERSONS: "",
    }[step.who]
    return f"{step.who}:{which}"


def _hours(text: str) -> int:
    return (
        int(text)
        if text.isascii() and text.isdecimal() and len(text) < 5
        else (0 if not text else MOST_HOURS + 1)
    )


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _ids(given: QueryDict, name: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(pk for text in given.getlist(name)[:50] if (pk := _id(text)) is not None))


def changed(draft: Arrangement, do: str) -> Arrangement:
    """After one of the designer's buttons: verb, route and perhaps place, like `up_step:0:2`."""
    verb, *places = do.split(":")
    at = [int(place) for place in places if place.isdecimal() and len(place) < 3]
    routes = list(draft.routes)
    act, _underscore, what = verb.partition("_")
    if what == "route":
        blank = Route("", (), (BLANK_STEP,))
        # A new one stands before the last, which takes the rest.
        _turn(routes, act, at[0] if at else max(len(routes) - 1, 0), blank)
    elif what in ("step", "condition") and at and at[0] < len(routes):
        routes[at[0]] = _within(routes[at[0]], act, what, at[1] if len(at) > 1 else 99)
    return Arrangement(tuple(routes), draft.fallback)


def _within(route: Route, act: str, what: str, place: int) -> Route:
    if what == "step":
        steps: list[Any] = list(route.steps)
        _turn(steps, act, place, BLANK_STEP)
        return Route(route.name, route.conditions, tuple(steps))
    conditions: list[Any] = list(route.conditions)
    _turn(conditions, act, place, Condition("", "", ""))
    return Route(route.name, tuple(conditions), route.steps)


def _turn(items: list[Any], act: str, place: int, blank: Any) -> None:
    if act == "add" and len(items) < MOST_STEPS:
        items.insert(place, blank)
    elif act == "drop" and place < len(items):
        items.pop(place)
    elif act == "up" and 0 < place < len(items):
        items[place - 1], items[place] = items[place], items[place - 1]
    elif act == "down" and place < len(items) - 1:
        items[place + 1], items[place] = items[place], items[place + 1]
