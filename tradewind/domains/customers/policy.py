"""A customer is seen by its owner, in its unit, and by everybody while nobody owns it; contacts with it."""

from tradewind.domains.customers.models import Contact, Customer, Likeness
from tradewind.platform.spine.access.protect import OpenTable, register_open
from tradewind.platform.spine.access.scopes import ERASED, Guarded, PartOf, Scope, register

# How somebody is reached: whoever may not know it neither sees nor finds it.
NUMBERS = Guarded("see_numbers", frozenset({"phone", "mobile", "wechat", "email"}))
CUSTOMERS = Scope(
    "customers.customer",
    Customer,
    person="owner_id",
    unit="unit_id",
    unowned=True,
    shared=True,
    guarded=(NUMBERS,),
    writes=("INSERT", "UPDATE"),
)
CONTACTS = Scope(
    "customers.contact",
    Contact,
    part_of=PartOf("customer_id", "customers.customer"),
    guarded=(NUMBERS,),
    erased={
        "name": ERASED,
        **dict.fromkeys(("title", "department", "mobile", "phone", "wechat", "email", "preferences"), ""),
        "birthday": None,
        "may_be_contacted": False,
    },
    writes=("INSERT", "UPDATE"),
)
# Shown to whoever sees both.
LIKENESSES = Scope(
    "customers.likeness",
    Likeness,
    part_of=(PartOf("first_id", "customers.customer"), PartOf("second_id", "customers.customer")),
    writes=("UPDATE",),
)

register(CUSTOMERS, CONTACTS, LIKENESSES)
register_open(OpenTable("customers_compared", wide="SELECT, INSERT, UPDATE"))
