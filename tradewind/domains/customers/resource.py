"""The customer file, declared: its lists, records, forms, API, import and search come from here."""

from collections.abc import Mapping

from tradewind.domains.customers.commands import (
    create_contact,
    create_contacts,
    create_customer,
    create_customers,
    edit_contact,
    edit_customer,
    judge_customers,
    remove_contacts,
    remove_customers,
)
from tradewind.domains.customers.policy import CONTACTS, CUSTOMERS
from tradewind.domains.customers.queries import known_already
from tradewind.domains.organization.queries import public_id_of
from tradewind.kernel.errors import phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.columns import Field, Kind, Written
from tradewind.platform.surface.resource import Resource, View

FIRM, PLACE, OURS = phrase("The company"), phrase("Where they are"), phrase("Business with us")


def _own(actor: Actor) -> Mapping[str, object]:
    """A new customer is its maker's, until somebody else is named."""
    return {"owner": public_id_of(actor)}


CUSTOMER = Resource(
    scope=CUSTOMERS,
    address="customers",
    one=phrase("Customer"),
    many=phrase("Customers"),
    about=phrase("Companies and people who buy from us, or may."),
    icon="building",
    title="name",
    fields=(
        Field("name", section=FIRM, spoken=True),
        Field("code", written=Written.NEVER, section=FIRM),
        Field("short_name", shown=False, section=FIRM),
        Field("credit_code", shown=False, section=FIRM),
        Field("industry", bulk=True, section=FIRM),
        Field("size", shown=False, bulk=True, section=FIRM),
        Field("grade", bulk=True, section=OURS, tones={"A": "good", "B": "info"}),
        Field(
            "life_stage",
            bulk=True,
            section=OURS,
            tones={"active": "good", "dormant": "warn", "lost": "bad", "prospect": "info"},
        ),
        Field("owner", bulk=True, section=OURS),
        Field("unit", written=Written.NEVER, section=OURS),
        Field("source", shown=False, bulk=True, section=OURS),
        Field("province", section=PLACE),
        Field("city", section=PLACE),
        Field("address", shown=False, section=PLACE),
        Field("country", shown=False, section=PLACE),
        Field("phone", shown=False, section=PLACE),
        Field("email", shown=False, section=PLACE),
        Field("website", shown=False, section=PLACE),
        Field("employees", shown=False, section=FIRM),
        Field("founded_year", shown=False, section=FIRM),
        Field("revenue_millions", shown=False, section=FIRM),
        Field("parent", shown=False, section=FIRM, referring=phrase("Subsidiaries")),
        Field("note", shown=False, section=OURS),
        Field("created_at", kind=Kind.MOMENT, written=Written.NEVER, section=OURS),
    ),
    search=("name", "code", "short_name", "phone"),
    keys=("code", "credit_code", "name"),
    facts=("grade", "life_stage", "owner"),
    views=(
        View("mine", phrase("Mine"), {"owner": ("me",)}),
        View("key", phrase("Grade A"), {"grade": ("A",)}),
        View("dormant", phrase("Dormant"), {"life_stage": ("dormant",)}),
        View("open", phrase("Without owner"), {"owner.empty": ("true",)}),
    ),
    create=create_customer,
    edit=edit_customer,
    defaults=_own,
    create_many=create_customers,
    judge=judge_customers,
    known=known_already,
    remove_many=remove_customers,
)

CONTACT = Resource(
    scope=CONTACTS,
    address="contacts",
    one=phrase("Contact"),
    many=phrase("Contacts"),
    about=phrase("The people at our customers: who decides, who helps, how to reach them."),
    icon="address-book",
    title="name",
    fields=(
        Field("name", label=phrase("Full name"), spoken=True),
        Field("customer"),
        Field("title"),
        Field("department", shown=False),
        Field("part", tones={"decider": "good", "coach": "info"}, bulk=True),
        Field("attitude", tones={"for": "good", "against": "bad"}, bulk=True),
        Field("mobile"),
        Field("phone", shown=False),
        Field("wechat", shown=False),
        Field("email", shown=False),
        Field("birthday", shown=False),
        Field("is_lunar", shown=False),
        Field("may_be_contacted", shown=False),
        Field("preferences", shown=False),
        Field("created_at", shown=False, written=Written.NEVER),
    ),
    search=("name", "mobile", "customer__name"),
    keys=("name",),
    facts=("title", "part", "mobile"),
    views=(View("deciders", phrase("Deciders"), {"part": ("decider",)}),),
    create=create_contact,
    edit=edit_contact,
    known_by=(("customer", "name"), ("mobile",), ("email",)),
    create_many=create_contacts,
    remove_many=remove_contacts,
)

RESOURCES = (CUSTOMER, CONTACT)
