"""The funnel report: its title says what is found; every count opens to the deals behind it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import queries, rules
from tradewind.domains.pipeline.pages.common import NO_REASON, address, chosen, given, looks, options
from tradewind.domains.pipeline.queries import Asked, Funnel
from tradewind.domains.pipeline.queries.filters import NO_CODE
from tradewind.domains.pipeline.queries.funnel import Line, ReasonLine
from tradewind.domains.pipeline.rules import State
from tradewind.kernel.errors import DomainError
from tradewind.kernel.rounding import half_up
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.middleware import sentence
from tradewind.platform.surface.shell.numbers import brief, shown
from tradewind.platform.surface.shell.templatetags.shell import percent

Texts = Mapping[str, str]


@vary_on_headers("HX-Request")
def funnel_page(request: HttpRequest) -> HttpResponse:
    """How far deals come, or how the pipeline stood on a day; why deals close; what stands still."""
    actor, asked = actor_of_request(request), _asked(request)
    context: dict[str, object] = {"asked": asked, "looks": looks("deal_funnel", given(request))}
    status = 200
    try:
        question, day = _question(asked)
        if asked["view"] == "as_of":
            report = queries.as_of(actor, question, day)
            context |= _as_of(report, asked, day)
        else:
            report = queries.cohort(actor, question)
            context |= _cohort(report, asked)
        context |= _closed(report, asked) | {"options": options(actor, report.among, asked)}
    except DomainError as error:
        status = error.status
        context |= {"problem": sentence(error), "finding": _("Funnel")}
        context |= {"options": options(actor, queries.ways(), asked)}
    context["views"] = chosen([("cohort", _("Deals opened")), ("as_of", _("As of a day"))], asked["view"])
    template = "pipeline/_funnel.html" if request.headers.get("HX-Request") else "pipeline/funnel.html"
    return render(request, template, context, status=status)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The questions of the address; without a time, the twelve months to today."""
    names = ("view", "pipeline", "from", "to", "owner", "unit")
    asked = {name: request.GET.get(name, "").strip() for name in names}
    today = organization.clock().today()
    if "from" not in request.GET and "to" not in request.GET:
        first = date(today.year - 1, today.month % 12 + 1, 1)
        asked["from"] = (first if today.month < 12 else date(today.year, 1, 1)).isoformat()
    asked["view"] = "as_of" if asked["view"] == "as_of" else "cohort"
    return asked


def _question(asked: Texts) -> tuple[Asked, date]:
    """What is asked of the pipeline, and the day of the as-of view: the last of the time, or today."""
    days = {"opened_from": asked["from"], "opened_to": asked["to"]}
    days |= {"closed_from": asked["from"], "closed_to": asked["to"]}
    question = queries.asked({**asked, **days})
    today = organization.clock().today()
    return question, min(question.opened.last or today, today)


def _behind(asked: Texts, **more: object) -> str:
    """The list of the deals behind a count."""
    return address("deals", {**{name: asked[name] for name in ("pipeline", "owner", "unit")}, **more})


def _opened(asked: Texts, **more: object) -> str:
    return _behind(asked, opened_from=asked["from"], opened_to=asked["to"], **more)


def _cohort(report: Funnel, asked: Texts) -> dict[str, object]:
    return {
        "finding": _found(report),
        "lines": [_line(report, line, asked) for line in report.lines],
        "opened": report.opened,
        "lost": report.lost,
        "lost_url": _opened(asked, state="lost", reached=report.way.stages[0].key),
        "chart": {
            "kind": "bar",
            "unit": "count",
            "labels": [_name(report, line.rung.stage.id) for line in report.lines],
            "values": [str(line.rung.reached) for line in report.lines],
        },
    }


def _found(report: Funnel) -> str:
    """The finding in a sentence: where most deals stop."""
    rungs = [line.rung for line in report.lines]
    step = rules.narrowest(rungs)
    if step is None:
        return _("No deal was opened in this time")
    before = rungs[rungs.index(step) - 1]
    facts = {"before": _name(report, before.stage.id), "after": _name(report, step.stage.id)}
    facts["rate"] = percent(step.conversion_rate)
    return _("Most deals stop between %(before)s and %(after)s: %(rate)s go on") % facts


