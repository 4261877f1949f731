"""From a change of somebody's assignments to the units that are credited."""

from collections.abc import Sequence

from tradewind.domains.ledger.commands import recredit
from tradewind.domains.ledger.queries import effect_of_move
from tradewind.domains.ledger.values import Shift
from tradewind.domains.organization import staffing
from tradewind.domains.organization.asking import Effect
from tradewind.domains.organization.staff_pages import effects
from tradewind.domains.organization.values import Posting
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import after
from tradewind.platform.surface.shell.numbers import shown


def shown_effect(actor: Actor, person_id: int, postings: Sequence[Posting]) -> list[Effect]:
    """What a planned change would move between units, for the page that asks before saving."""
    return [_effect(shift) for shift in effect_of_move(actor, person_id, postings)]


def _effect(shift: Shift) -> Effect:
    amounts = tuple((amount.measure_name, shown(amount.value, amount.unit)) for amount in shift.amounts)
    return Effect(f"{shift.month:%Y-%m}", shift.here, shift.there, shift.entries, amounts)


for change in (staffing.move, staffing.correct, staffing.withdraw, staffing.leave):
    after(change, recredit)
effects(shown_effect)
