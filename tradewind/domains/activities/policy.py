"""An activity is seen and changed by whoever does it, in its unit, and by the owner of its customer."""

from tradewind.domains.activities.models import Activity
from tradewind.platform.spine.access.scopes import Follows, Scope, register

ACTIVITIES = Scope(
    "activities.activity",
    Activity,
    person="owner_id",
    unit="unit_id",
    follows=Follows("customer_id", "customers.customer", is_changed=True),
    writes=("INSERT", "UPDATE"),
)

register(ACTIVITIES)