def _name(report: Funnel, stage_id: int) -> str:
    return next(stage.label for stage in report.way.stages if stage.pk == stage_id)


def _line(report: Funnel, line: Line, asked: Texts) -> dict[str, object]:
    stage = next(stage for stage in report.way.stages if stage.pk == line.rung.stage.id)
    return {
        "name": stage.label,
        "reached": line.rung.reached,
        "url": _opened(asked, reached=stage.key),
        "conversion": line.rung.conversion_rate,
        "share": line.rung.share_rate,
        "amount": shown(line.amount, "money"),
        "median_days": line.median_days,
        "expected_days": stage.expected_days,
        "is_open": stage.kind == State.OPEN,
        "here": line.here,
        "here_url": _opened(asked, stage=stage.key),
    }


def _as_of(report: Funnel, asked: Texts, day: date) -> dict[str, object]:
    count = sum(one.count for one in report.standing)
    amount = sum((one.amount for one in report.standing), Decimal(0))
    weighted = sum((one.weighted for one in report.standing), Decimal(0))
    facts = {"count": count, "day": day.isoformat(), "amount": brief(amount), "weighted": brief(weighted)}
    stages = report.way.open_stages
    return {
        "finding": _("%(count)s deals stood open on %(day)s, worth %(amount)s, weighted %(weighted)s")
        % facts,
        "day": day,
        "standing": [
            {
                "name": stage.label,
                "rate": stage.probability_rate,
                "count": one.count,
                "amount": shown(one.amount, "money"),
                "weighted": shown(one.weighted, "money"),
                "url": _behind(asked, stage=stage.key, on=day.isoformat()),
            }
            for stage, one in zip(stages, report.standing, strict=True)
        ],
        "standing_total": (count, shown(amount, "money"), shown(weighted, "money")),
        "chart": {
            "kind": "bar",
            "unit": "money",
            "labels": [stage.label for stage in stages],
            "values": [f"{one.amount:f}" for one in report.standing],
        },
    }


def _closed(report: Funnel, asked: Texts) -> dict[str, object]:
    """Reasons, velocity and what stands still: the same in both views."""
    closed, period = report.closed, {"closed_from": asked["from"], "closed_to": asked["to"]}
    period |= {"pipeline": report.way.pipeline.key}
    made = [_reason(line, asked) for line in report.reasons]
    lost = [line for line in made if line["state"] == State.LOST]
    return {
        "reasons": made,
        "reasons_chart": {
            "kind": "bar",
            "unit": "count",
            "labels": [line["name"] for line in lost],
            "values": [str(line["count"]) for line in lost],
        },
        "closed": closed,
        "win_rate": rules.rate(closed.won, closed.won + closed.lost),
        "average_value": shown(_average(closed.value, closed.won), "money"),
        "cycle_days": _average(Decimal(closed.days), closed.won),
        "won_url": _behind(asked, state="won", **period),
        "lost_in_time_url": _behind(asked, state="lost", **period),
        "open_now": report.open_now,
        "open_url": _behind(asked, pipeline=report.way.pipeline.key, state="open"),
        "velocity": None if report.velocity is None else shown(report.velocity, "money"),
        "stuck": report.stuck,
        "stuck_url": _behind(asked, pipeline=report.way.pipeline.key, flag="stuck"),
    }


def _average(total: Decimal, count: int) -> Decimal | None:
    return half_up(total / count, 2) if count else None


def _reason(line: ReasonLine, asked: Texts) -> dict[str, object]:
    period = {"closed_from": asked["from"], "closed_to": asked["to"]}
    return {
        "state": line.state,
        "name": line.label or str(NO_REASON),
        "count": line.count,
        "value": shown(line.value, "money") if line.state is State.WON else "",
        "url": _behind(asked, state=line.state.value, reason=line.key or NO_CODE, **period),
    }
