"""What API tokens can be made for, in the words of the navigation."""

from tradewind.kernel.errors import phrase
from tradewind.platform.spine.access.tokens import Area, offer

DIRECTORY = tuple(
    f"organization.{one}.{verb}"
    for one in ("unit", "position", "person", "assignment", "grant", "company", "special_day")
    for verb in ("view", "export")
)

offer(
    Area("customers", phrase("Customers and contacts"), ("customers.",)),
    Area("activities", phrase("Activities"), ("activities.",)),
    Area("opportunities", phrase("Opportunities"), ("pipeline.",)),
    Area("orders", phrase("Orders"), ("orders.",)),
    Area("products", phrase("Products"), ("catalog.",)),
    Area("figures", phrase("Figures"), ("ledger.entry.view", "ledger.rollup.view", "analytics.")),
    Area("plans", phrase("Plans and targets"), ("planning.",)),
    Area("organization", phrase("Units and people"), DIRECTORY, is_given=True),
)
