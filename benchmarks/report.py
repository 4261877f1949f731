"""The report: one page that needs nothing else, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.arithmetic import exponent, is_steep
from benchmarks.charts import bars, lines, short

Found = Mapping[str, Any]
WHO = {
    "seller": "销售 seller",
    "manager": "经理 manager",
    "director": "总监 director",
    "system": "系统 system",
}
STYLE = Path(__file__).with_name("report.css")
HOW = (
    (
        "每个动作都用真实的网页进程和真实的连接测量；旁边是“底线”：同样的数据只用预编译的 SQL 取得或写入，"
        "没有登录、权限、网页和 JSON。倍数 = 程序的时间 ÷ 底线的时间。"
        "测量者与服务器共用这台机器的处理器。",
        "Every act is measured through the real web process over real connections. Beside it stands its"
        " floor: the same rows read or written by prepared SQL alone, without sign-in, rights, pages or JSON."
        " The ratio is the program's time over the floor's. The measuring clients share this machine.",
    ),
    (
        "时间是单个客户端请求的中位数；“8”指八个客户端同时。语句数不含 BEGIN、COMMIT 和连接检查。"
        "后台任务进程没有运行，排队的工作只写入、不执行。",
        "Times are the median of one client's requests; “8” means eight clients at once. Statements are"
        " without BEGIN, COMMIT and the connection's check. No job process ran: queued work was written,"
        " not done.",
    ),
)
HEADS = (
    *("动作 act", "身份 as", "中位 p50 ms", "p95 ms", "每秒 /s", "8 个时每秒 /s of 8", "底线 floor ms"),
    *("底线8 floor /s of 8", "倍数 ratio", "8 个时 ratio of 8", "网页 CPU web ms", "数据库 CPU db ms"),
    *("语句 SQL", "压缩 gzip kB", "原文 raw kB", "相同 same"),
)


def page(outcome: Mapping[str, Any]) -> str:
    """The whole page of everything found."""
    findings = outcome["findings"]
    parts = [*_head(outcome), *_sizes(findings, outcome["reach"]), *_growth(findings)]
    parts += [*_cold(outcome["cold"]), *_policies(outcome["policies"])]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    style, body = STYLE.read_text(encoding="utf-8"), "\n".join(parts)
    title = "<title>Tradewind 信风 · 性能 Performance</title>"
    head = f"<head>{head}{title}<style>{style}</style></head>"
    return f'<!doctype html><html lang="zh-Hans">{head}<body>{body}</body></html>\n'


def _head(outcome: Mapping[str, Any]) -> Iterator[str]:
    yield "<h1>信风有多快 · How quick Tradewind is</h1>"
    facts = " · ".join(f"{name} {value}" for name, value in outcome["machine"].items())
    yield f'<p class="soft">{escape(facts)}</p>'
    for chinese, english in HOW:
        yield f"<p>{chinese}<br>{english}</p>"
    yield _key()


def _key() -> str:
    tones = "".join(
        f'<svg viewBox="0 0 10 10"><rect class="{who}" width="10" height="10"/></svg>{said}'
        for who, said in WHO.items()
    )
    return f'<p class="key">{tones}</p>'


def _sizes(findings: Sequence[Found], reach: Mapping[Any, Mapping[str, int]]) -> Iterator[str]:
    seen = {int(size): rows for size, rows in reach.items()}
    for customers in sorted({found["customers"] for found in findings}):
        here = [found for found in findings if found["customers"] == customers]
        yield f"<h2>{customers:,} 个客户 · customers</h2>"
        rows = ", ".join(f"{WHO[who]} {count:,}" for who, count in seen.get(customers, {}).items())
        yield f"<p>各人能看到的客户数 · customers within reach: {escape(rows)}</p>"
        ratios = [(_label(found), found["ratio"], found["who"]) for found in here if found["ratio"]]
        yield "<h3>是底线的几倍 · times the floor</h3>"
        yield bars(ratios)
        yield from _table(here)


def _label(found: Found) -> str:
    chinese, english = found["said"]
    return f"{chinese} · {english}"


def _table(findings: Sequence[Found]) -> Iterator[str]:
    yield '<div class="wide"><table><tr>' + "".join(f"<th>{head}</th>" for head in HEADS) + "</tr>"
    for found in findings:
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in _cells(found)) + "</tr>"
    yield "</table></div>"


def _cells(found: Found) -> list[str]:
    first = [escape(_label(found)), escape(WHO[found["who"]])]
    app, floor = found["app"], found["floor"]
    if app is None or floor is None:
        return [*first, f'<span class="bad">{escape(found["problem"])}</span>']
    numbers = [app["p50_ms"], app["p95_ms"], app["per_second"], app["per_second_of_many"] or None]
    numbers += [floor["p50_ms"], floor["per_second_of_many"] or None, found["ratio"], found["ratio_of_many"]]
    numbers += [found["web_cpu_ms"], found["database_cpu_ms"], found["statements"]]
    numbers += [size and size / 1000 for size in (found["bytes_sent"], found["bytes_raw"])]
    same = {True: "是 yes", False: '<span class="bad">否 no</span>', None: ""}[found["agrees"]]
    return [*first, *("" if one is None else short(one) for one in numbers), same]


def _growth(findings: Sequence[Found]) -> Iterator[str]:
    if len({found["customers"] for found in findings}) < 2:
        return
    yield "<h2>随客户数增长 · Growth with the number of customers</h2>"
    yield (
        "<p>纵轴毫秒，横轴客户数，均为对数；指数 1 表示与客户数成正比，明显大于 1 的标红。<br>"
        "Milliseconds over customers, both by powers of ten; an exponent of 1 is in proportion, clearly more"
        " is marked red.</p>"
    )
    said = {found["name"]: _label(found) for found in findings}
    app, floor = _series(findings, "app"), _series(findings, "floor")
    yield '<div class="plots">' + "".join(lines(said[name], of) for name, of in app.items()) + "</div>"
    yield "<table><tr><th>动作 act</th><th>身份 as</th><th>指数 exponent</th>"
    yield "<th>底线的指数 of its floor</th></tr>"
    for name, series in app.items():
        for who, points in series.items():
            slope, below = exponent(points), exponent(floor[name][who])
            if slope is not None and below is not None:
                tone = ' class="bad"' if is_steep(slope) else ""
                yield f"<tr><td>{escape(said[name])}</td><td>{WHO[who]}</td><td{tone}>{slope:.2f}</td>"
                yield f"<td>{below:.2f}</td></tr>"
    yield "</table>"


def _series(findings: Sequence[Found], side: str) -> dict[str, dict[str, dict[int, float]]]:
    """Milliseconds by case, asker and number of customers."""
    cases: dict[str, dict[str, dict[int, float]]] = {}
    for found in findings:
        if found[side] is not None:
            case = cases.setdefault(found["name"], {})
            case.setdefault(found["who"], {})[found["customers"]] = found[side]["p50_ms"]
    return cases


def _cold(cold: Mapping[Any, Mapping[str, Any]]) -> Iterator[str]:
    if not cold:
        return
    yield "<h2>启动与空闲内存 · Start and idle memory</h2>"
    yield "<table><tr><th>客户 customers</th><th></th><th>启动 start s</th><th>仅数据库 database alone s</th>"
    yield "<th>空闲 idle MB</th><th>其中 of which</th></tr>"
    for customers, facts in cold.items():
        parts = ", ".join(f"{part} {size:.0f}" for part, size in facts["idle_mb"].items())
        yield f"<tr><td>{int(customers):,}</td><td></td><td>{facts['start_s']:.1f}</td><td>"
        whole = sum(facts["idle_mb"].values())
        yield f"{facts['database_s']:.1f}</td><td>{whole:.0f}</td><td>{parts}</td></tr>"
    yield "</table>"


def _policies(policies: Mapping[Any, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    if not policies:
        return
    yield "<h2>行级权限的代价 · The cost of row-level security</h2>"
    yield "<table><tr><th>列表 list</th><th>客户 customers</th><th>有 with ms</th><th>无 without ms</th>"
    yield "<th>倍数 ratio</th></tr>"
    for customers, costs in policies.items():
        for cost in costs:
            yield (
                f"<tr><td>{escape(cost['key'])}</td><td>{int(customers):,}</td><td>{short(cost['app_ms'])}</td>"
                f"<td>{short(cost['wide_ms'])}</td><td>{short(cost['ratio'] or 0)} ×</td></tr>"
            )
    yield "</table>"
