"""One parser for every door: form, JSON and spreadsheet cells all go through the same Django form fields."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.columns import NUMBERS, Column, Kind
from tradewind.platform.surface.shell.forms import Amount, Whole
from tradewind.platform.surface.shell.lists import listed

Visible = Callable[[Actor, Column], QuerySet[Any]]
"""The rows that a reference may point to."""
ADDRESS = Callable[[Column], str]
LONGEST = 20_000
FUTURE, PAST = date(2200, 12, 31), date(1800, 1, 1)


class Reference(forms.CharField):
    """A public id typed, picked or sent; cleaned to the row's id. What one may not see does not exist."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": gettext_lazy("This does not exist, or you may not see it."),
    }

    def __init__(self, rows: QuerySet[Any], **named: Any) -> None:
        super().__init__(max_length=40, **named)
        self.rows = rows

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = self.rows.filter(public_id=UUID(text)).values_list("pk", flat=True).first()
        except ValueError:
            found = None
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found


class Looked(forms.CharField):
    """A reference of many rows at once: `found` says for each text the row's id, or why there is none."""

    default_error_messages: ClassVar[dict[str, Any]] = Reference.default_error_messages

    def __init__(self, found: Mapping[str, int | str], **named: Any) -> None:
        super().__init__(**named)
        self.found = found

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        answer = self.found.get(text, self.error_messages["unknown"])
        if not isinstance(answer, int):
            raise ValidationError(answer, code="unknown")
        return answer


class Moment(forms.DateTimeField):
    """An instant, typed as day and time of the company's zone; JSON may name another zone."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(_zone()).replace(tzinfo=None) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        try:
            read = datetime.fromisoformat(value.strip()) if isinstance(value, str) and value.strip() else None
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if read is None:
            return None
        _in_a_lifetime(read.date())
        return read if read.tzinfo else read.replace(tzinfo=_zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.COMPANY_TIME_ZONE)


def _special(column: Column, shared: Mapping[str, Any]) -> forms.Field | None:
    """The input of kinds that Django would read by the reader's language, or not long enough."""
    if column.kind is Kind.DATE:
        return forms.DateField(input_formats=["%Y-%m-%d"], **shared)
    if column.kind is Kind.MOMENT:
        return Moment(**shared)
    if column.kind is Kind.TIME:
        shown = forms.TimeInput({"type": "time"}, format="%H:%M")
        return forms.TimeField(widget=shown, input_formats=["%H:%M"], **shared)
    if column.kind is Kind.LONG:
        area = forms.Textarea({"rows": 3})
        return forms.CharField(max_length=column.max_length or LONGEST, widget=area, **shared)
    if column.kind is Kind.BOOL:
        return forms.BooleanField(**{**shared, "required": False})
    if column.kind is Kind.CHOICE and column.declared.choices:  # a list that the model does not know
        known = listed(label for _value, label in column.choices())
        wrong = {"invalid_choice": gettext("One of: %(choices)s") % {"choices": known}}
        return forms.ChoiceField(choices=[("", "—"), *column.choices()], error_messages=wrong, **shared)
    return None


def input_of(column: Column, rows: QuerySet[Any] | None) -> forms.Field:
    """The form field of a column: the model's own, within the limits every door shares."""
    shared: dict[str, Any] = {
        "required": column.is_required,
        "label": column.label,
        "help_text": gettext(column.declared.help) if column.declared.help else "",
    }
    if column.kind is Kind.REFERENCE:
        assert rows is not None  # noqa: S101 said by whoever asks for a reference
        return Reference(rows, **shared)
    assert column.stored is not None  # noqa: S101 computed fields are never written
    if column.kind in NUMBERS:
        shared["form_class"] = Whole if column.kind is Kind.INTEGER else Amount
    made = _special(column, shared) or column.stored.formfield(**shared)
    assert isinstance(made, forms.Field)  # noqa: S101
    if isinstance(made, forms.TypedChoiceField):
        made.choices = [("", "—"), *column.choices()] if not column.is_required else column.choices()
    if column.kind is not Kind.BOOL:
        made.validators += [one for one in column.stored.validators if one not in made.validators]
    if column.kind is Kind.DATE:
        made.validators.append(_in_a_lifetime)
    return made


def _in_a_lifetime(day: date) -> None:
    if not PAST <= day <= FUTURE:
        raise ValidationError(gettext("Take a day between 1800 and 2200."), code="day")


class Inputs(forms.Form):
    """The inputs of some columns for one actor. `parsed` are the values by model column name."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        actor: Actor,
        columns: Iterable[Column],
        rows: Visible,
        given: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(given, initial={"once": uuid4(), **(initial or {})})
        self.actor, self.columns = actor, {column.name: column for column in columns}
        for name, column in self.columns.items():
            chosen = rows(actor, column) if column.kind is Kind.REFERENCE else None
            self.fields[name] = input_of(column, chosen)

    def look_up(self, found: Mapping[str, Mapping[str, int | str]]) -> None:
        """Before reading many rows: what each reference may say was looked up for all of them at once."""
        for name, answers in found.items():
            asked = self.fields[name]
            self.fields[name] = Looked(answers, required=asked.required, label=asked.label)

    def value_of(self, name: str, text: str) -> object:
        """One value as it is stored, of many rows; what a page needs besides is left out.

        Raises ValidationError with what is wrong.
        """
        return _stored(self.columns[name], self.fields[name].clean(text))

    def parsed(self) -> dict[str, object]:
        """The values by the model's column name: a reference as its id, text without outer space."""
        return {
            (f"{name}_id" if column.kind is Kind.REFERENCE else name): _stored(
                column, self.cleaned_data[name]
            )
            for name, column in self.columns.items()
            if name in self.cleaned_data
        }


def _stored(column: Column, value: object) -> object:
    """What the database keeps: nothing typed is nothing where the model allows it."""
    empty_is_null = column.stored is not None and column.stored.null
    return None if empty_is_null and value in ("", None) else value


def text_of_json(column: Column, value: object) -> object:
    """A JSON value as the text that a form would send. Raises ValidationError for another JSON type."""
    kind = column.kind
    if value is None and kind is not Kind.BOOL:  # yes or no cannot be empty
        return ""
    if kind is Kind.BOOL and isinstance(value, bool):
        return value
    if kind in NUMBERS and isinstance(value, (int, Decimal, str)) and not isinstance(value, bool):
        return str(value)
    if kind not in NUMBERS and kind is not Kind.BOOL and isinstance(value, str):
        return value
    wanted = gettext("a number") if kind in NUMBERS else gettext("true or false")
    wanted = gettext("text") if kind not in NUMBERS and kind is not Kind.BOOL else wanted
    raise ValidationError(gettext("This is %(wanted)s in JSON.") % {"wanted": wanted}, code="type")
