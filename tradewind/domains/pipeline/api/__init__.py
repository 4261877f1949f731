"""Deals for integrators. A change names the version it saw in `If-Match`; a stale one gets 412."""

from ninja import Router

from tradewind.domains.pipeline.api.deals import router as deals
from tradewind.domains.pipeline.api.reports import router as reports

router = Router(tags=["opportunities"])
router.add_router("", reports)  # its names stand before the ids of deals
router.add_router("", deals)
