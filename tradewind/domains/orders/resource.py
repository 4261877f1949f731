"""Orders, declared for reading: list, search, export, API. Lines, confirming and cancelling are by hand."""

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce, Concat, LPad

from tradewind.domains.orders.policy import ORDERS
from tradewind.kernel.errors import phrase
from tradewind.platform.surface.columns import Field, Kind, Written
from tradewind.platform.surface.resource import Resource, View

SHOWN_AS = Coalesce(
    F("number"), Concat(Value("DR"), LPad(Cast("id", CharField()), 8, Value("0")), output_field=CharField())
)
STATES = (
    ("draft", phrase("Draft")),
    ("confirmed", phrase("Confirmed")),
    ("cancelled", phrase("Cancelled")),
)

ORDER = Resource(
    scope=ORDERS,
    address="orders",
    one=phrase("Order"),
    many=phrase("Orders"),
    about=phrase("What customers agreed to buy. A won deal makes its order by itself."),
    icon="receipt",
    title="name",
    fields=(
        # A draft has no number yet: numbers are drawn without a gap on confirmation.
        Field("name", kind=Kind.TEXT, label=phrase("Number"), of=SHOWN_AS),
        Field("customer", written=Written.NEVER),
        Field(
            "state",
            choices=STATES,
            written=Written.NEVER,
            tones={"draft": "info", "confirmed": "good", "cancelled": "bad"},
        ),
        Field("confirmed_on", written=Written.NEVER),
        Field("amount", kind=Kind.MONEY, written=Written.NEVER, summed=True),
        Field("tax", kind=Kind.MONEY, written=Written.NEVER, summed=True, shown=False),
        Field("owner", written=Written.NEVER),
        Field("unit", written=Written.NEVER),
        Field("deal", written=Written.NEVER, shown=False),
    ),
    search=("number", "customer__name"),
    keys=("number",),
    facts=("customer", "state", "amount"),
    views=(
        View("mine", phrase("Mine"), {"owner": ("me",)}),
        View("drafts", phrase("Drafts"), {"state": ("draft",)}),
        View("confirmed", phrase("Confirmed"), {"state": ("confirmed",)}, sort="-confirmed_on"),
    ),
)

RESOURCES = (ORDER,)
