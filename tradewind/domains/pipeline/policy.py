"""A deal is seen by its owner, in its unit, and by the owner of its customer."""

from tradewind.domains.pipeline.models import Opportunity
from tradewind.platform.spine.access.scopes import Follows, Scope, register

OPPORTUNITIES = Scope(
    "pipeline.opportunity",
    Opportunity,
    person="owner_id",
    unit="unit_id",
    follows=Follows("customer_id", "customers.customer"),
    writes=("UPDATE",),
)

register(OPPORTUNITIES)
