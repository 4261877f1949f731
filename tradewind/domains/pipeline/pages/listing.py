"""The list of deals, newest first, and what it is narrowed to."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from tradewind.domains.organization import queries as organization
from tradewind.domains.pipeline import queries
from tradewind.domains.pipeline.models import Opportunity
from tradewind.domains.pipeline.pages.common import CLOSINGS, NO_REASON, address, given, looks
from tradewind.domains.pipeline.policy import OPPORTUNITIES
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.surface.shell.numbers import shown

IN_THE_FORM = ("q", "state")
WORDS = {
    "pipeline": gettext_lazy("Sales process"),
    "stage": gettext_lazy("Stage"),
    "owner": gettext_lazy("Owner"),
    "unit": gettext_lazy("Unit"),
    "closing": gettext_lazy("Expected close"),
    "reached": gettext_lazy("Reached"),
    "reason": gettext_lazy("Main reason"),
    "flag": gettext_lazy("Attention"),
    "on": gettext_lazy("On"),
    "opened_from": gettext_lazy("Opened from"),
    "opened_to": gettext_lazy("Opened to"),
    "closed_from": gettext_lazy("Closed from"),
    "closed_to": gettext_lazy("Closed to"),
}
"""How a question from another page is named above the list."""

FLAGS = {
    "stuck": gettext_lazy("Stuck"),
    "no_step": gettext_lazy("Without a next step"),
    "late_step": gettext_lazy("Next step overdue"),
}


def listing(request: HttpRequest) -> HttpResponse:
    """Deals the reader may see, newest first, narrowed as the address says."""
    asked, after = given(request), request.GET.get("after", "")
    question = queries.asked(asked)
    actor = actor_of_request(request)
    page = queries.page_of_deals(actor, question, after)
    more = {name: value for name, value in asked.items() if name not in IN_THE_FORM}
    context = {
        "rows": [row_of(deal) for deal in page.deals],
        "query": question.words,
        "state": question.state or "all",
        "hidden": more,
        "narrowed": _narrowed(actor, more),
        "all_url": address("deals", {name: asked.get(name) for name in IN_THE_FORM}),
        "looks": looks("deals", asked),
        "next_url": address("deals", {**asked, "after": page.next}) if page.next else "",
        "start_url": address("deals", asked) if after else "",
    }
    return render(request, "pipeline/opportunities.html", context)


def row_of(deal: Opportunity) -> dict[str, object]:
    """One deal as a line of the list shows it."""
    return {
        "number": deal.number,
        "url": reverse("deal", args=[deal.public_id]),
        "title": deal.title,
        "customer": deal.customer.name if deal.customer else None,
        "product": deal.product.name if deal.product else "",
        "owner": deal.owner.name,
        "unit": deal.unit.name,
        "stage": deal.stage.label,
        "opened_on": deal.opened_on,
        "close_on": deal.close_on,
        "value_text": shown(deal.value, "money") if deal.value else "",
        "amount_text": shown(deal.amount, "money") if deal.amount is not None else "",
    }


def _narrowed(actor: Actor, more: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the list is narrowed to, in words."""
    names = _names(actor, more) if more else {}
    return [(str(WORDS[name]), names.get(name, value)) for name, value in more.items()]


def _names(actor: Actor, more: Mapping[str, str]) -> dict[str, str]:
    """The names behind the keys of an address; what has none is shown as it stands there."""
    way = queries.way_named(queries.ways(), more.get("pipeline", ""))
    stages = {stage.key: stage.label for stage in way.stages}
    found = {name: stages[more[name]] for name in ("stage", "reached") if more.get(name) in stages}
    found |= {"pipeline": way.pipeline.label, "closing": str(dict(CLOSINGS).get(more.get("closing", ""), ""))}
    found |= {"flag": str(FLAGS.get(more.get("flag", ""), ""))}
    if "reason" in more:
        kind = more.get("state", "")
        codes = {code.key: code.label for code in queries.reasons() if not kind or code.kind == kind}
        found["reason"] = codes.get(more["reason"], str(NO_REASON))
    people, units = organization.people_within, organization.units_within
    for name, known in (("owner", people), ("unit", units)):
        if name in more:
            labels = {one.key: one.label for one in known(actor, OPPORTUNITIES.resource)}
            found[name] = labels.get(more[name], more[name])
    return found
