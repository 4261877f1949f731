"""The pages of figures: a measure by a dimension over a period, and what a figure is made of."""

import csv
from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.vary import vary_on_headers

from tradewind.domains.ledger import measures, queries, rules
from tradewind.domains.ledger.queries import explain, figure
from tradewind.domains.ledger.values import (
    Answer,
    Dimension,
    Explanation,
    Measure,
    Part,
    Question,
    Ratio,
    Unit,
)
from tradewind.domains.organization import queries as organization
from tradewind.kernel.errors import DomainError
from tradewind.kernel.period import fiscal_period, fiscal_quarter, month_key, month_of
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.auditing import witness
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.numbers import harmless, shown

DIMENSIONS = {
    Dimension.MONTH: gettext_lazy("Month"),
    Dimension.QUARTER: gettext_lazy("Quarter"),
    Dimension.YEAR: gettext_lazy("Year"),
    Dimension.UNIT: gettext_lazy("Unit"),
    Dimension.PERSON: gettext_lazy("Person"),
    Dimension.CUSTOMER: gettext_lazy("Customer"),
    Dimension.PRODUCT: gettext_lazy("Product"),
}
UNITS = {
    Unit.MONEY: gettext_lazy("money"),
    Unit.COUNT: gettext_lazy("count"),
    Unit.DAYS: gettext_lazy("days"),
    Unit.RATIO: gettext_lazy("percent"),
}
LEVELS = (
    ("", gettext_lazy("As credited")),
    ("0", gettext_lazy("Company")),
    ("1", gettext_lazy("Level 1")),
    ("2", gettext_lazy("Level 2")),
    ("3", gettext_lazy("Level 3")),
)
TIMES = (Dimension.MONTH, Dimension.QUARTER, Dimension.YEAR)
CHARTED = 60  # points of time on one line
RANKED = 20  # bars that still can be told apart
Line = dict[str, object]
FIRST_LOOK = {"measure": "bookings", "by": "month"}


