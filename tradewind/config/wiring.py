"""What belongs together at start-up: policies, measures, flows, and who an actor is."""

from tradewind.config import grants as _grants  # noqa: F401
from tradewind.domains.catalog import resource as catalog
from tradewind.domains.customers import resource as customers
from tradewind.domains.ledger import measures
from tradewind.domains.ledger import policy as _ledger  # noqa: F401
from tradewind.domains.orders import measures as orders
from tradewind.domains.orders import policy as _orders  # noqa: F401
from tradewind.domains.organization import resource as organization
from tradewind.domains.organization.pages import who
from tradewind.domains.organization.queries import actor_again, actor_of
from tradewind.domains.pipeline import measures as pipeline
from tradewind.domains.pipeline import policy as _pipeline  # noqa: F401
from tradewind.domains.planning import policy as _planning  # noqa: F401
from tradewind.flows import lead_to_order as _lead_to_order  # noqa: F401
from tradewind.integrations.crm_opportunities import importing as _crm_opportunities  # noqa: F401
from tradewind.kernel.errors import phrase
from tradewind.platform.spine import grants as _spine  # noqa: F401
from tradewind.platform.spine.access.later import person_source
from tradewind.platform.spine.access.middleware import actor_source
from tradewind.platform.surface.exchange.writing import offer_imports
from tradewind.platform.surface.resource import check_all, declare
from tradewind.platform.surface.resource.finding import search_all
from tradewind.platform.surface.shell.context import naming
from tradewind.platform.surface.shell.places import Place, Section, Thumbs, navigate, thumbs

measures.register(*pipeline.MEASURES, *orders.MEASURES)
actor_source(actor_of)
person_source(actor_again)
naming(who)
declare(*customers.RESOURCES, *catalog.RESOURCES, *organization.RESOURCES)
check_all()
offer_imports()
navigate(
    Section(
        phrase("Workbench"),
        (
            Place(phrase("Today"), "home", "home", "organization.company.view"),
            Place(phrase("Overview"), "overview", "chart-line", "analytics.overview.view"),
        ),
    ),
    Section(
        phrase("Sell"),
        (
            Place(phrase("Customers"), "customers.customer.list", "building", "customers.customer.view"),
            Place(phrase("Contacts"), "customers.contact.list", "address-book", "customers.contact.view"),
            Place(phrase("Opportunities"), "deals", "briefcase", "pipeline.opportunity.view"),
            Place(phrase("Products"), "catalog.product.list", "package", "catalog.product.view"),
        ),
    ),
    Section(
        phrase("Plans and targets"),
        (
            Place(phrase("Tracking"), "tracking", "target", "planning.target.view"),
            Place(phrase("Targets"), "targets", "calendar", "planning.plan.view"),
        ),
    ),
    Section(phrase("Insight"), (Place(phrase("Figures"), "figures", "chart-bar", "ledger.entry.view"),)),
    Section(
        phrase("Organization"), (Place(phrase("People"), "people", "users", "organization.person.view"),)
    ),
)
thumbs(
    Thumbs("organization.unit.lead", ("home", "overview", "deals", "tracking")),
    Thumbs("pipeline.opportunity.view", ("home", "customers.customer.list", "deals", "tracking")),
)
search_all()
