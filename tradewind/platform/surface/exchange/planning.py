"""Which column of a file is which field, and what recognises a row: proposed, changed, remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from tradewind.kernel.errors import Invalid, Malformed, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.columns import Column
from tradewind.platform.surface.exchange.models import ImportMapping
from tradewind.platform.surface.resource import Resource
from tradewind.platform.surface.shell.middleware import sentence

REMEMBERED = 500
"""Headers remembered per person and kind of object."""
CLOSE = 0.8
"""How alike header and label are to be the same: 员工人数 and 员工数, but not 联系电话 and 电话."""

declare(
    {
        "import.unknown_field": phrase("There is no field “%(name)s” to import."),
        "import.field_twice": phrase("“%(name)s” is chosen for two columns."),
        "import.nothing_mapped": phrase("Choose a field for at least one column."),
        "import.key_not_mapped": phrase("A row cannot be recognised by “%(name)s”: no column holds it."),
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read.

    fields: name of the field by place of the column, empty for a column left out · key: the fields that
    recognise an existing object, empty when every row is new · empties: an empty cell empties the field.
    """

    fields: tuple[str, ...]
    key: tuple[str, ...] = ()
    empties: bool = False

    def as_json(self) -> dict[str, Any]:
        """For keeping; see `plan_of`."""
        return asdict(self)


def plan_of(kept: Mapping[str, Any]) -> Plan:
    """A kept plan."""
    return Plan(tuple(kept["fields"]), tuple(kept["key"]), bool(kept["empties"]))


def fields_of(resource: Resource) -> dict[str, Column]:
    """What a column of a file may be: the fields that are written, and those that recognise a row."""
    keys = {name for key in resource.recognised_by for name in key}
    return {name: c for name, c in resource.columns.items() if c.is_written or name in keys}


def needed(resource: Resource, actor: Actor) -> list[Column]:
    """The fields without which no new object is made: required, and nothing stands in for them."""
    defaults = resource.defaults(actor)
    return [
        c
        for name, c in fields_of(resource).items()
        if c.is_written and c.is_required and not (defaults.get(name) or has_default(c))
    ]


def has_default(column: Column) -> bool:
    """Does the model itself know what a new object has there?"""
    return column.stored is not None and column.stored.has_default() and not callable(column.stored.default)


def propose(resource: Resource, actor: Actor, header: Sequence[str]) -> Plan:
    """The plan for these headers: as this person chose last time, else by label or name, else close."""
    known, remembered = names_of(resource), _remembered(resource, actor)
    fields = fields_of(resource)
    words = [plain(one) for one in header]
    chosen = [remembered.get(one, known.get(one, "")) for one in words]
    chosen = [name if name in fields and name not in chosen[:at] else "" for at, name in enumerate(chosen)]
    for at, one in enumerate(words):
        if not chosen[at] and one not in remembered:
            close = get_close_matches(one, [w for w, name in known.items() if name not in chosen], 1, CLOSE)
            chosen[at] = known[close[0]] if close else ""
    return Plan(tuple(chosen), best_key(resource, chosen))


def best_key(resource: Resource, chosen: Sequence[str]) -> tuple[str, ...]:
    """The best recognition for which the file has every column."""
    return next((key for key in resource.recognised_by if set(key) <= set(chosen)), ())


def names_of(resource: Resource) -> Mapping[str, str]:
    """Field by what a header may call it: name, or label in each language with the object's or without.

    Also the other words that the field is declared to go by, where no label is the same.
    """
    found = {plain(name): name for name in fields_of(resource)}
    for language, _ in settings.LANGUAGES:
        with override(language):
            one = gettext(resource.one)
            for name, column in fields_of(resource).items():
                for words in (column.label, one + column.label, column.label.removeprefix(one)):
                    found.setdefault(plain(words), name)
    for name, column in fields_of(resource).items():
        for words in column.declared.headers:
            found.setdefault(plain(words), name)
    return found


def plain(header: str) -> str:
    """A header without what varies: case, spaces, underscores, a star or note in brackets behind it."""
    text = header.casefold().replace("（", "(").partition("(")[0]
    return "".join(c for c in text if c.isalnum())


def checked(resource: Resource, header: Sequence[str], plan: Plan) -> Plan:
    """The plan if it can be followed. Raises `Invalid` with what is wrong, by input of the page."""
    fields, problems = fields_of(resource), {}
    for place, name in enumerate(plan.fields):
        if name and name not in fields:
            problems[f"column-{place}"] = _say("import.unknown_field", name[:80])
        elif name and name in plan.fields[:place]:
            problems[f"column-{place}"] = _say("import.field_twice", fields[name].label)
    if not any(plan.fields):
        problems[""] = _say("import.nothing_mapped")
    missing = [name for name in plan.key if name not in plan.fields]
    if plan.key and plan.key not in resource.recognised_by:
        problems["key"] = _say("import.unknown_field", "+".join(plan.key)[:80])
    elif missing:
        problems["key"] = _say("import.key_not_mapped", fields[missing[0]].label)
    if problems or len(plan.fields) != len(header):
        raise Invalid(problems)
    return plan


def _say(code: str, name: str = "") -> str:
    return sentence(Malformed(code, name=name))


def remember(resource: Resource, actor: Actor, header: Sequence[str], plan: Plan) -> None:
    """Keep what each header meant, for this person's next file; nothing for the system."""
    if actor.person_id is None:
        return
    new = {plain(words): name for words, name in zip(header, plan.fields, strict=True)}
    kept = {**_remembered(resource, actor), **new}
    last = dict(list(kept.items())[-REMEMBERED:])
    ImportMapping.objects.update_or_create(
        resource=resource.key, person_id=actor.person_id, defaults={"fields": last}
    )


def _remembered(resource: Resource, actor: Actor) -> dict[str, str]:
    mine = ImportMapping.objects.filter(resource=resource.key, person_id=actor.person_id or 0)
    return dict(mine.values_list("fields", flat=True).first() or {})
