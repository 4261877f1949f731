"""A seller wins a deal: it counts everywhere at once, makes one order, and stays won."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from tests.conftest import SignedIn, acting, system
from tradewind.config.commands.test import TEST_DAY
from tradewind.config.verification import verify
from tradewind.domains.ledger import rules
from tradewind.domains.ledger.commands import merge_rollups, sync
from tradewind.domains.ledger.models import Entry, Rollup
from tradewind.domains.ledger.queries import figure
from tradewind.domains.orders.models import Order
from tradewind.domains.organization.models import Person, Unit
from tradewind.domains.pipeline import commands
from tradewind.domains.pipeline.measures import FLOWS
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import Malformed, NotVisible, Refused, StaleVersion
from tradewind.platform.spine.command import Ref
from tradewind.platform.spine.models import Command, Event

pytestmark = pytest.mark.django_db

MEASURES = (
    "won_deals",
    "lost_deals",
    "won_value",
    "won_days",
    "bookings",
    "new_customers",
    "new_opportunities",
)


def totals(sign_in: str = "director") -> dict[str, Decimal]:
    with acting(sign_in) as actor:
        return {m: figure(actor, rules.question(m)).total or Decimal(0) for m in MEASURES}


def open_deals() -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(state="open").order_by("id")


def an_open_deal(owner: str = "seller") -> Opportunity:
    with system():
        return open_deals().filter(owner__sign_in=owner, customer__isnull=False)[0]


def win(deal: Opportunity, value: str = "12345.67", who: str = "seller", **more: Any) -> None:
    with acting(who) as actor:
        given = commands.Win(Decimal(value), "the better service", **more)
        commands.win(actor, Ref(deal.public_id, deal.version), given)


def test_a_win_counts_in_every_figure_and_makes_one_confirmed_order() -> None:
    deal, before = an_open_deal(), totals()
    win(deal)
    after = totals()
    assert {
        m: after[m] - before[m] for m in ("won_deals", "won_value", "won_days", "bookings", "lost_deals")
    } == {
        "won_deals": 1,
        "won_value": Decimal("12345.67"),
        "won_days": (TEST_DAY - deal.opened_on).days,
        "bookings": Decimal("12345.67"),
        "lost_deals": 0,
    }
    with acting("seller"):
        order = Order.objects.get(deal=deal)
        assert (order.state, order.amount, order.tax) == ("confirmed", Decimal("12345.67"), Decimal(0))
        assert order.confirmed_on == TEST_DAY
    assert all(finding.is_right for finding in verify())


def test_a_loss_counts_and_makes_no_order() -> None:
    deal, before = an_open_deal(), totals()
    with acting("manager") as actor:
        commands.lose(actor, Ref(deal.public_id, deal.version), commands.Loss("price"))
    after = totals()
    assert {m: after[m] - before[m] for m in MEASURES if after[m] != before[m]} == {"lost_deals": 1}
    with system():
        assert not Order.objects.filter(deal=deal).exists()


def test_won_and_lost_are_final() -> None:
    deal = an_open_deal()
    win(deal)
    deal.version += 1
    with pytest.raises(Refused):
        win(deal)
    with acting("seller") as actor, pytest.raises(Refused):
        commands.lose(actor, Ref(deal.public_id, deal.version), commands.Loss("changed my mind"))


def test_a_second_click_is_a_stale_version_and_counts_nothing() -> None:
    deal = an_open_deal()
    win(deal)
    before = totals()
    with pytest.raises(StaleVersion):
        win(deal)
    assert totals() == before


@pytest.mark.parametrize("value", ["0", "-1", "0.001", "NaN", "Infinity", "1e30"])
def test_a_value_that_is_none_is_refused_at_the_field_and_nothing_is_written(value: str) -> None:
    deal, before = an_open_deal(), totals()
    with pytest.raises(Malformed) as refused:
        win(deal, value)
    assert refused.value.field == "value"
    assert totals() == before
    with system():
        assert not Command.objects.filter(name="pipeline.opportunity.win").exists()
        assert not Event.objects.filter(kind="OpportunityClosed").exists()


def test_a_deal_without_customer_asks_for_one() -> None:
    with system():
        deal = open_deals().filter(customer=None)[0]
    for customer in ("", "   ", "没有这家公司"):
        with pytest.raises(Malformed) as refused:
            win(deal, who="director", customer=customer)
        assert refused.value.field == "customer"
    with system():
        named = Opportunity.objects.exclude(customer=None).select_related("customer")[0].customer
    assert named is not None
    win(deal, who="director", customer=named.name)
    with system():
        assert Order.objects.get(deal=deal).customer_id == named.pk


def test_nobody_wins_a_deal_out_of_reach() -> None:
    with pytest.raises(NotVisible):
        win(an_open_deal("chu.ning"))
    with pytest.raises(NotVisible):
        win(an_open_deal("chu.ning"), who="manager")


def test_the_record_says_who_did_what_and_why_and_which_followed() -> None:
    win(an_open_deal())
    with system():
        act = Command.objects.get(name="pipeline.opportunity.win")
        followed = Command.objects.get(name="orders.order.follow_deals", parent_id=act.pk)
        seller = Person.objects.get(sign_in="seller").pk
        assert (act.person_id, act.why, followed.person_id) == (seller, "the better service", seller)
        assert Event.objects.get(kind="OpportunityClosed").command_id == act.pk


def test_a_deal_moved_to_another_unit_and_synced_by_its_new_manager_leaves_every_sum_unchanged() -> None:
    deal = an_open_deal()
    win(deal)
    before = everything()
    with system():
        other = Person.objects.get(sign_in="chu.ning")
        unit = Unit.objects.get(code="gz1")
        Opportunity.objects.filter(pk=deal.pk).update(unit=unit)
    with acting("feng.lei") as actor:
        assert Opportunity.objects.filter(pk=deal.pk).exists(), "the new manager sees the deal"
        assert not Entry.objects.filter(source_id=deal.pk, measure="won_deals").exists(), (
            "but not its entries"
        )
        assert sync(FLOWS, [deal.pk]) == 0
        assert actor.person_id != other.pk
    assert everything() == before


def everything() -> list[tuple[object, ...]]:
    with acting("director") as actor:
        return [
            (measure, by, row.key, row.value)
            for measure in MEASURES
            for by in ("unit", "person", "month", "product")
            for row in figure(actor, rules.question(measure, by)).rows
        ]


def test_merging_the_monthly_sums_changes_no_figure() -> None:
    win(an_open_deal())
    before = everything()
    with system():
        rows = Rollup.objects.count()
        months = {str(month) for month in Rollup.objects.values_list("month", flat=True)}
        assert merge_rollups(MEASURES, sorted(months)) > 0
        assert Rollup.objects.count() < rows
        assert merge_rollups(MEASURES, sorted(months)) == 0
    assert everything() == before


def test_whole_months_and_odd_days_give_the_same_sums() -> None:
    with acting("manager") as actor:
        days = [TEST_DAY - timedelta(days=n) for n in range(0, 500, 37)]
        for first in days:
            monthly = figure(actor, rules.question("bookings", "month", None, (first.replace(day=1), None)))
            daily = Entry.objects.filter(measure="bookings", credited_on__gte=first.replace(day=1))
            assert monthly.total == sum(daily.values_list("value", flat=True))


# -- The same through the pages --------------------------------------------------------------------


def post(client: Client, deal: Opportunity, verb: str, **asked: object) -> Any:
    return client.post(f"/opportunities/{deal.public_id}/{verb}", {"version": deal.version, **asked})


def test_the_page_wins_and_shows_the_order(signed_in: SignedIn) -> None:
    client, deal = signed_in("seller"), an_open_deal()
    answer = post(client, deal, "win", value="5000", reason="快")
    assert answer.status_code == 302
    shown = client.get(answer.headers["Location"]).content.decode()
    with system():
        assert str(Order.objects.get(deal=deal)) in shown
    assert "5,000.00" in shown


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"value": "", "reason": "x"}, 422),
        ({"value": "abc", "reason": "x"}, 422),
        ({"value": "-3", "reason": "x"}, 422),
        ({"value": "9" * 40, "reason": "x"}, 422),
        ({"value": "5", "reason": ""}, 422),
        ({"value": "5", "reason": " "}, 422),
        ({"value": "5", "reason": "x", "version": "77"}, 409),
        ({"value": "5", "reason": "x", "version": "many"}, 422),
    ],
)
def test_bad_input_comes_back_with_the_form_and_nothing_is_lost(
    signed_in: SignedIn, asked: dict[str, str], status: int
) -> None:
    deal, before = an_open_deal(), totals()
    answer = post(signed_in("seller"), deal, "win", **asked)
    assert answer.status_code == status
    assert "<details" in answer.content.decode()
    if asked["value"]:
        assert asked["value"] in answer.content.decode(), "what was typed is still there"
    assert totals() == before


# -- The same through the API ----------------------------------------------------------------------


def call(client: Client, deal: Opportunity, verb: str, version: str, **asked: object) -> Any:
    headers = {"If-Match": f'"{version}"'}
    return client.post(
        f"/api/v1/opportunities/{deal.public_id}/{verb}", asked, "application/json", headers=headers
    )


def test_the_api_wins_with_the_version_it_saw(signed_in: SignedIn) -> None:
    client, deal = signed_in("seller"), an_open_deal()
    seen = client.get(f"/api/v1/opportunities/{deal.public_id}")
    assert seen.headers["ETag"] == f'"{deal.version}"'
    answer = call(client, deal, "win", str(deal.version), value="99.90", reason="价格")
    assert (answer.status_code, answer.json()["state"], answer.json()["value"]) == (200, "won", "99.90")
    again = call(client, deal, "win", str(deal.version), value="99.90", reason="价格")
    assert (again.status_code, again.json()["code"]) == (412, "stale")
    final = call(client, deal, "lose", answer.headers["ETag"].strip('"'), reason="x")
    assert (final.status_code, final.json()["code"]) == (409, "pipeline.closed")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"value": "0", "reason": "x"}, "value"),
        ({"value": "much", "reason": "x"}, "value"),
        ({"value": None, "reason": "x"}, "value"),
        ({"value": "5"}, "reason"),
        ({"value": "5", "reason": "  "}, "reason"),
    ],
)
def test_the_api_names_the_field(signed_in: SignedIn, asked: dict[str, object], field: str) -> None:
    deal = an_open_deal()
    answer = call(signed_in("seller"), deal, "win", str(deal.version), **asked)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_api_refuses_a_change_from_another_site(signed_in: SignedIn) -> None:
    deal = an_open_deal()
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = signed_in("seller").cookies
    answer = call(careful, deal, "win", str(deal.version), value="5", reason="x")
    assert answer.status_code == 403
