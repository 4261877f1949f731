"""Fields of a business object as people see them: declared once, resolved against the model at start-up.

List, form, API, import and export read the same resolved `Column`. What the model already says (kind,
label, length, choices, whether it may be empty) is not said again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from django.db import models
from django.db.models.expressions import Combinable
from django.utils.translation import get_language, gettext

from tradewind.platform.spine.trace import request_id


class Kind(StrEnum):
    """What a value is; the front end and the API documentation use the same words."""

    TEXT = "text"
    LONG = "long"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    BOOL = "bool"
    CHOICE = "choice"
    REFERENCE = "reference"


class Written(StrEnum):
    """When people write a field: never, only when the object is made, only later, or at any time."""

    NEVER = "never"
    ONCE = "once"
    LATER = "later"
    ALWAYS = "always"


Choices = Callable[[], Sequence[tuple[str, str]]]
NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.PERCENT)
ORDERED = (*NUMBERS, Kind.DATE, Kind.MOMENT)
_KINDS: "tuple[tuple[type[models.Field[Any, Any]], Kind], ...]" = (
    (models.ForeignKey, Kind.REFERENCE),
    (models.BooleanField, Kind.BOOL),
    (models.DateTimeField, Kind.MOMENT),
    (models.DateField, Kind.DATE),
    (models.TimeField, Kind.TIME),
    (models.DecimalField, Kind.DECIMAL),
    (models.IntegerField, Kind.INTEGER),
    (models.TextField, Kind.LONG),
    (models.CharField, Kind.TEXT),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a declared object.

    kind: said where the model cannot know it (money, percent) · of: an expression that the database
    computes, never written; it needs `kind` and `label` · choices: value and label of a closed list that
    the model does not name, or what reads a list kept as data (for fields that forms do not write) ·
    shown: a column of the list from the start, otherwise offered in its column chooser · bulk: may be set
    for many at once · summed: the list shows its sum · section: heading in form and record, in the order
    of first use · tones: good, bad, warn or info by choice value · help: one sentence under the input ·
    referring: what those are called that point here, on the record they point to, where it is not simply
    the name of their kind ·
    headers: other words by which the header of a file may call it · in_files: what a file may hold there, in
    a sentence, where its kind does not say it · called: what its values are called,
    where they are keys of something · hidden: for filters and views alone · spoken: a name, put in order as
    it is spoken (pinyin); an index keeps that order.
    """

    name: str
    kind: Kind | None = None
    label: str = ""
    of: Combinable | None = None
    choices: tuple[tuple[str, str], ...] | Choices = ()
    shown: bool = True
    written: Written = Written.ALWAYS
    bulk: bool = False
    summed: bool = False
    section: str = ""
    tones: Mapping[str, str] = field(default_factory=dict)
    help: str = ""
    referring: str = ""
    headers: tuple[str, ...] = ()
    in_files: str = ""
    called: Callable[[Collection[str]], Mapping[str, str]] | None = None
    hidden: bool = False
    spoken: bool = False


@lru_cache(maxsize=256)
def _read_once(read: Choices, language: str, request: str) -> Sequence[tuple[str, str]]:
    """Choices kept as data, read once in a request however many rows speak of them."""
    return tuple(read())


class Column:
    """A declared field, resolved: everything that list, form, API and exchange ask of it."""

    def __init__(self, model: type[models.Model], declared: Field) -> None:
        self.declared, self.model, self.name = declared, model, declared.name
        self.stored: models.Field[Any, Any] | None = None
        if declared.of is None:
            self.stored = model._meta.get_field(declared.name)  # type: ignore[assignment]
        elif not (declared.kind and declared.label):
            raise ValueError(f"the computed field {declared.name} needs a kind and a label")

    @cached_property
    def kind(self) -> Kind:
        """What its values are. Raises ValueError for a model field that no page can show."""
        if self.declared.kind:
            return self.declared.kind
        if self.declared.choices or (self.stored is not None and self.stored.choices):
            return Kind.CHOICE
        for kind, found in _KINDS:
            if isinstance(self.stored, kind):
                return found
        raise ValueError(f"{self.model.__name__}.{self.name} is of no kind that a page can show")

    @property
    def label(self) -> str:
        """What people call it, in the reader's language."""
        if self.declared.label:
            return gettext(self.declared.label)
        return str(self.stored.verbose_name) if self.stored is not None else self.name

    @property
    def is_written(self) -> bool:
        return self.stored is not None and self.declared.written is not Written.NEVER

    @property
    def is_editable(self) -> bool:
        return self.stored is not None and self.declared.written in (Written.LATER, Written.ALWAYS)

    @property
    def is_required(self) -> bool:
        return self.stored is not None and not (self.stored.blank or self.stored.null)

    @property
    def is_sortable(self) -> bool:
        return self.kind is not Kind.LONG

    @property
    def is_spoken(self) -> bool:
        return self.declared.spoken

    @property
    def target(self) -> type[models.Model]:
        """The model that a reference points to."""
        assert self.stored is not None  # noqa: S101 a reference is always stored
        related: type[models.Model] = self.stored.related_model  # type: ignore[assignment]
        return related

    @property
    def places(self) -> int:
        """Decimals of a number."""
        if self.kind is Kind.PERCENT or self.stored is None:
            return 4 if self.kind is Kind.PERCENT else 2
        return int(getattr(self.stored, "decimal_places", 0) or 0)

    @property
    def max_length(self) -> int | None:
        return getattr(self.stored, "max_length", None)

    def choices(self) -> Sequence[tuple[str, str]]:
        """Value and label of each choice, in their order."""
        if callable(self.declared.choices):
            request = request_id.get()
            if not request:
                return self.declared.choices()
            return _read_once(self.declared.choices, get_language() or "", request)
        if self.declared.choices:
            return [(value, gettext(label)) for value, label in self.declared.choices]
        given = self.stored.flatchoices if self.stored is not None else ()
        return [(str(value), str(label)) for value, label in given]
