"""From a won deal to its order."""

from collections.abc import Mapping

from tradewind.domains.orders.following import follow_deals
from tradewind.domains.orders.queries import order_of_deal
from tradewind.domains.pipeline.commands import win
from tradewind.domains.pipeline.imports import ImportedDeals, import_opportunities
from tradewind.domains.pipeline.pages import panel
from tradewind.domains.pipeline.values import OpportunityId
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import after


def confirm_for_deal(actor: Actor, deal: OpportunityId) -> int:
    """A won deal makes one confirmed order."""
    return follow_deals(actor, (deal,))


def confirm_for_deals(actor: Actor, imported: ImportedDeals) -> int:
    """So does each imported deal that is won; one no longer won has its order cancelled."""
    return follow_deals(actor, imported.ids)


def order_facts(actor: Actor, deal_id: int) -> Mapping[str, object]:
    """The page of a deal names its order."""
    order = order_of_deal(actor, deal_id)
    return {"order": order} if order else {}


after(win, confirm_for_deal)
after(import_opportunities, confirm_for_deals)
panel(order_facts)
