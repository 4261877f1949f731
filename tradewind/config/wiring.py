"""What belongs together at start-up: policies, measures, flows, and who an actor is."""

from tradewind.config import grants as _grants  # noqa: F401
from tradewind.domains.catalog import policy as _catalog  # noqa: F401
from tradewind.domains.customers import policy as _customers  # noqa: F401
from tradewind.domains.ledger import measures
from tradewind.domains.ledger import policy as _ledger  # noqa: F401
from tradewind.domains.orders import measures as orders
from tradewind.domains.orders import policy as _orders  # noqa: F401
from tradewind.domains.organization.queries import actor_of, name_of
from tradewind.domains.pipeline import measures as pipeline
from tradewind.domains.pipeline import policy as _pipeline  # noqa: F401
from tradewind.flows import lead_to_order as _lead_to_order  # noqa: F401
from tradewind.flows import move_to_credit as _move_to_credit  # noqa: F401
from tradewind.integrations.crm_opportunities import importing as _crm_opportunities  # noqa: F401
from tradewind.kernel.errors import phrase
from tradewind.platform.spine import grants as _spine  # noqa: F401
from tradewind.platform.spine.access.middleware import actor_source
from tradewind.platform.surface.shell.context import Place, naming, navigate

measures.register(*pipeline.MEASURES, *orders.MEASURES)
actor_source(actor_of)
naming(name_of)
navigate(
    Place(phrase("Figures"), "figures", "chart-bar", "ledger.entry.view"),
    Place(phrase("Opportunities"), "deals", "briefcase", "pipeline.opportunity.view"),
    Place(phrase("Organization"), "organization", "sitemap", "organization.unit.view"),
    Place(phrase("People"), "people", "users", "organization.person.view"),
)
