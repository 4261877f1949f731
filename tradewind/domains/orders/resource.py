"""Orders, declared for reading: list, search, export, API. Lines, confirming and cancelling are by hand."""

from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce, Concat, LPad
from ninja import Schema

from tradewind.domains.orders.models import Order
from tradewind.domains.orders.policy import ORDERS
from tradewind.domains.orders.queries import lines_of
from tradewind.kernel.errors import phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.columns import Field, Kind, Written
from tradewind.platform.surface.resource import Part, Resource, View

SHOWN_AS = Coalesce(
    F("number"), Concat(Value("DR"), LPad(Cast("id", CharField()), 8, Value("0")), output_field=CharField())
)
STATES = (
    ("draft", phrase("Draft")),
    ("confirmed", phrase("Confirmed")),
    ("cancelled", phrase("Cancelled")),
)


class LineOut(Schema):
    """Prices without tax; rates are fractions, so that 0.13 is 13 %; `net` and `tax` rounded to the cent."""

    position: int
    product: str | None
    description: str
    quantity: str
    unit_price: str
    discount_rate: str
    tax_rate: str
    net: str
    tax: str


def lines_shown(actor: Actor, order: Order) -> list[dict[str, Any]]:
    """The lines of an order, products by their code, numbers exact."""
    figures = ("quantity", "unit_price", "discount_rate", "tax_rate", "net", "tax")
    return [
        {
            "position": line.position,
            "product": line.product.code if line.product else None,
            "description": line.description,
            **{name: f"{getattr(line, name):f}" for name in figures},
        }
        for line in lines_of(actor, order)
    ]


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
        Field("drafted_on", written=Written.NEVER, shown=False),
        Field("confirmed_on", written=Written.NEVER),
        Field("cancelled_on", written=Written.NEVER, shown=False),
        Field("cancel_reason", written=Written.NEVER, shown=False),
        Field("amount", kind=Kind.MONEY, written=Written.NEVER, summed=True),
        Field("tax", kind=Kind.MONEY, written=Written.NEVER, summed=True, shown=False),
        Field(
            "total",
            kind=Kind.MONEY,
            label=phrase("Total with tax"),
            of=F("amount") + F("tax"),
            summed=True,
            shown=False,
        ),
        Field("owner", written=Written.NEVER),
        Field("unit", written=Written.NEVER),
        Field("deal", written=Written.NEVER, shown=False),
    ),
    search=("number", "customer__name"),
    new_route="order_new",
    keys=("number",),
    parts=(Part("lines", LineOut, lines_shown),),
    facts=("customer", "state", "amount"),
    views=(
        View("mine", phrase("Mine"), {"owner": ("me",)}),
        View("drafts", phrase("Drafts"), {"state": ("draft",)}),
        View("confirmed", phrase("Confirmed"), {"state": ("confirmed",)}, sort="-confirmed_on"),
    ),
)

RESOURCES = (ORDER,)
