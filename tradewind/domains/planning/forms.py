"""What drafting a plan and spreading a row ask."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.ledger import queries as ledger
from tradewind.domains.organization import queries as organization
from tradewind.domains.planning import queries
from tradewind.domains.planning.commands import NewPlan, Respread
from tradewind.domains.planning.grid import label_of
from tradewind.domains.planning.queries import PlanRow
from tradewind.domains.planning.rules.outline import Line
from tradewind.domains.planning.values import MONTHS, UNITS_OF_ROUNDING, Kind, Method, Rounding, RowKey
from tradewind.kernel.errors import DomainError
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.shell.middleware import sentence

BY = {
    Method.EQUAL: gettext_lazy("Equally"),
    Method.HISTORY: gettext_lazy("As last year"),
    Method.PRESENT: gettext_lazy("As planned now"),
    Method.WEIGHTS: gettext_lazy("By own weights"),
}
OVER = {
    Method.WORKDAYS: gettext_lazy("By workdays"),
    Method.EQUAL: gettext_lazy("Equally"),
    Method.HISTORY: gettext_lazy("As last year"),
    Method.PRESENT: gettext_lazy("As planned now"),
}
AMOUNT, GROWTH = "amount", "growth"


def _roundings() -> list[tuple[int, str]]:
    return [(unit, f"{unit:,}") for unit in UNITS_OF_ROUNDING]


def _whole(label: str, initial: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=_roundings(), coerce=int, initial=initial, required=False
    )


class SharingForm(forms.Form):
    """By what an amount is shared, and to what it is rounded."""

    def refuse(self, error: DomainError) -> None:
        """Say at the field why it cannot be done."""
        is_shown = error.field in self.fields and not self[error.field].is_hidden
        self.add_error(error.field if is_shown else None, sentence(error))

    def rounding(self) -> Rounding:
        given = self.cleaned_data
        months = int(given["months"] or 1)
        remainder = int(given["remainder_month"]) if given["remainder_month"] else None
        return Rounding(int(given["units"] or 1), int(given["people"] or 1), months, months, remainder)

    def add_rounding(self) -> None:
        """Fields every spreading has, after its own."""
        self.fields["units"] = _whole(_("Units rounded to"), 1)
        self.fields["people"] = _whole(_("People rounded to"), 1)
        self.fields["months"] = _whole(_("Months rounded to"), 1)
        months = [("", _("Last open month")), *((month, f"{month}") for month in MONTHS)]
        self.fields["remainder_month"] = forms.ChoiceField(
            label=_("Remainder in month"), choices=months, required=False
        )


class NewPlanForm(SharingForm):
    """A year, a measure, a unit, and either an amount or growth over last year."""

    year = forms.IntegerField(label=gettext_lazy("Plan year"), min_value=2000, max_value=2100)
    measure = forms.ChoiceField(label=gettext_lazy("Measure"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    amount = forms.DecimalField(
        label=gettext_lazy("Amount of the year"),
        required=False,
        help_text=gettext_lazy("Leave it empty to grow from last year instead."),
    )
    growth = forms.DecimalField(label=gettext_lazy("Growth over last year, %"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("Share among units and people"))
    over = forms.ChoiceField(label=gettext_lazy("Share over months"))

    def __init__(self, actor: Actor, today: date, given: Mapping[str, str] | None = None) -> None:
        first = {
            "year": today.year + (today.month >= 10),
            "measure": queries.BOOKINGS,
            "by": Method.EQUAL,
            "over": Method.WORKDAYS,
        }
        super().__init__(given, initial=first)
        units = organization.unit_tree()
        choices: dict[str, list[tuple[str, Any]]] = {
            "measure": [(flow.key, _(flow.name)) for flow in ledger.flows()],
            "unit": [(unit.code, "　" * (len(unit.path) - 1) + unit.name) for unit in units],
            "by": [(method, BY[method]) for method in (Method.EQUAL, Method.HISTORY)],
            "over": [(method, OVER[method]) for method in (Method.WORKDAYS, Method.EQUAL, Method.HISTORY)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.add_rounding()

    def asked(self) -> NewPlan:
        """The command's input; growth is given in percent."""
        given = self.cleaned_data
        growth = given["growth"]
        return NewPlan(
            given["year"],
            given["measure"],
            given["unit"],
            given["amount"],
            None if growth is None else growth / 100,
            Method(given["by"]),
            Method(given["over"]),
            self.rounding(),
        )


class SpreadForm(SharingForm):
    """One row of a plan, opened for spreading; with own weights a field for every row in it."""

    row = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    amount = forms.DecimalField(label=gettext_lazy("Amount of the year"))
    by = forms.ChoiceField(label=gettext_lazy("Share among the rows in it"), choices=BY.items())
    over = forms.ChoiceField(label=gettext_lazy("Share over months"), choices=OVER.items())

    def __init__(
        self,
        rows: Sequence[PlanRow],
        line: Line | None,
        version: int,
        given: Mapping[str, str] | None = None,
    ) -> None:
        own = next((row for row in rows if line is not None and row.line.id == line.id), None)
        first = {
            "row": line.id if line else "",
            "version": version,
            "amount": own.total if own else None,
            "by": Method.PRESENT if own and own.total else Method.EQUAL,
            "over": Method.PRESENT if own and own.total else Method.WORKDAYS,
        }
        super().__init__(given, auto_id="spread_%s", initial=first)
        self.line = line
        self.label = label_of(line) if line else ""
        self.below = [row for row in rows if line is not None and row.line.parent == line.id]
        if line is None or line.key.kind is not Kind.UNIT:
            self.fields["by"].required, self.fields["by"].widget = False, forms.HiddenInput()
        self.add_rounding()
        for row in self.below:
            self.fields[_weight_of(row)] = forms.DecimalField(
                label=label_of(row.line), min_value=Decimal(0), required=False
            )

    def clean(self) -> dict[str, Any]:
        if self.line is None:
            raise forms.ValidationError(_("This row is not in the plan."))
        return super().clean() or self.cleaned_data

    @property
    def sharing(self) -> list[forms.BoundField]:
        """The fields before the weights."""
        return [self[name] for name in ("amount", "by", "over") if not self[name].is_hidden]

    @property
    def rounding_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("units", "people", "months", "remainder_month")]

    @property
    def weights(self) -> list[forms.BoundField]:
        """A field for every row below."""
        return [self[_weight_of(row)] for row in self.below]

    def asked(self) -> Respread:
        """The command's input."""
        given = self.cleaned_data
        weights: dict[RowKey, Decimal] = {
            row.line.key: given[_weight_of(row)] for row in self.below if given[_weight_of(row)] is not None
        }
        if self.line is None:
            raise LookupError("a form without a row asks for nothing")
        by = Method(given["by"] or Method.PRESENT)
        return Respread(self.line.key, given["amount"], by, Method(given["over"]), self.rounding(), weights)


def _weight_of(row: PlanRow) -> str:
    return f"weight_{row.line.id}"
