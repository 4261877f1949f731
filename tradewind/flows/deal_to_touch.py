"""Around a deal: what was done about it, and what comes next."""

from collections.abc import Mapping

from tradewind.domains.activities import panels
from tradewind.domains.pipeline import queries as deals
from tradewind.domains.pipeline.pages import panel
from tradewind.platform.spine.access.actor import Actor

DEAL = "pipeline.opportunity"


def touches(actor: Actor, deal_id: int) -> Mapping[str, object]:
    """The page of a deal shows the composer, its planned steps and what was done."""
    deal = deals.visible_deals(actor).filter(pk=deal_id).first()
    if deal is None or not actor.can("activities.activity.view"):
        return {}
    return {"activities": {**panels.around(actor, DEAL, deal), "done": panels.told(actor, DEAL, deal_id)}}


panels.followable(DEAL, deals.described)
panel(touches)
