"""What belongs together at start-up: policies, measures, flows, and who an actor is."""

from tradewind.config import grants as _grants  # noqa: F401
from tradewind.config import navigation as _navigation  # noqa: F401
from tradewind.config import scopes as _scopes  # noqa: F401
from tradewind.domains.activities import imports as _imports  # noqa: F401
from tradewind.domains.activities import measures as activities
from tradewind.domains.activities import panels as _panels  # noqa: F401
from tradewind.domains.activities import resource as activity
from tradewind.domains.catalog import resource as catalog
from tradewind.domains.customers import resource as customers
from tradewind.domains.ledger import measures
from tradewind.domains.ledger import policy as _ledger  # noqa: F401
from tradewind.domains.orders import measures as orders
from tradewind.domains.orders import resource as order_file
from tradewind.domains.organization import resource as organization
from tradewind.domains.organization.pages import who
from tradewind.domains.organization.queries import actor_again, actor_of
from tradewind.domains.organization.seeing import looking_as
from tradewind.domains.pipeline import measures as pipeline
from tradewind.domains.pipeline import resource as opportunities
from tradewind.domains.planning import policy as _planning  # noqa: F401
from tradewind.flows import deal_to_touch as _deal_to_touch  # noqa: F401
from tradewind.flows import lead_to_order as _lead_to_order  # noqa: F401
from tradewind.flows import month_to_close as _month_to_close  # noqa: F401
from tradewind.flows import move_to_credit as _move_to_credit  # noqa: F401
from tradewind.flows import price_to_approval as _price_to_approval  # noqa: F401
from tradewind.flows import reassignment_to_approval as _reassignment_to_approval  # noqa: F401
from tradewind.integrations.crm_opportunities import importing as _crm_opportunities  # noqa: F401
from tradewind.platform.services.notify import policy as _notify  # noqa: F401
from tradewind.platform.spine import grants as _spine  # noqa: F401
from tradewind.platform.spine.access.later import person_source
from tradewind.platform.spine.access.middleware import actor_source, look_source
from tradewind.platform.surface.exchange.writing import offer_imports
from tradewind.platform.surface.resource import check_all, declare
from tradewind.platform.surface.resource.finding import search_all
from tradewind.platform.surface.resource.ordering import order_all
from tradewind.platform.surface.shell.context import naming

measures.register(*activities.MEASURES, *pipeline.MEASURES, *orders.MEASURES)
actor_source(actor_of)
look_source(looking_as)
person_source(actor_again)
naming(who)
declare(
    *customers.RESOURCES,
    *activity.RESOURCES,
    *opportunities.RESOURCES,
    *order_file.RESOURCES,
    *catalog.RESOURCES,
    *organization.RESOURCES,
)
check_all()
offer_imports()
search_all()
order_all()
