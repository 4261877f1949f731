"""Asking for a new price and deciding on it, as the cast does."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import acting, system
from tradewind.domains.approvals import commands
from tradewind.domains.approvals.commands import Note
from tradewind.domains.approvals.models import Participant, Request
from tradewind.domains.catalog.models import Product
from tradewind.domains.organization.models import Person
from tradewind.domains.organization.queries import actor_named
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope
from tradewind.platform.spine.command import Given, Ref

PRICE, OWNER = "catalog.product.price", "customers.customer.owner"


def product(code: str = "ZN-GATE") -> Product:
    with system():
        return Product.objects.get(code=code)


def person(name: str) -> Person:
    with system():
        return Person.objects.get(sign_in=name)


def ask(who: str, price: str | int, code: str = "ZN-GATE", reason: str = "跟进市场价") -> Request:
    row = product(code)
    values = {"list_price": Decimal(price)}
    given = {"subject": PRICE, "object": row.public_id, "object_version": row.version, "values": values}
    with acting(who) as actor:
        return commands.submit(actor, Given(given, reason))


def now(one: Request) -> Request:
    with system():
        return Request.objects.get(pk=one.pk)


def act(who: str | Actor, command: Any, one: Request, said: object = Note()) -> Request:
    with scope(actor_named(who) if isinstance(who, str) else who) as actor:
        command(actor, Ref(one.public_id, now(one).version), said)
    return now(one)


def refused(code: str, *given: Any) -> DomainError:
    with pytest.raises(DomainError) as found:
        act(*given)
    assert found.value.code == code
    return found.value


def asked(one: Request) -> list[str]:
    with system():
        rows = Participant.objects.filter(request=one, is_asked=True)
        return sorted(rows.values_list("person__sign_in", flat=True))


def standing_in(who: str, *away: str) -> Actor:
    """One of the cast, on a day when these people are away and named them."""
    return replace(actor_named(who), stands_in_for=frozenset(person(name).pk for name in away))
