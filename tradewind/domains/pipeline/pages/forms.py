"""What the pages of deals ask."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradewind.domains.customers import queries as customers
from tradewind.domains.pipeline.models import Opportunity, ReasonCode
from tradewind.kernel.errors import Malformed
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.shell.forms import DataList
from tradewind.platform.surface.shell.middleware import sentence

OFFERED = 300  # customers proposed while typing
ONE_OF_TWO = gettext_lazy("Choose one, or say it in words below.")


class ClosingForm(forms.Form):
    """Closing asks why: all that is wrong is said at once, so this is asked for before the command does."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("reason_code") and not given.get("reason") and not self.errors.get("reason"):
            self.add_error("reason", sentence(Malformed("pipeline.reason_missing")))
        return given

    def ask_why(self, codes: Sequence[ReasonCode], kind: str) -> None:
        """Offer the reasons of this kind, marked as asked for: one of them, or words instead."""
        code = self.fields["reason_code"]
        code.choices = _choices(codes, kind)  # type: ignore[attr-defined]
        code.widget.attrs["aria-required"] = "true"


class WinForm(ClosingForm):
    """What winning asks."""

    value = forms.DecimalField(
        label=gettext_lazy("Value"),
        max_digits=18,
        decimal_places=2,
        min_value=Decimal("0.01"),
        help_text=gettext_lazy("Without tax"),
    )
    customer = forms.CharField(label=gettext_lazy("Customer"), max_length=200)
    reason_code = forms.ChoiceField(label=gettext_lazy("Main reason"), required=False, help_text=ONE_OF_TWO)
    reason = forms.CharField(
        label=gettext_lazy("Why did we win?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(
        self, actor: Actor, deal: Opportunity, codes: Sequence[ReasonCode], given: Any = None
    ) -> None:
        first = {"version": deal.version, "value": deal.amount}
        super().__init__(given, auto_id="win_%s", initial=first)
        self.ask_why(codes, "won")
        if deal.customer_id is not None:
            del self.fields["customer"]
        else:
            known = [name for _, name in customers.first_names(actor, OFFERED)]
            self.fields["customer"].widget = DataList(known)


class LoseForm(ClosingForm):
    """What losing asks."""

    reason_code = forms.ChoiceField(label=gettext_lazy("Main reason"), required=False, help_text=ONE_OF_TWO)
    reason = forms.CharField(
        label=gettext_lazy("Why did we lose?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, deal: Opportunity, codes: Sequence[ReasonCode], given: Any = None) -> None:
        super().__init__(given, auto_id="lose_%s", initial={"version": deal.version})
        self.ask_why(codes, "lost")


class ReopenForm(forms.Form):
    """What opening a lost deal again asks."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why is it open again?"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, deal: Opportunity, given: Any = None) -> None:
        super().__init__(given, auto_id="reopen_%s", initial={"version": deal.version})


class StepForm(forms.Form):
    """What happens next, and by when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    next_step = forms.CharField(label=gettext_lazy("Next step"), max_length=200, required=False)
    next_step_on = forms.DateField(label=gettext_lazy("Due"), required=False, widget=forms.DateInput())

    def __init__(self, deal: Opportunity, given: Any = None) -> None:
        first = {"version": deal.version, "next_step": deal.next_step, "next_step_on": deal.next_step_on}
        super().__init__(given, auto_id="step_%s", initial=first)


class MoveForm(forms.Form):
    """Where the deal goes."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    stage = forms.CharField(max_length=40)


def _choices(codes: Sequence[ReasonCode], kind: str) -> list[tuple[str, str]]:
    return [("", _("Choose one")), *((code.key, code.label) for code in codes if code.kind == kind)]
