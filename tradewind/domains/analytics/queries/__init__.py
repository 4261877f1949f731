"""Questions about the business as a whole, as far as the actor sees it."""

from tradewind.domains.analytics.queries.common import BOOKINGS, RIGHT, sees_company
from tradewind.domains.analytics.queries.overview import Overview, overview
from tradewind.domains.analytics.queries.today import Company, OwnDeals, Team, company, own_deals, team

__all__ = [
    "BOOKINGS",
    "RIGHT",
    "Company",
    "Overview",
    "OwnDeals",
    "Team",
    "company",
    "overview",
    "own_deals",
    "sees_company",
    "team",
]
