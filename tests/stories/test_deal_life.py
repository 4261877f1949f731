"""A deal's life: opened, moved, stuck, planned, taken back, lost, reopened, won — and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from tests.conftest import acting, system
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.catalog.models import Product
from tradewind.domains.customers.models import Customer
from tradewind.domains.ledger import rules as figures
from tradewind.domains.ledger.commands import sync
from tradewind.domains.ledger.queries import figure
from tradewind.domains.orders.models import Order, OrderLine
from tradewind.domains.organization.models import Person
from tradewind.domains.pipeline import commands, queries
from tradewind.domains.pipeline.measures import FLOWS
from tradewind.domains.pipeline.models import Opportunity, Stage, StageMove
from tradewind.domains.pipeline.queries.board import card_of
from tradewind.kernel.errors import Malformed, Refused, StaleVersion
from tradewind.platform.spine.command import Given, Ref
from tradewind.platform.spine.models import Command, Event

pytestmark = pytest.mark.django_db


def person(name: str) -> int:
    return Person.objects.get(sign_in=name).pk


def stage(key: str) -> Stage:
    return Stage.objects.get(key=key, pipeline__is_default=True)


def opened(who: str = "seller", **values: object) -> Opportunity:
    """A deal opened here, today, by one of the cast."""
    with acting(who) as actor:
        made = commands.create_opportunity(actor, Given({"title": "新厂 MES 项目", **values}))
        return Opportunity.objects.get(pk=made.id)


def act(name: str, deal: Opportunity, given: Any, who: str = "seller") -> Opportunity:
    """One command on the deal as it is now; the deal afterwards."""
    with acting(who) as actor:
        deal.refresh_from_db()
        getattr(commands, name)(actor, Ref(deal.public_id, deal.version), given)
        return Opportunity.objects.select_related("stage", "owner", "unit").get(pk=deal.pk)


def move(deal: Opportunity, key: str, who: str = "seller") -> Opportunity:
    return act("move_stage", deal, commands.MoveTo(key), who)


def aged(deal: Opportunity, days: int) -> None:
    """As if the deal had come where it is so many days earlier."""
    with system():
        earlier = deal.stage_on - timedelta(days=days)
        Opportunity.objects.filter(pk=deal.pk).update(stage_on=earlier, opened_on=earlier)
        StageMove.objects.filter(deal=deal).update(moved_on=earlier, opened_on=earlier)
        sync(FLOWS, [deal.pk])


def history(deal: Opportunity) -> list[tuple[str | None, str, int | None]]:
    with system():
        rows = StageMove.objects.filter(deal=deal, is_undone=False).order_by("id")
        return list(rows.values_list("from_stage__key", "to_stage__key", "days"))


def total(measure: str) -> Decimal:
    with acting("director") as actor:
        return figure(actor, figures.question(measure)).total or Decimal(0)


def is_sound() -> bool:
    return all(finding.is_right for finding in verify())


def test_a_deal_opened_here_has_a_number_a_first_stage_and_counts_for_its_opener() -> None:
    before = total("new_opportunities")
    deal = opened(amount=Decimal("88000.00"), close_on=TEST_DAY + timedelta(days=30))
    with system():
        assert (deal.number[:2], deal.stage.key, deal.state) == ("SJ", "prospecting", "open")
        assert (deal.owner.sign_in, deal.opener.sign_in, deal.unit.code) == ("seller", "seller", "sh1")
        assert Event.objects.filter(kind="OpportunityOpened", facts__opportunity_id=deal.pk).exists()
        act_of = Command.objects.get(name="pipeline.opportunity.create")
        assert (act_of.resource, act_of.object_id) == ("pipeline.opportunity", deal.pk)
    assert history(deal) == [(None, "prospecting", None)]
    assert total("new_opportunities") - before == 1
    assert opened().number > deal.number
    assert is_sound()


def test_a_number_that_an_import_took_is_passed_over() -> None:
    number = opened().number
    following = f"SJ{int(number[2:]) + 1:06d}"
    with system():
        Opportunity.objects.filter(number="OP00001").update(number=following)
    assert opened().number == f"SJ{int(number[2:]) + 2:06d}"


def test_a_deal_moves_is_stuck_wins_and_makes_an_order() -> None:
    deal = opened(amount=Decimal(50000))
    aged(deal, 10)
    deal = move(deal, "proposal")
    assert history(deal) == [(None, "prospecting", None), ("prospecting", "proposal", 10)]
    with acting("seller") as actor:
        shown = queries.deal(actor, deal.public_id)
        assert not card_of(shown, TEST_DAY).is_stuck
        limit = queries.limit_of(shown.stage)
        assert limit is not None
        shown.stage_on = TEST_DAY - timedelta(days=limit)
        assert not card_of(shown, TEST_DAY).is_stuck, "as long as four of five is not stuck yet"
        shown.stage_on -= timedelta(days=1)
        assert card_of(shown, TEST_DAY).is_stuck
        assert card_of(shown, TEST_DAY).needs_step
    customer = known_customer()
    deal = act("win", deal, commands.Win(Decimal("48000.50"), customer=customer, reason_code="fit"))
    assert (deal.state, deal.stage.key, deal.value, deal.reason) == ("won", "won", Decimal("48000.50"), "")
    assert history(deal)[-1] == ("proposal", "won", 0)
    with system():
        order = Order.objects.get(deal=deal)
        (line,) = OrderLine.objects.filter(order=order)
        assert (order.amount, line.product_id) == (Decimal("48000.50"), None), "nobody named a product"
        assert StageMove.objects.get(deal=deal, to_stage__key="won").amount == Decimal(50000)
    assert is_sound()


def known_customer() -> str:
    with system():
        return Customer.objects.filter(owner__sign_in="seller").order_by("id")[0].code


def test_a_lost_deal_is_reopened_where_it_was_lost_and_no_longer_counts_as_lost() -> None:
    deal, before = move(opened(), "negotiation"), total("lost_deals")
    deal = act("lose", deal, commands.Loss("预算没批", "budget"))
    assert total("lost_deals") - before == 1
    deal = act("reopen", deal, commands.Reopening("预算又批了"), who="manager")
    assert (deal.state, deal.stage.key, deal.closed_on, deal.reason) == ("open", "negotiation", None, "")
    assert deal.reason_code_id is None
    assert total("lost_deals") == before
    with system():
        notes = list(StageMove.objects.filter(deal=deal).order_by("id").values_list("note", flat=True))
    assert notes[-2:] == ["预算没批", "预算又批了"], "both reasons stay in the history"
    assert is_sound()
    with pytest.raises(Refused) as refusal:
        act("reopen", deal, commands.Reopening("noch einmal"))
    assert refusal.value.code == "pipeline.not_lost"


def test_a_won_deal_stays_won() -> None:
    deal = act("win", opened(), commands.Win(Decimal(1), "x", known_customer()))
    with pytest.raises(Refused) as refusal:
        act("reopen", deal, commands.Reopening("x"))
    assert refusal.value.code == "pipeline.won_is_final"
    for name, given in (("move_stage", commands.MoveTo("proposal")), ("undo_move", commands.TakeBack())):
        with pytest.raises(Refused):
            act(name, deal, given)
    with pytest.raises(Refused):
        act("edit_opportunity", deal, Given({"title": "anders"}))


def test_a_move_taken_back_leaves_the_deal_as_if_it_had_not_been_and_its_record_marked() -> None:
    deal = opened()
    aged(deal, 25)
    deal = move(deal, "negotiation")
    deal = act("undo_move", deal, commands.TakeBack())
    assert (deal.stage.key, deal.furthest_id) == ("prospecting", deal.stage_id)
    assert deal.stage_on == TEST_DAY - timedelta(days=25), "its days here go on"
    assert history(deal) == [(None, "prospecting", None)]
    with system():
        assert StageMove.objects.filter(deal=deal, is_undone=True).count() == 1
    assert is_sound()
    with pytest.raises(Refused):
        act("undo_move", deal, commands.TakeBack())


def test_only_ones_own_fresh_moves_are_taken_back() -> None:
    deal = move(opened(), "engaging")
    with pytest.raises(Refused):
        act("undo_move", deal, commands.TakeBack(), who="manager")
    with system():
        last = StageMove.objects.filter(deal=deal).order_by("-id")[0]
        StageMove.objects.filter(pk=last.pk).update(moved_at=last.moved_at - timedelta(minutes=11))
    with pytest.raises(Refused) as refusal:
        act("undo_move", deal, commands.TakeBack())
    assert refusal.value.code == "pipeline.nothing_to_undo"


def test_moving_back_keeps_the_furthest_stage_and_a_lost_deal_the_way_it_came() -> None:
    deal = move(move(opened(), "negotiation"), "engaging")
    with system():
        assert (deal.stage.key, deal.furthest.key) == ("engaging", "negotiation")
    deal = act("lose", deal, commands.Loss(reason_code="price"))
    with system():
        assert Opportunity.objects.get(pk=deal.pk).furthest.key == "negotiation"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("prospecting", "pipeline.stage_same"),
        ("won", "pipeline.stage_closes"),
        ("lost", "pipeline.stage_closes"),
        ("nowhere", "pipeline.stage_unknown"),
        ("", "pipeline.stage_unknown"),
    ],
)
def test_a_deal_cannot_move_there(key: str, code: str) -> None:
    with pytest.raises(Malformed) as refusal:
        move(opened(), key)
    assert (refusal.value.code, refusal.value.field) == (code, "stage")


def test_a_stale_move_changes_nothing() -> None:
    deal = opened()
    with acting("seller") as actor, pytest.raises(StaleVersion):
        commands.move_stage(actor, Ref(deal.public_id, deal.version + 1), commands.MoveTo("proposal"))
    assert history(deal) == [(None, "prospecting", None)]


# -- Many at once ------------------------------------------------------------------------------------


def facts(deals: list[Opportunity]) -> list[tuple[object, ...]]:
    ids = [deal.pk for deal in deals]
    rows = Opportunity.objects.filter(pk__in=ids).order_by("id")
    moves = StageMove.objects.filter(deal__in=ids).order_by("deal", "id")
    return [
        *rows.values_list("stage__key", "state", "furthest__key", "stage_on", "version"),
        *moves.values_list("deal", "from_stage__key", "to_stage__key", "moved_on", "days", "person", "note"),
    ]


class Again(Exception):
    """Undo what was done so far."""


def test_moving_many_gives_the_same_as_moving_one_after_the_other() -> None:
    deals = [opened(), move(opened(), "engaging"), move(opened(), "negotiation")]
    outcomes: list[object] = []
    with acting("seller") as actor:
        try:
            with transaction.atomic():
                for deal in deals:
                    commands.move_stage(
                        actor, Ref(deal.public_id, deal.version), commands.MoveTo("proposal", "", "展会后")
                    )
                outcomes.append(facts(deals))
                raise Again
        except Again:
            seen = [(deal.public_id, deal.version) for deal in deals]
            moved = commands.move_many(actor, commands.MoveMany(seen, "proposal", "", "展会后"))
        outcomes.append(facts(deals))
    assert outcomes[0] == outcomes[1]
    assert (set(moved.ids), moved.refused) == ({deal.pk for deal in deals}, ())


def test_of_many_those_that_cannot_go_are_named_and_the_others_go() -> None:
    fine, old, there = opened(), opened(), move(opened(), "proposal")
    lost = act("lose", opened(), commands.Loss("x"))
    hidden = opened("chu.ning")
    asked: list[tuple[UUID | str, int]] = [
        (fine.public_id, fine.version),
        (fine.public_id, fine.version),
        (old.public_id, old.version + 7),
        (there.public_id, there.version),
        (lost.public_id, lost.version),
        (hidden.public_id, hidden.version),
        ("no id", 1),
    ]
    with acting("seller") as actor:
        moved = commands.move_many(actor, commands.MoveMany(asked, "proposal"))
    assert moved.ids == (fine.pk,)
    assert dict(moved.refused) == {
        "no id": "not_found",
        str(old.public_id): "stale",
        str(there.public_id): "pipeline.stage_same",
        str(lost.public_id): "pipeline.closed",
        str(hidden.public_id): "not_found",
    }
    assert is_sound()
    with acting("seller") as actor, pytest.raises(Malformed):
        commands.move_many(actor, commands.MoveMany([(fine.public_id, 1)] * 501, "proposal"))


# -- Whose deals, and what they may say --------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "owner", "may"),
    [
        ("seller", "seller", True),
        ("seller", "wu.qiang", False),
        ("manager", "wu.qiang", True),
        ("manager", "chu.ning", False),
        ("director", "chu.ning", True),
        ("admin", "seller", True),
    ],
)
def test_a_deal_is_opened_and_handed_on_within_ones_reach_only(who: str, owner: str, may: bool) -> None:
    with system():
        owner_id = person(owner)
    try:
        deal = opened(who, owner_id=owner_id)
        assert may
        with system():
            assert deal.owner.sign_in == owner
    except Malformed as refusal:
        assert (may, refusal.code, refusal.field) == (False, "pipeline.owner_out_of_reach", "owner_id")  # noqa: PT017
    mine = opened("seller")
    if who in ("seller", "manager") and not may:
        with pytest.raises(Malformed):
            act("edit_opportunity", mine, Given({"owner_id": owner_id}), who)


def test_a_new_owner_brings_the_unit_along_and_the_opening_stays_credited_to_the_opener() -> None:
    deal = opened("seller")
    with system():
        other = person("chu.ning")
    deal = act("edit_opportunity", deal, Given({"owner_id": other}, "交接"), "director")
    with system():
        assert (deal.owner.sign_in, deal.unit.code, deal.opener.sign_in) == ("chu.ning", "gz1", "seller")
    assert is_sound()


def test_an_edit_writes_what_differs_moves_where_asked_and_recounts() -> None:
    deal = opened()
    with system():
        product = Product.objects.get(code="ZN-MES").pk
        target = stage("engaging").pk
    values = {"product_id": product, "amount": Decimal("1.50"), "stage_id": target, "source": " 展会 "}
    deal = act("edit_opportunity", deal, Given(values))
    assert (deal.stage.key, deal.amount, deal.source, deal.version) == (
        "engaging",
        Decimal("1.50"),
        "展会",
        2,
    )
    assert act("edit_opportunity", deal, Given(values)).version == 2, "nothing differs, nothing is written"
    assert is_sound()


TOMORROW = TEST_DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": None}, "title"),
        ({"amount": Decimal("-1")}, "amount"),
        ({"amount": Decimal("0.001")}, "amount"),
        ({"amount": 5.0}, "amount"),
        ({"amount": "5"}, "amount"),
        ({"close_on": TEST_DAY - timedelta(days=1)}, "close_on"),
        ({"close_on": "2026-04-01"}, "close_on"),
        ({"category": "certain"}, "category"),
        ({"next_step": "打电话"}, "next_step_on"),
        ({"next_step": "打电话", "next_step_on": TEST_DAY - timedelta(days=1)}, "next_step_on"),
        ({"next_step_on": TOMORROW}, "next_step"),
        ({"customer_id": 0}, "customer_id"),
        ({"product_id": 0}, "product_id"),
        ({"owner_id": 0}, "owner_id"),
        ({"owner_id": None}, "owner_id"),
        ({"owner_id": True}, "owner_id"),
        ({"stage_id": 0}, "stage_id"),
        ({"stage_id": "won"}, "stage_id"),
        ({"value": Decimal(5)}, "value"),
        ({"number": "X1"}, "number"),
        ({"id": 5}, "id"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(values: dict[str, Any], field: str) -> None:
    attempts: list[Callable[[], object]] = [lambda: act("edit_opportunity", opened(), Given(values))]
    if "id" not in values:
        attempts.append(lambda: opened(**values))
    for attempt in attempts:
        with pytest.raises(Malformed) as refusal:
            attempt()
        assert refusal.value.field == field
    with system():
        assert not Opportunity.objects.filter(number="X1").exists()
