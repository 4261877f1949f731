"""What belongs together at start-up: policies, measures, flows, and who an actor is."""

from tradewind.config import grants as _grants  # noqa: F401
from tradewind.domains.activities import imports as _imports  # noqa: F401
from tradewind.domains.activities import measures as activities
from tradewind.domains.activities import panels as _panels  # noqa: F401
from tradewind.domains.activities import resource as activity
from tradewind.domains.catalog import resource as catalog
from tradewind.domains.customers import resource as customers
from tradewind.domains.ledger import measures
from tradewind.domains.ledger import policy as _ledger  # noqa: F401
from tradewind.domains.orders import measures as orders
from tradewind.domains.orders import policy as _orders  # noqa: F401
from tradewind.domains.organization import resource as organization
from tradewind.domains.organization.queries import actor_of, name_of
from tradewind.domains.pipeline import measures as pipeline
from tradewind.domains.pipeline import policy as _pipeline  # noqa: F401
from tradewind.flows import deal_to_touch as _deal_to_touch  # noqa: F401
from tradewind.flows import lead_to_order as _lead_to_order  # noqa: F401
from tradewind.integrations.crm_opportunities import importing as _crm_opportunities  # noqa: F401
from tradewind.kernel.errors import phrase
from tradewind.platform.services.notify import policy as _notify  # noqa: F401
from tradewind.platform.spine import grants as _spine  # noqa: F401
from tradewind.platform.spine.access.middleware import actor_source
from tradewind.platform.surface.resource import check_all, declare
from tradewind.platform.surface.shell.context import Place, naming, navigate

measures.register(*activities.MEASURES, *pipeline.MEASURES, *orders.MEASURES)
actor_source(actor_of)
naming(name_of)
declare(*customers.RESOURCES, *activity.RESOURCES, *catalog.RESOURCES, *organization.RESOURCES)
check_all()
navigate(
    Place(phrase("Activities"), "activities.activity.list", "checklist", "activities.activity.view"),
    Place(phrase("Customers"), "customers.customer.list", "building", "customers.customer.view"),
    Place(phrase("Contacts"), "customers.contact.list", "address-book", "customers.contact.view"),
    Place(phrase("Products"), "catalog.product.list", "package", "catalog.product.view"),
    Place(phrase("Figures"), "figures", "chart-bar", "ledger.entry.view"),
    Place(phrase("Opportunities"), "deals", "briefcase", "pipeline.opportunity.view"),
    Place(phrase("People"), "people", "users", "organization.person.view"),
)
