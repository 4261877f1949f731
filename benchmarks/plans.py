"""How PostgreSQL answers: the plan of every statement of the reading requests, and what its policies cost.

Each statement is explained inside its own request, right before it runs: in the same transaction, under the
same role and reach, with the same parameters.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.arithmetic import middle, ratio

LARGE_ROWS, SLOW_MS = 10_000, 20.0
ROUNDS = 15
Node = dict[str, Any]


def examine(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Lines to read, how many findings they hold, and the cost of policies by case."""
    from benchmarks.inside import browser

    browsers: dict[str, Any] = {}
    lines: list[str] = []
    costs: list[dict[str, Any]] = []
    for case in cases:
        client = browsers.setdefault(case["who"], browser(case["who"]))
        client.get(case["path"])
        explained = _explained(client, case["path"])
        lines += ["", f"== {case['key']}  {case['path']}"]
        for text, plan in explained:
            lines += [f"-- {text[:600]}", *_told(plan), ""]
        if case["key"].startswith("list.") and case["key"].count(".page") == 0:
            costs += _cost(case, client)
    flagged = [line for line in lines if "<<<" in line]
    return {"lines": lines, "flags": len(flagged), "policies": costs}


def _explained(client: Any, path: str) -> list[tuple[str, Node]]:
    from django.db import connection

    found: list[tuple[str, Node]] = []

    def explain(execute: Callable[..., Any], text: Any, given: Any, many: bool, context: Any) -> Any:
        plain = _plain(text)
        if _reads(plain):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {plain}", given)
                found.append((" ".join(plain.split()), cursor.fetchone()[0][0]))
        return execute(text, given, many, context)

    with connection.execute_wrapper(explain):
        client.get(path)
    return found


def _plain(statement: Any) -> str:
    """A statement as text, also one that was put together of parts."""
    from django.db import connection

    return statement if isinstance(statement, str) else str(statement.as_string(connection.connection))


def _reads(text: str) -> bool:
    """Does it ask tables? What changes settings is no question, and nothing is explained that writes."""
    words = text.lstrip().upper()
    is_question = words.startswith(("SELECT", "WITH", "(SELECT"))
    is_other = any(word in words for word in ("SET_CONFIG", "INSERT", "UPDATE ", "DELETE", "PG_ADVISORY"))
    return is_question and not is_other and " FROM " in words


# -- In words ----------------------------------------------------------------------------------------


def _told(plan: Node) -> Iterator[str]:
    shared = plan["Plan"]
    pages = shared.get("Shared Hit Blocks", 0) + shared.get("Shared Read Blocks", 0)
    yield (
        f"   planned {plan['Planning Time']:.2f} ms, run {plan['Execution Time']:.2f} ms,"
        f" {shared['Actual Rows']:g} rows, {pages} pages"
    )
    yield from _nodes(shared, 1)


def _nodes(node: Node, depth: int) -> Iterator[str]:
    loops = node.get("Actual Loops", 1)
    own = own_ms(node)
    where = " ".join(filter(None, (node.get("Relation Name"), node.get("Index Name"))))
    removed = node.get("Rows Removed by Filter", 0) * loops
    facts = [
        f"{node['Node Type']} {where}".rstrip(),
        f"{own:.2f} ms",
        f"{node['Actual Rows'] * loops:g} rows",
    ]
    facts += [f"{removed:g} thrown away"] if removed else []
    flags = ", ".join(findings(node))
    yield "   " + "  " * depth + " · ".join(facts) + (f"   <<< {flags}" if flags else "")
    for below in node.get("Plans", ()):
        yield from _nodes(below, depth + 1)


def own_ms(node: Node) -> float:
    """Milliseconds spent in a node itself, without those below it."""
    loops = node.get("Actual Loops", 1)
    below = sum(one.get("Actual Total Time", 0) * one.get("Actual Loops", 1) for one in node.get("Plans", ()))
    return max(float(node.get("Actual Total Time", 0) * loops - below), 0.0)


def findings(node: Node) -> list[str]:
    """What to look at: a large table read from end to end, a node that takes long."""
    found = []
    rows = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node.get("Actual Loops", 1)
    if node["Node Type"] == "Seq Scan" and rows > LARGE_ROWS:
        found.append(f"reads {rows:g} rows of {node['Relation Name']}")
    if own_ms(node) > SLOW_MS:
        found.append(f"takes {own_ms(node):.0f} ms")
    return found


# -- The cost of policies ----------------------------------------------------------------------------


def _cost(case: dict[str, Any], client: Any) -> list[dict[str, Any]]:
    """The longest question of a list under its own role and as one that no policy holds back, in turn."""
    from django.db import connection

    from tradewind.platform.spine.access.session import scope

    asked: list[tuple[str, Any]] = []

    def keep(execute: Callable[..., Any], text: Any, given: Any, many: bool, context: Any) -> Any:
        if _reads(_plain(text)):
            asked.append((_plain(text), given))
        return execute(text, given, many, context)

    with connection.execute_wrapper(keep):
        client.get(case["path"])
    text, given = max(asked, key=lambda one: len(one[0]))
    with scope(_actor(case["who"])) as actor, connection.cursor() as cursor:
        if actor.is_wide:
            return []
        times: dict[str, list[float]] = {"tw_app": [], "tw_wide": []}
        for _ in range(ROUNDS):
            for role, kept in times.items():
                cursor.execute("SELECT set_config('role', %s, true)", [role])
                began = time.perf_counter()
                cursor.execute(text, given)
                cursor.fetchall()
                kept.append(time.perf_counter() - began)
    held, free = (middle(kept) * 1000 for kept in times.values())
    return [
        {"key": case["key"], "app_ms": round(held, 3), "wide_ms": round(free, 3), "ratio": ratio(held, free)}
    ]


def _actor(who: str) -> Any:
    from tradewind.domains.organization.queries import actor_named
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope

    with scope(Actor.system("bench")):
        return actor_named(who)


def written(sizes: dict[int, dict[str, Any]]) -> str:
    """The whole text file."""
    lines = [
        "Plans of every statement of the reading requests, in the request's own role and reach.",
        f"<<< marks a Seq Scan over more than {LARGE_ROWS:,} rows and a node that takes over {SLOW_MS:g} ms.",
    ]
    for customers, made in sizes.items():
        lines += ["", f"#### {customers:,} customers: {made['flags']} findings"]
        lines += [
            "",
            "Cost of row-level security: the same list as tw_app and, with the same filter, as tw_wide",
        ]
        for cost in made["policies"]:
            lines.append(
                f"   {cost['key']:<28} {cost['app_ms']:9.3f} ms / {cost['wide_ms']:9.3f} ms"
                f" = {cost['ratio'] or 0:.2f}"
            )
        lines += made["lines"]
    return "\n".join(lines) + "\n"