class FiguresForm(forms.Form):
    """The question above the answer."""

    measure = forms.ChoiceField(label=gettext_lazy("Measure"))
    by = forms.ChoiceField(label=gettext_lazy("By"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Unit level"), choices=LEVELS, required=False)
    to = forms.CharField(label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, given: dict[str, str]) -> None:
        super().__init__(given)
        day = forms.DateInput({"type": "date"})
        self.fields["from"] = forms.CharField(label=_("From"), required=False, widget=day)
        self.fields["measure"].choices = [(m.key, _(m.name)) for m in measures.all_measures()]  # type: ignore[attr-defined]
        self.fields["by"].choices = [("", _("No breakdown")), *DIMENSIONS.items()]  # type: ignore[attr-defined]

    def refuse(self, field: str, problem: str) -> None:
        """Say at the field why the question cannot be answered."""
        if field not in self.errors:
            self.add_error(field if field in self.fields else None, problem)

    @property
    def from_(self) -> forms.BoundField:
        return self["from"]


@vary_on_headers("HX-Request")
def figures(request: HttpRequest) -> HttpResponse:
    """A figure as a number, a chart and a table; every number opens."""
    given = _given(request)
    form, status = FiguresForm(given), 200
    try:
        actor = actor_of_request(request)
        context = _answer(actor, figure(actor, _question(given)), given)
    except DomainError as error:
        form.refuse(error.field, sentence(error))
        status, context = error.status, {"problem": sentence(error), "finding": _("Figures")}
    template = "ledger/_answer.html" if request.headers.get("HX-Request") else "ledger/figures.html"
    return render(request, template, context | {"form": form, "spans": _spans(given)}, status=status)


def _spans(given: dict[str, str]) -> list[dict[str, object]]:
    """Periods to choose with one click, by the company's fiscal year: name, address, whether it is shown."""
    today, first = organization.clock().today(), organization.fiscal_month()
    year, quarter = fiscal_quarter(today, first)
    named = (
        (_("This month"), month_of(today)),
        (_("This quarter"), fiscal_period(year, quarter, first)),
        (_("This year"), fiscal_period(year, None, first)),
        (pgettext("a period", "Last year"), fiscal_period(year - 1, None, first)),
    )
    asked = ((name, {"from": str(period.start), "to": str(period.last)}) for name, period in named)
    all_days = (_("All days"), {"from": "", "to": ""})
    return [
        {
            "name": name,
            "url": f"{reverse('figures')}?{_query(given, **days)}",
            "is_shown": given | days == given,
        }
        for name, days in (*asked, all_days)
    ]


def export(request: HttpRequest) -> HttpResponse:
    """The same rows as a CSV file that spreadsheets open as UTF-8."""
    given = _given(request)
    answer = figure(actor_of_request(request), _question(given))
    witness(actor_of_request(request), "ledger.entry.export", why=request.META.get("QUERY_STRING", ""))
    name = f"{answer.measure.key}-{given['by'] or 'total'}.csv"
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    lines = csv.writer(response)
    lines.writerow([_("Key"), _("Name"), _(answer.measure.name)])
    for row in answer.rows:
        lines.writerow([harmless(row.key), harmless(row.label), rules.written(row.value) or ""])
    return response


def explain_page(request: HttpRequest) -> HttpResponse:
    """The entries behind a figure, a page at a time; a ratio shows its formula first."""
    given = _given(request)
    key = request.GET.get("key")
    part, after = request.GET.get("part", ""), request.GET.get("after", "")
    made = explain(actor_of_request(request), _question(given), key, part, after)
    title = _(made.measure.name) if key is None else f"{_(made.measure.name)} · {_label(made, key)}"
    context = {
        "figure_title": title,
        "scope": _scope(made.measure, given) + queries.narrowed_to(actor_of_request(request), made.question),
        "total_text": shown(made.total, made.measure.unit),
        "formula": _formula(made, given, key) if isinstance(made.measure, Ratio) and not part else None,
        "parts": [_part(made, index, shown_part, given) for index, shown_part in enumerate(made.parts)],
        "back_url": f"{reverse('figures')}?{_query(given)}",
        "start_url": f"{reverse('explain')}?{_query(given, key=key, part=part)}" if after else "",
    }
    return render(request, "ledger/explain.html", context)


def _given(request: HttpRequest) -> dict[str, str]:
    names = ("measure", "by", "level", "from", "to", "unit", "person")
    given = {name: request.GET.get(name, "") for name in names}
    if not given["measure"]:
        given |= FIRST_LOOK
    if given["by"] != Dimension.UNIT:
        given["level"] = ""
    return given


def _question(given: dict[str, str]) -> Question:
    days, within = (given["from"], given["to"]), (given["unit"], given["person"])
    return rules.question(given["measure"], given["by"], given["level"], days, within)


def _query(given: dict[str, str], **more: str | None) -> str:
    merged = {**given, **more}
    return urlencode(
        {name: value for name, value in merged.items() if value or (name == "key" and value == "")}
    )


def _answer(actor: Actor, answer: Answer, given: dict[str, str]) -> dict[str, object]:
    explained = reverse("explain")
    whole = answer.total if isinstance(answer.total, Decimal) and answer.total > 0 else None
    adds_up = not isinstance(answer.measure, Ratio)
    rows: list[Line] = [
        {
            "key": row.key,
            "label": label_of(row.key, row.label),
            "text": shown(row.value, answer.measure.unit),
            "number": rules.written(row.value) or "",
            "share": row.value / whole
            if adds_up and whole and row.value is not None and row.value >= 0
            else None,
            "explain_url": f"{explained}?{_query(given, key=row.key)}",
        }
        for row in answer.rows
    ]
    by = answer.question.by
    return {
        "answer": {
            "measure_name": _(answer.measure.name),
            "total_text": shown(answer.total, answer.measure.unit),
            "by_name": DIMENSIONS[by] if by else "",
            "rows": rows if by in TIMES else sorted(rows, key=_by_size),
            "explain_url": f"{explained}?{_query(given)}",
        },
        "finding": _finding(answer),
        "scope": [
            UNITS[answer.measure.unit],
            *_scope(answer.measure, given),
            *queries.narrowed_to(actor, answer.question),
        ],
        "chart": _chart(answer, rows if by in TIMES else sorted(rows, key=_by_size)),
        "export_url": f"{reverse('figures_export')}?{_query(given)}",
    }


def _by_size(row: Line) -> tuple[Decimal, str]:
    return -Decimal(str(row["number"] or 0)), str(row["key"])


def label_of(key: str, label: str) -> str:
    """What to call a row without a name: nothing stands behind it, or nothing this person may see."""
    if key == "":
        return _("(none)")
    return _("Not visible to you") if key == "?" else label


def _finding(answer: Answer) -> str:
    """The title states what the figures say."""
    named = _(answer.measure.name)
    valued = [row for row in answer.rows if row.value is not None]
    if answer.question.by is None:
        return f"{named} {shown(answer.total, answer.measure.unit)}"
    if not valued:
        return named
    top = max(valued, key=lambda row: (row.value or Decimal(0), row.key))
    facts = {
        "measure": named,
        "top": label_of(top.key, top.label),
        "value": shown(top.value, answer.measure.unit),
        "total": shown(answer.total, answer.measure.unit),
    }
    return _("%(measure)s %(total)s, highest: %(top)s with %(value)s") % facts


def _scope(measure: Measure, given: dict[str, str]) -> list[str]:
    """What the figure covers: its days, and by which day it is dated."""
    dated = [] if isinstance(measure, Ratio) else [_(measure.date_rule)]
    return [_period(given), *dated]


def _period(given: dict[str, str]) -> str:
    if not given["from"] and not given["to"]:
        return _("All days")
    return f"{given['from'] or '…'} – {given['to'] or '…'}"


def _chart(answer: Answer, rows: list[Line]) -> dict[str, object]:
    in_time = answer.question.by in TIMES
    valued = [row for row in rows if row["number"]]
    drawn = valued[-CHARTED:] if in_time else valued[:RANKED]
    kind = "line" if in_time and len(drawn) > 3 else "bar"
    return {
        "kind": kind,
        "highest": len(drawn) if len(drawn) < len(valued) and not in_time else 0,
        "unit": answer.measure.unit.value,
        "labels": [row["label"] for row in drawn],
        "values": [row["number"] for row in drawn],
        "texts": [row["text"] for row in drawn],
    }


def _label(made: Explanation, key: str) -> str:
    return label_of(key, made.label)


def _formula(made: Explanation, given: dict[str, str], key: str | None) -> list[dict[str, str]]:
    above, below = made.parts
    return [
        _operand(above, given, key),
        {"operator": "÷"},
        _operand(below, given, key),
        {"operator": "="},
        {"name": _(made.measure.name), "text": shown(made.total, made.measure.unit)},
    ]


def _operand(part: Part, given: dict[str, str], key: str | None) -> dict[str, str]:
    unit = measures.flow(part.measures[0]).unit
    url = ""
    if len(part.measures) == 1:
        url = f"{reverse('explain')}?{_query(given, measure=part.measures[0], key=key)}"
    return {"name": _names(part), "text": shown(part.total, unit), "url": url}


def _names(part: Part) -> str:
    return " + ".join(_(measures.flow(key).name) for key in part.measures)


def _part(made: Explanation, index: int, part: Part, given: dict[str, str]) -> dict[str, object]:
    unit = measures.flow(part.measures[0]).unit
    which = ("numerator", "denominator")[index] if len(made.parts) == 2 else made.part
    following = _query(given, key=made.key, part=which, after=part.next) if part.next else ""
    return {
        "title": _names(part),
        "total_text": shown(part.total, unit),
        "is_mixed": len(part.measures) > 1,
        "items": [
            {
                "on": item.on,
                "text": shown(item.value, item.unit),
                "person": label_of(item.person, item.person),
                "customer": label_of(item.customer, item.customer) if item.customer else "",
                "about": label_of(item.about.label, item.about.label),
                "about_url": item.about.url,
                "measure_name": _(item.measure_name),
                "entry": item.entry,
                "corrects": month_key(item.corrects) if item.corrects else "",
            }
            for item in part.items
        ],
        "next_url": f"{reverse('explain')}?{following}" if following else "",
    }
