"""Somebody moves: reach follows on the day, figures keep their unit, wrong records are put right."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import acting, system
from tests.stories.staff import DAY, LONG_AGO, assignments, is_sound, latest, move, on_day
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.ledger import rules
from tradewind.domains.ledger.commands import recredit
from tradewind.domains.ledger.models import Entry
from tradewind.domains.ledger.queries import effect_of_move, figure
from tradewind.domains.organization import staffing, structure, timelines
from tradewind.domains.organization.models import Assignment, Person, Unit
from tradewind.domains.organization.queries import actor_named, person_ref, unit_ref
from tradewind.domains.organization.staffing import Correction, Leaving, Transfer, Withdrawal
from tradewind.domains.organization.structure import NewParent
from tradewind.domains.organization.values import PersonId
from tradewind.domains.pipeline import commands as pipeline
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import NotAllowed
from tradewind.platform.spine.command import Ref

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_books")]


def by_unit(measure: str = "bookings", level: str = "", period: Any = (None, None)) -> dict[str, Decimal]:
    with acting("director") as actor:
        rows = figure(actor, rules.question(measure, "unit", level, period)).rows
        return {row.key: row.value or Decimal(0) for row in rows}


def credits_of(sign_in: str) -> dict[str, Decimal]:
    """What somebody's bookings add up to in each unit."""
    with system():
        found: dict[str, Decimal] = {}
        rows = Entry.objects.filter(person__sign_in=sign_in, measure="bookings")
        for code, value in rows.values_list("unit__code", "value"):
            found[code] = found.get(code, Decimal(0)) + value
        return {code: value for code, value in found.items() if value}


def test_a_move_from_tomorrow_changes_no_figure_and_reach_only_then() -> None:
    before = by_unit(), credits_of("seller")
    move("seller", "hz1", TEST_DAY + DAY)
    assert (by_unit(), credits_of("seller")) == before
    with system():
        seller = Person.objects.get(sign_in="seller").pk

    def reaches(manager: str) -> bool:
        return seller in actor_named(manager).reach("pipeline.opportunity").persons

    assert (reaches("manager"), reaches("zheng.yi")) == (True, False)
    with on_day(TEST_DAY + DAY):
        assert (reaches("manager"), reaches("zheng.yi")) == (False, True)
    assert is_sound()


def test_from_the_day_of_a_move_on_credits_go_to_the_new_unit_and_old_ones_stay() -> None:
    before = credits_of("seller")
    with system():
        days = Entry.objects.filter(person__sign_in="seller", measure="bookings", credited_on=TEST_DAY)
        today = sum(days.values_list("value", flat=True), Decimal(0))
    move("seller", "hz1", TEST_DAY)
    with system():
        deal = Opportunity.objects.filter(owner__sign_in="seller", state="open", customer__isnull=False)[0]
    with acting("seller") as actor:
        pipeline.win(actor, Ref(deal.public_id, deal.version), pipeline.Win(Decimal(700), "x"))
    assert credits_of("seller") == {"sh1": before["sh1"] - today, "hz1": today + 700}
    assert is_sound()


def test_a_move_recorded_late_takes_the_credits_since_then_along() -> None:
    total, before = sum(by_unit().values()), credits_of("seller")
    with system():
        since = Entry.objects.filter(person__sign_in="seller", measure="bookings", credited_on__gte=LONG_AGO)
        moved = sum(since.values_list("value", flat=True), Decimal(0))
    assert moved > 0
    move("seller", "hz1", LONG_AGO)
    assert credits_of("seller") == {"sh1": before["sh1"] - moved, "hz1": moved}
    assert sum(by_unit().values()) == total, "nothing is lost on the way"
    assert is_sound()


def test_a_correction_reverses_and_posts_anew_on_the_same_days_and_its_undoing_restores_every_sum() -> None:
    figures = by_unit(), by_unit("won_deals", "1"), by_unit("new_customers")
    with system():
        entries = Entry.objects.count()
    move("seller", "hz1", LONG_AGO)
    with system():
        fresh = Entry.objects.order_by("id")[entries:]
        reversals = [entry for entry in fresh if entry.reverses_id]
        assert len(reversals) * 2 == len(fresh)
        assert all(e.value == -e.reverses.value for e in reversals)  # type: ignore[union-attr]
        assert {e.credited_on for e in fresh} == {e.credited_on for e in reversals}
    assert (by_unit(), by_unit("won_deals", "1"), by_unit("new_customers")) != figures
    with acting("hr") as actor:
        staffing.withdraw(actor, person_ref(actor, "seller"), Withdrawal(latest("seller")))
    assert (by_unit(), by_unit("won_deals", "1"), by_unit("new_customers")) == figures
    assert is_sound()


