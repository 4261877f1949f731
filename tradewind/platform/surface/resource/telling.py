"""The history of a declared object in words: who changed which field from what to what."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tradewind.kernel.errors import phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.history import Act, history_of
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.resource import Resource, all_resources, resource_of
from tradewind.platform.surface.shell.numbers import shown

ACTS = {"create": phrase("Created"), "edit": phrase("Changed"), "import": phrase("Imported")}
ACTS |= {"share": phrase("Shared"), "unshare": phrase("No longer shared")}
ICONS = {"create": "plus", "edit": "pencil", "import": "table-import", "share": "users"}
Line = tuple[datetime, str, str, str, str, str, Sequence[tuple[str, str, str]]]


def tell(acts: Mapping[str, str]) -> None:
    """Say in words what commands do, by their full name; others are told by their last word."""
    ACTS.update(acts)


def happenings(resource: Resource, actor: Actor, row: Any) -> list[Line]:
    """When, icon, who, what was done, why, address, and the changed fields: one line for each act."""
    acts = history_of(resource.scope, row.pk)
    names = people_named(act.person_id for act in acts)
    words = Words(resource, actor, acts)
    lines: list[Line] = []
    for act in acts:
        details = words.changes(act)
        verb = act.command.rpartition(".")[2]
        if act.new and not details and act.command not in ACTS:
            continue  # only columns that no page shows
        who = names.get(act.person_id or 0) or _("The system")
        said = _(ACTS.get(act.command) or ACTS.get(verb) or ACTS["edit"])
        # What was brought in has its own date of birth, older than the import that wrote it.
        at = act.at if act.old else getattr(row, "created_at", None) or act.at
        lines.append((at, ICONS.get(verb, "history"), who, said, act.why, "", details))
    return lines


def people_named(ids: Iterable[int | None]) -> Mapping[int, str]:
    """Names of people, by id: of the declared object whose rows are people."""
    wanted = {one for one in ids if one is not None}
    people = next((one for one in all_resources() if one.is_person), None)
    if people is None or not wanted:
        return {}
    return dict(people.scope.model._default_manager.filter(pk__in=wanted).values_list("pk", people.title))


class Words:
    """Column values of history in words; names of referred objects are looked up once for all acts."""

    def __init__(self, resource: Resource, actor: Actor, acts: Sequence[Act]) -> None:
        self.columns = [c for c in resource.columns.values() if c.stored is not None]
        self.names: dict[str, Mapping[int, str]] = {}
        for column in self.columns:
            if column.kind is Kind.REFERENCE:
                sides = [side for act in acts for side in (act.old, act.new)]
                ids = {side[_key(column)] for side in sides if side.get(_key(column)) is not None}
                self.names[column.name] = _names(column, actor, ids) if ids else {}
        self.called = {c.name: _called(c, acts) for c in self.columns if c.declared.called is not None}

    def changes(self, act: Act) -> list[tuple[str, str, str]]:
        """Label, before and after of each changed field."""
        return [
            (c.label, self._said(c, act.old.get(_key(c))), self._said(c, act.new.get(_key(c))))
            for c in self.columns
            if _key(c) in act.new or (_key(c) in act.old and not act.new)
        ]

    def _said(self, column: Column, value: Any) -> str:
        if value in (None, ""):
            return "—"
        if column.name in self.called:
            return self.called[column.name].get(str(value), str(value))
        if column.kind is Kind.REFERENCE:
            return self.names[column.name].get(value, _("(hidden)"))
        if column.kind is Kind.CHOICE:
            return dict(column.choices()).get(str(value), str(value))
        if column.kind is Kind.MONEY:
            return shown(Decimal(str(value)), "money")
        if column.kind is Kind.PERCENT:
            return shown(Decimal(str(value)), "ratio")
        if column.kind is Kind.BOOL:
            return _("yes") if value else _("no")
        if column.kind is Kind.MOMENT:
            return _local(value)
        if column.kind is Kind.TIME:
            return str(value)[:5]
        return str(value)


def _called(column: Column, acts: Sequence[Act]) -> Mapping[str, str]:
    keys = {side.get(_key(column)) for act in acts for side in (act.old, act.new)} - {None, ""}
    assert column.declared.called is not None  # noqa: S101 asked before
    return column.declared.called({str(key) for key in keys}) if keys else {}


def _local(text: str) -> str:
    from zoneinfo import ZoneInfo

    from django.conf import settings

    at = datetime.fromisoformat(text).astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE))
    return f"{at:%Y-%m-%d %H:%M}"


def _key(column: Column) -> str:
    return column.stored.attname if column.stored is not None else column.name


def _names(column: Column, actor: Actor, ids: Iterable[int]) -> Mapping[int, str]:
    target = resource_of(column.target)
    return dict(target.pointable(actor).filter(pk__in=list(ids)).values_list("pk", target.title))
