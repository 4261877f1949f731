"""A real company's figures, against a few independent lines over the files themselves."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import acting, system
from tests.real_data.conftest import FOLDER
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.ledger import rules
from tradewind.domains.ledger.models import Entry
from tradewind.domains.ledger.queries import figure
from tradewind.domains.ledger.queries.explanations import explain
from tradewind.domains.ledger.values import Question
from tradewind.domains.orders.models import Order
from tradewind.domains.organization.models import Assignment, Grant, Person, Unit
from tradewind.integrations.crm_opportunities.importing import Outcome
from tradewind.kernel.rounding import half_up
from tradewind.platform.spine.access.actor import Actor

TOTALS = {
    "won_deals": "4238",
    "lost_deals": "2473",
    "won_value": "10005534.00",
    "bookings": "10005534.00",
    "win_rate": "0.631501",
    "sales_cycle_days": "51.78",
    "won_days": "219452",
    "average_deal": "2360.91",
    "new_customers": "85",
    "new_opportunities": "8800",
}
Line = dict[str, str]


def lines(name: str = "sales_pipeline.csv") -> list[Line]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 a day has no zone


def asked(actor: Actor, measure: str, by: str = "", level: int | None = None) -> dict[str, str]:
    """Key → value of a figure, as the API writes it."""
    found = figure(actor, rules.question(measure, by, level))
    return {row.key: rules.written(row.value) or "" for row in found.rows}


def counted(of: Callable[[Line], str], stage: str = "Won") -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines():
        if line["deal_stage"] == stage:
            sums[of(line)] += Decimal(line["close_value"])
    return sums


@pytest.mark.parametrize(("measure", "total"), TOTALS.items())
def test_the_totals_are_those_of_the_files(read_only: Outcome, measure: str, total: str) -> None:
    with system() as actor:
        assert rules.written(figure(actor, rules.question(measure)).total) == total


def test_won_value_per_seller_manager_product_and_quarter_equals_the_files(read_only: Outcome) -> None:
    managers = {line["sales_agent"]: line["manager"] for line in lines("sales_teams.csv")}
    with system() as actor:
        per_seller = counted(lambda line: line["sales_agent"].lower().replace(" ", "."))
        assert {k: Decimal(v) for k, v in asked(actor, "won_value", "person").items()} == per_seller
        per_team = counted(lambda line: "team-" + managers[line["sales_agent"]].lower().replace(" ", "."))
        assert {k: Decimal(v) for k, v in asked(actor, "won_value", "unit", 2).items()} == per_team
        per_product = counted(lambda line: line["product"].upper().replace(" ", ""))
        assert {k: Decimal(v) for k, v in asked(actor, "won_value", "product").items()} == per_product
        quarters = counted(
            lambda line: f"{day(line['close_date']).year}-Q{(day(line['close_date']).month + 2) // 3}"
        )
        assert {k: Decimal(v) for k, v in asked(actor, "won_value", "quarter").items()} == quarters


def test_days_lost_deals_and_new_deals_equal_the_files(read_only: Outcome) -> None:
    closed = [line for line in lines() if line["deal_stage"] == "Won"]
    days = sum((day(line["close_date"]) - day(line["engage_date"])).days for line in closed)
    with system() as actor:
        assert asked(actor, "won_days", "year") == {"2017": str(days)}
        lost = counted(lambda line: line["sales_agent"].lower().replace(" ", "."), "Lost")
        assert set(asked(actor, "lost_deals", "person")) == set(lost)
        opened = Counter(day(line["engage_date"]).year for line in lines() if line["engage_date"])
        expected = {str(year): str(count) for year, count in opened.items()} | {str(TEST_DAY.year): "500"}
        assert asked(actor, "new_opportunities", "year") == expected


def test_every_dimension_adds_up_to_the_total(read_only: Outcome) -> None:
    with system() as actor:
        for measure in ("won_deals", "won_value", "bookings", "new_opportunities", "new_customers"):
            for by in ("unit", "person", "customer", "product", "month", "quarter", "year"):
                rows = asked(actor, measure, by)
                assert sum(map(Decimal, rows.values())) == Decimal(TOTALS[measure]), (measure, by)
                assert list(rows) == sorted(rows)


@pytest.mark.parametrize(
    ("measure", "by", "level"),
    [
        ("won_value", "customer", None),
        ("new_opportunities", "year", None),
        ("new_customers", "product", None),
        ("win_rate", "unit", 1),
        ("average_deal", "quarter", None),
    ],
)
def test_what_opens_adds_up_to_what_was_shown(
    read_only: Outcome, measure: str, by: str, level: int | None
) -> None:
    with system() as actor:
        question = rules.question(measure, by, level)
        for row in figure(actor, question).rows:
            parts = explain(actor, question, row.key).parts
            sums = [_opened(actor, question, row.key, index, len(parts)) for index in range(len(parts))]
            assert [part.total for part in parts] == sums
            value = sums[0] if len(sums) == 1 else half_up(sums[0] / sums[1], {"win_rate": 6}.get(measure, 2))
            assert value == row.value, row.key


def _opened(actor: Actor, question: Question, key: str, index: int, parts: int) -> Decimal:
    """Page through one part and add up what is shown."""
    which = ("numerator", "denominator")[index] if parts == 2 else ""
    total, after = Decimal(0), ""
    while True:
        (part,) = explain(actor, question, key, which, after).parts
        total += sum((item.value for item in part.items), Decimal(0))
        if not part.next:
            return total
        after = part.next


def test_the_organization_is_as_the_files_say(read_only: Outcome) -> None:
    with system() as actor:
        assert list(Unit.objects.order_by("id").values_list("kind", flat=True).distinct()) != []
        assert {k: Unit.objects.filter(kind=k).count() for k in ("company", "region", "team")} == {
            "company": 1,
            "region": 3,
            "team": 6,
        }
        people = Person.objects.exclude(sign_in="admin")
        assert people.count() == 41
        assert Assignment.objects.filter(person__in=people, is_head=True).count() == 6
        assert set(Assignment.objects.filter(person__in=people).values_list("starts_on", flat=True)) == {
            date(2016, 10, 20)
        }
        assert Grant.objects.filter(role="manager").count() == 6
        assert not any(
            person.user and person.user.has_usable_password() for person in people.select_related("user")
        )
        assert len(asked(actor, "new_opportunities", "person")) == 30


def test_what_was_read_otherwise_is_listed(read_only: Outcome) -> None:
    remarks = "\n".join(read_only.remarks)
    assert "GTXPro read as GTX Pro: 1480 rows" in remarks
    assert "1425 deals without account" in remarks
    assert "500 deals without engage date" in remarks or "500 deals without engage_date" in remarks
    assert "technolgy" in remarks
    assert "Philipines" in remarks


def test_each_won_deal_has_one_confirmed_untaxed_order_of_its_day(read_only: Outcome) -> None:
    with system():
        orders = Order.objects.select_related("deal")
        assert orders.count() == 4238
        assert all(o.deal and o.amount == o.deal.value and o.tax == 0 for o in orders)
        assert all(o.deal and o.confirmed_on == o.deal.closed_on for o in orders)
        numbers = sorted(str(order) for order in orders)
        assert numbers == [f"SO{n:08d}" for n in range(1, 4239)]


def test_a_manager_sees_exactly_the_own_team(read_only: Outcome) -> None:
    managers = {line["sales_agent"]: line["manager"] for line in lines("sales_teams.csv")}
    expected = counted(lambda line: managers[line["sales_agent"]].lower().replace(" ", "."))
    for manager, value in expected.items():
        with acting(manager) as actor:
            assert figure(actor, rules.question("won_value")).total == value
            unfiltered = Entry.objects.filter(measure="won_value")
            assert sum(unfiltered.values_list("value", flat=True)) == value


def test_unowned_customers_are_visible_to_everybody_signed_in(read_only: Outcome) -> None:
    with acting("moses.frase") as actor:
        assert "" not in asked(actor, "won_deals", "customer")
        assert "?" not in asked(actor, "won_deals", "customer")


def test_the_files_are_not_in_the_project() -> None:
    assert not list(Path(__file__).resolve().parents[2].glob("**/sales_pipeline.csv"))
