"""What became of the rows of an import, in words: on the page and in the file to download."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.platform.surface.exchange.models import ImportLine, ImportRun
from tradewind.platform.surface.exchange.planning import plan_of
from tradewind.platform.surface.exchange.states import State, Verdict
from tradewind.platform.surface.exchange.undoing import Undone
from tradewind.platform.surface.exchange.workbook import Sheet
from tradewind.platform.surface.resource import Resource

SHOWN, FACTS = 200, 4
TONES = {Verdict.NEW: "good", Verdict.UPDATE: "info", Verdict.UNCHANGED: "", Verdict.ERROR: "bad"}
LEFT = (Undone.CHANGED, Undone.KEPT)


def counts_of(run: ImportRun) -> list[dict[str, Any]]:
    """How many rows have each verdict, with its words and tone."""
    words = _verdicts(is_written=run.state not in (State.MAPPING, State.CHECKING, State.CHECKED))
    return [
        {"key": one.value, "label": words[one], "count": run.counts.get(one.value, 0), "tone": TONES[one]}
        for one in Verdict
    ]


def _verdicts(is_written: bool) -> Mapping[str, str]:
    if is_written:
        named = (_("New"), _("Updated"), _("Unchanged"), _("Not imported"))
    else:
        named = (_("New"), _("Changes"), _("Unchanged"), _("Wrong"))
    return dict(zip(Verdict, named, strict=True))


def undone_counts(run: ImportRun) -> list[dict[str, Any]]:
    """How undoing went, by what came of it; nothing before."""
    rows = ImportLine.objects.filter(run=run).exclude(undone="").values_list("undone", flat=True)
    found = Counter(rows)
    return [{"label": words, "count": found[one]} for one, words in _endings().items() if found[one]]


def _endings() -> Mapping[str, str]:
    return {
        Undone.REMOVED: _("Removed again"),
        Undone.RESTORED: _("As before again"),
        Undone.CHANGED: _("Left: changed since"),
        Undone.KEPT: _("Left: something refers to it, or a right or rule stands in the way"),
    }


def shown_lines(resource: Resource, run: ImportRun, only: str) -> list[dict[str, Any]]:
    """The first rows, all or of one verdict; `left`: what undoing left as it was."""
    lines: QuerySet[ImportLine] = ImportLine.objects.filter(run=run).order_by("number")
    if only == "left":
        lines = lines.filter(undone__in=LEFT)
    elif only:
        lines = lines.filter(Q(verdict=only))
    chosen = list(lines[:SHOWN])
    words = _verdicts(is_written=run.state not in (State.MAPPING, State.CHECKING, State.CHECKED))
    urls = _urls(resource, [line.object_id for line in chosen if line.object_id])
    return [
        {
            "number": line.number,
            "label": line.label or _("(no name)"),
            "url": urls.get(line.object_id or 0, ""),
            "verdict": _endings().get(line.undone) or words[line.verdict],
            "tone": "warn" if line.undone in LEFT else TONES[Verdict(line.verdict)],
            "problems": line.problems,
            "changes": line.changes,
            "facts": _facts(resource, run, line) if line.verdict == Verdict.NEW else (),
        }
        for line in chosen
    ]


def _urls(resource: Resource, ids: Sequence[int]) -> Mapping[int, str]:
    rows = resource.scope.model._default_manager.filter(pk__in=ids).values_list("pk", "public_id")
    return {pk: reverse(resource.key, args=[public_id]) for pk, public_id in rows}


def _facts(resource: Resource, run: ImportRun, line: ImportLine) -> list[tuple[str, str]]:
    """The first values of a new object, under the words of its fields."""
    named = [
        (name, cell) for name, cell in zip(plan_of(run.plan).fields, line.cells, strict=True) if name and cell
    ]
    return [(resource.columns[name].label, cell) for name, cell in named if name != resource.title][:FACTS]


def result_sheet(run: ImportRun) -> Sheet:
    """The rows as they came, with what became of each behind them."""
    return Sheet(_("Result"), [*run.header, _free(run.header, _("Result"))], _rows(run))


def _rows(run: ImportRun) -> Iterator[list[str]]:
    lines = ImportLine.objects.filter(run=run).order_by("number")
    words = _verdicts(is_written=run.state not in (State.MAPPING, State.CHECKING, State.CHECKED))
    for line in lines.iterator(chunk_size=1000):
        yield [*line.cells, _in_words(line, words)]


def _in_words(line: ImportLine, words: Mapping[str, str]) -> str:
    told = [_endings().get(line.undone) or words[line.verdict]]
    told += [f"{label}：{text}" if label else text for label, text, _cell in line.problems]
    told += [f"{label}：{before} → {after}" for label, before, after in line.changes]
    return "；".join(told)


def _free(header: Sequence[str], name: str) -> str:
    """A name that no column has yet: a result may be mended and brought in again."""
    names = [name, *(f"{name} {number}" for number in range(2, len(header) + 3))]
    return next(one for one in names if one not in header)
