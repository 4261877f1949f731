"""Walking a list by its cursor: each row that stays is met once, in the order a naive sort has them in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import IS_LONG, acting, sign_in, system
from tradewind.platform.surface.columns import Column, Kind
from tradewind.platform.surface.grid import reading
from tradewind.platform.surface.grid.asking import Asked
from tradewind.platform.surface.resource import Resource, resource_named, resource_of

pytestmark = pytest.mark.django_db

# What varies from row to row; everything else is taken over from a row of the demo company.
VARIED = {
    "customers.customer": ("city", "grade", "employees", "revenue_millions", "parent", "created_at"),
    "customers.contact": ("title", "part", "birthday", "is_lunar"),
    "activities.activity": ("body", "due_on", "due_time", "remind_at", "duration_min", "priority"),
    "pipeline.opportunity": ("source", "amount", "close_on", "next_step_on", "customer"),
    "catalog.product": ("series", "list_price", "tax_rate", "is_sold"),
}
POOLS: Mapping[Kind, Sequence[object]] = {
    Kind.TEXT: ("", "a", "A", "b", "Ä", "中", "文", '"', "\\", " a", "a b"),
    Kind.LONG: ("", "x"),
    Kind.INTEGER: (1, 2, 7, 480),
    Kind.DECIMAL: (Decimal("0.01"), Decimal("0.1"), Decimal("0.10"), Decimal(7), Decimal("1234567.89")),
    Kind.DATE: (date(1900, 1, 1), date(2026, 3, 18), date(2026, 3, 19), date(2100, 1, 1)),
    Kind.TIME: (time(0), time(9, 30), time(9, 30, 0, 1), time(23, 59, 59)),
    Kind.MOMENT: (
        datetime(2026, 3, 18, 16, tzinfo=UTC),
        datetime(2026, 3, 18, 16, 0, 0, 1, tzinfo=UTC),
        datetime(1901, 1, 1, tzinfo=UTC),
    ),
    Kind.BOOL: (True, False),
    Kind.PERCENT: (Decimal(0), Decimal("0.06"), Decimal("0.13")),
}
MARK = "翻页"
ROWS, SEEDS = 24, range(20 if IS_LONG else 2)


class Shelf:
    """Rows of one kind that come and go; only they are found by their mark."""

    def __init__(self, resource: Resource, dice: Random) -> None:
        self.resource, self.dice, self.model = resource, dice, resource.scope.model
        self.varied = [resource.columns[name] for name in VARIED[resource.key]]
        self.gone: set[str] = set()
        with system():
            self.like = self.model._default_manager.order_by("id")[0]
            self.pointed = {
                c.name: list(resource_of(c.target).scope.model._default_manager.order_by("id")[:3])
                for c in self.varied
                if c.kind is Kind.REFERENCE
            }
        for _ in range(ROWS):
            self.add()

    def add(self) -> None:
        """One more row, with values that many others have, or with none."""
        values = {f.attname: getattr(self.like, f.attname) for f in self.model._meta.concrete_fields}
        del values["id"]
        values |= {"public_id": uuid4()}
        for column in self.resource.columns.values():
            if column.stored is not None and (column.stored.unique or column.name == "number"):
                values[column.name] = uuid4().hex[:12]
        values |= {"credit_code": ""} if "credit_code" in values else {}
        for column in self.varied:
            values |= self.drawn(column)
        values[self.resource.title] = f"{MARK} {self.dice.choice('abAB中')}"
        with system():
            self.model._default_manager.create(**values)

    def drawn(self, column: Column) -> dict[str, Any]:
        assert column.stored is not None
        if column.stored.null and self.dice.random() < 0.3:
            return {column.stored.attname: None}
        if column.kind is Kind.REFERENCE:
            return {column.name: self.dice.choice(self.pointed[column.name])}
        if column.kind is Kind.CHOICE:
            return {column.name: self.dice.choice(column.choices())[0]}
        pool = POOLS[Kind.DECIMAL if column.kind is Kind.MONEY else column.kind]
        return {column.name: self.dice.choice(pool)}

    def remove(self) -> None:
        """One of them disappears."""
        with system():
            rows = self.model._default_manager.filter(**{f"{self.resource.title}__startswith": MARK})
            row: Any = self.dice.choice(list(rows))
            self.gone.add(str(row.public_id))
            row.delete()

    def naive(self, name: str, is_down: bool) -> list[str]:
        """Their public ids as Python sorts them: what has no value comes last, ties by age."""
        column = self.resource.columns[name]
        path = f"{name}__{resource_of(column.target).title}" if column.kind is Kind.REFERENCE else name
        mine = {f"{self.resource.title}__startswith": MARK}
        with system() as actor:
            rows = list(self.resource.visible(actor).filter(**mine).values_list(path, "pk", "public_id"))
        spoken = column.declared.spoken

        def place(row: Any) -> Any:
            return (row[0].lower().encode("gb18030") if spoken else row[0], row[1])

        valued = sorted((row for row in rows if row[0] is not None), key=place, reverse=is_down)
        empty = sorted((row for row in rows if row[0] is None), key=lambda row: row[1], reverse=is_down)
        return [str(row[2]) for row in (*valued, *empty)]

    def walked(self, sort: str) -> list[str]:
        """The ids met from the first page to the last, while others come and go in between."""
        met: list[str] = []
        after: str | None = ""
        while after is not None:
            asked = Asked(words=MARK, sort=sort, after=after, limit=self.dice.randint(1, 9))
            with acting("director") as actor:
                page = reading.page(actor, self.resource.table, asked)
            assert page.next is None or len(page.items) == asked.limit
            met.extend(item["id"] for item in page.items)
            after = page.next
            if self.dice.random() < 0.5:
                self.add()
            if self.dice.random() < 0.2:
                self.remove()
        return met


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", VARIED)
def test_each_row_that_stays_is_met_once_and_in_order(key: str, seed: int) -> None:
    resource, dice = resource_named(key), Random(seed)  # noqa: S311 no secret
    shelf = Shelf(resource, dice)
    for name in (resource.title, *VARIED[key]):
        if not resource.columns[name].is_sortable:
            continue
        for sort in (name, f"-{name}"):
            expected = shelf.naive(name, sort.startswith("-"))
            met = shelf.walked(sort)
            stayed = [one for one in expected if one not in shelf.gone]
            assert len(met) == len(set(met)), f"{sort}: a row is met twice"
            assert [one for one in met if one in set(stayed)] == stayed, f"{sort}: seed {seed}"


@pytest.mark.parametrize("key", VARIED)
def test_the_api_hands_out_the_same_walk(key: str) -> None:
    resource = resource_named(key)
    shelf, browser = Shelf(resource, Random(7)), sign_in("director")  # noqa: S311 no secret
    name = VARIED[key][-1]
    met: list[str] = []
    after: str | None = ""
    while after is not None:
        asked = {"q": MARK, "sort": f"-{name}", "limit": "7", "after": after}
        body = browser.get(f"/api/v1/{resource.address}", asked).json()
        met += [item["id"] for item in body["items"]]
        after = body["next"]
    assert met == shelf.naive(name, True)
