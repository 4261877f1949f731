"""Search over declared objects: each is found by its own words, as its list would find it."""

from decimal import Decimal
from functools import partial
from typing import Any

from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.grid import reading, searching
from tradewind.platform.surface.grid.asking import Asked
from tradewind.platform.surface.resource import Resource, all_resources
from tradewind.platform.surface.search import Hit, searchable
from tradewind.platform.surface.shell.numbers import shown

LOOKED_AT = 100
"""The newest rows with these words, of which the first ones in the list's own order are shown."""


def search_all() -> None:
    """Let every declared object be found, in the order of declaration."""
    searching.offer([_searched(resource) for resource in _pointed_to_first()])
    for resource in all_resources():
        searchable(resource.key, resource.many, resource.icon, partial(found, resource))


def _pointed_to_first() -> list[Resource]:
    return sorted(all_resources(), key=lambda resource: any("__" in path for path in resource.search))


def _searched(resource: Resource) -> searching.Searched:
    """Its own columns; and whoever looks for words of what it points to finds it, too."""
    model = resource.scope.model
    fields: list[Any] = [model._meta.get_field(name.partition("__")[0]) for name in resource.search]
    own = tuple(one.column for one in fields if not one.is_relation)
    pointed = tuple((one.column, one.related_model._meta.db_table) for one in fields if one.is_relation)
    scope = resource.scope
    sees_all = f"tw_sees_all('{scope.resource}')" if scope.has_reach else "false"
    return searching.Searched(
        scope.table,
        scope.policy_sql(),
        own,
        guarded=frozenset().union(*(one.columns for one in scope.guarded)),
        knows=f"tw_knows('{scope.resource}')",
        pointed=pointed,
        sees_all=sees_all,
        is_narrow=scope.person is not None,
    )


def found(resource: Resource, actor: Actor, words: str, limit: int) -> list[Hit]:
    """The newest objects that hold these words, with their keys and the facts of their head."""
    if not actor.can(f"{resource.key}.view"):
        return []
    resource = resource.seen_by(actor)
    page = reading.page(actor, resource.table, Asked(words=words, limit=limit, most=LOOKED_AT))
    return [
        Hit(item["label"], _detail(resource, item), item["url"], _is_exact(resource, item, words))
        for item in page.items
    ]


def _is_exact(resource: Resource, item: dict[str, Any], words: str) -> bool:
    known = (item.get(name) for name in resource.keys)
    return words.casefold() in (str(key).casefold() for key in known if key)


def _detail(resource: Resource, item: dict[str, Any]) -> str:
    keys = [name for name in resource.keys if name in resource.columns and name != resource.title]
    said = (_said(resource.columns[name], item[name]) for name in (*keys, *resource.facts))
    return " · ".join(filter(None, said))


def _said(column: Column, value: Any) -> str:
    if value is None or column.kind is Kind.BOOL:
        return ""
    if column.kind is Kind.REFERENCE:
        return str(value["label"])
    if column.kind is Kind.CHOICE:
        return dict(column.choices()).get(value, "")
    if column.kind is Kind.MONEY:
        return shown(Decimal(str(value)), "money")
    return str(value)
