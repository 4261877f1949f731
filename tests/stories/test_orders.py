"""An order of one's own: drafted with lines, confirmed under a number, cancelled on a day of its own."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.conftest import acting, system
from tests.stories.selling import LINES, NEW, TOTAL, act, cancel, confirm, draft
from tests.stories.staff import DAY, is_sound, move, on_day
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.catalog.models import Product
from tradewind.domains.customers.models import Customer
from tradewind.domains.ledger import commands as ledger
from tradewind.domains.ledger import rules
from tradewind.domains.ledger.models import Entry
from tradewind.domains.ledger.queries import figure
from tradewind.domains.orders import commands
from tradewind.domains.orders.commands import Cancellation, Content, Copying
from tradewind.domains.orders.following import follow_deals
from tradewind.domains.orders.measures import BOOKINGS, NEW_CUSTOMERS
from tradewind.domains.orders.models import Order, OrderLine
from tradewind.domains.orders.values import LineGiven
from tradewind.domains.organization.models import Person
from tradewind.domains.pipeline import commands as pipeline
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import DomainError, Malformed, NotAllowed, NotVisible, Refused, StaleVersion
from tradewind.platform.spine.command import Ref
from tradewind.platform.spine.models import Command, Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def customer(db: None) -> Customer:
    with system():
        return Customer.objects.create(code="CNEW", name=NEW)


def total(measure: str, *days: date) -> Decimal:
    with acting("director") as actor:
        return figure(actor, rules.question(measure, days=days or (None, None))).total or Decimal(0)


def live(measure: str, order: Order) -> list[tuple[date, Decimal]]:
    with system():
        rows = Entry.objects.filter(measure=measure, about_id=order.pk, reverses=None, reversed_by=None)
        return list(rows.order_by("credited_on", "id").values_list("credited_on", "value"))


def test_a_draft_counts_nothing_and_has_no_number() -> None:
    before = total("bookings"), total("new_customers")
    order = draft()
    assert (order.number, str(order), order.state) == (None, f"DR{order.pk:08d}", "draft")
    assert (order.amount, order.tax) == (Decimal("188749.98"), Decimal("24537.50"))
    assert order.drafted_on == TEST_DAY
    assert (total("bookings"), total("new_customers")) == before
    assert is_sound()


def test_a_confirmed_order_gets_the_next_number_and_counts_line_by_line_with_tax() -> None:
    before = total("bookings"), total("new_customers"), by_product()
    order = confirm(draft())
    with system():
        numbers = sorted(str(number) for number in Order.objects.exclude(number=None))
    assert order.number == numbers[-1] == f"SO{len(numbers):08d}"
    assert order.confirmed_on == TEST_DAY
    assert (total("bookings") - before[0], total("new_customers") - before[1]) == (TOTAL, Decimal(1))
    assert live("bookings", order) == [(TEST_DAY, Decimal("213231.00")), (TEST_DAY, Decimal("56.48"))]
    after = by_product()
    assert {key: after[key] - before[2].get(key, 0) for key in ("ZN-ERP", "ZN-SCAN")} == {
        "ZN-ERP": Decimal("213231.00"),
        "ZN-SCAN": Decimal("56.48"),
    }
    assert is_sound()


def by_product() -> dict[str, Decimal]:
    with acting("director") as actor:
        rows = figure(actor, rules.question("bookings", "product")).rows
        return {row.key: row.value or Decimal(0) for row in rows}


def test_cancelling_takes_back_on_its_own_day_and_leaves_the_former_figures() -> None:
    before, day = total("bookings"), total("bookings", TEST_DAY, TEST_DAY)
    order = confirm(draft())
    later = TEST_DAY + 40 * DAY
    with on_day(later):
        order = cancel(order)
    assert (order.state, order.cancelled_on, order.confirmed_on) == ("cancelled", later, TEST_DAY)
    assert total("bookings") == before
    assert total("bookings", TEST_DAY, TEST_DAY) == day + TOTAL
    assert total("bookings", later, later) == -TOTAL
    assert live("new_customers", order) == [(TEST_DAY, Decimal(1)), (later, Decimal(-1))]
    with system():
        assert not Entry.objects.filter(about_id=order.pk, reverses__isnull=False).exists(), "no correction"
    assert is_sound()


def test_a_discarded_draft_leaves_no_gap_and_no_entry() -> None:
    order = cancel(draft())
    assert (order.state, order.number, order.cancelled_on) == ("cancelled", None, TEST_DAY)
    assert live("bookings", order) == []
    first, second = confirm(draft()), confirm(draft())
    assert int(str(second)[2:]) == int(str(first)[2:]) + 1
    assert is_sound()


def test_after_the_first_order_is_cancelled_the_next_one_stands_for_the_new_customer() -> None:
    first, second = confirm(draft()), confirm(draft(who="admin"), who="admin")
    before = total("new_customers")
    with on_day(TEST_DAY + DAY):
        cancel(first)
    assert live("new_customers", first) == [(TEST_DAY, Decimal(1)), (TEST_DAY + DAY, Decimal(-1))]
    assert live("new_customers", second) == [(TEST_DAY + DAY, Decimal(1))]
    assert total("new_customers") == before
    assert is_sound()


def test_bookings_and_new_customers_agree_with_a_plain_second_version() -> None:
    random = Random(7)  # noqa: S311 the same story each time
    with system() as actor:
        product, seller = Product.objects.all()[0], Person.objects.get(sign_in="seller")
        buyers = [Customer.objects.create(code=f"B{n}", name=f"B{n}") for n in range(40)]
        made = [
            Order.objects.create(
                **some_order(random, n),
                customer=random.choice(buyers),
                owner=seller,
                unit_id=1,
                amount=n + 1,
                tax=1,
            )
            for n in range(160)
        ]
        OrderLine.objects.bulk_create(
            OrderLine(
                order=order, position=1, product=product, quantity=1, unit_price=1, net=order.amount, tax=1
            )
            for order in made
        )
        ledger.sync([BOOKINGS], [order.pk for order in made])
        ledger.sync([NEW_CUSTOMERS], [buyer.pk for buyer in buyers])
        for buyer in buyers:
            own = [order for order in made if order.customer_id == buyer.pk]
            for day in (TEST_DAY + n * DAY for n in range(12)):
                assert stands(buyer, day) == any(is_standing(order, day) for order in own)
        for order in made:
            sums = sum(value for _, value in live("bookings", order))
            assert sums == (order.amount + 1 if order.state == "confirmed" else 0)
        assert actor.is_wide


def some_order(random: Random, n: int) -> dict[str, Any]:
    """Confirmed on one of five days, perhaps cancelled on one of the five after it."""
    confirmed = TEST_DAY + random.randrange(5) * DAY
    gone = confirmed + random.randrange(5) * DAY if random.random() < 0.6 else None
    state = "cancelled" if gone else "confirmed"
    return {"number": f"T{n:08d}", "state": state, "confirmed_on": confirmed, "cancelled_on": gone}


def is_standing(order: Order, day: date) -> bool:
    gone = order.cancelled_on
    return order.confirmed_on is not None and order.confirmed_on <= day and (gone is None or gone > day)


def stands(buyer: Customer, day: date) -> bool:
    """Is this a customer, as the figures say, at the end of a day?"""
    rows = Entry.objects.filter(measure="new_customers", source_id=buyer.pk, credited_on__lte=day)
    count = sum(rows.values_list("value", flat=True))
    assert count in (0, 1)
    return bool(count)


def test_lines_are_replaced_as_a_whole_and_the_ids_of_an_order_stay() -> None:
    order = draft()
    edited = act(order, commands.edit, Content(NEW, (LINES[1], LINES[1], LINES[0])))
    with system():
        lines = OrderLine.objects.filter(order=order).order_by("position")
        assert list(lines.values_list("position", "product__code")) == [
            (1, "ZN-SCAN"),
            (2, "ZN-SCAN"),
            (3, "ZN-ERP"),
        ]
    assert edited.amount + edited.tax == TOTAL + Decimal("56.48")
    assert act(edited, commands.edit, Content(NEW, ())).amount == 0
    assert is_sound()


def test_a_copy_is_a_new_draft_of_whoever_copies() -> None:
    order = cancel(confirm(draft()))
    made = act(order, commands.copy, Copying(), who="manager")
    assert (made.state, made.number, made.amount, made.tax) == ("draft", None, order.amount, order.tax)
    with system():
        assert Person.objects.get(pk=made.owner_id).sign_in == "manager"
        assert OrderLine.objects.filter(order=made).count() == 2
        assert OrderLine.objects.filter(order=order).count() == 2
    assert is_sound()


def test_what_is_confirmed_or_cancelled_is_not_changed_and_a_second_click_counts_nothing() -> None:
    order = draft()
    confirmed = confirm(order)
    before = total("bookings")
    with pytest.raises(StaleVersion):
        confirm(order)
    with pytest.raises(Refused) as refused:
        confirm(confirmed)
    assert refused.value.code == "orders.confirmed"
    with pytest.raises(Refused):
        act(confirmed, commands.edit, Content(NEW, LINES))
    assert total("bookings") == before
    cancelled = cancel(confirmed)
    for again in (cancel, confirm):
        with pytest.raises(Refused) as refused:
            again(cancelled)
        assert refused.value.code == "orders.cancelled"


def line(**changed: Any) -> LineGiven:
    facts = {"product": "ZN-ERP", "quantity": Decimal(1), "unit_price": Decimal(1), **changed}
    return LineGiven(**facts)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (Content("没有这家公司", LINES), "customer"),
        (Content("  ", LINES), "customer"),
        (Content(NEW, (LINES[0], line(product="无"))), "lines.1.product"),
        (Content(NEW, (line(quantity=Decimal(0)),)), "lines.0.quantity"),
        (Content(NEW, (line(unit_price=Decimal("0.00001")),)), "lines.0.unit_price"),
        (Content(NEW, (line(discount_rate=Decimal(2)),)), "lines.0.discount_rate"),
        (Content(NEW, (line(tax_rate=Decimal(13)),)), "lines.0.tax_rate"),
        (Content(NEW, (line(quantity=Decimal(10**8), unit_price=Decimal(10**15)),)), "lines.0.quantity"),
        (Content(NEW, (line(),) * 201), "lines"),
        (Content(NEW, LINES, seen_total=TOTAL + 1), "lines"),
    ],
)
def test_what_makes_no_order_is_refused_at_its_field_and_writes_nothing(content: Content, field: str) -> None:
    with system():
        count, acts = Order.objects.count(), Command.objects.count()
    with acting("seller") as actor, pytest.raises(DomainError) as refused:
        commands.create(actor, content)
    assert refused.value.field == field
    with system():
        assert Order.objects.count() == count
        assert Command.objects.count() == acts


def test_an_order_without_lines_or_reason_goes_no_further() -> None:
    order = draft(lines=())
    with system():
        events = Event.objects.count()
    with pytest.raises(Refused) as refused:
        confirm(order)
    assert refused.value.field == "lines"
    with pytest.raises(Malformed) as missing:
        act(order, commands.cancel, Cancellation("  "))
    assert missing.value.field == "reason"
    with system():
        assert Event.objects.count() == events


SEES = {"manager": True, "director": True, "finance": True, "field": False, "partner": False, "hr": False}


@pytest.mark.parametrize(("who", "sees"), SEES.items())
def test_an_order_and_its_lines_are_seen_by_the_same_people(who: str, sees: bool) -> None:
    order = draft()
    with acting(who):
        assert Order.objects.filter(pk=order.pk).exists() == sees
        assert OrderLine.objects.filter(order_id=order.pk).exists() == sees
    if who in ("finance", "hr"):
        with pytest.raises(NotAllowed):
            confirm(order, who)
    elif sees:
        assert confirm(order, who).state == "confirmed"
    else:
        with pytest.raises(NotVisible):
            confirm(order, who)


def test_a_moved_sellers_order_counts_in_the_unit_of_its_day() -> None:
    order = draft()
    move("seller", "hz1", TEST_DAY)
    confirm(order)
    with system():
        entries = Entry.objects.filter(about_id=order.pk, measure__in=("bookings", "new_customers"))
        assert set(entries.values_list("unit__code", flat=True)) == {"hz1"}


# -- Orders of deals -------------------------------------------------------------------------------


def won_order() -> Order:
    with system():
        deal = Opportunity.objects.filter(owner__sign_in="seller", state="open", customer__isnull=False)[0]
    with acting("seller") as actor:
        pipeline.win(actor, Ref(deal.public_id, deal.version), pipeline.Win(Decimal("500.50"), "x"))
    with system():
        return Order.objects.get(deal=deal)


def test_a_won_deals_order_has_one_untaxed_line() -> None:
    order = won_order()
    with system():
        (made,) = OrderLine.objects.filter(order=order)
        assert (made.quantity, made.unit_price) == (Decimal(1), Decimal("500.5"))
        assert (made.net, made.tax) == (Decimal("500.5"), Decimal(0))
        assert order.deal is not None
        assert made.product_id == order.deal.product_id
    assert is_sound()


def test_a_won_deals_order_is_cancelled_for_itself_and_its_deal_stays_won() -> None:
    order = won_order()
    won, booked = total("won_value"), total("bookings")
    with on_day(TEST_DAY + DAY):
        order = cancel(order)
        assert (total("won_value"), total("bookings")) == (won, booked - Decimal("500.50"))
        assert is_sound()
        with system() as actor:
            assert follow_deals(actor, (order.deal_id or 0,)) == 0, (
                "following the deal does not bring it back"
            )
    with system():
        assert Order.objects.get(pk=order.pk).state == "cancelled"
