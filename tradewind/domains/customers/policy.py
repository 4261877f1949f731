"""A customer is seen by its owner, in its unit, and by everybody while nobody owns it."""

from tradewind.domains.customers.models import Customer
from tradewind.platform.spine.access.scopes import Scope, register

CUSTOMERS = Scope("customers.customer", Customer, person="owner_id", unit="unit_id", unowned=True)

register(CUSTOMERS)
