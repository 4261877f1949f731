"""Conditions over facts: what a route asks before it takes a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tradewind.domains.approvals.values import FactKind, FactValue
from tradewind.kernel.errors import Malformed

ORDER: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
}
NUMBERS = (FactKind.MONEY, FactKind.RATE, FactKind.NUMBER)
OPERATORS: Mapping[FactKind, tuple[str, ...]] = {
    **dict.fromkeys(NUMBERS, tuple(ORDER)),
    FactKind.UNIT: ("in", "not_in"),
    FactKind.CHOICE: ("=", "!="),
    FactKind.BOOL: ("=",),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact held against a value, written as the designer keeps it: rates as fractions, units by id."""

    fact: str
    op: str
    value: str


def holds(condition: Condition, kind: FactKind, fact: FactValue) -> bool:
    """Is it so? What is not known satisfies no condition, not even “is not”."""
    if fact is None:
        return False
    if kind in NUMBERS:
        assert isinstance(fact, Decimal)  # noqa: S101 kinds are checked when the request is made
        return ORDER[condition.op](fact, Decimal(condition.value))
    if kind is FactKind.UNIT:
        assert isinstance(fact, tuple)  # noqa: S101
        return (int(condition.value) in fact) == (condition.op == "in")
    if kind is FactKind.BOOL:
        return fact is (condition.value == "true")
    return (fact == condition.value) == (condition.op == "=")


def check_condition(condition: Condition, kinds: Mapping[str, FactKind]) -> None:
    """A known fact, a comparison that fits its kind, a value of that kind. Raises `Malformed`."""
    kind = kinds.get(condition.fact)
    if kind is None:
        raise Malformed("approvals.unknown_fact", fact=condition.fact[:40])
    if condition.op not in OPERATORS[kind]:
        raise Malformed("approvals.bad_condition", fact=condition.fact)
    if not _is_value(condition.value, kind):
        raise Malformed("approvals.bad_value", fact=condition.fact, value=condition.value[:40])


def _is_value(value: str, kind: FactKind) -> bool:
    if kind in NUMBERS:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return False
        return number.is_finite() and abs(number) < Decimal(10) ** 15
    if kind is FactKind.UNIT:
        return value.isascii() and value.isdigit() and len(value) < 19
    if kind is FactKind.BOOL:
        return value in ("true", "false")
    return bool(value) and len(value) <= 200
