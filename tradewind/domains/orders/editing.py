"""The form of an order: its customer and its lines, as many as there are, blank ones left out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from tradewind.domains.catalog import queries as catalog
from tradewind.domains.customers import queries as customers
from tradewind.domains.orders import rules
from tradewind.domains.orders.commands import Content
from tradewind.domains.orders.models import Order, OrderLine
from tradewind.domains.orders.rules import MOST_LINES, Sums, Terms
from tradewind.domains.orders.values import LineGiven
from tradewind.kernel.errors import DomainError, Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.shell.forms import Amount, DataList
from tradewind.platform.surface.shell.middleware import sentence

OFFERED = 300  # customers and products proposed while typing
BLANK = 4  # rows to fill in where scripts do not add any
USUAL_TAX = "13"
TAXES = ("13", "9", "6", "3", "1", "0")
HUNDRED = Decimal(100)
FIELDS = {"discount_rate": "discount", "tax_rate": "tax"}  # shown as percentages


def _number(label: Any, places: int, **more: Any) -> forms.DecimalField:
    """A number typed as text: browsers' own number fields change with the mouse wheel and hide mistakes."""
    return Amount(label=label, max_digits=20, decimal_places=places, **more)


class LineForm(forms.Form):
    """One line; rates in percent."""

    product = forms.CharField(
        label=_("Product"),
        max_length=200,
        widget=forms.TextInput({"list": "products", "autocomplete": "off"}),
    )
    description = forms.CharField(label=_("Description"), max_length=500, required=False)
    quantity = _number(_("Quantity"), 3)
    unit_price = _number(_("Unit price"), 4)
    discount = _number(_("Discount in percent"), 2, required=False)
    tax = _number(_("Tax in percent"), 2, required=False, initial=USUAL_TAX)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for field in self.fields.values():  # their column names them to the eye only
            field.widget.attrs |= {"class": "input", "aria-label": field.label}
        self.fields["tax"].widget.attrs["list"] = "taxes"

    def has_changed(self) -> bool:
        """Did somebody write in this row? The tax rate stands there already."""
        named = [name for name in self.fields if name != "tax"]
        return any(self.data.get(self.add_prefix(name), "").strip() for name in named)

    def clean(self) -> dict[str, Any]:
        """Say at once what the command would refuse about this line."""
        if not self.errors and self.has_changed():
            try:
                rules.check_terms(self._terms(), 0)
            except Malformed as error:
                name = error.field.rpartition(".")[2]
                self.add_error(FIELDS.get(name, name), sentence(error))
        return self.cleaned_data

    def given(self) -> LineGiven:
        """The line as the command takes it."""
        asked = self.cleaned_data
        return LineGiven(
            asked["product"],
            asked["quantity"],
            asked["unit_price"],
            (asked["discount"] or 0) / HUNDRED,
            (asked["tax"] or 0) / HUNDRED,
            asked["description"],
        )

    def sums(self) -> Sums | None:
        """What the row comes to, as far as it can be worked out."""
        if not self.is_bound or not self.has_changed() or not self.is_valid():
            return None
        return rules.line_sums(self._terms())

    def _terms(self) -> Terms:
        line = self.given()
        return Terms(line.quantity, line.unit_price, line.discount_rate, line.tax_rate)


if TYPE_CHECKING:
    _Rows = BaseFormSet[LineForm]
else:  # Django's class takes no parameter while it runs
    _Rows = BaseFormSet


class Rows(_Rows):
    """The lines; a row somebody emptied is a row removed."""

    def initial_form_count(self) -> int:
        """No row that is sent has to be filled in."""
        return 0 if self.is_bound else super().initial_form_count()


class HeadForm(forms.Form):
    """Whose order it is, and what the page worked out."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen_total = forms.DecimalField(widget=forms.HiddenInput, required=False)
    customer = forms.CharField(label=_("Customer"), max_length=200)

    def __init__(self, actor: Actor, given: Any = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(given, initial={"once": uuid4(), **(initial or {})})
        known = [name for _, name in customers.first_names(actor, OFFERED)]
        self.fields["customer"].widget = DataList(known)


class OrderForm:
    """Head and lines together."""

    def __init__(
        self, actor: Actor, given: Any = None, order: Order | None = None, lines: Sequence[OrderLine] = ()
    ) -> None:
        rows = formset_factory(LineForm, Rows, BLANK, max_num=MOST_LINES, validate_max=True)
        head = {"customer": order.customer.name, "version": order.version} if order and order.customer else {}
        self.head = HeadForm(actor, given, head)
        shown = None if given is not None else [_initial(line) for line in lines]
        self.rows: BaseFormSet[LineForm] = rows(given, initial=shown, prefix="line")
        self.offers = catalog.offers(actor, OFFERED)

    def is_valid(self) -> bool:
        """Is everything typed well enough to ask the command?"""
        return self.head.is_valid() & self.rows.is_valid()

    def filled(self) -> list[LineForm]:
        """The rows somebody wrote in."""
        return [row for row in self.rows if row.has_changed()]

    def content(self) -> Content:
        """What the command is asked for."""
        head = self.head.cleaned_data
        lines = tuple(row.given() for row in self.filled())
        return Content(head["customer"], lines, head["seen_total"], public_id=head["once"])

    def sums(self) -> Sums | None:
        """What the lines come to, as far as they can be worked out."""
        try:
            return rules.order_sums(filter(None, (row.sums() for row in self.filled())))
        except DomainError:
            return None

    def refuse(self, error: DomainError) -> None:
        """Say at the field what the command refused."""
        where, _, rest = error.field.partition(".")
        at, _, name = rest.partition(".")
        if where == "lines" and name:
            row = self.filled()[int(at)]
            row.add_error(FIELDS.get(name, name), sentence(error))
        else:
            self.head.add_error(where if where in self.head.fields else None, sentence(error))


def _initial(line: OrderLine) -> dict[str, object]:
    return {
        "product": line.product.code if line.product else "",
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit_price": plain(line.unit_price),
        "discount": plain(line.discount_rate * HUNDRED),
        "tax": plain(line.tax_rate * HUNDRED),
    }


def plain(value: Decimal) -> str:
    """A number as somebody would type it: no zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
