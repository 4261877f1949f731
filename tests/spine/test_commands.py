"""Commands: gates refuse, follow-ups belong to the same transaction, names are declared once."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import acting, system
from tradewind.domains.orders.models import Order
from tradewind.domains.pipeline import commands
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import NotAllowed, Refused
from tradewind.platform.spine import command as spine
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Ref, after, all_commands, batch, gate
from tradewind.platform.spine.models import Command, Event

pytestmark = pytest.mark.django_db


def a_deal() -> Opportunity:
    with system():
        deals = Opportunity.objects.filter(owner__sign_in="seller", customer__isnull=False)
        return deals.filter(state="open").order_by("id")[0]


def win(deal: Opportunity) -> None:
    with acting("seller") as actor:
        commands.win(actor, Ref(deal.public_id, deal.version), commands.Win(Decimal(1), "x"))


@pytest.fixture
def wired() -> Iterator[spine.Declared]:
    """The declaration of `win`, put back as it was afterwards."""
    (declared,) = (d for d in all_commands() if d.name == "pipeline.opportunity.win")
    gates, follow_ups = list(declared.gates), list(declared.follow_ups)
    yield declared
    declared.gates[:], declared.follow_ups[:] = gates, follow_ups


def hold(actor: Actor, deal: Any, given: Any) -> None:
    if given.value < 100:
        raise Refused("pipeline.closed")


def test_a_gate_refuses_before_anything_is_written(wired: spine.Declared) -> None:
    gate(commands.win, hold)
    deal = a_deal()
    with pytest.raises(Refused):
        win(deal)
    with system():
        assert not Order.objects.filter(deal=deal).exists()
        assert not Command.objects.filter(name=wired.name).exists()


def fail(actor: Actor, result: Any) -> None:
    raise ZeroDivisionError


def test_a_follow_up_that_fails_undoes_the_command_and_the_follow_ups_before_it(
    wired: spine.Declared,
) -> None:
    after(commands.win, fail)
    deal = a_deal()
    with pytest.raises(ZeroDivisionError):
        win(deal)
    with system():
        assert Opportunity.objects.get(pk=deal.pk).state == "open"
        assert not Order.objects.filter(deal=deal).exists()
        assert not Event.objects.filter(kind="OpportunityClosed").exists()


def test_without_the_right_nothing_runs() -> None:
    deal = a_deal()
    with acting("finance") as actor, pytest.raises(NotAllowed):
        commands.win(actor, Ref(deal.public_id, deal.version), commands.Win(Decimal(1), "x"))


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        batch("pipeline.opportunity.win")
