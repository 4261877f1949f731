"""What is measured: each case with its requests, who asks, and the floor beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks import floors, writes
from benchmarks.clients import Ask
from benchmarks.floors import Unit
from benchmarks.people import WHO, Facts, Reader

GROUPS = ("list", "search", "record", "create", "move", "board", "funnel", "figures", "tracking", "explain")
"""Cases over HTTP, by what they do; the other ones are in `bulk` and `cold`."""
MANY = 8
"""Clients at once, where there are many."""
Body = Any
Rows = list[list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Case:
    """One thing to measure. `app` and `plain` say what of both answers must be equal."""

    name: str
    who: str
    said: tuple[str, str]
    asks: Sequence[Ask]
    floor: Sequence[Unit]
    app: Callable[[Body], object] | None = None
    plain: Callable[[Rows], object] | None = None

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]

    @property
    def key(self) -> str:
        """Name and asker."""
        return f"{self.name}@{self.who}"


Fetch = Callable[[str, str], Any]
"""The JSON that somebody gets at an address."""


def all_cases(facts: Facts, fetch: Fetch) -> list[Case]:
    """Every case of an instance, in the order of the groups; one after the other by who asks."""
    days = _days(facts)
    made: list[Case] = []
    for who in WHO:
        reader = facts.readers[who]
        made += [*_lists(reader, fetch), *_searches(reader), *_deals(reader, facts, days)]
        made += _figures(reader, facts, days)
    made += [*_records(facts.readers["seller"]), _create(facts.readers["seller"])]
    made += _move([facts.readers[who] for who in WHO], facts)
    names = list(dict.fromkeys(case.name for case in made))
    return sorted(made, key=lambda case: (GROUPS.index(case.group), names.index(case.name)))


def _days(facts: Facts) -> tuple[str, str]:
    """The first and the last day of this year."""
    year = date.fromisoformat(facts.today).year
    return f"{year}-01-01", f"{year}-12-31"


def _ids(body: Body) -> object:
    return [item["id"] for item in body["items"]]


def _public_ids(rows: Rows) -> object:
    return [str(row[0]) for row in rows[0]]


def _lists(reader: Reader, fetch: Fetch) -> Iterator[Case]:
    who = reader.sign_in

    def listed(name: str, said: tuple[str, str], table: str, query: str, **floor: Any) -> Case:
        ask = Ask(f"/api/v1/{table}?limit=50{query}")
        return Case(name, who, said, [ask], [[floors.listed(reader, table, **floor)]], _ids, _public_ids)

    yield listed("list.customers", ("客户列表", "List of customers"), "customers", "")
    by_name = {"order": "tw_pinyin(t.name), t.id"}
    yield listed(
        "list.by_name", ("客户，按名称（有索引）", "by name (indexed)"), "customers", "&sort=name", **by_name
    )
    by_city = {"order": "t.city, t.id"}
    yield listed(
        "list.by_city", ("客户，按城市（无索引）", "by city (no index)"), "customers", "&sort=city", **by_city
    )
    where = {"where": "t.grade = 'A'"}
    yield listed("list.grade", ("客户，筛选 A 级", "only grade A"), "customers", "&grade=A", **where)
    yield from _second_page(reader, fetch, listed)
    page = [[floors.listed(reader, "customers")]]
    yield Case("list.page", who, ("客户页面", "Page of customers"), [Ask("/customers")], page)
    others = {"contacts": "联系人", "opportunities": "商机", "activities": "活动", "orders": "订单"}
    for table, said in others.items():
        yield listed(f"list.{table}", (f"{said}列表", f"List of {table}"), table, "")


def _second_page(reader: Reader, fetch: Fetch, listed: Callable[..., Case]) -> Iterator[Case]:
    first = fetch(reader.sign_in, "/api/v1/customers?limit=50")
    if first["next"] is None:
        return
    behind = "t.id < (SELECT id FROM customers_customer WHERE public_id = %(last)s::uuid)"
    floor = {"where": behind, "last": first["items"][-1]["id"]}
    query = f"&after={quote(first['next'])}"
    yield listed("list.second", ("客户，第二页", "second page"), "customers", query, **floor)


def _searches(reader: Reader) -> Iterator[Case]:
    words = str(reader.samples["words"])
    who, q = reader.sign_in, quote(words)
    one = Ask(f"/api/v1/customers?limit=50&q={q}")
    floor = floors.found(reader, "customers", words)
    said = ("在客户中搜索", "Search in customers")
    yield Case("search.customers", who, said, [one], [[floor]], _ids, _public_ids)
    everywhere = [floors.found(reader, table, words, limit=7) for table in floors.SEARCHED]
    said = ("全局搜索（Ctrl-K）", "Search everywhere (Ctrl-K)")
    yield Case("search.everywhere", who, said, [Ask(f"/api/v1/search?q={q}")], [everywhere])


def _records(reader: Reader) -> Iterator[Case]:
    one, number = str(reader.samples["customer"]), int(reader.samples["customer_id"])
    who = reader.sign_in
    floor = floors.record(reader, one)
    yield Case(
        "record.customer",
        who,
        ("一个客户", "One customer"),
        [Ask(f"/api/v1/customers/{one}")],
        [[floor]],
        lambda body: body["id"],
        lambda rows: str(rows[0][0][0]),
    )
    page = floors.record_page(reader, one, number)
    said = ("客户档案页面", "Page of one customer")
    yield Case("record.page", who, said, [Ask(f"/customers/{one}")], [page])


def _create(reader: Reader) -> Case:
    body = json.dumps(writes.BUYER, ensure_ascii=False)
    ask = Ask("/api/v1/customers", "POST", body)
    return Case("create", reader.sign_in, ("新建客户", "Make a customer"), [ask], writes.created(reader))


def _move(readers: Sequence[Reader], facts: Facts) -> Iterator[Case]:
    """As the first who has deals enough: every client of both sides moves its own, and waits for nobody."""
    for reader in readers:
        deals = reader.samples["moving"]
        half = len(deals) // 2
        if half < MANY:
            continue
        stages = facts.stage_keys[:2]
        asks = [Ask(f"/api/v1/opportunities/{public_id}", stages=stages) for _, public_id in deals[:half]]
        floor = writes.moved(reader, facts, [pk for pk, _ in deals[half:]])
        yield Case("move", reader.sign_in, ("商机换阶段", "Move a deal"), asks, floor)
        return


def _deals(reader: Reader, facts: Facts, days: tuple[str, str]) -> Iterator[Case]:
    who = reader.sign_in
    board = floors.board(reader, facts, _month(facts))
    asks = [Ask("/api/v1/opportunities/board")]
    said = ("商机看板", "Board of deals")
    yield Case("board", who, said, asks, [board], _columns, lambda rows: sum(row[1] for row in rows[0]))
    said = ("看板页面", "Page of the board")
    yield Case("board.page", who, said, [Ask("/opportunities/board")], [board])
    names = ("opened_from", "closed_from"), ("opened_to", "closed_to")
    query = urlencode({name: day for pair, day in zip(names, days, strict=True) for name in pair})
    funnel = floors.funnel(reader, facts, days)
    asks = [Ask(f"/api/v1/opportunities/funnel?{query}")]
    said = ("商机漏斗", "Funnel of deals")
    opened: Callable[[Rows], object] = lambda rows: sum(row[3] for row in rows[0])  # noqa: E731
    yield Case("funnel", who, said, asks, [funnel], lambda body: body["opened"], opened)
    said = ("漏斗页面", "Page of the funnel")
    yield Case("funnel.page", who, said, [Ask(f"/opportunities/funnel?{query}")], [funnel])


def _columns(body: Body) -> object:
    return sum(column["count"] for column in body["columns"])


def _month(facts: Facts) -> tuple[str, str]:
    """The first day of this month and of the next one."""
    first = date.fromisoformat(facts.today).replace(day=1)
    return first.isoformat(), (first + timedelta(days=32)).replace(day=1).isoformat()


def _figures(reader: Reader, facts: Facts, days: tuple[str, str]) -> Iterator[Case]:
    who, asked = reader.sign_in, {"measure": "bookings", "from": days[0], "to": days[1]}

    def one(name: str, said: tuple[str, str], group: str, inside: str = "", **more: str) -> Case:
        ask = Ask(f"/api/v1/figures?{urlencode(asked | {'unit': inside} | more)}")
        floor = floors.figure(reader, group, days, inside)
        return Case(f"figures.{name}", who, said, [ask], [[floor]], lambda body: len(body["rows"]), _length)

    yield one("months", ("签约额，按月", "Bookings by month"), "month", by="month")
    yield one("units", ("签约额，按大区", "Bookings by region"), "unit", by="unit", level="1")
    if who == "director":
        yield one("region", ("大区内按团队", "In a region by team"), "team", facts.region, by="unit")
        yield one("team", ("一个团队", "Of one team"), "team", facts.team, by="unit")
    tracked = floors.tracked(reader, _quarter(facts))
    key = f"{facts.today[:4]}-Q{(int(facts.today[5:7]) + 2) // 3}"
    ask = Ask(f"/api/v1/tracking?period={key}")
    yield Case("tracking", who, ("目标跟踪", "Tracking"), [ask], [tracked])
    page = [Ask(f"/tracking?period={key}")]
    yield Case("tracking.page", who, ("目标跟踪页面", "Page of tracking"), page, [tracked])
    asks = [Ask(f"/api/v1/figures/explain?{urlencode(asked)}")]
    said = ("数字的来源", "What a figure is made of")
    yield Case(
        "explain",
        who,
        said,
        asks,
        [floors.explained(reader, days)],
        lambda body: len(body["items"]),
        lambda rows: min(len(rows[1]), 50),
    )


def _length(rows: Rows) -> object:
    return len(rows[0])


def _quarter(facts: Facts) -> tuple[str, str]:
    """The first and the last day of this quarter."""
    today = date.fromisoformat(facts.today)
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    following = (first + timedelta(days=95)).replace(day=1)
    return first.isoformat(), (following - timedelta(days=1)).isoformat()
