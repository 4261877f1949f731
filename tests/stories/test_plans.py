"""A year's amount becomes everybody's target: drafted, spread, corrected cell by cell, put in force."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.conftest import acting, system
from tests.stories.access import arrange
from tests.stories.plans import (
    COMPANY,
    MILLION,
    SHANGHAI,
    SPARE,
    WU_QIANG,
    XIAOYU,
    draft,
    move,
    ref,
    rows,
    set_cell,
    spread,
    sums_hold,
)
from tradewind.domains.ledger.queries import figure, question
from tradewind.domains.planning import commands, queries
from tradewind.domains.planning.commands import CellRange, CellValue, Move, NewPlan, Respread
from tradewind.domains.planning.models import Plan, Target
from tradewind.domains.planning.values import Kind, Method, Rounding, RowKey
from tradewind.kernel.errors import DomainError, Malformed, NotAllowed, NotVisible, Refused, StaleVersion
from tradewind.platform.spine.command import Ref
from tradewind.platform.spine.models import Command, Event

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("no_plans")
def test_a_draft_has_every_seller_every_reserve_and_adds_up_exactly() -> None:
    plan = draft(Decimal("12345678.91"), rounding=Rounding(units=10_000, people=1_000, months=100))
    found = rows(plan)
    assert found[COMPANY].total == Decimal("12345678.91")
    people = {key.person for key in found if key.kind is Kind.PERSON}
    sellers = {"seller", "wu.qiang", "field", "wang.fang", "chu.ning", "wei.ran", "shen.bo", "han.xue"}
    assert people == {*sellers, "partner", "luo.ying", "nie.feng"}
    assert sum(key.kind is Kind.RESERVE for key in found) == 9
    assert sums_hold(plan)
    with system():
        assert Target.objects.filter(plan=plan).count() == (11 + 9) * 12


@pytest.mark.usefixtures("no_plans")
def test_growth_keeps_what_it_grew_from() -> None:
    with acting("director") as actor:
        last_year = figure(actor, question("bookings", days=("2025-01-01", "2025-12-31"))).total
    assert last_year is not None
    plan = draft(None, growth_rate=Decimal("0.1"), by=Method.HISTORY, over=Method.HISTORY)
    assert (plan.base, plan.growth_rate) == (last_year, Decimal("0.1"))
    assert rows(plan)[COMPANY].total == (last_year * Decimal("1.1")).quantize(Decimal(1))
    assert sums_hold(plan)
    with acting("director") as actor:
        east = figure(actor, question("bookings", days=("2025-01-01", "2025-12-31"), within=("east", "")))
    share = rows(plan)[RowKey(Kind.UNIT, "east")].total / rows(plan)[COMPANY].total
    assert abs(share - (east.total or 0) / last_year) < Decimal("0.0001")


@pytest.mark.usefixtures("no_plans")
def test_a_year_without_any_history_is_shared_alike_and_says_so() -> None:
    with acting("director") as actor:
        given = NewPlan(2024, "bookings", "sh1", MILLION, by=Method.HISTORY, over=Method.HISTORY)
        made = commands.create(actor, given)
        assert made.alike == (SHANGHAI,)
        assert set(made.alike_months) == {XIAOYU, WU_QIANG}
        plan = queries.plan_with_id(actor, made.plan_id)
    assert rows(plan)[XIAOYU].total == rows(plan)[WU_QIANG].total == MILLION / 2
    with acting("director") as actor, pytest.raises(Malformed) as refused:
        commands.create(actor, NewPlan(2024, "bookings", "sh1", None, Decimal("0.1")))
    assert refused.value.field == "growth"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"amount": Decimal(500), "rounding": Rounding(units=1000)}, "amount"),
        ({"amount": None}, "amount"),
        ({"amount": MILLION, "growth_rate": Decimal("0.1")}, "amount"),
        ({"unit": "nowhere"}, "unit"),
        ({"measure": "win_rate"}, "measure"),
        ({"measure": "nothing"}, "measure"),
        ({"measure": "won_deals", "amount": Decimal("10.5")}, "amount"),
        ({"year": 1999}, "year"),
        ({"by": Method.WORKDAYS}, "by"),
        ({"rounding": Rounding(people=7)}, "rounding"),
    ],
)
@pytest.mark.usefixtures("no_plans")
def test_a_plan_that_makes_no_sense_is_refused_and_leaves_nothing(wrong: dict[str, Any], field: str) -> None:
    given: dict[str, Any] = {"year": 2026, "measure": "bookings", "unit": "company", "amount": MILLION}
    with acting("director") as actor, pytest.raises((Malformed, NotVisible)) as refused:
        commands.create(actor, NewPlan(**(given | wrong)))
    assert refused.value.field == field
    with system():
        assert not Plan.objects.exists()
        assert not Target.objects.exists()


@pytest.mark.usefixtures("no_plans")
def test_spreading_a_row_leaves_the_rows_outside_and_moves_the_sums_above() -> None:
    plan = draft()
    before = rows(plan)
    weights = {XIAOYU: Decimal(3), WU_QIANG: Decimal(1), SPARE: Decimal(1)}
    spread(plan, Respread(SHANGHAI, 5 * MILLION, Method.WEIGHTS, Method.EQUAL, weights=weights))
    after = rows(plan)
    assert [after[key].total for key in (XIAOYU, WU_QIANG, SPARE)] == [3 * MILLION, MILLION, MILLION]
    assert {cell.value for cell in after[XIAOYU].months} == {Decimal(250_000)}
    added = 5 * MILLION - before[SHANGHAI].total
    for key, row in after.items():
        is_above = key.unit in ("company", "east") and key.kind is Kind.UNIT
        if key.unit != "sh1":
            assert row.total == before[key].total + (added if is_above else 0), key
    assert sums_hold(plan)


@pytest.mark.usefixtures("no_plans")
def test_locked_cells_stay_when_the_rest_is_spread_again() -> None:
    plan = draft()
    kept = rows(plan)[XIAOYU].months[:3]
    for month in (1, 2, 3):
        with acting("director") as actor:
            commands.lock(actor, ref(plan), CellRange(XIAOYU, month))
    spread(plan, Respread(COMPANY, 24 * MILLION, Method.EQUAL, Method.EQUAL))
    after = rows(plan)
    assert [cell.value for cell in after[XIAOYU].months[:3]] == [cell.value for cell in kept]
    assert after[XIAOYU].total == after[WU_QIANG].total == 2 * MILLION
    assert after[COMPANY].total == 24 * MILLION
    with pytest.raises(Refused) as refused:
        spread(plan, Respread(COMPANY, Decimal(100)))
    assert refused.value.code == "planning.locked_more"
    with acting("director") as actor:
        commands.lock(actor, ref(plan), CellRange(COMPANY))
    with pytest.raises(Refused) as refused:
        spread(plan, Respread(COMPANY, 30 * MILLION))
    assert refused.value.code == "planning.nothing_open"
    with acting("director") as actor:
        commands.unlock(actor, ref(plan), CellRange(COMPANY))
    spread(plan, Respread(COMPANY, 30 * MILLION))
    assert rows(plan)[COMPANY].total == 30 * MILLION


@pytest.mark.usefixtures("no_plans")
def test_whoever_begins_to_carry_gets_a_row_with_the_next_spreading() -> None:
    plan = draft()
    with system():
        Target.objects.filter(plan=plan, person__sign_in="wu.qiang").delete()
    assert WU_QIANG not in rows(plan)
    spread(plan, Respread(SHANGHAI, MILLION, Method.EQUAL, Method.EQUAL))
    assert rows(plan)[WU_QIANG].total == MILLION / 2


# -- One cell --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_plans")
def test_what_a_person_gives_up_goes_to_the_reserve_and_the_unit_stays_as_it_was() -> None:
    plan = draft()
    before = rows(plan)
    march = before[XIAOYU].months[2].value
    set_cell(plan, XIAOYU, 3, str(march - 1000))
    after = rows(plan)
    assert after[XIAOYU].months[2].value == march - 1000
    assert after[SPARE].months[2].value == 1000
    assert after[SHANGHAI].months == before[SHANGHAI].months
    set_cell(plan, WU_QIANG, 3, str(before[WU_QIANG].months[2].value + 400))
    assert rows(plan)[SPARE].months[2].value == 600
    with pytest.raises(Refused) as refused:
        set_cell(plan, WU_QIANG, 3, str(before[WU_QIANG].months[2].value + 1001))
    assert (refused.value.code, refused.value.field) == ("planning.reserve_too_small", "value")
    assert rows(plan)[SPARE].months[2].value == 600
    assert sums_hold(plan)


@pytest.mark.usefixtures("no_plans")
def test_a_larger_reserve_makes_every_sum_above_larger() -> None:
    plan = draft()
    set_cell(plan, SPARE, 12, "50000.50")
    assert rows(plan)[COMPANY].total == 12 * MILLION + Decimal("50000.50")
    assert sums_hold(plan)


@pytest.mark.parametrize(
    ("row", "month", "value", "code"),
    [
        (SHANGHAI, 1, "5", "planning.not_a_cell"),
        (XIAOYU, 0, "5", "planning.bad_month"),
        (XIAOYU, 13, "5", "planning.bad_month"),
        (XIAOYU, 1, "-1", "planning.value_negative"),
        (XIAOYU, 1, "0.001", "planning.amount_decimals"),
        (XIAOYU, 1, "NaN", "planning.value_negative"),
        (RowKey(Kind.PERSON, "sh1", "field"), 1, "5", "planning.unknown_row"),
        (RowKey(Kind.RESERVE, "nowhere"), 1, "5", "planning.unknown_row"),
    ],
)
@pytest.mark.usefixtures("no_plans")
def test_a_cell_that_cannot_be_is_refused(row: RowKey, month: int, value: str, code: str) -> None:
    plan = draft()
    with pytest.raises(DomainError) as refused:
        set_cell(plan, row, month, value)
    assert refused.value.code == code


@pytest.mark.usefixtures("no_plans")
def test_a_locked_cell_or_reserve_refuses() -> None:
    plan = draft()
    for locked, code in ((XIAOYU, "planning.cell_locked"), (SPARE, "planning.reserve_locked")):
        with acting("director") as actor:
            commands.lock(actor, ref(plan), CellRange(locked, 5))
        with pytest.raises(Refused) as refused:
            set_cell(plan, XIAOYU, 5, "1")
        assert refused.value.code == code
        with acting("director") as actor:
            commands.unlock(actor, ref(plan), CellRange(locked, 5))
    set_cell(plan, XIAOYU, 5, "1")


# -- The life of a plan ----------------------------------------------------------------------------


@pytest.mark.usefixtures("no_plans")
def test_a_plan_in_force_is_locked_and_its_approval_is_news() -> None:
    plan = draft()
    move(plan, "submit")
    with pytest.raises(Refused) as refused:
        set_cell(plan, XIAOYU, 1, "1")
    assert refused.value.code == "planning.is_submitted"
    move(plan, "reopen", "submit", "approve")
    for change in (
        lambda: set_cell(plan, XIAOYU, 1, "1"),
        lambda: spread(plan, Respread(COMPANY, MILLION)),
        lambda: move(plan, "reopen"),
        lambda: move(plan, "submit"),
        lambda: move(plan, "approve"),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "planning.in_force"
    with system():
        assert Event.objects.filter(kind="PlanApproved", facts__plan_id=plan.pk).count() == 1
        named = Command.objects.filter(object_id=plan.pk, resource="planning.plan").order_by("id")
        done = [command.name for command in named if not command.name.endswith("set_cell")]
        assert done[:4] == [f"planning.plan.{verb}" for verb in ("submit", "reopen", "submit", "approve")]
    with pytest.raises(Refused) as refused:
        move(plan, "close")
    assert refused.value.code == "planning.year_running"


@pytest.mark.usefixtures("no_plans")
def test_a_plan_is_closed_after_its_year_and_still_tracked(settings: Settings) -> None:
    plan = draft()
    move(plan, "submit", "approve")
    settings.FIXED_TODAY = date(2027, 1, 4)
    move(plan, "close")
    with acting("director") as actor:
        assert queries.tracking(actor, "2026").total.target == 12 * MILLION


@pytest.mark.usefixtures("no_plans")
def test_two_plans_in_force_never_hold_the_same_units() -> None:
    first = draft()
    move(first, "submit", "approve")
    with acting("director") as actor:
        made = commands.create(actor, NewPlan(2026, "bookings", "east", MILLION))
        second = queries.plan_with_id(actor, made.plan_id)
        made = commands.create(actor, NewPlan(2026, "won_deals", "east", Decimal(100)))
        other = queries.plan_with_id(actor, made.plan_id)
    move(second, "submit")
    with pytest.raises(Refused) as refused:
        move(second, "approve")
    assert refused.value.code == "planning.overlaps"
    move(other, "submit", "approve")


@pytest.mark.usefixtures("no_plans")
def test_a_plan_without_any_target_cannot_be_submitted() -> None:
    plan = draft()
    with system():
        Target.objects.filter(plan=plan).update(value=0)
    with pytest.raises(Refused) as refused:
        move(plan, "submit")
    assert refused.value.code == "planning.empty"


@pytest.mark.usefixtures("no_plans")
def test_a_second_change_at_an_old_version_is_stale() -> None:
    plan = draft()
    seen: Ref[Plan] = ref(plan)
    set_cell(plan, SPARE, 1, "5")
    with acting("director") as actor:
        for change in (
            lambda: commands.set_cell(actor, seen, CellValue(SPARE, 1, Decimal(6))),
            lambda: commands.spread(actor, seen, Respread(COMPANY, MILLION)),
            lambda: commands.lock(actor, seen, CellRange(SPARE)),
            lambda: commands.submit(actor, seen, Move()),
        ):
            with pytest.raises(StaleVersion):
                change()


@pytest.mark.usefixtures("no_plans")
def test_nobody_puts_in_force_what_they_submitted_nor_does_who_stands_in_for_them() -> None:
    plan = draft()
    move(plan, "submit", who="director")
    arrange("director", "admin")
    for who in ("director", "admin"):
        with pytest.raises(Refused) as refused:
            move(plan, "approve", who=who)
        assert refused.value.code == "planning.own_request"
    move(plan, "reopen", "submit", "approve")


@pytest.mark.usefixtures("no_plans")
def test_admins_draft_and_only_directors_put_in_force() -> None:
    plan = draft()
    move(plan, "submit", who="admin")
    for who in ("admin", "manager", "seller"):
        with pytest.raises(NotAllowed):
            move(plan, "approve", who=who)
    for who in ("manager", "seller"):
        with acting(who) as actor, pytest.raises(NotAllowed):
            commands.create(actor, NewPlan(2026, "bookings", "sh1", MILLION))


# -- Who sees what ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_plans")
def test_people_see_their_own_targets_and_managers_their_branch() -> None:
    plan = draft()
    for who in ("manager", "seller"):
        with acting(who) as actor:
            assert queries.plans(actor) == [], "a draft is nobody's target yet"
            with pytest.raises(NotVisible):
                queries.plan(actor, plan.public_id)
    move(plan, "submit", "approve")
    assert set(rows(plan, "seller")) == {XIAOYU}
    assert set(rows(plan, "manager")) == {SHANGHAI, XIAOYU, WU_QIANG, SPARE}
    assert len(rows(plan, "director")) == 9 + 9 + 11
    with acting("manager"):
        assert set(Target.objects.values_list("unit__code", flat=True)) == {"sh1"}
    with acting("seller"):
        assert set(Target.objects.values_list("person__sign_in", flat=True)) == {"seller"}
    with acting("manager") as actor, pytest.raises(NotVisible):
        queries.tracking(actor, "2026", "hz1")
