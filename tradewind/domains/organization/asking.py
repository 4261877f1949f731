"""Changes of the organization as pages: a form, perhaps its effect on figures, and its command."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tradewind.domains.organization import charts
from tradewind.domains.organization.models import Unit
from tradewind.domains.organization.queries import clock
from tradewind.kernel.errors import Malformed, Refused, StaleVersion
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.shell.forms import DataList
from tradewind.platform.surface.shell.middleware import sentence

Asked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """Credits of a month that a change would move between units; amounts where they may be seen."""

    month: str
    here: str
    there: str
    entries: int
    amounts: tuple[tuple[str, str], ...]


class Asking(forms.Form):
    """A form of one change: `version` is that of the object it was shown for, where there is one."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )
    field_order: Sequence[str] | None = None
    groups: ClassVar[Mapping[str, Promise]] = {}
    """Headings of fields that belong together, by how the names of those begin."""

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields to fill in, with the heading over each run of them or none."""

        def heading(one: forms.BoundField) -> str:
            return next((str(said) for start, said in self.groups.items() if one.name.startswith(start)), "")

        for said, fields in groupby(self.visible_fields(), heading):
            yield said, list(fields)

    def order_fields(self, field_order: Any) -> None:
        """Why comes last, whatever a form adds before."""
        super().order_fields(field_order)
        self.fields["reason"] = self.fields.pop("reason")


class PlaceForm(Asking):
    """Where somebody works from a day on."""

    unit = forms.ChoiceField(label=_("Unit"))
    starts_on = forms.DateField(label=_("From day"), widget=forms.DateInput)
    position = forms.CharField(label=_("Position"), max_length=80, required=False)
    is_head = forms.BooleanField(label=_("Head of the unit"), required=False)

    def __init__(self, actor: Actor, given: Any = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(given, initial=dict(initial or {}))
        known = str((initial or {}).get("unit", ""))
        self.fields["unit"].choices = unit_choices(actor, known)  # type: ignore[attr-defined]
        self.fields["position"].widget = DataList(charts.titles(actor))


def unit_choices(actor: Actor, known: str = "") -> list[tuple[str, str]]:
    """Open units by code, indented as they stand in the tree; `known` also where it is closed."""
    rows = list(charts.open_units(actor, clock().today()))
    if known and known not in {unit.code for unit in rows}:
        rows += Unit.objects.filter(code=known)
    return [(unit.code, "\u3000" * (len(unit.path) - 1) + unit.name) for unit in rows]


@dataclass(slots=True)
class Page:
    """One change as a page: `do` makes it and says where to go on, `effect` shows what it would move."""

    title: str
    submit: str
    back_url: str
    form: Asking
    do: Callable[[Asked], str]
    effect: Callable[[Asked], Sequence[Effect]] | None = None
    hint: str = ""
    kind: str = "primary"
    other: str = ""
    other_url: str = ""


def answered(request: HttpRequest, page: Page) -> HttpResponse:
    """The form; on sending it what it would move, if anything; confirmed or harmless, the change itself.

    Only the effect that was shown can be confirmed: whoever changes the form, or whose figures changed
    meanwhile, is shown the new one.
    """
    form, status, effect = page.form, 200, tuple[Effect, ...]()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                effect = tuple(page.effect(form.cleaned_data)) if page.effect else ()
                if not effect or request.POST.get("confirmed") == _mark(effect):
                    return redirect(page.do(form.cleaned_data))
                status = 200
            except (Malformed, Refused, StaleVersion) as error:
                form.add_error(error.field if error.field in form.fields else None, sentence(error))
                status, effect = error.status, ()
    context = {"page": page, "form": form, "effect": effect, "mark": _mark(effect)}
    return render(request, "organization/change.html", context, status=status)


def _mark(effect: Sequence[Effect]) -> str:
    return sha256(repr(effect).encode()).hexdigest()
