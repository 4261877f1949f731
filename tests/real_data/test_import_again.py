"""Importing again: untouched where nothing changed, updated where only they did, listed where both did."""

from decimal import Decimal
from pathlib import Path

from tests.conftest import acting, system
from tests.real_data.conftest import again, edit, total
from tradewind.config.verification import verify
from tradewind.domains.orders.models import Order
from tradewind.domains.pipeline import commands
from tradewind.domains.pipeline.models import Opportunity
from tradewind.integrations.crm_opportunities.importing import Outcome
from tradewind.platform.spine.command import Ref


def win(number: str, value: str = "1000") -> None:
    with acting("darcel.schlecht") as actor:
        deal = Opportunity.objects.get(number=number)
        commands.win(actor, Ref(deal.public_id, deal.version), commands.Win(Decimal(value), "best price"))


def open_deal(seller: str = "darcel.schlecht") -> str:
    with system():
        deals = Opportunity.objects.filter(
            stage__key="engaging", customer__isnull=False, owner__sign_in=seller
        )
        return deals.order_by("number").first().number  # type: ignore[union-attr]


def is_sound() -> bool:
    return all(finding.is_right for finding in verify())


def test_the_same_files_change_nothing(maven: Outcome, folder: Path) -> None:
    outcome = again(folder)
    assert {kind: (r.created, r.updated) for kind, r in outcome.reports.items()} == dict.fromkeys(
        ("units", "people", "products", "customers", "opportunities"), (0, 0)
    )
    assert is_sound()


def test_a_deal_won_here_stays_won_while_its_row_there_is_unchanged(maven: Outcome, folder: Path) -> None:
    number = open_deal()
    win(number)
    assert total("won_deals") == "4239"
    outcome = again(folder)
    assert outcome.reports["opportunities"].conflicts == ()
    assert total("won_deals") == "4239"
    assert is_sound()


def test_a_value_changed_there_is_corrected_here_by_reversal(maven: Outcome, folder: Path) -> None:
    edit(folder, "sales_pipeline.csv", "1C1I7A6R", lambda row: row.update(close_value="1154"))
    assert again(folder).reports["opportunities"].updated == 1
    assert (total("won_value"), total("bookings")) == ("10005634.00", "10005634.00")
    assert total("won_deals") == "4238"
    assert is_sound()


def test_a_deal_lost_after_all_cancels_its_order(maven: Outcome, folder: Path) -> None:
    edit(folder, "sales_pipeline.csv", "1C1I7A6R", lambda row: row.update(deal_stage="Lost", close_value="0"))
    again(folder)
    with system():
        assert Order.objects.get(deal__number="1C1I7A6R").state == "cancelled"
    assert (total("won_deals"), total("lost_deals"), total("bookings")) == ("4237", "2474", "10004480.00")
    assert is_sound()


def test_a_deal_reopened_and_reassigned_there_can_be_won_by_its_new_seller(
    maven: Outcome, folder: Path
) -> None:
    """The cancelled order of the former team is made the new team's, not made a second time."""
    edit(
        folder,
        "sales_pipeline.csv",
        "1C1I7A6R",
        lambda row: row.update(
            deal_stage="Engaging", close_date="", close_value="", sales_agent="Darcel Schlecht"
        ),
    )
    again(folder)
    win("1C1I7A6R")
    with system():
        order = Order.objects.get(deal__number="1C1I7A6R")
        assert (order.state, order.owner.sign_in) == ("confirmed", "darcel.schlecht")
    assert (total("won_deals"), total("bookings")) == ("4238", "10005480.00")
    assert is_sound()


def test_an_open_deal_won_there_is_won_here(maven: Outcome, folder: Path) -> None:
    number = open_deal()
    edit(
        folder,
        "sales_pipeline.csv",
        number,
        lambda row: row.update(deal_stage="Won", close_date="12/31/2017", close_value="500"),
    )
    again(folder)
    assert (total("won_deals"), total("bookings")) == ("4239", "10006034.00")
    assert is_sound()


def test_a_deal_changed_on_both_sides_is_listed_and_left_alone(maven: Outcome, folder: Path) -> None:
    number = open_deal()
    win(number, "777")
    edit(
        folder,
        "sales_pipeline.csv",
        number,
        lambda row: row.update(deal_stage="Lost", close_date="12/31/2017", close_value="0"),
    )
    assert again(folder).reports["opportunities"].conflicts == (number,)
    with system():
        assert Opportunity.objects.get(number=number).value == Decimal(777)
    assert (total("won_deals"), total("lost_deals")) == ("4239", "2473")
    assert again(folder).reports["opportunities"].conflicts == (number,)
    assert is_sound()


def test_an_undated_deal_keeps_its_first_day_on_a_later_import(maven: Outcome, folder: Path) -> None:
    with system():
        deal = Opportunity.objects.filter(stage__key="prospecting").order_by("number").first()
    assert deal is not None
    edit(folder, "sales_pipeline.csv", deal.number, lambda row: row.update(product="MG Special"))
    again(folder)
    with system():
        assert Opportunity.objects.get(pk=deal.pk).opened_on == deal.opened_on
    assert total("new_opportunities") == "8800"


def test_products_and_accounts_follow_their_files_too(maven: Outcome, folder: Path) -> None:
    edit(folder, "products.csv", "GTK 500", lambda row: row.update(sales_price="27000"))
    edit(folder, "accounts.csv", "Acme Corporation", lambda row: row.update(employees="3000"))
    outcome = again(folder)
    assert (outcome.reports["products"].updated, outcome.reports["customers"].updated) == (1, 1)


def test_a_seller_in_another_team_there_is_listed_and_not_moved(maven: Outcome, folder: Path) -> None:
    assert not [remark for remark in maven.remarks if "was not moved" in remark]
    edit(
        folder,
        "sales_teams.csv",
        "Anna Snelling",
        lambda row: row.update(manager="Cara Losch", regional_office="East"),
    )
    before = total("won_value")
    assert [remark for remark in again(folder).remarks if "Anna Snelling works in another team" in remark]
    assert total("won_value") == before
    assert is_sound()
