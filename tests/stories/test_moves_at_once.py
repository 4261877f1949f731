"""People, units and deals change in the same moment: nobody waits for ever, every credit is in its unit."""

from collections import Counter
from collections.abc import Callable

from django.db.models import Count

from tests.conftest import acting, system
from tests.stories.staff import DAY, LONG_AGO, is_sound, move
from tests.stories.test_many_at_once import all_at_once, close
from tradewind.config.commands.test import TEST_DAY
from tradewind.domains.ledger.models import Entry
from tradewind.domains.organization import staffing, structure
from tradewind.domains.organization.models import Assignment
from tradewind.domains.organization.queries import person_ref, unit_ref
from tradewind.domains.organization.staffing import Headship
from tradewind.domains.organization.structure import Closing, NewName, NewParent, NewUnit
from tradewind.domains.pipeline.models import Opportunity
from tradewind.kernel.errors import DomainError

Act = Callable[[], object]


def saying(act: Act) -> Act:
    """What came out of an act: `done` or the code of its refusal."""

    def run() -> str:
        try:
            act()
        except DomainError as refusal:
            return refusal.code
        return "done"

    return run


def organizing(change: Callable[..., object], ref: Callable[..., object], key: str, given: object) -> Act:
    def act() -> None:
        with acting("hr") as actor:
            change(actor, ref(actor, key), given)

    return saying(act)


def open_deals_of_one() -> tuple[str, list[Opportunity]]:
    """Whoever has most open deals with a customer, and these deals."""
    with system():
        rows = Opportunity.objects.filter(state="open", customer__isnull=False)
        most = rows.values_list("owner__sign_in").annotate(n=Count("id")).order_by("-n")[0][0]
        return most, list(rows.filter(owner__sign_in=most).order_by("id")[:8])


def test_wins_while_their_owner_is_moved_into_the_past_all_count_in_the_right_unit(
    own_database: str,
) -> None:
    owner, deals = open_deals_of_one()
    assert len(deals) >= 2
    acts: list[Act] = [lambda deal=deal: close(deal, "win", owner) for deal in deals]  # type: ignore[misc]
    acts.insert(2, saying(lambda: move(owner, "sh1", TEST_DAY)))
    acts.append(saying(lambda: move(owner, "hz1", LONG_AGO)))
    outcomes = Counter(map(str, all_at_once(acts)))
    assert outcomes["win"] == len(deals)
    assert outcomes["done"] >= 1
    with system():
        now = Assignment.objects.filter(person__sign_in=owner).order_by("starts_on").last()
        assert now is not None
        entries = Entry.objects.filter(person__sign_in=owner, credited_on=TEST_DAY)
        live = entries.filter(reverses=None, reversed_by=None)
        assert set(live.values_list("unit_id", flat=True)) == {now.unit_id}
    assert is_sound()


def test_a_tree_changed_from_all_sides_stays_a_tree(own_database: str) -> None:
    acts = [
        organizing(structure.move_unit, unit_ref, "east", NewParent("south")),
        organizing(structure.move_unit, unit_ref, "south", NewParent("east")),
        organizing(structure.move_unit, unit_ref, "sh1", NewParent("gz1")),
        organizing(structure.rename_unit, unit_ref, "hz1", NewName("杭州")),
        organizing(structure.close_unit, unit_ref, "hz1", Closing()),
        organizing(staffing.appoint_head, unit_ref, "sh1", Headship("seller", TEST_DAY + DAY)),
        organizing(staffing.move, person_ref, "seller", staffing.Transfer("hz1", TEST_DAY + 2 * DAY)),
        organizing(staffing.move, person_ref, "field", staffing.Transfer("sh1", TEST_DAY, is_head=True)),
        saying(lambda: create("hz2", "hz1")),
    ]
    outcomes = Counter(map(str, all_at_once(acts)))
    assert outcomes["organization.below_itself"] == 1, outcomes
    assert is_sound()
    with system():
        heads = Assignment.objects.filter(is_head=True, unit__code="sh1", ends_on=None)
        assert heads.count() <= 1


def create(code: str, parent: str) -> None:
    with acting("hr") as actor:
        structure.create_unit(actor, NewUnit(code, code, "team", parent))
