"""A customer is seen by its owner, in its unit, and by everybody while nobody owns it; contacts with it."""

from tradewind.domains.customers.models import Contact, Customer
from tradewind.platform.spine.access.scopes import PartOf, Scope, register

CUSTOMERS = Scope(
    "customers.customer",
    Customer,
    person="owner_id",
    unit="unit_id",
    unowned=True,
    writes=("INSERT", "UPDATE"),
)
CONTACTS = Scope(
    "customers.contact",
    Contact,
    part_of=PartOf("customer_id", "customers.customer"),
    writes=("INSERT", "UPDATE"),
)

register(CUSTOMERS, CONTACTS)
