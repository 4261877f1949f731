"""Doing somebody's work while they are away."""

import pytest

from tests.conftest import SignedIn, acting, system
from tests.stories.access import DAY, arrange, check_both_locks
from tests.stories.staff import on_day
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.organization import standing_in
from tradewind.domains.organization.standing_in import Absence, Return
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import DomainError, Malformed, NotAllowed
from tradewind.platform.spine.command import Ref
from tradewind.platform.spine.models import Event
from tradewind.platform.spine.outbox import deliver_event

pytestmark = pytest.mark.django_db


def test_a_stand_in_has_the_absent_persons_rights_and_reach_for_those_days() -> None:
    arrange("manager", "wu.qiang")
    with acting("wu.qiang") as actor, acting("manager") as manager:
        assert actor.stands_in_for == {manager.person_id}
        assert set(manager.reach("customers.customer").persons) <= set(
            actor.reach("customers.customer").persons
        )
        assert actor.can("analytics.overview.view")
    with acting("wu.qiang") as actor:
        check_both_locks(actor)
    with on_day(TEST_DAY + 4 * DAY), acting("wu.qiang") as actor:
        assert not actor.stands_in_for
        assert not actor.can("analytics.overview.view")


def test_administering_is_not_handed_over_and_standing_in_is_not_passed_on() -> None:
    arrange("admin", "seller")
    arrange("seller", "field")
    with acting("seller") as actor:
        assert actor.reach("customers.customer").everything
        assert not actor.can("organization.role.change")
        assert not actor.can("organization.person.hire")
    with acting("field") as actor:
        assert not actor.reach("customers.customer").everything


def test_whoever_stands_in_for_an_owner_sees_what_follows_their_customers() -> None:
    with system():
        deal = Opportunity.objects.filter(state="open", customer__owner__sign_in="seller").exclude(
            owner__sign_in="seller"
        )
        follows = deal.first()
    arrange("seller", "shen.bo")
    with acting("shen.bo") as actor:
        check_both_locks(actor)
        if follows is not None:
            assert Opportunity.objects.filter(pk=follows.pk).exists()


def test_an_absence_is_arranged_by_the_person_or_by_whoever_leads_them_and_ended_early() -> None:
    for by, is_allowed in (
        ("seller", True),
        ("manager", True),
        ("hr", True),
        ("zheng.yi", False),
        ("field", False),
    ):
        with acting(by) as actor:
            given = Absence("seller", "wu.qiang", TEST_DAY, TEST_DAY + DAY)
            if not is_allowed:
                with pytest.raises(NotAllowed):
                    standing_in.arrange(actor, given)
                continue
            made = standing_in.arrange(actor, given)
            standing_in.end(actor, Ref(made.public_id, made.version), Return())
    made = arrange("seller", "wu.qiang")
    with on_day(TEST_DAY + DAY), acting("seller") as actor:
        assert standing_in.end(actor, Ref(made.public_id, made.version), Return())
        with acting("wu.qiang") as other:
            assert not other.stands_in_for


@pytest.mark.parametrize(("by", "person"), [("hr", "director"), ("hr", "admin"), ("manager", "seller")])
def test_nobody_takes_anothers_rights_by_their_own_word(by: str, person: str) -> None:
    with acting(by) as actor, pytest.raises(Malformed) as refused:
        standing_in.arrange(actor, Absence(person, by, TEST_DAY, TEST_DAY + DAY))
    assert refused.value.code == "organization.stands_in_by_own_word"
    with acting(by) as actor:
        assert not actor.stands_in_for


@pytest.mark.parametrize(
    ("stand_in", "first", "last", "code"),
    [
        ("seller", 0, 1, "organization.stands_in_for_self"),
        ("nobody", 0, 1, "organization.unknown_person"),
        ("wu.qiang", 1, 0, "organization.ends_before_start"),
        ("wu.qiang", -9, -8, "organization.stand_in_past"),
        ("wu.qiang", 0, 400, "organization.stand_in_too_long"),
        ("yang.liu", 0, 1, "organization.stand_in_not_here"),
        ("wu.qiang", 2, 5, "organization.stand_in_already"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_with_its_reason(
    stand_in: str, first: int, last: int, code: str
) -> None:
    arrange("seller", "field", days=3)
    with acting("seller") as actor, pytest.raises(DomainError) as refused:
        standing_in.arrange(actor, Absence("seller", stand_in, TEST_DAY + first * DAY, TEST_DAY + last * DAY))
    assert refused.value.code == code


def test_both_hear_of_it_but_for_whoever_arranged_it(signed_in: SignedIn) -> None:
    made = arrange("seller", "wu.qiang", by="manager")
    with system():
        event = Event.objects.filter(kind="StandInArranged").latest("id")
    deliver_event(event.pk)
    told = {"wu.qiang": "代理陈小雨的工作", "seller": "吴强将在"}
    for name, words in told.items():
        assert words in signed_in(name).get("/notifications").content.decode()
    assert "代理" not in signed_in("manager").get("/notifications").content.decode()
    page = signed_in("seller").get(f"/people/{made.person.public_id}").content.decode()
    assert "吴强" in page
    assert deliver_event(event.pk) == 0