def test_a_wrong_past_assignment_is_corrected_exactly_once() -> None:
    """wei.ran was recorded in sz1 first; in truth it was hz1 all along."""
    before = credits_of("wei.ran")
    assert set(before) == {"sz1", "gz1"}
    with system():
        first = Assignment.objects.filter(person__sign_in="wei.ran").order_by("starts_on")[0]
    with acting("hr") as actor:
        assert first.ends_on is not None
        given = Correction(str(first.public_id), "hz1", first.starts_on, first.ends_on - DAY)
        staffing.correct(actor, person_ref(actor, "wei.ran"), given)
    assert credits_of("wei.ran") == {"hz1": before["sz1"], "gz1": before["gz1"]}
    with system() as actor:
        count = Entry.objects.count()
        assert recredit(actor, PersonId(Person.objects.get(sign_in="wei.ran").pk)) == 0
        assert Entry.objects.count() == count
    assert is_sound()


def test_moving_the_day_of_a_move_takes_only_the_days_between_along() -> None:
    with system():
        rows = Assignment.objects.filter(person__sign_in="wei.ran").order_by("starts_on")
        former, present = rows
    early = present.starts_on - timedelta(days=100)
    before = credits_of("wei.ran")
    with system():
        between = Entry.objects.filter(
            person__sign_in="wei.ran",
            measure="bookings",
            credited_on__gte=early,
            credited_on__lt=present.starts_on,
        )
        moved = sum(between.values_list("value", flat=True), Decimal(0))
    with acting("hr") as actor:
        given = Correction(str(present.public_id), "gz1", early, position="销售")
        staffing.correct(actor, person_ref(actor, "wei.ran"), given)
    assert assignments("wei.ran") == [("sz1", former.starts_on, early), ("gz1", early, None)]
    assert credits_of("wei.ran") == {"sz1": before["sz1"] - moved, "gz1": before["gz1"] + moved}
    assert is_sound()


def test_days_without_any_assignment_credit_the_nearest_unit() -> None:
    """The first assignment begins only later than deals that count: those go to the first unit there was."""
    with system():
        first = Assignment.objects.filter(person__sign_in="wei.ran").order_by("starts_on")[0]
        assert first.ends_on is not None
    before = credits_of("wei.ran")
    late = first.ends_on - timedelta(days=20)
    with acting("hr") as actor:
        given = Correction(str(first.public_id), "sh1", late, first.ends_on - DAY)
        staffing.correct(actor, person_ref(actor, "wei.ran"), given)
    assert credits_of("wei.ran") == {"sh1": before["sz1"], "gz1": before["gz1"]}
    with acting("hr") as actor:
        staffing.leave(actor, person_ref(actor, "wei.ran"), Leaving(first.ends_on + timedelta(days=20)))
    assert credits_of("wei.ran") == {"sh1": before["sz1"], "gz1": before["gz1"]}, "after the end: the last"
    assert is_sound()


def test_the_effect_shown_before_is_what_happens() -> None:
    with acting("admin") as actor:
        person = Person.objects.get(sign_in="seller")
        given = Transfer("hz1", LONG_AGO)
        planned = timelines.postings(staffing.planned(person, given))
        effect = effect_of_move(actor, person.pk, planned)
        count = Entry.objects.count()
        staffing.move(actor, person_ref(actor, "seller"), given)
        assert Entry.objects.count() - count == 2 * sum(shift.entries for shift in effect)
    assert {(shift.here, shift.there) for shift in effect} == {("上海销售部", "杭州销售部")}
    shown = sum(a.value for shift in effect for a in shift.amounts if a.measure_name == "Bookings")
    assert credits_of("seller")["hz1"] == shown
    assert [shift.month for shift in effect] == sorted(shift.month for shift in effect)


def test_hr_sees_how_many_credits_move_but_not_what_they_are_worth() -> None:
    with acting("hr") as actor:
        person = Person.objects.get(sign_in="seller")
        planned = timelines.postings(staffing.planned(person, Transfer("hz1", LONG_AGO)))
        effect = effect_of_move(actor, person.pk, planned)
        assert sum(shift.entries for shift in effect) > 0
        assert all(shift.amounts == () for shift in effect)
        assert Entry.objects.count() == 0
    with acting("manager") as actor, pytest.raises(NotAllowed):
        effect_of_move(actor, person.pk, planned)


def test_a_moved_branch_keeps_its_past_and_moves_its_reach_today() -> None:
    with system():
        zheng = Unit.objects.get(code="hz1")
    level_one = by_unit("won_value", "1")
    with acting("hr") as actor:
        structure.move_unit(actor, unit_ref(actor, "hz1"), NewParent("sh1"))
    assert by_unit("won_value", "1") == level_one
    with acting("manager") as actor:
        assert zheng.pk in actor.reach("pipeline.opportunity").units, "林岚 now sees Hangzhou too"
    move("wang.fang", "sh1", LONG_AGO, who="admin")
    with acting("admin") as actor:
        staffing.withdraw(actor, person_ref(actor, "wang.fang"), Withdrawal(latest("wang.fang")))
    assert by_unit("won_value", "1") == level_one, "corrections use the tree of the credited day"
    with acting("hr") as actor:
        structure.move_unit(actor, unit_ref(actor, "hz1"), NewParent("south"))
    assert by_unit("won_value", "1") == level_one
    assert is_sound()
